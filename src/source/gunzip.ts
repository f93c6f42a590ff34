import { createGunzip } from 'node:zlib';
import { Gunzip as Minizlib } from 'minizlib';

/**
 * Unpacks a gzip of one or more members that comes in chunks. What it throws of damage has a `code` that begins with `Z_`. Where it
 * gives a promise, what was written is being unpacked in another thread, and may be filled with others when that is settled.
 */
export interface Gunzip {
  /** Unpacks on. */
  write(chunk: Buffer): Promise<void> | undefined;
  /** Says that nothing comes any more, and throws where that is in the middle. All that comes out has been taken then. */
  end(): Promise<void> | undefined;
  /** How many bytes were written of which all that comes out has been taken; those of a chunk count when its last one has. */
  readonly read: number;
}

/** Takes what comes out, in pieces; the buffer may be filled with others afterwards. */
export type TakeUnpacked = (bytes: Buffer) => void;

/** Unpacks with one buffer, where this Node lets it; with one for each piece otherwise. */
export const gunzipTo = (take: TakeUnpacked): Gunzip => {
  const zlib = zlibOf();
  return zlib === undefined ? plainGunzipTo(take) : new GunzipInOne(zlib, take);
};

/** Unpacks in another thread beside what is done with what came out before, where this Node lets it; here otherwise. */
export const gunzipBesideTo = (take: TakeUnpacked): Gunzip => {
  const zlib = zlibBeside();
  return zlib === undefined ? gunzipTo(take) : new GunzipBeside(zlib, take);
};

/** The plain way: of what was unpacked, garbage is left as large as that is. */
export const plainGunzipTo = (take: TakeUnpacked): Gunzip => {
  const gunzip = new Minizlib({});
  let read = 0;
  let failure: Error | undefined;
  gunzip.on('data', (bytes: Buffer) => {
    // What is thrown in here would leave the decompressor in the middle of its work.
    failure ??= caught(() => take(bytes));
  });
  gunzip.on('error', (error: unknown) => {
    failure ??= error as Error;
  });
  const check = (): void => {
    if (failure !== undefined) throw failure;
  };
  return {
    write: (chunk) => {
      gunzip.write(chunk);
      check();
      read += chunk.length;
      return undefined;
    },
    end: () => {
      gunzip.end();
      check();
      return undefined;
    },
    get read() {
      return read;
    },
  };
};

const caught = (action: () => void): Error | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return error as Error;
  }
};

/** So much is unpacked and taken at a time, in bytes. */
const SIZE = 16 * 1024;
/** In another thread so much is unpacked at a time: to wake it, and to be told that it is done, takes a while (docs/performance.md). */
const SIZE_BESIDE = 1024 * 1024;
/** What zlib is told of the end: that it has not come, or has. */
const NO_FLUSH = 0;
const FINISH = 4;

type Write = (
  flush: number,
  from: Buffer,
  at: number,
  length: number,
  to: Buffer,
  toAt: number,
  toLength: number,
) => void;

/** What zlib is called through, which Node does not document: its own functions do it so, and so does minizlib. */
interface Handle {
  init(
    bits: number,
    level: number,
    memory: number,
    strategy: number,
    state: Uint32Array,
    done: () => void,
    dictionary: undefined,
  ): void;
  onerror: (message: string, errno: number, code: string) => void;
  readonly writeSync: Write;
  /** Has another thread do it; what it was made with is called when that is done. */
  readonly write: Write;
  readonly close: () => void;
}

interface Zlib {
  readonly handle: Handle;
  /** After each call: bytes that are free in the buffer, and those that have not been read yet. */
  readonly state: Uint32Array;
}

/** `Z_DEFAULT_WINDOWBITS`, and what only packing would ask for: a level, memory, a strategy. */
const WINDOW_BITS = 15;
const OF_PACKING = [-1, 8, 0] as const;
const GUNZIP_MODE = 4;

/**
 * A new decompressor, which is no stream's; undefined where this Node has it in another way. `done` is called when another thread
 * has done what it was asked for.
 */
const zlibOf = (done: () => void = () => undefined): Zlib | undefined => {
  const state = new Uint32Array(2);
  try {
    const stream = createGunzip();
    const { _handle: of } = stream as unknown as { _handle: { constructor: new (mode: number) => Handle } };
    const handle = new of.constructor(GUNZIP_MODE);
    stream.close();
    if (typeof handle.write !== 'function' || typeof handle.writeSync !== 'function') return undefined;
    handle.init(WINDOW_BITS, ...OF_PACKING, state, done, undefined);
    return { handle, state };
  } catch {
    return undefined;
  }
};

/** What zlib's errors are made of. */
const failureOf = (message: string, code: string): Error => Object.assign(new Error(`zlib: ${message}`), { code });

