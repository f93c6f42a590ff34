/**
 * What a report page holds, and what the browser's program reads: texts and numbers, all of them worked out before. The page
 * computes none, so that no two screens disagree. The whole of it, in one document, is what `report --json` prints:
 * see `schema/report.json`.
 */

/** The page's first block: what is above all agents. */
export interface Overview {
  readonly schemaVersion: number;
  readonly command: 'report';
  readonly version: string;
  readonly time: string;
  readonly judgedOn: string;
  readonly secrets: 'redacted';
  readonly exitCode: number;
  readonly summary: Summary;
  /** A row for each PATH, in the order in which they were given: where its blocks are. */
  readonly agents: readonly AgentBlocks[];
}

/** `--summary --json` of verify. */
export interface Summary {
  readonly counts: Readonly<Record<'agents' | 'ok' | 'losses' | 'fails' | 'unknown', number>>;
  readonly hosts: readonly HostRow[];
}

export interface HostRow {
  readonly host: string | null;
  readonly path: string;
  readonly agentId: string | null;
  readonly version: string | null;
  readonly exitCode: number;
  readonly strict: string | null;
  readonly nonStrict: string | null;
  readonly cause: string | null;
  readonly saves: string | null;
  readonly error: string | null;
  readonly executors: Stake;
  readonly tasks: Stake;
}

export interface Stake {
  readonly atStake: number;
  readonly of: number;
}

/** The numbers of an agent's blocks. */
export interface AgentBlocks {
  readonly path: string;
  /** Undefined where nothing could be read, and `error` says why. */
  readonly head?: number;
  readonly index?: number;
  readonly error?: string;
}

/** An agent, but for what is read when it is looked at. */
export interface AgentHead {
  readonly path: string;
  readonly host: string;
  readonly time: string;
  readonly takenAt: string | null;
  readonly judgedOn: string;
  readonly agentId: string | null;
  readonly exitCode: number;
  readonly said: Said;
  readonly verify: VerifyPart;
  readonly prune: PrunePart;
  readonly preflight: PreflightPart | null;
  readonly diff: DiffPart | null;
  readonly inspect: { readonly agent: Readonly<Record<string, unknown>> | null };
  /** The blocks of evidence, and the finding with which each begins. */
  readonly evidence: readonly (readonly [block: number, finding: number])[];
}

/** What the screens of the other commands say, in their words. */
export interface Said {
  readonly agent: string;
  readonly result: Modes;
  readonly verdict: Modes;
  readonly costs: Modes;
  readonly assumed: string;
  /** The numbers of the findings that `assumed` tells of: they are of the reading, and not counted. */
  readonly assumptions: readonly number[];
  /** What to do next; a line that begins with two blanks is a command. */
  readonly next: readonly string[];
  readonly ways: readonly SaidOfWay[];
  /** What the ways count. */
  readonly counted: string;
}

export interface Modes {
  readonly strict: string;
  readonly nonStrict: string;
}

export interface SaidOfWay {
  readonly name: string;
  readonly sure: string;
  readonly keeps: string;
  /** As it is typed; empty where nothing is to be done. */
  readonly command: string;
}

export interface VerifyPart {
  readonly workDir: string;
  readonly inPlace: boolean;
  readonly mesosVersion: string;
  readonly rebooted: boolean;
  readonly modes: Readonly<Record<'strict' | 'nonStrict', { readonly exitCode: number }>>;
  readonly starts: readonly { readonly verdict: string; readonly messages: readonly string[] }[];
  readonly findings: readonly FoundPart[];
}

export interface FoundPart {
  readonly code: string;
  readonly severity: Readonly<Record<'strict' | 'nonStrict', Severity>>;
  readonly path: string;
  readonly offset: number | null;
  readonly length: number | null;
  readonly record: number | null;
  readonly message: string;
  readonly consequence: Modes;
  readonly remedy: string;
}

export type Severity = 'fatal' | 'counted' | 'loss' | 'note';

export interface PrunePart {
  readonly ways: readonly WayPart[];
  readonly notes: readonly string[];
  readonly outcome: string;
  readonly steps: readonly {
    readonly id: string;
    readonly what: string;
    readonly loses?: string | null;
    readonly mends: readonly { readonly code: string; readonly path: string }[];
  }[];
}

export interface WayPart {
  readonly way: string;
  readonly comesUp: boolean;
  readonly executors: Kept;
  readonly tasks: Kept;
  readonly updatesLost: number | null;
  readonly reservations: Kept;
  readonly sure: 'exact' | 'suspect';
  readonly recommended: boolean;
}

export interface Kept {
  readonly kept: number;
  readonly of: number;
}

