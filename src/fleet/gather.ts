import { identityOf } from './identity.ts';
import { type HostReport, isNoReport, reportOf } from './report.ts';
import { type Piece, Splitter } from './split.ts';

/** A line that is no report. */
export interface BadLine {
  readonly file: string;
  readonly line: number;
  readonly why: string;
}

/** A file that cannot be read, or only its first lines. */
export interface UnreadFile {
  readonly file: string;
  /** How many lines were read. */
  readonly lines: number;
  /** What the system says. */
  readonly why: string;
}

/** What was gathered of many files. */
export interface Gathered {
  /** The newest of each host and command. */
  readonly reports: readonly HostReport[];
  /** How many reports were read, and how many of them are older than another of the same host and command. */
  readonly read: number;
  readonly older: number;
  /** How many reports do not say their host: of those none takes the place of another. */
  readonly nameless: number;
  /** How many lines are no report, and the first of them. */
  readonly bad: number;
  readonly badLines: readonly BadLine[];
  readonly unread: readonly UnreadFile[];
}

/** So many lines that are no report are named; the others are counted. */
const MOST_NAMED = 1000;

/** Gathers reports, and keeps the newest of each host and command. */
export class Gatherer {
  readonly #newest = new Map<string, HostReport>();
  readonly #nameless: HostReport[] = [];
  readonly #badLines: BadLine[] = [];
  readonly #unread: UnreadFile[] = [];
  readonly #texts = new Map<string, string>();
  #read = 0;
  /** What had been read, and what was no report, when the file began. */
  #before = 0;
  #older = 0;
  #bad = 0;

  /** What takes the lines of a file. */
  file(file: string): Splitter {
    this.#before = this.#read + this.#bad;
    return new Splitter((piece) => this.#take(file, piece));
  }

  /**
   * Nothing more comes of the file: one without a report, as who asks a host that does not answer has it, tells of a host
   * that is none that is well.
   */
  ended(file: string, hasLines: boolean): void {
    if (this.#read + this.#bad > this.#before) return;
    this.#notReport(file, 1, `the file ${hasLines ? 'holds nothing' : 'is empty'}: nothing was reported`);
  }

  /** What could not be read at all, or not to its end. */
  unreadable(file: UnreadFile): void {
    this.#unread.push(file);
  }

  end(): Gathered {
    return {
      reports: [...withoutOldErrors(this.#newest), ...this.#nameless],
      read: this.#read,
      older: this.#older,
      nameless: this.#nameless.length,
      bad: this.#bad,
      badLines: this.#badLines,
      unread: this.#unread,
    };
  }

  #notReport(file: string, line: number, why: string): void {
    this.#bad += 1;
    if (this.#badLines.length < MOST_NAMED) this.#badLines.push({ file, line, why: shortened(why) });
  }

  #take(file: string, piece: Piece): void {
    if ('why' in piece) {
      this.#notReport(file, piece.line, piece.why);
      return;
    }
    // Documents of several reports are arrays of them.
    for (const value of Array.isArray(piece.value) ? piece.value : [piece.value]) {
      const report = reportOf(value);
      if (isNoReport(report)) this.#notReport(file, piece.line, report.why);
      else if (isLongName(report)) this.#notReport(file, piece.line, 'its host, agent or path is longer than any');
      else this.#add(this.#lean(report));
    }
  }

  #add(report: HostReport): void {
    this.#read += 1;
    const key = keyOf(report);
    if (key === undefined) {
      this.#nameless.push(report);
      return;
    }
    const before = this.#newest.get(key);
    if (before !== undefined) this.#older += 1;
    if (before === undefined || isNewer(report, before)) this.#newest.set(key, report);
  }

  /** The same with texts that many reports share, and cut where they are long. */
  #lean(report: HostReport): HostReport {
    const text = <T extends string | undefined>(value: T): T => {
      if (value === undefined) return value;
      const known = this.#texts.get(value);
      if (known === undefined && this.#texts.size < MOST_SHARED) this.#texts.set(value, value);
      return (known ?? value) as T;
    };
    return {
      ...report,
      host: text(report.host),
      hostFrom: text(shortened(report.hostFrom)),
      judgedOn: text(report.judgedOn),
      path: text(report.path),
      workDir: text(report.workDir),
      agent: text(report.agent),
      version: text(shortened(report.version)),
      from: text(shortened(report.from)),
      scenario: text(shortened(report.scenario)),
      strict: text(shortened(report.strict)),
      nonStrict: text(shortened(report.nonStrict)),
      cause: text(shortened(report.cause)),
      saves: text(shortened(report.saves)),
      error: text(shortened(report.error)),
      found: report.found.slice(0, MOST_FOUND).map((found) => ({ ...found, code: text(shortened(found.code)) })),
    };
  }
}

/** Whether what tells a host from others is longer than a path can be: it is kept, and cannot be cut. */
const isLongName = ({ host, judgedOn, path, workDir, agent }: HostReport): boolean =>
  [host, judgedOn, path, workDir, agent].some((name) => name !== undefined && name.length > MOST_OF_A_NAME);

const MOST_OF_A_NAME = 4096;
/** Of a hundred thousand hosts' names none comes again. */
const MOST_SHARED = 20_000;
/** Of hostile lines: the catalogue has fewer codes. */
const MOST_FOUND = 300;
const MOST_OF_A_TEXT = 300;

const shortened = <T extends string | undefined>(text: T): T =>
  text === undefined || text.length <= MOST_OF_A_TEXT ? text : (`${text.slice(0, MOST_OF_A_TEXT - 3)}...` as T);

/** What only a newer report of the same takes the place of; undefined where nothing tells whose it is. */
const keyOf = (report: HostReport): string | undefined => {
  const host = identityOf(report);
  return host === undefined ? undefined : JSON.stringify([report.command, report.workDir, host]);
};

/** By when what it is about was taken, then by when it was judged; of two alike the later line counts. */
const isNewer = (report: HostReport, than: HostReport): boolean => {
  const of = (each: HostReport): number => each.takenAt ?? each.time ?? Number.NEGATIVE_INFINITY;
  return of(report) > of(than) || (of(report) === of(than) && (report.time ?? 0) >= (than.time ?? 0));
};

/** A host that could not be judged once, and was later, has been judged. */
const withoutOldErrors = (newest: ReadonlyMap<string, HostReport>): readonly HostReport[] => {
  const judged = new Map<string, number>();
  const keyOfHost = (report: HostReport): string => JSON.stringify([report.command, identityOf(report)]);
  const timeOf = ({ takenAt, time }: HostReport): number => time ?? takenAt ?? Number.NEGATIVE_INFINITY;
  for (const report of newest.values()) {
    const key = keyOfHost(report);
    if (report.error === undefined)
      judged.set(key, Math.max(judged.get(key) ?? Number.NEGATIVE_INFINITY, timeOf(report)));
  }
  return [...newest.values()].filter((report) => {
    const later = judged.get(keyOfHost(report));
    return report.error === undefined || later === undefined || later < timeOf(report);
  });
};