class GunzipInOne implements Gunzip {
  readonly #zlib: Zlib;
  readonly #take: TakeUnpacked;
  readonly #unpacked = Buffer.allocUnsafeSlow(SIZE);
  #failure: Error | undefined;
  #read = 0;

  constructor(zlib: Zlib, take: TakeUnpacked) {
    this.#zlib = zlib;
    this.#take = take;
    zlib.handle.onerror = (message, _, code) => {
      this.#failure ??= failureOf(message, code);
    };
  }

  get read(): number {
    return this.#read;
  }

  write(chunk: Buffer): undefined {
    this.#unpack(chunk, NO_FLUSH);
    this.#read += chunk.length;
  }

  end(): undefined {
    this.#unpack(this.#unpacked.subarray(0, 0), FINISH);
    this.#zlib.handle.close();
  }

  #unpack(chunk: Buffer, flush: number): void {
    const { handle, state } = this.#zlib;
    let left = chunk.length;
    let failure: Error | undefined;
    for (let free = 0; free === 0; ) {
      handle.writeSync(flush, chunk, chunk.length - left, left, this.#unpacked, 0, SIZE);
      if (this.#failure !== undefined) throw this.#failure;
      [free = 0, left = 0] = state;
      // What comes out of a damaged chunk may be anything: where zlib finds the damage later, that is what is wrong.
      if (free < SIZE) failure ??= caught(() => this.#take(this.#unpacked.subarray(0, SIZE - free)));
    }
    if (failure !== undefined) throw failure;
  }
}

/** A decompressor in another thread. */
interface ZlibBeside extends Zlib {
  /** Begins what calls the handle; settled when that is done. */
  readonly wait: (begin: () => void) => Promise<void>;
}

const zlibBeside = (): ZlibBeside | undefined => {
  let settle: { readonly done: () => void; readonly failed: (error: Error) => void } | undefined;
  const zlib = zlibOf(() => settle?.done());
  if (zlib === undefined) return undefined;
  zlib.handle.onerror = (message, _, code) => settle?.failed(failureOf(message, code));
  const wait = (begin: () => void): Promise<void> =>
    new Promise((done, failed) => {
      settle = { done, failed };
      begin();
    });
  return { ...zlib, wait };
};

/** What came out, and has not been taken yet. */
interface Last {
  readonly bytes: Buffer;
  /** The length of the chunk, of which this is the last that comes out; undefined where more comes out of it. */
  readonly of: number | undefined;
}

/** Unpacks in another thread: what came out last is taken meanwhile. What fails does so as it would here. */
class GunzipBeside implements Gunzip {
  readonly #zlib: ZlibBeside;
  readonly #take: TakeUnpacked;
  #into: Buffer = Buffer.allocUnsafeSlow(SIZE_BESIDE);
  #other: Buffer | undefined;
  #last: Last | undefined;
  #read = 0;

  constructor(zlib: ZlibBeside, take: TakeUnpacked) {
    this.#zlib = zlib;
    this.#take = take;
  }

  get read(): number {
    return this.#read;
  }

  write(chunk: Buffer): Promise<void> {
    return this.#unpack(chunk, NO_FLUSH);
  }

  async end(): Promise<void> {
    await this.#unpack(this.#into.subarray(0, 0), FINISH);
    this.#takeLast();
    this.#zlib.handle.close();
  }

  async #unpack(chunk: Buffer, flush: number): Promise<void> {
    const { handle, state, wait } = this.#zlib;
    let failure: Error | undefined;
    for (let left = chunk.length, free = 0; free === 0; ) {
      const into = this.#into;
      const coming = wait(() => handle.write(flush, chunk, chunk.length - left, left, into, 0, SIZE_BESIDE));
      const isOfEarlier = this.#last?.of !== undefined;
      failure ??= caught(() => this.#takeLast());
      if (isOfEarlier && failure !== undefined) {
        // Whatever comes of this chunk, the one before it was wrong.
        await coming.catch(() => undefined);
        throw failure;
      }
      await coming;
      [free = 0, left = 0] = state;
      this.#last = { bytes: into.subarray(0, SIZE_BESIDE - free), of: free === 0 ? undefined : chunk.length };
      this.#into = this.#other ?? Buffer.allocUnsafeSlow(SIZE_BESIDE);
      this.#other = into;
    }
    if (failure !== undefined) throw failure;
  }

  #takeLast(): void {
    if (this.#last === undefined) return;
    const { bytes, of } = this.#last;
    this.#last = undefined;
    for (let at = 0; at < bytes.length; at += SIZE) this.#take(bytes.subarray(at, at + SIZE));
    this.#read += of ?? 0;
  }
}
