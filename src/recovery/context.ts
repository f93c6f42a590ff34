import type { FatalCode, FindingCode } from '../findings/catalogue.ts';
import { endsStart, type Finding, findingOf, isCounted, type Location, type Severities } from '../findings/finding.ts';
import type { Disk } from './disk.ts';
import type { Rules } from './versions.ts';

/** What a start does to the disk, with paths relative to the work_dir and lengths in bytes. */
export type Effect =
  | { readonly kind: 'truncate'; readonly path: string; readonly from: number; readonly to: number }
  | { readonly kind: 'remove'; readonly path: string };

/** Why a start does not come up. */
export interface Stop {
  /** `refuses`: an error is logged, and the agent exits; `aborts`: a failed check, SIGABRT; `hangs`: it waits for ever. */
  readonly verdict: 'refuses' | 'aborts' | 'hangs';
  /** In the agent's own words; empty where it hangs, because it says nothing then. */
  readonly message: string;
}

/** The agent logs a message, and exits. */
export const refuses = (message: string): Stop => ({ verdict: 'refuses', message });

/** A check of the agent's fails. */
export const aborts = (message: string): Stop => ({ verdict: 'aborts', message });

/** The agent waits for what does not come. */
export const HANGS: Stop = { verdict: 'hangs', message: '' };

/** What differs here from what is usual for a code. */
interface Own {
  readonly severity?: Severities | undefined;
}

/** What is assumed of a start. */
interface Assumed {
  readonly rules: Rules;
  readonly strict: boolean;
  readonly rebooted: boolean;
  /** The work_dir's absolute path on the agent. */
  readonly home: string;
  readonly disk: Disk;
  /** Nothing ends the start: all that is wrong is met, not just what is met first. */
  readonly exploring: boolean;
}

/** What a start has met and done so far. */
interface Course {
  /** No earlier start has changed the disk. */
  readonly isFirst: boolean;
  readonly findings: Finding[];
  readonly stops: Stop[];
  readonly effects: Effect[];
  /** How often something was to be done to the disk, whether or not the start got that far. */
  attempts: number;
}

/** What a part of a start met: it can be met again, where nothing that it asks for has changed. */
export interface Met {
  readonly findings: readonly Finding[];
  readonly stops: readonly Stop[];
}

/**
 * A start that is simulated, as one function of the agent has it: what is assumed is the same for all of them, and what
 * the start meets and does is kept in one place. A function that calls another says of it what the agent puts before the
 * other's errors, by `within`.
 */
export class Context implements Assumed {
  readonly rules: Rules;
  readonly strict: boolean;
  readonly rebooted: boolean;
  readonly home: string;
  readonly disk: Disk;
  readonly exploring: boolean;
  readonly #course: Course;
  readonly #prefix: string;
  readonly #caller: Context | undefined;
  #isEnded = false;

  private constructor(assumed: Assumed, course: Course, prefix: string, caller: Context | undefined) {
    this.rules = assumed.rules;
    this.strict = assumed.strict;
    this.rebooted = assumed.rebooted;
    this.home = assumed.home;
    this.disk = assumed.disk;
    this.exploring = assumed.exploring;
    this.#course = course;
    this.#prefix = prefix;
    this.#caller = caller;
  }

  /** The context of a new start. */
  static of(assumed: Assumed): Context {
    return new Context(
      assumed,
      { isFirst: assumed.disk.isUntouched, findings: [], stops: [], effects: [], attempts: 0 },
      '',
      undefined,
    );
  }

  /** The context of a function that this one calls, and whose refusals it words with a prefix. */
  within(prefix: string): Context {
    return new Context(this, this.#course, prefix, this);
  }

  /** Whether this function has met the start's end, itself or in one that it called. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether the start has ended at all: what is looked at since is just to know what else it might have met first. */
  get isOver(): boolean {
    return this.#course.stops.length > 0;
  }

  /** Whether no earlier start has changed the disk. */
  get isFirst(): boolean {
    return this.#course.isFirst;
  }

  /** What was met so far, in the order of a sorted listing. */
  get findings(): readonly Finding[] {
    return this.#course.findings;
  }

  /** The ways in which the start might end first: the agent's own order is that of its file system. */
  get stops(): readonly Stop[] {
    return this.#course.stops;
  }

  get effects(): readonly Effect[] {
    return this.#course.effects;
  }

  /** A path as the agent names it. */
  full(path: string): string {
    return `${this.home}/${path}`;
  }

  /**
   * Meets something: its code, where, and what in particular. What can end a start says how; whether it ends this one is
   * for its severity. Gives what the agent adds to its errors where it goes on.
   */
  meet(code: FatalCode, location: Location, detail: string, how: Stop & Own): number;
  meet(code: Exclude<FindingCode, FatalCode>, location: Location, detail: string, how?: Own): number;
  meet(code: FindingCode, location: Location, detail: string, how: Partial<Stop> & Own = {}): number {
    const { verdict, message = '', severity } = how;
    const finding = findingOf(code, location, detail, severity);
    this.#course.findings.push(finding);
    if (verdict !== undefined && !this.exploring && endsStart(finding, this.strict ? 'strict' : 'nonStrict')) {
      this.#stop({ verdict, message });
    }
    return isCounted(finding) ? 1 : 0;
  }

  /** Ends the start here, in the agent's words of all the functions that led here. */
  #stop(stop: Stop): void {
    let { message } = stop;
    for (let each: Context | undefined = this; each !== undefined; each = each.#caller) {
      each.#isEnded = true;
      if (stop.verdict === 'refuses') message = each.#prefix + message;
    }
    this.#course.stops.push({ ...stop, message });
  }

  /** How often something was to be done to the disk so far. */
  get attempts(): number {
    return this.#course.attempts;
  }

  /** Meets again what a part of an earlier start met. */
  meetAgain({ findings, stops }: Met): void {
    // One by one, as there may be more than a call takes.
    for (const finding of findings) this.#course.findings.push(finding);
    if (stops.length === 0) return;
    for (let each: Context | undefined = this; each !== undefined; each = each.#caller) each.#isEnded = true;
    // Their words are whole already.
    for (const stop of stops) this.#course.stops.push(stop);
  }

  truncate(path: string, from: number, to: number): void {
    this.#course.attempts += 1;
    if (this.isOver) return;
    this.disk.truncate(path, to);
    this.#course.effects.push({ kind: 'truncate', path: this.disk.real(path), from, to });
  }

  remove(path: string): void {
    this.#course.attempts += 1;
    if (this.isOver) return;
    this.disk.remove(path);
    this.#course.effects.push({ kind: 'remove', path: this.disk.entry(path) });
  }
}
