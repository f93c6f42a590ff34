import { createGunzip } from 'node:zlib';
import { Gunzip as Minizlib } from 'minizlib';

/** Unpacks a gzip of one or more members that comes in chunks. What it throws of damage has a `code` that begins with `Z_`. */
export interface Gunzip {
  /** Unpacks on: what comes out of the chunk has been taken when this returns. */
  write(chunk: Buffer): void;
  /** Says that nothing comes any more, and throws where that is in the middle. */
  end(): void;
}

/** Takes what comes out, in pieces; the buffer may be filled with others afterwards. */
export type TakeUnpacked = (bytes: Buffer) => void;

/** Unpacks with one buffer, where this Node lets it; with one for each piece otherwise. */
export const gunzipTo = (take: TakeUnpacked): Gunzip => {
  const zlib = zlibOf();
  return zlib === undefined ? plainGunzipTo(take) : new GunzipInOne(zlib, take);
};

/** The plain way: of what was unpacked, garbage is left as large as that is. */
export const plainGunzipTo = (take: TakeUnpacked): Gunzip => {
  const gunzip = new Minizlib({});
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
    },
    end: () => {
      gunzip.end();
      check();
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

/** So much is unpacked at a time, in bytes. */
const SIZE = 16 * 1024;
/** What zlib is told of the end: that it has not come, or has. */
const NO_FLUSH = 0;
const FINISH = 4;

/** What zlib is called through, which Node does not document: its own synchronous functions do it so, and so does minizlib. */
interface Zlib {
  readonly handle: {
    onerror: (message: string, errno: number, code: string) => void;
    writeSync(
      flush: number,
      from: Buffer,
      at: number,
      length: number,
      to: Buffer,
      toAt: number,
      toLength: number,
    ): void;
  };
  /** After each call: bytes that are free in the buffer, and those that have not been read yet. */
  readonly state: Uint32Array;
  readonly close: () => void;
}

/** A new decompressor; undefined where this Node has it in another way. */
const zlibOf = (): Zlib | undefined => {
  const stream = createGunzip();
  const { _handle: handle, _writeState: state } = stream as {
    _handle?: Partial<Zlib['handle']>;
    _writeState?: unknown;
  };
  return typeof handle?.writeSync === 'function' && state instanceof Uint32Array && state.length === 2
    ? { handle: handle as Zlib['handle'], state, close: () => stream.close() }
    : undefined;
};

class GunzipInOne implements Gunzip {
  readonly #zlib: Zlib;
  readonly #take: TakeUnpacked;
  readonly #unpacked = Buffer.allocUnsafeSlow(SIZE);
  #failure: Error | undefined;

  constructor(zlib: Zlib, take: TakeUnpacked) {
    this.#zlib = zlib;
    this.#take = take;
    zlib.handle.onerror = (message, _, code) => {
      this.#failure ??= Object.assign(new Error(`zlib: ${message}`), { code });
    };
  }

  write(chunk: Buffer): void {
    this.#unpack(chunk, NO_FLUSH);
  }

  end(): void {
    this.#unpack(this.#unpacked.subarray(0, 0), FINISH);
    this.#zlib.close();
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
