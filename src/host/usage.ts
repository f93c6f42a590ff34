import { type Host, isUnseen } from './host.ts';

/** The size of what is in some folders: a sandbox may hold millions of files, so that the count stops somewhere. */
export interface Usage {
  readonly bytes: number;
  readonly files: number;
  /** Everything was counted; else it is at least that much. */
  readonly whole: boolean;
}

/** Counts what is in folders, up to a number of entries, links not followed. */
export class UsageCounter {
  readonly #host: Host;
  #left: number;

  /** @param most the number of entries that are looked at, by all calls together */
  constructor(host: Host, most: number) {
    this.#host = host;
    this.#left = most;
  }

  /** The size of what is in a folder, by the lengths of its files. */
  of(path: string): Usage {
    let bytes = 0;
    let files = 0;
    const pending = [path];
    for (;;) {
      const at = pending.pop();
      if (at === undefined) return { bytes, files, whole: true };
      if (this.#left-- <= 0) return { bytes, files, whole: false };
      // A link is not what it leads to, and may lead out of the sandbox.
      if (typeof this.#host.link(at) === 'string') continue;
      const stat = this.#host.stat(at);
      if (stat === undefined) continue;
      if (isUnseen(stat)) return { bytes, files, whole: false };
      if (stat.kind === 'file') {
        bytes += stat.size;
        files++;
      }
      const names = stat.kind === 'folder' ? this.#host.list(at) : [];
      if (isUnseen(names)) return { bytes, files, whole: false };
      for (const name of names ?? []) pending.push(`${at}/${name}`);
    }
  }
}

/** Usages together. */
export const sumOf = (usages: readonly Usage[]): Usage =>
  usages.reduce(
    (sum, { bytes, files, whole }) => ({
      bytes: sum.bytes + bytes,
      files: sum.files + files,
      whole: sum.whole && whole,
    }),
    { bytes: 0, files: 0, whole: true },
  );