export interface PreflightPart {
  readonly root: string;
  readonly scenario: string;
  readonly exitCode: number;
  readonly from: { readonly version: string } | null;
  readonly to: { readonly version: string };
  readonly checks: readonly {
    readonly code: string;
    readonly verdict: 'ok' | 'warn' | 'fail' | 'unknown';
    readonly rows: readonly {
      readonly verdict: string;
      readonly found: string;
      readonly place: string | null;
      readonly todo: string | null;
    }[];
  }[];
  readonly lives: {
    readonly counts: Readonly<
      Record<'executors' | 'executorsAlive' | 'tasks' | 'tasksAlive' | 'tasksFinished', number>
    >;
  };
}

export interface DiffPart {
  readonly a: DiffSide;
  readonly b: DiffSide;
  readonly same: boolean;
  readonly counts: Readonly<Record<string, { readonly came: number; readonly went: number; readonly changed: number }>>;
  readonly unread: number;
  readonly differences: readonly {
    readonly entity: Readonly<Record<string, string | null>>;
    readonly what: 'came' | 'went' | 'changed';
    readonly path: string;
    readonly read: boolean;
    readonly text: string;
    readonly patch: readonly string[] | null;
    readonly resources: { readonly came: readonly string[]; readonly went: readonly string[] } | null;
  }[];
}

export interface DiffSide {
  readonly path: string;
  readonly strict: { readonly verdict: string | null; readonly exitCode: number };
  readonly nonStrict: { readonly verdict: string | null; readonly exitCode: number };
}

/** The bytes around what a finding is about. */
export interface Evidence {
  /** The finding's number in the list, from 0. */
  readonly finding: number;
  readonly path: string;
  readonly record: number;
  readonly offset: number;
  readonly length: number;
  readonly announced: number | null;
  readonly type: string;
  readonly decodes: boolean;
  /** As `decode --format hex` prints them. */
  readonly lines: readonly string[];
}

/** The records of a task's log. */
export interface TimeLine {
  /** Of the log. */
  readonly path: string;
  readonly records: readonly TimeLineRecord[];
  /** How many are left out in the middle. */
  readonly omitted: number;
}

export interface TimeLineRecord {
  readonly record: number;
  readonly offset: number;
  readonly length: number;
  readonly kind: 'update' | 'acknowledgement' | 'damaged';
  /** Of an update; an acknowledgement has none. */
  readonly time: string | null;
  readonly state: string | null;
  /** Of an update, and of an acknowledgement of none that is here. */
  readonly uuid: string | null;
  /** Of an update, the number of the record that acknowledges it. */
  readonly acknowledgedBy: number | null;
  /** Of an acknowledgement, the number of the record that it acknowledges. */
  readonly of: number | null;
  /** Whether the agent will send it again. */
  readonly pending: boolean;
  readonly source: string | null;
  readonly reason: string | null;
  readonly message: string | null;
}

/**
 * The entries of an agent as columns, an element for each entry, depth first: what is searched and shown as a tree. Details are
 * in blocks, which are unpacked when one of them is looked at.
 */
export interface Index {
  /** Each a letter: see `EntryKind`. */
  readonly kinds: string;
  /** The entry that holds it; -1 of the first. */
  readonly parents: readonly number[];
  readonly ids: readonly string[];
  /** Names of frameworks and tasks, where they are another than the id. */
  readonly names: readonly (string | null)[];
  /** Numbers in `texts`; -1 where there is none. */
  readonly states: readonly number[];
  readonly strict: readonly number[];
  readonly nonStrict: readonly number[];
  readonly texts: readonly string[];
  /** How many updates will be sent again. */
  readonly pending: readonly number[];
  /** How many places of an entry's own files are damaged. */
  readonly damaged: readonly number[];
  /** The numbers of findings, by the entry that they are about. */
  readonly findings: Readonly<Record<string, readonly number[]>>;
  /** Of an executor and what is in it, where it is: a block, and its place in that; else -1. */
  readonly blocks: readonly number[];
  readonly places: readonly number[];
  /** By task: three numbers an update: seconds since 1970 or null, its state in `texts`, and 1 where it is pending. */
  readonly updates: Readonly<Record<string, readonly (number | null)[]>>;
  /** How many updates are left out of `updates` by task, where some are. */
  readonly more: Readonly<Record<string, number>>;
  /** The first and the last time of any update, in seconds since 1970. */
  readonly span: readonly [number, number] | null;
}

/** Checkpoint, agent, operation, framework, executor, run, task. */
export type EntryKind = 'c' | 'a' | 'o' | 'f' | 'e' | 'r' | 't';

/** A block of executors, and the time lines of their tasks by the paths of the tasks. */
export interface DetailsBlock {
  readonly executors: readonly Readonly<Record<string, unknown>>[];
  readonly timeLines: Readonly<Record<string, TimeLine>>;
}
