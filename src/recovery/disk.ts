/** What earlier starts did to the disk: recovery looks at the checkpoint through it. */
export class Disk {
  /** Files that were cut, and how long they are now. */
  readonly truncated = new Map<string, number>();
  readonly removed = new Set<string>();
  /** Files that were given another file's content by a rename: the name, and the name that it had. */
  readonly renamed = new Map<string, string>();

  /** Whether nothing was changed. */
  get isUntouched(): boolean {
    return this.truncated.size + this.removed.size + this.renamed.size === 0;
  }

  /** A file takes the place of another, cut as it is. */
  rename(from: string, to: string): void {
    const size = this.truncated.get(from);
    if (size === undefined) this.truncated.delete(to);
    else this.truncated.set(to, size);
    this.truncated.delete(from);
    this.renamed.set(to, from);
  }
}
