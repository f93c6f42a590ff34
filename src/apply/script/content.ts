import { createHash } from 'node:crypto';
import type { Span } from '../../format/frames.ts';
import { isErrno, type OpenFile, type Source } from '../../source/source.ts';
import { Refusal } from '../refusal.ts';
import { Cksum } from './cksum.ts';

/** What a content is told by: SHA-256 in hex, and what `cksum` prints of it. */
export interface Content {
  readonly size: number;
  readonly sha256: string;
  readonly cksum: string;
}

/** Bytes that are read at a time. */
const CHUNK = 1 << 20;

class Summing {
  readonly #hash = createHash('sha256');
  readonly #cksum = new Cksum();
  #size = 0;

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#cksum.update(bytes);
    this.#size += bytes.length;
  }

  done(): Content {
    return { size: this.#size, sha256: this.#hash.digest('hex'), cksum: this.#cksum.digest() };
  }
}

/** What bytes are told by. */
export const contentOfBytes = (bytes: Uint8Array): Content => {
  const summing = new Summing();
  summing.add(bytes);
  return summing.done();
};

/** What a file of a tree is told by, or parts of it, which are in ascending order. */
export const contentOf = (source: Source, path: string, parts?: readonly Span[]): Content => {
  const file = source.open(path);
  if (isErrno(file)) throw unreadable(path);
  try {
    const summing = new Summing();
    for (const part of parts ?? [{ offset: 0, length: file.size() }]) addPart(file, part, summing, path);
    return summing.done();
  } finally {
    file.close();
  }
};

const addPart = (file: OpenFile, { offset, length }: Span, summing: Summing, path: string): void => {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, length)));
  for (let done = 0; done < length; ) {
    const count = file.read(buffer, 0, Math.min(buffer.length, length - done), offset + done);
    if (isErrno(count) || count === 0) throw unreadable(path);
    summing.add(buffer.subarray(0, count));
    done += count;
  }
};

const unreadable = (path: string): Refusal =>
  new Refusal(`${path}: it has changed since the plan was made: make another plan`);

/** What is left of so many bytes without some spans of them. */
export const partsLeft = (size: number, spans: readonly Span[]): readonly Span[] => {
  const starts = [0, ...spans.map(({ offset, length }) => offset + length)];
  const ends = [...spans.map(({ offset }) => offset), size];
  return starts.flatMap((offset, i) => {
    const length = (ends[i] ?? size) - offset;
    return length > 0 ? [{ offset, length }] : [];
  });
};
