import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { ReadExecutors } from '../../checkpoint/load.ts';
import type { Executor, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { advance } from '../../program/progress.ts';
import type { Entry } from '../../source/source.ts';
import { inlineLittle } from './inline-little.ts';
import { received } from './received.ts';
import { DONE, type Done, SHARE, sharedNamesOf, TAKEN, type TreeOnDisk, type Work } from './work.ts';

/** Fewer executors are read before a thread has started. */
const WORTH_IT = 400;
/** More threads wait for the same disk. */
const MOST_WORKERS = 3;
/** A worker that has not answered for so long, in ms, has died: what it had taken is read here. */
export const PATIENCE = 3000;

/**
 * Several threads that read the executors of trees on disk. The main thread takes shares as the workers do, reads what they
 * cannot tell by itself, and all of it where none could be started. Threads are started when the first
 * large folder is met, and end with the process.
 */
export const threadedReaders = (workerFile: URL | string): ((tree: TreeOnDisk) => ReadExecutors) => {
  let ports: readonly MessagePort[] | undefined;
  let works = 0;
  return (tree) => (ids, path, entries, read, isLinked) => {
    if (!isSharedWorth(entries, isLinked)) return entries.map((_, number) => read(number));
    ports ??= startWorkers(workerFile);
    const names = sharedNamesOf(entries);
    const counters = new Int32Array(new SharedArrayBuffer(8));
    const work: Work = { number: works++, tree, ids, path, names, counters };
    for (const port of ports) port.postMessage(work);
    return new Shares(work, ports, read).all();
  };
};

/** Whether several threads read what is in a folder: there is enough of it, and it is where its path says. */
export const isSharedWorth = (entries: readonly Entry[], isLinked: boolean): boolean =>
  !isLinked && entries.length >= WORTH_IT;

/** Starts the threads that there are cores for, at most so many, and returns the ports on which each hears what to do. */
export const startWorkers = (workerFile: URL | string, most = MOST_WORKERS): readonly MessagePort[] => {
  const ports: MessagePort[] = [];
  const count = Math.min(most, availableParallelism() - 1);
  if (count > 0) inlineLittle();
  for (let number = 0; number < count; number++) {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(workerFile, {
      workerData: { port: port2 },
      transferList: [port2],
      // Not those of this process, some of which no worker takes.
      execArgv: [],
    });
    // What a worker does not do is done here, so that its end is no failure.
    worker.on('error', () => undefined);
    worker.unref();
    port1.unref();
    ports.push(port1);
  }
  return ports;
};

/** What the threads have answered by now, of whatever they were asked: who takes it knows his own by its number. */
export function* answersOn<T>(ports: readonly MessagePort[]): Generator<T> {
  for (const port of ports) {
    for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
      yield got.message as T;
    }
  }
}

type Found = Executor | OrdinaryExecutor;

/** The shares of one folder's executors. */
class Shares {
  readonly #work: Work;
  readonly #found: (Found | undefined)[];
  readonly #isDone: boolean[];
  readonly #ports: readonly MessagePort[];
  readonly #read: (number: number) => Found;

  constructor(work: Work, ports: readonly MessagePort[], read: (number: number) => Found) {
    const count = work.names.ends.length;
    this.#work = work;
    this.#found = new Array<Found | undefined>(count).fill(undefined);
    this.#isDone = new Array<boolean>(Math.ceil(count / SHARE)).fill(false);
    this.#ports = ports;
    this.#read = read;
  }

  all(): readonly Found[] {
    for (;;) {
      this.#receive();
      const share = Atomics.add(this.#work.counters, TAKEN, 1);
      if (share >= this.#isDone.length) break;
      this.#readHere(share);
    }
    this.#await();
    return this.#found.map((found, number) => found ?? this.#read(number));
  }

  /** Waits for the shares that workers have taken; takes over those of a worker that is silent. */
  #await(): void {
    for (;;) {
      const before = Atomics.load(this.#work.counters, DONE);
      this.#receive();
      if (this.#isDone.every((done) => done)) return;
      if (Atomics.wait(this.#work.counters, DONE, before, PATIENCE) === 'timed-out') break;
    }
    for (const [share, done] of this.#isDone.entries()) if (!done) this.#readHere(share);
  }

  #receive(): void {
    for (const { work, share, found } of answersOn<Done>(this.#ports)) {
      if (work !== this.#work.number || this.#isDone[share] === true) continue;
      this.#isDone[share] = true;
      for (const [number, each] of found.entries()) {
        if (each === undefined) continue;
        this.#found[share * SHARE + number] = received(each);
        advance();
      }
    }
  }

  #readHere(share: number): void {
    this.#isDone[share] = true;
    const end = Math.min(this.#found.length, (share + 1) * SHARE);
    for (let number = share * SHARE; number < end; number++) this.#found[number] = this.#read(number);
  }
}
