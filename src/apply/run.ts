import { advance, during } from '../program/progress.ts';
import { backward, forward, type Look, type State, stateOf } from './carry.ts';
import { checkUndo } from './check-undo.ts';
import { giveBackTimes } from './folders.ts';
import { Log } from './log.ts';
import type { Direction, JournalRecord, RecordedChange } from './record.ts';
import { codeOf, problemText, Refusal, Unfinished } from './refusal.ts';
import type { OpenJournal } from './slots.ts';

/** What a run through the steps is told, and asked. */
export interface Watch {
  readonly pid: number;
  readonly now: () => Date;
  /** Called behind each step: how many are done, of how many. */
  readonly onStep?: ((done: number, of: number) => void) | undefined;
  /** Whether to stop before the next step. Signals are heard between two steps. */
  readonly shouldStop?: (() => boolean) | undefined;
}

/** How a run ended that nothing went wrong in: whole, or at the operator's wish. */
export interface Ran {
  readonly ending: 'applied' | 'undone' | 'stopped';
  /** Steps that are done, and how many there are. */
  readonly done: number;
  readonly of: number;
  readonly notes: readonly string[];
}

/** How far a journal has come: the first `done` of its steps are done, and no others. */
export const progressOf = (open: OpenJournal, steps: readonly RecordedChange[], how: Look): number => {
  const states: readonly State[] = steps.map((step, i) => stateOf(open, step, i, how));
  const done = states.indexOf('ready');
  if (done < 0) return states.length;
  const stray = states.indexOf('done', done);
  if (stray < 0) return done;
  throw new Refusal(
    `${open.journal.name} is not a journal of this tree: step ${stray + 1} is done, and step ${done + 1} is not`,
  );
};

/** Lets signals and timers be heard. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class Run {
  readonly #open: OpenJournal;
  readonly #record: JournalRecord;
  readonly #watch: Watch;
  readonly #log: Log;

  constructor(open: OpenJournal, record: JournalRecord, watch: Watch) {
    this.#open = open;
    this.#record = record;
    this.#watch = watch;
    this.#log = new Log(open.journal);
  }

  get #steps(): readonly RecordedChange[] {
    return this.#record.steps;
  }

  get #at(): string {
    return this.#watch.now().toISOString();
  }

  close(): void {
    this.#log.close();
  }

  progress(): number {
    return progressOf(this.#open, this.#steps, 'tidy');
  }

  apply(): Promise<Ran> {
    return during('applying', this.#steps.length, () => this.#apply());
  }

  async #apply(): Promise<Ran> {
    const of = this.#steps.length;
    try {
      this.#begin('apply');
      const before = this.progress();
      advance(before);
      for (let step = before; step < of; step++) {
        if (await this.#isToStop(step)) return this.#end('stopped', step);
        this.#carry('apply', step);
        advance();
        this.#watch.onStep?.(step + 1, of);
      }
      return this.#end('applied', of);
    } catch (error) {
      this.#rollBack(error);
      throw new Refusal(`${problemText(error)}: what was done has been taken back`, { cause: error });
    }
  }

  async undo(): Promise<Ran> {
    const of = this.#steps.length;
    const done = this.progress();
    checkUndo(this.#open, this.#steps.slice(0, done));
    return during('taking back', done, () => this.#undo(done, of));
  }

  async #undo(done: number, of: number): Promise<Ran> {
    this.#begin('undo');
    for (let step = done - 1; step >= 0; step--) {
      if (await this.#isToStop(step + 1)) return this.#end('stopped', step + 1);
      this.#carry('undo', step);
      advance();
      this.#watch.onStep?.(done - step, done);
    }
    const notes = giveBackTimes(this.#open.root, this.#record.folders);
    return { ...this.#end('undone', 0), of, notes };
  }

  /** Whether to stop when so many steps are done: not in the middle of what belongs together. */
  async #isToStop(done: number): Promise<boolean> {
    await pause();
    const part = this.#steps[done]?.part;
    const isWithin = part !== undefined && part === this.#steps[done - 1]?.part;
    return !isWithin && this.#watch.shouldStop?.() === true;
  }

  #begin(direction: Direction): void {
    this.#log.add({ log: 'begin', direction, at: this.#at, pid: this.#watch.pid });
  }

  #end(ending: 'applied' | 'undone' | 'stopped', done: number): Ran {
    this.#log.add({ log: 'end', ending, at: this.#at });
    return { ending, done, of: this.#steps.length, notes: [] };
  }

  #carry(direction: Direction, step: number): void {
    this.#log.add({ log: 'step', step: step + 1, direction, at: this.#at });
    const carry = direction === 'apply' ? forward : backward;
    const recorded = this.#steps[step] as RecordedChange;
    naming(recorded, () => carry(this.#open, recorded, step));
  }

  /** Takes back what is done. Where the disk is full, the log cannot grow, and need not: the plan is in the journal. */
  #rollBack(cause: unknown): void {
    let done = this.#steps.length;
    try {
      done = this.progress();
      this.#try({ log: 'begin', direction: 'undo', at: this.#at, pid: this.#watch.pid });
      for (; done > 0; done--) backward(this.#open, this.#steps[done - 1] as RecordedChange, done - 1);
      giveBackTimes(this.#open.root, this.#record.folders);
    } catch (error) {
      const also = problemText(error) === problemText(cause) ? '' : `, then ${problemText(error)}`;
      const journal = this.#open.journal.name;
      throw new Unfinished(`${problemText(cause)}${also}`, { done, of: this.#steps.length, journal });
    }
    this.#try({ log: 'end', ending: 'rolled-back', at: this.#at });
  }

  #try(entry: Parameters<Log['add']>[0]): void {
    try {
      this.#log.add(entry);
    } catch {
      // What could not be written is found out from the tree.
    }
  }
}

/** Says of a system call that fails which step it was of. */
const naming = ({ change }: RecordedChange, carry: () => void): void => {
  try {
    carry();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new Refusal(`${change.kind} ${change.path}: ${problemText(error)}`, { cause: error });
  }
};

/** Goes on with the steps of a journal that are not done. Where one of them fails, all are taken back. */
export const runApply = (open: OpenJournal, record: JournalRecord, watch: Watch): Promise<Ran> =>
  running(open, record, watch, (run) => run.apply());

/** Takes back the steps of a journal that are done, the last first. */
export const runUndo = (open: OpenJournal, record: JournalRecord, watch: Watch): Promise<Ran> =>
  running(open, record, watch, (run) => run.undo());

const running = async (
  open: OpenJournal,
  record: JournalRecord,
  watch: Watch,
  use: (run: Run) => Promise<Ran>,
): Promise<Ran> => {
  const run = new Run(open, record, watch);
  try {
    return await use(run);
  } finally {
    run.close();
  }
};
