import type { FollowedLink } from '../checkpoint/files.ts';

/**
 * What earlier starts did to the disk: recovery looks at the checkpoint through it. Paths are as the agent names them;
 * what is done under one name of a file is seen under every other.
 */
export class Disk {
  readonly #links: ReadonlyMap<string, string>;
  readonly #truncated = new Map<string, number>();
  readonly #removed = new Set<string>();
  readonly #starReserved = new Set<string>();
  /** Files that were given another file's content by a rename: the name, and the name that it had. */
  readonly #renamed = new Map<string, string>();
  /** The files themselves that such names lead to: a rename replaces a link that had the name, and moves one as a link. */
  readonly #given = new Map<string, string>();

  /** What was changed, each time. */
  readonly #changes: string[] = [];

  /** The disk of a checkpoint, with the links that were followed to read it. */
  constructor(links: readonly FollowedLink[]) {
    this.#links = new Map(links.flatMap(({ path, to }) => (to === undefined ? [] : [[path, to]])));
  }

  /** Whether nothing was changed. */
  get isUntouched(): boolean {
    return this.#truncated.size + this.#removed.size + this.#renamed.size + this.#starReserved.size === 0;
  }

  /** Whether links show the same files under several names. */
  get hasLinks(): boolean {
    return this.#links.size > 0;
  }

  /** How many changes there were. */
  get changes(): number {
    return this.#changes.length;
  }

  /** Whether something in a folder is among the changes from one on. */
  isChangedSince(change: number, folder: string): boolean {
    for (let i = change; i < this.#changes.length; i++) {
      if ((this.#changes[i] as string).startsWith(`${folder}/`)) return true;
    }
    return false;
  }

  /** Whether something was changed that may be seen under another name, too. */
  get isChangedElsewhere(): boolean {
    return this.#links.size > 0 && !this.isUntouched;
  }

  /** The path of the file itself that a path leads to. */
  real(path: string): string {
    const given = this.#given.get(path);
    if (given !== undefined) return given;
    if (this.#links.size === 0) return path;
    for (let cut = path.length; cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const to = this.#links.get(path.slice(0, cut));
      if (to !== undefined) return to + path.slice(cut);
    }
    return path;
  }

  /** The path of a name itself, which may be that of a link. */
  entry(path: string): string {
    const slash = path.lastIndexOf('/');
    return slash < 0 ? path : this.real(path.slice(0, slash)) + path.slice(slash);
  }

  isTruncated(path: string): boolean {
    return this.#truncated.has(this.real(path));
  }

  truncate(path: string, size: number): void {
    const file = this.real(path);
    this.#truncated.set(file, size);
    this.#changes.push(file);
  }

  isRemoved(path: string): boolean {
    return this.#removed.has(this.entry(path));
  }

  remove(path: string): void {
    const entry = this.entry(path);
    this.#removed.add(entry);
    this.#changes.push(entry);
  }

  isRenamed(to: string): boolean {
    return this.#renamed.has(to);
  }

  /** A file takes the place of another, cut as it is. */
  rename(from: string, to: string): void {
    const [old, entry, file] = [this.entry(from), this.entry(to), this.real(from)];
    const given = file === old ? entry : file;
    if (file === old) {
      const size = this.#truncated.get(old);
      if (size === undefined) this.#truncated.delete(entry);
      else this.#truncated.set(entry, size);
      this.#truncated.delete(old);
    }
    this.#renamed.set(to, from);
    this.#given.set(to, given);
    this.#changes.push(old, entry, file);
  }

  /** Whether an info that was written again has become one that the agent does not survive. */
  isStarReserved(path: string): boolean {
    return this.#starReserved.has(this.real(path));
  }

  /** An info is written again in a form in which a resource of role `*` has a reservation. */
  reserveStar(path: string): void {
    const file = this.real(path);
    this.#starReserved.add(file);
    this.#changes.push(file);
  }
}
