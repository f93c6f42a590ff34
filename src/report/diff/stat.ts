import type { Difference } from '../../compare/compare.ts';
import { cell } from '../../text/cells.ts';
import type { ScreenOptions } from '../../text/style.ts';
import { renderTable } from '../../text/table.ts';

/** What came, went and changed, counted by what it is about. */
export interface Stat {
  readonly came: number;
  readonly went: number;
  readonly changed: number;
}

/** The kinds of what differences are about, in the order in which they are told. */
export const ENTITIES = [
  'checkpoint',
  'resources',
  'agent',
  'operation',
  'provider',
  'framework',
  'executor',
  'run',
  'task',
] as const;

/** What a difference is about. */
export type EntityKind = (typeof ENTITIES)[number];

/** What a difference is about: what is right in `meta` is the checkpoint's own. */
export const entityKindOf = ({ place: { folder } }: Difference): EntityKind =>
  folder === 'work_dir' || folder === 'meta' ? 'checkpoint' : folder === 'provider registry' ? 'provider' : folder;

/** Counts differences: a folder that came or went counts with each of its kind in it, a file as a change of what it is of. */
export class Counting {
  readonly #stats = new Map<EntityKind, { came: number; went: number; changed: number }>();
  /** What has changed is counted once, however many of its files differ. */
  readonly #changed = new Set<string>();
  unread = 0;

  add(difference: Difference): void {
    if (!difference.isRead) {
      this.unread++;
      return;
    }
    const kind = entityKindOf(difference);
    if (difference.kind === 'folder' && difference.place.below === '') {
      for (const [each, number = 0] of Object.entries(difference.holds)) {
        const of = each === 'provider registry' ? 'provider' : each === 'meta' ? 'checkpoint' : (each as EntityKind);
        this.#of(of)[difference.what] += number;
      }
      return;
    }
    const { below } = difference.place;
    const id = below === '' ? difference.path : difference.path.slice(0, -below.length);
    if (this.#changed.has(id)) return;
    this.#changed.add(id);
    this.#of(kind).changed++;
  }

  #of(kind: EntityKind): { came: number; went: number; changed: number } {
    const stat = this.#stats.get(kind) ?? { came: 0, went: 0, changed: 0 };
    this.#stats.set(kind, stat);
    return stat;
  }

  /** Of each kind of which something differs. */
  get stats(): readonly (readonly [EntityKind, Stat])[] {
    return ENTITIES.flatMap((kind) => {
      const stat = this.#stats.get(kind);
      return stat === undefined ? [] : [[kind, stat] as const];
    });
  }

  get isSame(): boolean {
    return this.#stats.size === 0;
  }
}

/** The counts as a table. */
export const statText = (counting: Counting, options: ScreenOptions): string =>
  renderTable(
    [
      { title: '' },
      { title: 'ADDED', align: 'right' },
      { title: 'REMOVED', align: 'right' },
      { title: 'CHANGED', align: 'right' },
    ],
    counting.stats.map(([kind, { came, went, changed }]) => [
      cell(kind),
      cell(`${came}`),
      cell(`${went}`),
      cell(`${changed}`),
    ]),
    options,
  );
