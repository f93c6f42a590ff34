import { TarDamage } from './damage.ts';
import { BLOCK, copyOf, type Part, untilNul } from './header.ts';
import { readPax } from './pax.ts';

/** The extended headers of one member are small: names, times and maps. */
const MAX_EXTENDED = 16 * 1024 * 1024;

const TYPES: ReadonlySet<string> = new Set(['x', 'X', 'g', 'L', 'K', 'N']);

/** What of a record is used. Others are of no file, or of what an archive is not read for. */
const KEPT: ReadonlySet<string> = new Set([
  ...['path', 'linkpath', 'size', 'uid', 'gid', 'mtime'],
  ...['GNU.sparse.name', 'GNU.sparse.realsize', 'GNU.sparse.size', 'GNU.sparse.major', 'GNU.sparse.map'],
]);

/** A sparse file's map in the format 0.0 is these two, again and again. */
const REPEATED: ReadonlySet<string> = new Set(['GNU.sparse.offset', 'GNU.sparse.numbytes']);

/**
 * What extended headers say of the next member, and of all that follow. However many there are, only the last value of a
 * key that matters is kept, and the headers of one member have a size that they do not exceed.
 */
export class Extended {
  readonly #ofAll = new Map<string, Buffer>();
  #ofNext = new Map<string, Buffer>();
  #numbers: number[] = [];
  #hasRecords = false;
  /** Parts of the chunk, until `keep` copies them. */
  #longName: Part | undefined;
  #longLink: Part | undefined;
  /** Bytes since the last member. */
  #bytes = 0;
  #content: Buffer[] = [];
  #type = '';
  #size = 0;
  #at = 0;
  /** All of the header was in one chunk, and is read. */
  #isRead = false;

  /** Whether a header of this type is an extended one. */
  static is(type: string): boolean {
    return TYPES.has(type);
  }

  /**
   * Begins a header, which stands at `offset` and has so many bytes behind it.
   * @throws TarDamage where the headers of one member become larger than any are
   */
  start(type: string, size: number, offset: number): void {
    this.#bytes += size;
    if (this.#bytes > MAX_EXTENDED) {
      throw new TarDamage('the extended headers of a member are larger than 16 MiB', offset);
    }
    this.#type = type;
    this.#size = size;
    this.#at = offset + BLOCK;
    this.#content = [];
    this.#isRead = false;
  }

  /**
   * Takes bytes of the header's content, which are part of a chunk.
   * @throws TarDamage where all of it is there, and a record is malformed
   */
  write(chunk: Buffer, start: number, end: number): void {
    if (end - start === this.#size) {
      this.#isRead = true;
      this.#take(chunk, start, end);
      return;
    }
    this.#content.push(Buffer.from(chunk.subarray(start, end)));
  }

  /**
   * Ends the header, and keeps what it says.
   * @throws TarDamage where a record is malformed
   */
  end(): void {
    if (this.#isRead) return;
    const content = Buffer.concat(this.#content);
    this.#content = [];
    this.#take(content, 0, content.length);
  }

  /** Keeps what it has been told beyond the chunk that it was in. */
  keep(): void {
    this.#longName = this.#longName && copyOf(this.#longName);
    this.#longLink = this.#longLink && copyOf(this.#longLink);
  }

  #take(bytes: Buffer, start: number, end: number): void {
    switch (this.#type) {
      case 'g': {
        // What is said of all is not the next member's: such headers may come one after the other.
        this.#bytes -= end - start;
        const content = bytes.subarray(start, end);
        readPax(content, this.#at, (key, from, to) => {
          if (KEPT.has(key)) this.#ofAll.set(key, Buffer.from(content.subarray(from, to)));
        });
        return;
      }
      case 'L':
      case 'N':
        this.#longName = untilNul(bytes, start, end);
        return;
      case 'K':
        this.#longLink = untilNul(bytes, start, end);
        return;
      default: {
        const content = Buffer.from(bytes.subarray(start, end));
        readPax(content, this.#at, (key, from, to) => {
          this.#hasRecords = true;
          if (KEPT.has(key)) this.#ofNext.set(key, content.subarray(from, to));
          else if (REPEATED.has(key)) this.#numbers.push(Number(content.toString('latin1', from, to)));
        });
      }
    }
  }

  /** What was said of the next member itself. */
  own(key: string): Buffer | undefined {
    return this.#hasRecords ? this.#ofNext.get(key) : undefined;
  }

  /** What was said of the next member, or of all. */
  value(key: string): Buffer | undefined {
    return this.own(key) ?? (this.#ofAll.size === 0 ? undefined : this.#ofAll.get(key));
  }

  /** The offsets and lengths of a sparse file's map whose records come one by one, in their order. */
  get numbers(): readonly number[] {
    return this.#numbers;
  }

  get longName(): Part | undefined {
    return this.#longName;
  }

  get longLink(): Part | undefined {
    return this.#longLink;
  }

  /** Whether pax records were there for the next member. */
  get hasRecords(): boolean {
    return this.#hasRecords;
  }

  /** Whether something was said of a member that has not come yet. */
  get isPending(): boolean {
    return this.#hasRecords || this.#longName !== undefined || this.#longLink !== undefined;
  }

  /** Forgets what was said of a member that has come. */
  endMember(): void {
    if (this.#hasRecords) {
      this.#ofNext = new Map();
      this.#numbers = [];
      this.#hasRecords = false;
    }
    this.#longName = undefined;
    this.#longLink = undefined;
    this.#bytes = 0;
  }

  /** Forgets what was said of all: another archive begins. */
  endArchive(): void {
    this.#ofAll.clear();
  }
}
