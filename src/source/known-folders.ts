import { textOf } from '../text/lossless.ts';
import type { ArchiveFolder } from './archive.ts';
import type { Part } from './tar/header.ts';

/** A folder of a checkpoint in an archive, which no link leads to. */
export interface KnownFolder {
  /** As members write it, without the `/` at its end. */
  readonly bytes: Buffer;
  /** Characters that it has as a text. */
  readonly characters: number;
  readonly parts: readonly string[];
  readonly folder: ArchiveFolder;
  readonly above: KnownFolder | undefined;
}

/** Where in the bytes of a member's name its last part is. */
export interface LastPart {
  readonly start: number;
  readonly end: number;
}

const SLASH = 0x2f;
const DOT = 0x2e;

/** The last part of a name, where there is another before it and it is one: not `.` or `..`, and with one `/` around it. */
export const lastPartOf = ({ bytes, start, end }: Part): LastPart | undefined => {
  const last = bytes[end - 1] === SLASH ? end - 1 : end;
  let from = last;
  while (from > start && bytes[from - 1] !== SLASH) from--;
  if (from === start || from === last) return undefined;
  const isDots = bytes[from] === DOT && (last - from === 1 || (last - from === 2 && bytes[from + 1] === DOT));
  return isDots ? undefined : { start: from, end: last };
};

/**
 * The folder that the last member was in, and those above it: the next one is mostly in one of them, or in a folder in them,
 * and need not be looked for from the root. What is known has to be forgotten where something that was there is replaced.
 */
export class KnownFolders {
  #last: KnownFolder | undefined;

  /** The folder whose name is `bytes[start, end)`; undefined where it is none that is known. */
  find(bytes: Buffer, start: number, end: number): KnownFolder | undefined {
    const known = this.#known(bytes, start, end);
    if (known !== undefined) {
      this.#last = known;
      return known;
    }
    const own = lastPartOf({ bytes, start, end });
    if (own === undefined || own.end !== end) return undefined;
    const above = this.#known(bytes, start, own.start - 1);
    if (above === undefined) return undefined;
    const name = textOf(bytes, own.start, own.end);
    const folder = above.folder.children.get(name);
    if (folder?.kind !== 'folder') return undefined;
    this.#last = {
      bytes: Buffer.from(bytes.subarray(start, end)),
      characters: above.characters + 1 + name.length,
      parts: [...above.parts, name],
      folder,
      above,
    };
    return this.#last;
  }

  /** Says of a folder that it is one of a checkpoint. */
  know(bytes: Buffer, start: number, end: number, parts: readonly string[], folder: ArchiveFolder): void {
    const own = Buffer.from(bytes.subarray(start, end));
    this.#last = { bytes: own, characters: textOf(own).length, parts, folder, above: undefined };
  }

  forget(): void {
    this.#last = undefined;
  }

  #known(bytes: Buffer, start: number, end: number): KnownFolder | undefined {
    for (let known = this.#last; known !== undefined; known = known.above) {
      if (isSame(known.bytes, bytes, start, end)) return known;
    }
    return undefined;
  }
}

/** From the end on: names of folders mostly differ there. */
const isSame = (known: Buffer, bytes: Buffer, start: number, end: number): boolean => {
  const { length } = known;
  if (length !== end - start) return false;
  for (let i = length - 1; i >= 0; i--) if (known[i] !== bytes[start + i]) return false;
  return true;
};
