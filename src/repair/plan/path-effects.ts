import { join } from '../../source/source.ts';
import type { Change } from './change.ts';

/** What changes make of the paths of a tree, one after the other, without a look at it. */
export class PathEffects {
  readonly #made = new Map<string, 'absent' | 'there'>();
  /** Below these nothing is as it was. */
  readonly #replaced = new Set<string>();

  /** What the changes so far have made of a path; undefined where none of them touched it. */
  of(path: string): 'absent' | 'there' | undefined {
    const own = this.#made.get(path);
    if (own !== undefined) return own;
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (this.#replaced.has(path.slice(0, at))) return 'absent';
    }
    return undefined;
  }

  /** Takes a change as carried out. */
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
