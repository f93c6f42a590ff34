import type { Extent } from '../extents.ts';
import type { OpenFile } from '../source.ts';
import { Float64s } from './numbers.ts';
import { BytePool } from './pool.ts';

/** Of a smaller file, little is saved. In bytes. */
const LEAST = 128;
/** A larger one is kept in another way. */
const MOST = 16 * 1024;
/** So many bytes that are the same end a stretch that differs: to begin another one takes fewer. */
const SAME = 4;
/** The number of the model, before what differs from it. */
const HEAD = 2;
/** What takes more than this part of the bytes of the file is not kept in their place. */
const WORTH = 0.75;
/** Counts of less take one byte, and others two. */
const SHORT = 0x80;
/** A stretch that differs has no more bytes, so that one tells how many. */
const LONGEST = 0xff;
/** Before it are these two counts: of bytes that are the same, and of its own. */
const LONGEST_HEAD = 3;

/** So many models at most. */
const MOST_MODELS = 4096;

/** What files of a size are compared with. */
interface Model {
  readonly number: number;
  readonly bytes: Buffer;
  readonly view: DataView;
}

/**
 * Files of which many are alike: those of the instances of one app have the same size, and differ in ids and times. The first of a
 * size is the model of those that follow, of which just what differs is kept. One that differs in much is kept whole, and is the
 * next model, as long as there are not too many.
 */
export class AlikeFiles {
  readonly #pool = new BytePool();
  /** Of each file, twice the address where it is, and one more where it differs from a model. */
  readonly #places = new Float64s();
  readonly #models: Buffer[] = [];
  /** The last one of each size. */
  readonly #last = new Map<number, Model>();
  #chunk: Buffer = Buffer.alloc(0);
  #chunkView = viewOf(this.#chunk);

  /** Keeps a file that is `bytes[start, end)`, and gives its number; undefined where it is not for here. */
  add(bytes: Buffer, start: number, end: number): number | undefined {
    const size = end - start;
    if (size < LEAST || size > MOST) return undefined;
    const model = this.#last.get(size);
    const address = model === undefined ? undefined : this.#write(model, bytes, start, size);
    if (address !== undefined) return this.#places.push(2 * address + 1);
    const whole = this.#pool.addWhole(bytes, start, end);
    if (this.#models.length < MOST_MODELS) {
      const at = this.#pool.placeOf(whole);
      const own = this.#pool.page(whole).subarray(at, at + size);
      this.#last.set(size, { number: this.#models.push(own) - 1, bytes: own, view: viewOf(own) });
    }
    return this.#places.push(2 * whole);
  }

  /** All of a file, which has so many bytes. */
  extentOf(file: number, size: number): Extent {
    const place = this.#places.at(file);
    const address = Math.floor(place / 2);
    if (place % 2 === 0) {
      const start = this.#pool.placeOf(address);
      return { offset: 0, bytes: this.#pool.page(address), start, end: start + size };
    }
    const bytes = Buffer.allocUnsafe(size);
    this.#read(address, bytes, 0, size);
    return { offset: 0, bytes, start: 0, end: size };
  }

  /** A file as it is read; undefined where its extent tells as well. */
  open(file: number, size: number): OpenFile | undefined {
    const place = this.#places.at(file);
    if (place % 2 === 0) return undefined;
    const address = (place - 1) / 2;
    return {
      size: () => size,
      read: (target, at, length, position) => {
        const count = Math.min(length, target.length - at, Math.max(0, size - position));
        if (count === size) this.#read(address, target, at, size);
        else this.extentOf(file, size).bytes.copy(target, at, position, position + count);
        return count;
      },
      close: () => {
        // Nothing is held.
      },
    };
  }

  /** Reads all of a file, which has so many bytes, into `target`. */
  readInto(file: number, target: Buffer, size: number): void {
    const place = this.#places.at(file);
    if (place % 2 === 0) {
      const address = place / 2;
      const start = this.#pool.placeOf(address);
      this.#pool.page(address).copy(target, 0, start, start + size);
    } else this.#read((place - 1) / 2, target, 0, size);
  }

  /** Writes where a file differs from its model; where that is, undefined where it would take too much. */
  #write(model: Model, bytes: Buffer, start: number, size: number): number | undefined {
    const { bytes: other, view } = model;
    if (this.#chunk !== bytes) {
      this.#chunk = bytes;
      this.#chunkView = viewOf(bytes);
    }
    const chunkView = this.#chunkView;
    const most = Math.floor(size * WORTH);
    const address = this.#pool.reserve(most);
    const page = this.#pool.page(address);
    const first = this.#pool.placeOf(address);
    // What is written of a stretch before it is known how long it is.
    const last = first + most - LONGEST_HEAD;
    page[first] = model.number & 0xff;
    page[first + 1] = model.number >>> 8;
    let written = first + HEAD;
    let at = 0;
    while (at < size && written <= last) {
      let from = at;
      // Eight bytes at a time, as long as they are the same.
      while (
        from + 8 <= size &&
        ((view.getInt32(from, true) ^ chunkView.getInt32(start + from, true)) |
          (view.getInt32(from + 4, true) ^ chunkView.getInt32(start + from + 4, true))) ===
          0
      )
        from += 8;
      while (from < size && other[from] === bytes[start + from]) from++;
      written = writeCount(page, written, from - at);
      const countAt = written++;
      const end = Math.min(size, from + Math.min(LONGEST, first + most - written));
      let same = 0;
      for (at = from; at < end && same < SAME; at++) {
        const byte = bytes[start + at] as number;
        page[written++] = byte;
        same = other[at] === byte ? same + 1 : 0;
      }
      if (same === SAME) {
        // They are part of the next stretch.
        at -= SAME;
        written -= SAME;
      }
      page[countAt] = at - from;
    }
    const isWhole = at === size;
    this.#pool.giveBack(isWhole ? first + most - written : most);
    return isWhole ? address : undefined;
  }

  #read(address: number, target: Buffer, at: number, size: number): void {
    const page = this.#pool.page(address);
    let from = this.#pool.placeOf(address);
    const model = this.#models[(page[from] as number) | ((page[from + 1] as number) << 8)] as Buffer;
    from += HEAD;
    model.copy(target, at, 0, size);
    const end = at + size;
    for (let to = at; to < end; ) {
      const first = page[from++] as number;
      to += first < SHORT ? first : (first & (SHORT - 1)) | ((page[from++] as number) << 7);
      for (let left = page[from++] as number; left > 0; left--) target[to++] = page[from++] as number;
    }
  }
}

const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView => new DataView(buffer, byteOffset, length);

const writeCount = (bytes: Buffer, at: number, count: number): number => {
  if (count < SHORT) {
    bytes[at] = count;
    return at + 1;
  }
  bytes[at] = SHORT | (count & (SHORT - 1));
  bytes[at + 1] = count >>> 7;
  return at + 2;
};
