import { MOST_VALUES, parse, WireFailure } from '../format/parse.ts';
import { type Ending, readRecords } from '../format/records.ts';
import { shapeOf } from '../format/shape.ts';
import { MAX_RECORD, Window } from '../format/window.ts';
import { type MessageTypes, messageType } from '../schema/index.ts';
import type { Tree } from '../source/links.ts';
import { isErrno, type OpenFile, parsingFailure, RecordTooLarge, type Source } from '../source/source.ts';
import { textBytesOf } from '../source/whole.ts';
import { textOf } from '../text/lossless.ts';

/** What one of two trees has in a file, by what kind of file it is. */
export type Side =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'marker' }
  | { readonly kind: 'folder' | 'other' }
  | RecordsSide
  | LogSide
  /** Of a file that recovery does not read, its size. */
  | { readonly kind: 'bytes'; readonly size: number };

/** The messages of a file, whole. */
export interface RecordsSide {
  readonly kind: 'records';
  readonly type: keyof MessageTypes;
  readonly messages: readonly Buffer[];
  readonly ending: Ending;
  /** Bytes behind the only record that is read. */
  readonly trailing: number;
}

/** What a log of updates comes to. */
export interface LogSide {
  readonly kind: 'log';
  readonly updates: number;
  readonly acknowledgements: number;
  /** The state in the last update, `TASK_RUNNING` or `OPERATION_FINISHED`; undefined where there is none. */
  readonly state: string | undefined;
  readonly ending: Ending;
}

interface LogRecord {
  readonly type?: string;
  readonly update?: { readonly status?: { readonly state?: string } };
}

/** Reads what one of two trees has, one file after the other, with one window. */
export class SideReader {
  readonly #source: Source;
  readonly #window: Window;
  /** The file that was opened last. */
  #path = '';

  constructor({ source, maxRecord = MAX_RECORD }: Tree) {
    this.#source = source;
    this.#window = new Window(maxRecord, (announced) => {
      throw new RecordTooLarge(this.#path, announced, maxRecord);
    });
  }

  link(path: string): Side {
    const target = this.#source.linkTarget(path);
    return isErrno(target) ? { kind: 'unreadable', code: target.code } : { kind: 'link', target };
  }

  text(path: string): Side {
    return this.#withFile(path, (file) => {
      const bytes = textBytesOf(file);
      return isErrno(bytes) ? { kind: 'unreadable', code: bytes.code } : { kind: 'text', text: textOf(bytes) };
    });
  }

  bytes(path: string): Side {
    return this.#withFile(path, (file) => ({ kind: 'bytes', size: file.size() }));
  }

  /** The messages of a file; of one of which the agent reads a record alone, that one. */
  records(path: string, type: keyof MessageTypes, one: boolean): Side {
    return this.#withFile(path, (file) => {
      const window = this.#window;
      window.over(file);
      const shape = shapeOf(messageType(type), {});
      const messages: Buffer[] = [];
      const { end, ending } = readRecords(
        window,
        () => {
          const failure = parse(shape, window.buffer, window.start, window.end);
          return failure instanceof WireFailure
            ? failure
            : Buffer.from(window.buffer.subarray(window.start, window.end));
        },
        (message) => {
          messages.push(message);
          if (messages.length > MOST_VALUES) throw new RecordTooLarge(path, window.announced, 'values');
          return !one;
        },
      );
      const trailing = one && messages.length > 0 ? window.lengthBehind(end) : 0;
      return { kind: 'records', type, messages, ending, trailing };
    });
  }

  /** What a log of updates of tasks, or of operations, comes to. */
  log(path: string, type: keyof MessageTypes): Side {
    return this.#withFile(path, (file) => {
      const window = this.#window;
      window.over(file);
      const shape = shapeOf(messageType(type), { type: true, update: { status: { state: true } } });
      let updates = 0;
      let acknowledgements = 0;
      let state: string | undefined;
      const { ending } = readRecords(
        window,
        () => parse(shape, window.buffer, window.start, window.end),
        (read) => {
          const record = read as LogRecord;
          if (record.type === 'ACK') acknowledgements++;
          else {
            updates++;
            state = record.update?.status?.state ?? state;
          }
          return true;
        },
      );
      return { kind: 'log', updates, acknowledgements, state, ending };
    });
  }

  #withFile(path: string, use: (file: OpenFile) => Side): Side {
    const file = this.#source.open(path);
    if (isErrno(file)) return { kind: 'unreadable', code: file.code };
    this.#path = path;
    try {
      return use(file);
    } catch (error) {
      throw parsingFailure(error, path, this.#window.announced);
    } finally {
      file.close();
    }
  }
}
