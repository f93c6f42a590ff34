import { META, SLAVES } from '../layout/names.ts';
import type { Change } from '../repair/plan/change.ts';
import type { Fingerprint } from '../repair/plan/fingerprint.ts';
import { join } from '../source/source.ts';
import { bytesOf } from '../text/lossless.ts';
import { parentOf } from './folder.ts';
import { Refusal } from './refusal.ts';

/** A step to be carried out. */
export interface PlannedChange {
  readonly change: Change;
  readonly before: Fingerprint;
  /** Why it is made, for whoever reads the journal: the code of a finding. */
  readonly why?: string | undefined;
  /** What belongs together: a run that is asked to stop does so between two of these. */
  readonly part?: string | undefined;
}

/** The longest name that a folder takes, in bytes. */
const MAX_NAME = 255;

/**
 * Whether a path is `meta` or `slaves`, or below, and made of names only. What a plan file or a journal says is not
 * trusted: it may have been written by anybody.
 */
const isInTree = (path: string): boolean => {
  const names = path.split('/');
  const [first] = names;
  return (first === META || first === SLAVES) && names.every(isName);
};

/** Whether a step may be made at a path: the folders of the tree themselves are not taken away. */
const isChangeable = (path: string, kind: Change['kind']): boolean =>
  isInTree(path) && (path.includes('/') || (path === SLAVES && kind === 'create-folder'));

/** Whether a text is a name in a folder. */
export const isName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name) && bytesOf(name).length <= MAX_NAME;

/** What the steps before have made of a path; undefined where none of them touched it. */
type Made = 'absent' | 'there' | undefined;

/** What steps make of the paths of a tree, one after the other, without a look at it. */
export class PathEffects {
  readonly #made = new Map<string, 'absent' | 'there'>();
  /** Below these nothing is as it was. */
  readonly #replaced = new Set<string>();

  /** What a path is by now. */
  of(path: string): Made {
    const own = this.#made.get(path);
    if (own !== undefined) return own;
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (this.#replaced.has(path.slice(0, at))) return 'absent';
    }
    return undefined;
  }

  /** Takes a step as carried out. */
  carry(change: Change): void {
    if (change.kind === 'set-aside') this.replace(change.path, 'absent');
    else if (change.kind === 'create-folder') this.replace(change.path, 'there');
    else this.#made.set(change.path, 'there');
  }

  /** Takes a path, and all below it, for another than it was. */
  replace(path: string, by: 'absent' | 'there'): void {
    const below = join(path, '');
    for (const each of this.#made.keys()) if (each.startsWith(below)) this.#made.delete(each);
    this.#replaced.add(path);
    this.#made.set(path, by);
  }
}

/**
 * Checks that steps can follow each other: nothing outside the tree is named, and no step builds on what another took
 * away. A path may be set aside and made anew, and no more than that.
 * @throws Refusal that names the first step that is wrong
 */
export const checkSteps = (steps: readonly PlannedChange[]): void => {
  const effects = new PathEffects();
  for (const [i, { change, before }] of steps.entries()) {
    const problem = problemOf(change, before, effects);
    if (problem !== undefined)
      throw new Refusal(`step ${i + 1} of the plan (${change.kind} ${change.path}): ${problem}`);
    effects.carry(change);
  }
};

const problemOf = (change: Change, before: Fingerprint, effects: PathEffects): string | undefined => {
  const { kind, path } = change;
  if (!isChangeable(path, kind)) return 'not a path below meta or slaves';
  const made = effects.of(path);
  if (kind === 'set-aside' || kind === 'cut') {
    if (before.kind === 'absent') return 'the plan found nothing there';
    if (made !== undefined) return 'an earlier step has changed it';
    return kind === 'cut' ? spansProblem(change.spans, before) : undefined;
  }
  if (change.like !== '' && !isInTree(change.like)) return `${change.like} is not a path in meta or slaves`;
  if (kind === 'create-link' && (change.target === '' || change.target.includes('\0'))) return 'no target of a link';
  if (made === 'there') return 'an earlier step has made it already';
  if (made === undefined && before.kind !== 'absent') return 'something is there, and no earlier step sets it aside';
  if (effects.of(parentOf(path)) === 'absent') return 'an earlier step has taken its folder away';
  return undefined;
};

const spansProblem = (spans: (Change & { kind: 'cut' })['spans'], before: Fingerprint): string | undefined => {
  if (before.kind !== 'file') return 'only a file can be cut';
  let end = 0;
  for (const { offset, length } of spans) {
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || length < 1) return 'not a span of bytes';
    if (offset < end) return 'its spans are not in order';
    end = offset + length;
  }
  if (spans.length === 0) return 'it has no spans';
  return end > before.size ? 'a span reaches past the end of the file' : undefined;
};
