import type { FindingCode } from '../findings/catalogue.ts';
import type { Location, Severities } from '../findings/finding.ts';
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

/** Takes what recovery meets: the code, where, what in particular, and a severity where this case differs. */
export type Report = (code: FindingCode, location: Location, message: string, severity?: Severities) => void;

/** What earlier starts did to the disk: recovery looks at the checkpoint through it. */
export class Disk {
  /** Files that were cut, and how long they are now. */
  readonly truncated = new Map<string, number>();
  readonly removed = new Set<string>();
  /** Files that were given another file's content by a rename: the name, and the name that it had. */
  readonly renamed = new Map<string, string>();

  /** A file takes the place of another, cut as it is. */
  rename(from: string, to: string): void {
    const size = this.truncated.get(from);
    if (size === undefined) this.truncated.delete(to);
    else this.truncated.set(to, size);
    this.truncated.delete(from);
    this.renamed.set(to, from);
  }

  copy(): Disk {
    const copy = new Disk();
    for (const [path, size] of this.truncated) copy.truncated.set(path, size);
    for (const path of this.removed) copy.removed.add(path);
    for (const [to, from] of this.renamed) copy.renamed.set(to, from);
    return copy;
  }
}

/** The start that is simulated. */
export class Context {
  readonly rules: Rules;
  readonly strict: boolean;
  readonly rebooted: boolean;
  /** The work_dir's absolute path on the agent. */
  readonly home: string;
  readonly disk: Disk;
  readonly effects: Effect[] = [];
  readonly report: Report;
  /** No earlier start has changed the disk. */
  readonly isFirst: boolean;
  /** How much was met so far that is told of, or that could end a start. */
  met = 0;
  /** Nothing ends the start: all that is wrong is met, not just what is met first. */
  readonly exploring: boolean;
  /** The start has met its end: what is looked at now is just to know what else it might have met first. */
  stopped = false;
  /** Something was met that a strict agent would have refused. */
  isLenient = false;
  /** Something was met that ends a start, and was passed over because all is looked at. */
  isPassedOver = false;

  constructor(
    options: Pick<Context, 'rules' | 'strict' | 'rebooted' | 'home' | 'disk'> & {
      readonly report?: Report | undefined;
    },
  ) {
    this.rules = options.rules;
    this.strict = options.strict;
    this.rebooted = options.rebooted;
    this.home = options.home;
    this.disk = options.disk;
    const { truncated, removed, renamed } = options.disk;
    this.isFirst = truncated.size + removed.size + renamed.size === 0;
    const report = options.report ?? nobody;
    this.report = (...met) => {
      this.met++;
      report(...met);
    };
    this.exploring = options.report !== undefined;
  }

  /** A path as the agent names it. */
  full(path: string): string {
    return `${this.home}/${path}`;
  }

  truncate(path: string, from: number, to: number): void {
    if (this.stopped) return;
    this.disk.truncated.set(path, to);
    this.effects.push({ kind: 'truncate', path, from, to });
  }

  remove(path: string): void {
    if (this.stopped) return;
    this.disk.removed.add(path);
    this.effects.push({ kind: 'remove', path });
  }
}

const nobody: Report = () => undefined;

/** Ends a start: the agent logs the message and exits. */
export const refuse = (context: Context, stops: Stop[], message: string): void => {
  stop(context, stops, { verdict: 'refuses', message });
};

/** Ends a start of a strict agent; one that is not strict goes on, and has counted the error. */
export const refuseIfStrict = (context: Context, stops: Stop[], message: string): void => {
  context.met++;
  if (context.strict) refuse(context, stops, message);
  else context.isLenient = true;
};

/** Ends a start: a check of the agent's fails. */
export const abort = (context: Context, stops: Stop[], message: string): void => {
  stop(context, stops, { verdict: 'aborts', message });
};

/** Keeps a start from ever ending: the agent waits for what does not come. */
export const hang = (context: Context, stops: Stop[]): void => {
  stop(context, stops, { verdict: 'hangs', message: '' });
};

const stop = (context: Context, stops: Stop[], met: Stop): void => {
  context.met++;
  if (context.exploring) {
    context.isPassedOver = true;
    return;
  }
  stops.push(met);
  context.stopped = true;
};

/** Adds what a caller says before a callee's refusals. */
export const prefixed = (stops: readonly Stop[], prefix: string): readonly Stop[] =>
  stops.map((stop) => (stop.verdict === 'refuses' ? { ...stop, message: prefix + stop.message } : stop));
