import { textOf } from '../text/lossless.ts';
import type { Part } from './tar/header.ts';
import type { ArchiveTree } from './tree/tree.ts';
import { MAX_PATH } from './unpacked.ts';

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
 * The folder of a checkpoint that the last member was in, and those above it, to which no link leads: the next member is mostly in
 * one of them, or in a folder in them, and need not be looked for from the root. What is known has to be forgotten where something
 * that was there is replaced.
 */
export class KnownFolders {
  readonly #tree: ArchiveTree;
  /** The name of the innermost folder, as members write it, without the `/` at its end. Those of the others are where it begins. */
  readonly #name = Buffer.alloc(MAX_PATH);
  /** Where the name of each folder ends, and the folder; the outermost first. */
  readonly #ends: number[] = [];
  readonly #folders: number[] = [];
  /** How many are known. Behind them in the lists are those that were left, so that these need not shrink and grow again. */
  #depth = 0;
  /** The path of the outermost one. */
  #parts: readonly string[] = [];

  constructor(tree: ArchiveTree) {
    this.#tree = tree;
  }

  /** The folder whose name is `bytes[start, end)`; undefined where it is none that is known. It is the innermost one then. */
  find(bytes: Buffer, start: number, end: number): number | undefined {
    const known = this.#known(bytes, start, end);
    if (known !== undefined) return known;
    const own = lastPartOf({ bytes, start, end });
    if (own === undefined || own.end !== end) return undefined;
    const above = this.#known(bytes, start, own.start - 1);
    if (above === undefined) return undefined;
    const folder = this.#tree.childOfBytes(above, bytes, own.start, own.end);
    if (!this.#tree.isFolder(folder)) return undefined;
    this.enter(bytes, start, end, folder);
    return folder;
  }

  /** Says of a folder whose name is `bytes[start, end)` that it is in the innermost one. */
  enter(bytes: Buffer, start: number, end: number, folder: number): void {
    if (end - start > this.#name.length) return;
    const known = this.#depth === 0 ? 0 : (this.#ends[this.#depth - 1] as number);
    for (let at = known; at < end - start; at++) this.#name[at] = bytes[start + at] as number;
    this.#ends[this.#depth] = end - start;
    this.#folders[this.#depth++] = folder;
  }

  /** Says of a folder that it is one of a checkpoint. */
  know(bytes: Buffer, start: number, end: number, parts: readonly string[], folder: number): void {
    this.forget();
    this.#parts = parts;
    this.enter(bytes, start, end, folder);
  }

  forget(): void {
    this.#depth = 0;
  }

  /** The path of the innermost folder. */
  parts(): readonly string[] {
    return [
      ...this.#parts,
      ...this.#ends.slice(1, this.#depth).map((end, i) => textOf(this.#name, (this.#ends[i] as number) + 1, end)),
    ];
  }

  #known(bytes: Buffer, start: number, end: number): number | undefined {
    for (let i = this.#depth - 1; i >= 0; i--) {
      if (this.#ends[i] !== end - start || !isSame(this.#name, bytes, start, end)) continue;
      this.#depth = i + 1;
      return this.#folders[i];
    }
    return undefined;
  }
}

/** Names of folders mostly differ at their ends. */
const isSame = (known: Buffer, bytes: Buffer, start: number, end: number): boolean => {
  const length = end - start;
  const near = Math.max(0, length - NEAR);
  for (let i = length - 1; i >= near; i--) if (known[i] !== bytes[start + i]) return false;
  return near === 0 || known.compare(bytes, start, start + near, 0, near) === 0;
};
/** Of more bytes, it is faster to have them compared by the platform. */
const NEAR = 40;
