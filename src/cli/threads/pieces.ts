import type { MessagePort } from 'node:worker_threads';
import type { ExecutorsFolder } from '../../inspect/inspect.ts';
import { advance } from '../../program/progress.ts';
import { type ExecutorsText, oneByOne, type ReadPieces } from '../../report/inspect/executors-text.ts';
import type { InspectionAbout } from '../../report/inspect/json.ts';
import type { FolderSource } from '../../source/folder.ts';
import { isSharedWorth } from '../../verify/threads/readers.ts';
import { answersOn, PATIENCE } from '../../verify/threads/shares.ts';
import { startWorkers } from '../../verify/threads/start.ts';
import { sharedNamesOf, type TreeOnDisk } from '../../verify/threads/work.ts';
import { goNear } from '../working-folder.ts';
import { type SpanText, spanText } from './span-text.ts';
import {
  COUNTERS,
  DONE,
  type JsonDone,
  type JsonWork,
  learnSize,
  placeOf,
  type Span,
  TAKEN,
  takeSpan,
  WRITTEN,
} from './work.ts';

/**
 * Several threads that make the JSON of the executors of a tree on disk. The main thread takes spans as the workers do, writes
 * all in order, and reads what a worker cannot. The threads end with the process. `source` is what the main thread reads the tree with.
 */
export const threadedPieces = (
  workerFile: string,
  { source, ...tree }: TreeOnDisk & { readonly source: FolderSource },
  about: InspectionAbout,
  uuids: boolean,
): ReadPieces => {
  let ports: readonly MessagePort[] | undefined;
  let works = 0;
  return function* (folder, textOf) {
    if (!isSharedWorth(folder.entries, folder.isLinked)) return yield* oneByOne(folder, textOf);
    ports ??= startWorkers(workerFile);
    const work = workOf(works++, folder, { tree, about, uuids });
    for (const port of ports) port.postMessage(work);
    const leave = goNear(source, placeOf(work));
    try {
      yield* new Spans(work, ports, textOf).all();
    } finally {
      // Where no more is asked for, nothing more is read.
      Atomics.store(work.counters, TAKEN, folder.entries.length);
      moveTo(work, folder.entries.length);
      leave();
    }
  };
};

const workOf = (
  number: number,
  { ids, path, entries }: ExecutorsFolder,
  rest: Pick<JsonWork, 'tree' | 'about' | 'uuids'>,
): JsonWork => ({
  number,
  ids,
  path,
  ...rest,
  names: sharedNamesOf(entries),
  counters: new Int32Array(new SharedArrayBuffer(4 * COUNTERS)),
});

/** Says up to which executor all is written: who is too far ahead waits for it. */
const moveTo = ({ counters }: JsonWork, written: number): void => {
  Atomics.store(counters, WRITTEN, written);
  Atomics.notify(counters, WRITTEN);
};

/** What is known of a span: its text, or that it has to be read here. */
type Known = Span &
  (SpanText | { readonly text: ExecutorsText; readonly failure: undefined } | { readonly text: undefined });

/** The spans of one folder's executors. */
class Spans {
  readonly #work: JsonWork;
  readonly #ports: readonly MessagePort[];
  readonly #textOf: (number: number) => ExecutorsText;
  /** What is done and waits for its turn, by the number of its first executor. */
  readonly #done = new Map<number, Known>();
  #written = 0;
  /** Up to this executor nothing is expected from the workers any more. */
  #givenUp = 0;

  constructor(work: JsonWork, ports: readonly MessagePort[], textOf: (number: number) => ExecutorsText) {
    this.#work = work;
    this.#ports = ports;
    this.#textOf = textOf;
  }

  *all(): Generator<ExecutorsText> {
    const { counters, names } = this.#work;
    const count = names.ends.length;
    while (this.#written < count) {
      const before = Atomics.load(counters, DONE);
      this.#receive();
      const next = this.#done.get(this.#written);
      if (next !== undefined) {
        yield* this.#write(next);
        continue;
      }
      if (this.#written < this.#givenUp) {
        this.#readHere({ from: this.#written, to: this.#written + 1 });
        continue;
      }
      const span = takeSpan(counters, count);
      if (typeof span === 'object') this.#readHere(span);
      else if (Atomics.wait(counters, DONE, before, PATIENCE) === 'timed-out') this.#giveUp();
    }
  }

  *#write(known: Known): Generator<ExecutorsText> {
    this.#done.delete(known.from);
    if (known.text === undefined) return this.#readHere(known);
    yield known.text;
    if (known.failure !== undefined) throw known.failure.error;
    this.#written = known.to;
    moveTo(this.#work, known.to);
  }

  #readHere(span: Span): void {
    const read = spanText(span, this.#textOf);
    learnSize(this.#work.counters, span, read.length);
    this.#done.set(span.from, { ...span, ...read });
  }

  /** What comes next has been taken by a worker that is silent: the main thread reads it, to where another span is known. */
  #giveUp(): void {
    this.#givenUp = Math.min(Atomics.load(this.#work.counters, TAKEN), ...this.#done.keys());
  }

  #receive(): void {
    for (const { work, from, to, text } of answersOn<JsonDone>(this.#ports)) {
      if (work !== this.#work.number || from < this.#written || this.#done.has(from)) continue;
      this.#done.set(from, text === undefined ? { from, to, text } : { from, to, text, failure: undefined });
      if (text !== undefined) advance(to - from);
    }
  }
}
