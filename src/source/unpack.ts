import { type Gunzip, gunzipTo } from './gunzip.ts';
import { TarDamage } from './tar/damage.ts';
import { NO_ARCHIVE, TarReader, type Visitor } from './tar/reader.ts';

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
 * A gzip may have several members. Members of the tar go to `visitor`.
 */
export class Unpacker {
  readonly #visitor: Visitor;
  #tar: TarReader | undefined;
  #gunzip: Gunzip | undefined;
  #begin: Buffer | undefined = Buffer.alloc(0);
  /** Bytes that came in. */
  #read = 0;

  constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  /**
   * Reads on. The chunk may be filled with others afterwards.
   * @throws DamagedArchive where what comes is no archive, or a damaged one
   */
  write(chunk: Buffer): void {
    if (this.#begin === undefined) {
      this.#feed(chunk);
      return;
    }
    this.#begin = Buffer.concat([this.#begin, chunk]);
    if (this.#begin.length < MAGIC) return;
    this.#start(this.#begin);
  }

  /**
   * Says that nothing comes any more.
   * @throws DamagedArchive where that is not where an archive ends
   */
  end(): void {
    if (this.#begin !== undefined) {
      if (this.#begin.length === 0) throw new DamagedArchive('the file is empty, not an archive');
      this.#start(this.#begin);
    }
    this.#saying(() => {
      this.#gunzip?.end();
      this.#tar?.end();
    });
  }

  #start(begin: Buffer): void {
    this.#begin = undefined;
    const other = OTHERS.find(([magic]) => begin.subarray(0, magic.length).equals(Buffer.from(magic, 'latin1')));
    if (other !== undefined) {
      const [, name, command] = other;
      throw new DamagedArchive(`it is compressed with ${name}: pass it on with '${command} FILE | mesos-ckpt ... -'`);
    }
    const isGzip = begin.subarray(0, GZIP.length).equals(GZIP);
    const tar = new TarReader(this.#visitor, { isChecked: isGzip });
    this.#tar = tar;
    if (isGzip) this.#gunzip = gunzipTo((bytes) => tar.write(bytes));
    this.#feed(begin);
  }

  #feed(chunk: Buffer): void {
    this.#saying(() => {
      if (this.#gunzip === undefined) {
        this.#tar?.write(chunk);
        this.#read += chunk.length;
        return;
      }
      for (let at = 0; at < chunk.length; at += STEP) {
        const part = chunk.subarray(at, at + STEP);
        this.#gunzip.write(part);
        this.#read += part.length;
      }
    });
  }

  /** Says of damage where it is, and what had been read by then. */
  #saying(action: () => void): void {
    try {
      action();
    } catch (error) {
      const tar = this.#tar;
      if (tar === undefined) throw error;
      if (error instanceof TarDamage) throw new DamagedArchive(this.#said(error.problem, error.offset, tar));
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined || !code.startsWith('Z_')) throw error;
      const problem = GZIP_PROBLEMS.get(code) ?? `its compression is damaged (${(error as Error).message})`;
      throw new DamagedArchive(this.#said(problem, undefined, tar));
    }
  }

  #said(problem: string, offset: number | undefined, tar: TarReader): string {
    if (problem === NO_ARCHIVE) return `${problem}, plain or gzip`;
    const unpacked = this.#gunzip === undefined ? '' : ' unpacked';
    const where =
      offset === undefined ? `near byte ${this.#read}, ${tar.offset} bytes unpacked` : `at byte ${offset}${unpacked}`;
    const within = tar.name === '' ? '' : `, in ${tar.name}`;
    const whole = `${tar.members} ${tar.members === 1 ? 'member' : 'members'}`;
    return `the archive is cut off or damaged: ${problem}, ${where}${within}; ${whole} had been read whole`;
  }
}

/** What is decompressed at a time, in bytes, so that little comes out at once. */
const STEP = 16 * 1024;

const GZIP_PROBLEMS: ReadonlyMap<string, string> = new Map([['Z_BUF_ERROR', 'its compression ends in the middle']]);
