import * as fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { advance, during, tellOf } from '../../program/progress.ts';
import { UsageError } from '../failure.ts';
import { STANDARD_INPUT } from '../standard.ts';
import type { Done, Ended, Item, Underway, Work } from './work.ts';

/** So many PATHs a thread is told of before it has answered: it need not wait for the next. */
const AHEAD = 2;
/** While so many bytes of answers wait for one before them, no more PATHs are told: the memory is bounded. */
const MOST_WAITING = 64 * 1024 * 1024;
/** The same in PATHs. */
const MOST_AHEAD = 4096;

/** Takes what came of each PATH, in their order. */
export type Take = (done: Done, path: string) => void;

/** Says what became of a PATH whose thread has died. */
export type Bury = (path: string, why: string, number: number) => Done;

/** In bytes of archives: less is judged before threads have compiled what they need, which takes each as long as a hundred agents. */
const WORTH_IT = 2 * 1024 * 1024;
/** What a folder counts for: how much is in it is not known before it is read. */
const SIZE_OF_A_FOLDER = 256 * 1024;
/** To plan, or to look at a host, takes ten times as long as to verify. */
const HARDER = 10;

/** How many threads judge PATHs side by side; none where that is not worth it, or there is no built file for one to run. */
export const threadsFor = (workerFile: string, command: string, paths: readonly string[]): number => {
  if (paths.length < 2 || fs.statSync(workerFile, { throwIfNoEntry: false })?.isFile() !== true) return 0;
  let size = 0;
  for (const path of paths) {
    size += sizeOfPath(path) * (command === 'verify' ? 1 : HARDER);
    if (size > WORTH_IT) return Math.min(paths.length, availableParallelism());
  }
  return 0;
};

const sizeOfPath = (path: string): number => {
  try {
    const stats = path === STANDARD_INPUT ? undefined : fs.statSync(path);
    return stats?.isFile() === true ? stats.size : SIZE_OF_A_FOLDER;
  } catch {
    // What is wrong with it is told when it is opened.
    return 0;
  }
};

/** Judges PATHs in so many threads, and hands over what came of them in their order, as it comes. */
export const sideBySide = (
  workerFile: string,
  threads: number,
  work: Work,
  paths: readonly string[],
  take: Take,
  bury: Bury,
): Promise<void> => {
  const crew = new Crew(workerFile, work, paths, take, bury);
  return during(`${DOING[work.command] ?? 'judging'} agents`, paths.length, () => crew.run(threads));
};

const DOING: Readonly<Record<string, string>> = { verify: 'verifying', prune: 'planning for', preflight: 'checking' };

/** A thread, and the PATHs that it was told of and has not answered for, in their order. */
interface Member {
  readonly worker: Worker;
  readonly open: Item[];
}

class Crew {
  readonly #file: string;
  readonly #work: Work;
  readonly #paths: readonly string[];
  readonly #take: Take;
  readonly #bury: Bury;
  readonly #members = new Set<Member>();
  /** Answers that wait for one before them, and how long they are. */
  readonly #waiting = new Map<number, Done>();
  #waitingSize = 0;
  /** The PATH that is told next, those that have to be told again, and that which is taken next. */
  #next = 0;
  readonly #again: Item[] = [];
  #taken = 0;
  #isOver = false;
  #end: { readonly resolve: () => void; readonly reject: (error: unknown) => void } = { resolve() {}, reject() {} };

  constructor(file: string, work: Work, paths: readonly string[], take: Take, bury: Bury) {
    this.#file = file;
    this.#work = work;
    this.#paths = paths;
    this.#take = take;
    this.#bury = bury;
  }

  async run(threads: number): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#end = { resolve, reject };
        for (let number = 0; number < threads; number++) this.#start();
      });
    } finally {
      this.#isOver = true;
      for (const { worker } of this.#members) void worker.terminate();
      this.#members.clear();
    }
  }

  #start(): void {
    const worker = new Worker(this.#file, { workerData: this.#work, execArgv: [] });
    const member: Member = { worker, open: [] };
    this.#members.add(member);
    worker.on('message', (answer: Done | Ended | Underway) => this.#answered(member, answer));
    // An answer that was given before the error may come behind it, and none comes behind the exit.
    let reason: unknown;
    worker.on('error', (error) => {
      reason = error;
      this.#members.delete(member);
    });
    worker.on('exit', () => this.#died(member, reason));
    this.#tell(member);
  }

  #tell(member: Member): void {
    if (!this.#members.has(member)) return;
    while (member.open.length < AHEAD) {
      const item = this.#again.shift() ?? this.#following();
      if (item === undefined) return;
      member.open.push(item);
      member.worker.postMessage(item);
    }
  }

  /** The next PATH; undefined where there is none, or too much waits already. */
  #following(): Item | undefined {
    const number = this.#next;
    const path = this.#paths[number];
    if (path === undefined || this.#waitingSize > MOST_WAITING || number - this.#taken > MOST_AHEAD) return undefined;
    this.#next += 1;
    return { number, path };
  }

  #answered(member: Member, answer: Done | Ended | Underway): void {
    if ('phases' in answer) {
      // Of those that are judged side by side, it is told of the one that all wait for.
      if (answer.number === this.#taken) tellOf(answer.phases);
      return;
    }
    member.open.splice(
      member.open.findIndex(({ number }) => number === answer.number),
      1,
    );
    if ('failure' in answer) {
      this.#end.reject(new UsageError(answer.failure.message));
      return;
    }
    // The thread is told first, and works while this is written.
    this.#tell(member);
    this.#keep(answer);
  }

  /** A thread that ran out of memory, say: what it was at is told of, and others do the rest. */
  #died(member: Member, error: unknown): void {
    this.#members.delete(member);
    if (this.#isOver) return;
    const [at, ...rest] = member.open;
    this.#again.unshift(...rest);
    if (at !== undefined) this.#keep(this.#bury(at.path, reasonOf(error), at.number));
    if (this.#taken < this.#paths.length) this.#start();
  }

  #keep(done: Done): void {
    this.#waiting.set(done.number, done);
    this.#waitingSize += sizeOf(done);
    try {
      for (let next = this.#waiting.get(this.#taken); next !== undefined; next = this.#waiting.get(this.#taken)) {
        this.#waiting.delete(this.#taken);
        this.#waitingSize -= sizeOf(next);
        this.#take(next, this.#paths[this.#taken] ?? '');
        this.#taken += 1;
        advance();
      }
    } catch (error) {
      this.#end.reject(error);
      return;
    }
    if (this.#taken === this.#paths.length) this.#end.resolve();
    else for (const member of this.#members) this.#tell(member);
  }
}

const sizeOf = ({ written }: Done): number => written.reduce((sum, { text }) => sum + text.length, 0);

const reasonOf = (error: unknown): string => {
  const { code, message } = (error ?? {}) as { readonly code?: string; readonly message?: string };
  return code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? 'it takes more memory than there is: run it alone, or give more memory with NODE_OPTIONS=--max-old-space-size=8192'
    : `internal error (please report it): ${message ?? String(error ?? 'the thread has ended')}`;
};
