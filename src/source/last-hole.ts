// By their names: see `folder.ts`.
import { fstatSync, readSync, statfsSync } from 'node:fs';

/** In bytes: fewer zeros are read before it is found out that they are a hole. */
const WORTH_IT = 16 * 1024 * 1024;
/** Bytes that are read at a time. */
const CHUNK = 1024 * 1024;

/**
 * File systems that give each block with anything but zeros space of its own, which `stat` counts: ext2 to ext4, XFS and
 * tmpfs, by what statfs(2) says. Where files are compressed or packed, few blocks may hold any number of bytes.
 */
const COUNTING: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x01021994]);

/**
 * Where in a large file the hole begins with which it ends. No call of Node's asks for holes; but where so many blocks were found to
 * hold something as the file has, there is nothing behind them.
 */
export class LastHole {
  readonly #descriptor: number;
  readonly #size: number;
  /** Bytes of the file that have space on the disk; undefined where that tells nothing. */
  readonly #stored: number | undefined;
  readonly #block: number;
  /** Up to here blocks were looked at, and so many bytes of them are in blocks that hold something. */
  #at = 0;
  #found = 0;
  /** Where it begins, once that is known. */
  #begin: number | undefined;

  constructor(descriptor: number, path: string | Buffer) {
    const { size, blocks } = fstatSync(descriptor);
    this.#descriptor = descriptor;
    this.#size = size;
    const stored = 512 * blocks;
    const system = stored + WORTH_IT < size ? systemAt(path) : undefined;
    this.#stored = system === undefined ? undefined : stored;
    this.#block = system ?? 1;
  }

  /** How many bytes from a position on are zeros because nothing is stored from there on; 0 where that is not known. */
  zerosAt(position: number): number {
    const stored = this.#stored;
    if (stored === undefined) return 0;
    if (this.#begin !== undefined) return position >= this.#begin ? Math.max(0, this.#size - position) : 0;
    const end = Math.ceil(position / this.#block) * this.#block;
    // Most calls end here: more is stored than was passed, so that something is behind it.
    if (end < stored || end < this.#at || this.#size - end < WORTH_IT) return 0;
    if (!this.#countTo(end) || this.#found < stored || !this.#areZeros(position, end)) return 0;
    this.#begin = position;
    return this.#size - position;
  }

  /** Counts the blocks that hold something, each once however often this is asked; false where they cannot be read. */
  #countTo(end: number): boolean {
    const block = this.#block;
    const room = Buffer.allocUnsafe(Math.min(CHUNK, end - this.#at));
    const zeros = Buffer.alloc(block);
    while (this.#at < end) {
      const count = this.#read(room, Math.min(room.length, end - this.#at), this.#at);
      if (count === 0 || count % block !== 0) return false;
      for (let from = 0; from < count; from += block) {
        if (room.compare(zeros, 0, block, from, from + block) !== 0) this.#found += block;
      }
      this.#at += count;
    }
    return true;
  }

  #areZeros(from: number, to: number): boolean {
    const room = Buffer.allocUnsafe(to - from);
    return this.#read(room, room.length, from) === room.length && room.every((byte) => byte === 0);
  }

  #read(room: Buffer, length: number, position: number): number {
    try {
      return readSync(this.#descriptor, room, 0, length, position);
    } catch {
      return 0;
    }
  }
}

/** The size of a block, in bytes, of a file system that counts them; undefined of another. */
const systemAt = (path: string | Buffer): number | undefined => {
  try {
    const { type, bsize } = statfsSync(path);
    return COUNTING.has(type) && bsize >= 512 && CHUNK % bsize === 0 ? bsize : undefined;
  } catch {
    return undefined;
  }
};
