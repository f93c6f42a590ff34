import type { Errno, OpenFile } from './source.ts';
import type { Part } from './tar/header.ts';

/** A stretch of a file's bytes, which are a part of a buffer; between two of them are zeros. */
export interface Extent extends Part {
  /** Where in the file it is. */
  readonly offset: number;
}

/** A file whose bytes are in memory. */
export interface ArchiveFile extends FileContent {
  /** In ns since 1970. */
  readonly modifiedNs: bigint;
}

/** What a file holds. */
export interface FileContent {
  readonly size: number;
  /** In ascending order and apart. */
  readonly extents: readonly Extent[];
  /** What went wrong when the file was read for the archive, and at which byte: a read that reaches it fails as it did. */
  readonly failure?: { readonly code: string; readonly at: number } | undefined;
}

/** A file whose bytes are in pieces, with zeros between them. */
export class OpenExtents implements OpenFile {
  readonly #file: FileContent;
  readonly #extents: readonly Extent[];
  constructor(file: FileContent) {
    this.#file = file;
    this.#extents = file.extents;
  }

  size(): number {
    return this.#file.size;
  }

  read(target: Buffer, at: number, length: number, position: number): number | Errno {
    const { failure, size } = this.#file;
    const last = Math.min(size, failure?.at ?? size);
    const count = Math.min(length, target.length - at, Math.max(0, last - position));
    if (count === 0) return failure !== undefined && length > 0 ? { code: failure.code } : 0;
    const first = this.#firstBehind(position);
    const only = this.#extents[first];
    const isCovered =
      only !== undefined && only.offset <= position && only.offset + only.end - only.start >= position + count;
    if (!isCovered) target.fill(0, at, at + count);
    for (let i = first; i < this.#extents.length; i++) {
      const { offset, bytes, start, end } = this.#extents[i] as Extent;
      if (offset >= position + count) break;
      const from = Math.max(0, position - offset);
      const to = Math.min(end - start, position + count - offset);
      bytes.copy(target, at + offset + from - position, start + from, start + to);
    }
    return count;
  }

  zerosAt(position: number): number {
    const { failure, size } = this.#file;
    const next = this.#extents[this.#firstBehind(position)]?.offset ?? size;
    return Math.max(0, Math.min(next, failure?.at ?? size) - position);
  }

  close(): void {
    // Nothing is held.
  }

  /** The first extent that ends behind a position. */
  #firstBehind(position: number): number {
    let [low, high] = [0, this.#extents.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { offset, start, end } = this.#extents[middle] as Extent;
      if (offset + end - start > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** All the bytes of a file. Throws `RangeError` where it is larger than a buffer can be. */
export const contentOf = ({ size, extents }: FileContent): Buffer => {
  const whole = Buffer.alloc(size);
  for (const { offset, bytes, start, end } of extents) bytes.copy(whole, offset, start, end);
  return whole;
};
