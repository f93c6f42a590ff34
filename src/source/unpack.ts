import { type Gunzip, gunzipBesideTo, gunzipTo } from './gunzip.ts';
import { TarDamage } from './tar/damage.ts';
import { NO_ARCHIVE, TarReader, type Visitor } from './tar/reader.ts';
import { atOnce, type Waiting } from './waiting.ts';

/** An archive that is cut off or damaged, or that is none. Nothing of it can be relied on. */
export class DamagedArchive extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'DamagedArchive';
  }
}

/** What other programs' files begin with. */
const OTHERS: readonly (readonly [begin: string, name: string, command: string])[] = [
  ['\x28\xb5\x2f\xfd', 'zstd', 'zstd -dc'],
  ['\xfd7zXZ\x00', 'xz', 'xz -dc'],
  ['BZh', 'bzip2', 'bzip2 -dc'],
  ['\x04\x22\x4d\x18', 'lz4', 'lz4 -dc'],
  ['PK\x03\x04', 'zip', 'unzip -p'],
];

/** Bytes that tell what a file is. */
const MAGIC = 6;
/** Of gzip: its two bytes, and the one method that there is. */
const GZIP = Buffer.from([0x1f, 0x8b, 8]);

/**
 * Reads an archive that comes in chunks, a tar or a tar in gzip, whatever it is called: what it is, its first bytes tell.
 * A gzip may have several members. Members of the tar go to `visitor`. What is in gzip is unpacked here, or beside what is done with
 * what came out before.
 */
export class Unpacker {
  readonly #visitor: Visitor;
  readonly #gunzipTo: typeof gunzipTo;
  #tar: TarReader | undefined;
  #gunzip: Gunzip | undefined;
  #begin: Buffer | undefined = Buffer.alloc(0);
  /** Bytes that came in of what is not in gzip. */
  #read = 0;

  constructor(visitor: Visitor, where: 'here' | 'beside' = 'here') {
    this.#visitor = visitor;
    this.#gunzipTo = where === 'here' ? gunzipTo : gunzipBesideTo;
  }

  /** Reads on, all that was to be unpacked here: see `writing`. */
  write(chunk: Buffer): void {
    atOnce(this.writing(chunk));
  }

  /** Ends what was to be unpacked here: see `ending`. */
  end(): void {
    atOnce(this.ending());
  }

  /**
   * Reads on. The chunk may be filled with others afterwards.
   * @throws DamagedArchive where what comes is no archive, or a damaged one
   */
  *writing(chunk: Buffer): Waiting<void> {
    if (this.#begin === undefined) {
      yield* this.#feed(chunk);
      return;
    }
    this.#begin = Buffer.concat([this.#begin, chunk]);
    if (this.#begin.length < MAGIC) return;
    yield* this.#start(this.#begin);
  }

  /**
   * Says that nothing comes any more.
   * @throws DamagedArchive where that is not where an archive ends
   */
  *ending(): Waiting<void> {
    if (this.#begin !== undefined) {
      if (this.#begin.length === 0) throw new DamagedArchive('the file is empty, not an archive');
      yield* this.#start(this.#begin);
    }
    try {
      yield this.#gunzip?.end();
      this.#tar?.end();
    } catch (error) {
      throw this.#told(error);
    }
  }

  *#start(begin: Buffer): Waiting<void> {
    this.#begin = undefined;
    const other = OTHERS.find(([magic]) => begin.subarray(0, magic.length).equals(Buffer.from(magic, 'latin1')));
    if (other !== undefined) {
      const [, name, command] = other;
      throw new DamagedArchive(`it is compressed with ${name}: pass it on with '${command} FILE | mesos-ckpt ... -'`);
    }
    const isGzip = begin.subarray(0, GZIP.length).equals(GZIP);
    const tar = new TarReader(this.#visitor, { isChecked: isGzip });
    this.#tar = tar;
    if (isGzip) this.#gunzip = this.#gunzipTo((bytes) => tar.write(bytes));
    yield* this.#feed(begin);
  }

  *#feed(chunk: Buffer): Waiting<void> {
    try {
      if (this.#gunzip === undefined) {
        this.#tar?.write(chunk);
        this.#read += chunk.length;
        return;
      }
      for (let at = 0; at < chunk.length; at += STEP) yield this.#gunzip.write(chunk.subarray(at, at + STEP));
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** Says of damage where it is, and what had been read by then; another error as it is. */
  #told(error: unknown): unknown {
    const tar = this.#tar;
    if (tar === undefined) return error;
    if (error instanceof TarDamage) return new DamagedArchive(this.#said(error.problem, error.offset, tar));
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !code.startsWith('Z_')) return error;
    const problem = GZIP_PROBLEMS.get(code) ?? `its compression is damaged (${(error as Error).message})`;
    return new DamagedArchive(this.#said(problem, undefined, tar));
  }

  #said(problem: string, offset: number | undefined, tar: TarReader): string {
    if (problem === NO_ARCHIVE) return `${problem}, plain or gzip`;
    const unpacked = this.#gunzip === undefined ? '' : ' unpacked';
    const read = this.#gunzip?.read ?? this.#read;
    const where =
      offset === undefined ? `near byte ${read}, ${tar.offset} bytes unpacked` : `at byte ${offset}${unpacked}`;
    const within = tar.name === '' ? '' : `, in ${tar.name}`;
    const whole = `${tar.members} ${tar.members === 1 ? 'member' : 'members'}`;
    return `the archive is cut off or damaged: ${problem}, ${where}${within}; ${whole} had been read whole`;
  }
}

/** What is decompressed at a time, in bytes, so that little comes out at once. */
const STEP = 16 * 1024;

const GZIP_PROBLEMS: ReadonlyMap<string, string> = new Map([['Z_BUF_ERROR', 'its compression ends in the middle']]);
