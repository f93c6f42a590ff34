import * as path from 'node:path';
import { fingerprintOfSizes, sizesOf } from '../repair/plan/fingerprint.ts';
import { FolderSource } from '../source/folder.ts';
import {
  AccessDenied,
  type Entry,
  type EntryKind,
  type Errno,
  isErrno,
  join,
  type OpenFile,
  type Source,
} from '../source/source.ts';
import { compareTexts } from '../text/lossless.ts';
import { isTaking } from './carry.ts';
import { isKept } from './look.ts';
import type { RecordedChange } from './record.ts';
import { Refusal } from './refusal.ts';
import { KEPT, slotOf } from './slots.ts';
import type { JournalState } from './standing.ts';

/**
 * The tree as it was before the plan of a journal was applied, which is only read: what the plan took away lies in the journal,
 * what it made is not there, and all else is as the tree has it now.
 * @throws Refusal where the journal's steps are not all done, or it does not hold any more what was taken
 */
export const treeBefore = ({ place, record, standing }: JournalState): Source => {
  if (record === undefined || standing.kind !== 'applied') {
    throw new Refusal(`${place.path}: its plan is not applied (${standing.kind}), so there is nothing to compare`);
  }
  const { workDir, meta } = place.target;
  const base = new FolderSource(path.join(workDir, meta), 'meta');
  const kept = new Map<string, string>();
  const made = new Set<string>();
  const slots = new FolderSource(path.join(place.path, KEPT));
  for (const [i, step] of record.steps.entries()) {
    const { path: at } = step.change;
    // What an earlier step made, a later one may take away again: that was not there before.
    if (isTaking(step)) {
      if (made.delete(at) || kept.has(at)) continue;
      checkKept(slots, slotOf(i), step);
      kept.set(at, path.join(place.path, KEPT, slotOf(i)));
    } else if (!kept.has(at)) made.add(at);
  }
  return new BeforeSource(base, kept, made);
};

/** What rotted in the journal was never in the tree. */
const checkKept = (slots: Source, slot: string, { change, before }: RecordedChange): void => {
  let why: string | undefined;
  try {
    if (isKept(before, fingerprintOfSizes(slots, slot, sizesOf(before)))) return;
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    why = error.message;
  }
  const rest = why === undefined ? '' : ` (${why})`;
  throw new Refusal(
    `what the journal kept of ${change.path} is not what was taken${rest}, so what was there before is not known`,
  );
};

/** A tree in which some paths are elsewhere, and some are not there. */
class BeforeSource implements Source {
  readonly name: string;
  readonly #base: Source;
  /** By path: where it lies. */
  readonly #kept: ReadonlyMap<string, string>;
  readonly #made: ReadonlySet<string>;

  constructor(base: Source, kept: ReadonlyMap<string, string>, made: ReadonlySet<string>) {
    this.name = base.name;
    this.#base = base;
    this.#kept = kept;
    this.#made = made;
  }

  /** The source and the path in it of a path; undefined where it was not there. */
  #at(given: string): { readonly source: Source; readonly at: string } | undefined {
    for (let cut = given.length; cut > 0; cut = given.lastIndexOf('/', cut - 1)) {
      const above = given.slice(0, cut);
      const place = this.#kept.get(above);
      if (place !== undefined) {
        return {
          source: new FolderSource(path.dirname(place)),
          at: join(path.basename(place), given.slice(cut + 1)).replace(/\/$/, ''),
        };
      }
      if (this.#made.has(above)) return undefined;
    }
    return { source: this.#base, at: given };
  }

  list(folder: string): readonly Entry[] | Errno {
    const found = this.#at(folder);
    if (found === undefined) return { code: 'ENOENT' };
    const entries = found.source.list(found.at);
    if (isErrno(entries) || found.source !== this.#base) return entries;
    const own = entries.filter(
      ({ name }) => !this.#made.has(join(folder, name)) && !this.#kept.has(join(folder, name)),
    );
    const prefix = folder === '' ? '' : `${folder}/`;
    const back = [...this.#kept.keys()]
      .filter((each) => each.startsWith(prefix) && !each.slice(prefix.length).includes('/'))
      .map((each): Entry => ({ name: each.slice(prefix.length), kind: this.kindOf(each) ?? 'other' }));
    return [...own, ...back].sort((x, y) => compareTexts(x.name, y.name));
  }

  kindOf(given: string): EntryKind | undefined {
    const found = this.#at(given);
    return found?.source.kindOf(found.at);
  }

  linkTarget(given: string): string | Errno {
    const found = this.#at(given);
    return found?.source.linkTarget(found.at) ?? { code: 'ENOENT' };
  }

  modified(given: string): number | undefined {
    const found = this.#at(given);
    return found?.source.modified(found.at);
  }

  open(given: string): OpenFile | Errno {
    const found = this.#at(given);
    return found?.source.open(found.at) ?? { code: 'ENOENT' };
  }
}
