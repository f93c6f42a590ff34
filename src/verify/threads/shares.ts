import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { DONE, type Done, SHARE, type Shared, TAKEN } from './work.ts';

/** A worker that has not answered for so long, in ms, has died: what it had taken is read here. */
export const PATIENCE = 3000;

/** What the threads have answered by now, of whatever they were asked: who takes it knows his own by its number. */
export function* answersOn<T>(ports: readonly MessagePort[]): Generator<T> {
  for (const port of ports) {
    for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
      yield got.message as T;
    }
  }
}

/** How the main thread comes to what is shared. Both say that one more is done. */
export interface Here<Sent, Found> {
  /** What a worker sent, as it was before it was sent. */
  readonly received: (sent: Sent) => Found;
  /** Reads one by itself, by its number. */
  readonly read: (number: number) => Found;
}

/** The shares of what is in one folder: the main thread takes them as the workers do, and does all that they leave. */
export class Shares<Sent, Found> {
  readonly #work: Shared;
  readonly #found: (Found | undefined)[];
  readonly #isDone: boolean[];
  readonly #ports: readonly MessagePort[];
  readonly #here: Here<Sent, Found>;

  constructor(work: Shared, ports: readonly MessagePort[], here: Here<Sent, Found>) {
    const count = work.names.ends.length;
    this.#work = work;
    this.#found = new Array<Found | undefined>(count).fill(undefined);
    this.#isDone = new Array<boolean>(Math.ceil(count / SHARE)).fill(false);
    this.#ports = ports;
    this.#here = here;
  }

  all(): readonly Found[] {
    for (;;) {
      this.#receive();
      const share = Atomics.add(this.#work.counters, TAKEN, 1);
      if (share >= this.#isDone.length) break;
      this.#readHere(share);
    }
    this.#await();
    return this.#found.map((found, number) => found ?? this.#here.read(number));
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
    for (const { work, share, found } of answersOn<Done<Sent>>(this.#ports)) {
      if (work !== this.#work.number || this.#isDone[share] === true) continue;
      this.#isDone[share] = true;
      for (const [number, each] of found.entries()) {
        if (each === undefined) continue;
        this.#found[share * SHARE + number] = this.#here.received(each);
      }
    }
  }

  #readHere(share: number): void {
    this.#isDone[share] = true;
    const end = Math.min(this.#found.length, (share + 1) * SHARE);
    for (let number = share * SHARE; number < end; number++) this.#found[number] = this.#here.read(number);
  }
}
