import type * as fs from 'node:fs';
import type { Captured } from './captured.ts';

/** What tells that something is another one now. */
export interface Mark {
  readonly ino: number;
  readonly mode: number;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** What was read, and how the path looked then. */
export interface Seen {
  readonly captured: Captured;
  readonly mark: Mark;
  /** Of a folder: what is in it, in the order of its names. */
  readonly children: Map<string, Seen>;
  /** Of a folder: whether a name may have come or gone since its mark without its times telling. */
  readonly isRacy: boolean;
}

/**
 * The marks of a tree in a form that a thread can be given: of each path what its mark has, a folder before what is in it. The
 * first is the tree's own; there is none where nothing was there.
 */
export interface Marks {
  /** Names, with a `/` behind each, which none of them has. */
  readonly names: string;
  /** Behind all that is below a path. */
  readonly ends: Int32Array<ArrayBuffer>;
  /** The bits `FOLDER` and `RACY`. */
  readonly flags: Uint8Array<ArrayBuffer>;
  /** Three of each: ino, mode and size. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Two of each: mtimeNs and ctimeNs. */
  readonly times: BigInt64Array<ArrayBuffer>;
}

/** Bits of the `flags`. */
export const FOLDER = 1;
export const RACY = 2;

/** Times are shared with what was captured, as there may be hundreds of thousands. */
export const markOf = ({ modifiedNs }: Captured, { ino, mode, size, ctimeNs }: fs.BigIntStats): Mark => ({
  ino: Number(ino),
  mode: Number(mode),
  size: Number(size),
  mtimeNs: modifiedNs,
  ctimeNs,
});

/** The marks of all that is in a folder, of which there are so many. */
export const marksOf = (top: ReadonlyMap<string, Seen>, count: number): Marks => {
  const marks: Omit<Marks, 'names'> = {
    ends: new Int32Array(count),
    flags: new Uint8Array(count),
    numbers: new Float64Array(3 * count),
    times: new BigInt64Array(2 * count),
  };
  const { ends, flags, numbers, times } = marks;
  let names = '';
  let next = 0;
  const add = (name: string, { captured, mark, children, isRacy }: Seen): void => {
    const at = next++;
    names += `${name}/`;
    flags[at] = (captured.kind === 'folder' ? FOLDER : 0) | (isRacy ? RACY : 0);
    numbers[3 * at] = mark.ino;
    numbers[3 * at + 1] = mark.mode;
    numbers[3 * at + 2] = mark.size;
    times[2 * at] = mark.mtimeNs;
    times[2 * at + 1] = mark.ctimeNs;
    for (const [name, child] of children) add(name, child);
    ends[at] = next;
  };
  for (const [name, seen] of top) add(name, seen);
  return { names, ...marks };
};

/** Whether what is at a path is what had the mark with a number. */
export const isMarked = ({ numbers, times }: Marks, at: number, now: fs.BigIntStats): boolean =>
  times[2 * at] === BigInt.asIntN(64, now.mtimeNs) &&
  times[2 * at + 1] === BigInt.asIntN(64, now.ctimeNs) &&
  numbers[3 * at + 2] === Number(now.size) &&
  numbers[3 * at] === Number(now.ino) &&
  numbers[3 * at + 1] === Number(now.mode);
