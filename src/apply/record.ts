import { JOURNALS } from '../layout/names.ts';
import { changeProblem, isName } from '../repair/plan/check-change.ts';
import { BadPlan } from '../repair/plan/check-plan.ts';
import { changeJson, readChange } from '../repair/plan/codec.ts';
import { PathEffects } from '../repair/plan/path-effects.ts';
import type { PlannedChange } from '../repair/plan/plan.ts';
import { Refusal } from './refusal.ts';

/** The version of the journal's form. */
const JOURNAL_VERSION = 1;

/** What a journal is about: its first line. */
export interface Header {
  /** The name of the journal, the time at which it was made. */
  readonly id: string;
  /** ISO 8601, in UTC. */
  readonly made: string;
  /** The program and its version. */
  readonly by: string;
  readonly host: string;
  /** The real path of the folder that holds `meta`, when the journal was made. */
  readonly workDir: string;
  /** The name of `meta` in it. */
  readonly meta: string;
  /** SHA-256 of the steps' lines, in hex: the same plan has the same. */
  readonly plan: string;
}

/** A step, and what becomes of its file. */
export interface RecordedChange extends PlannedChange {
  /** The content that a cut leaves, or that a created file has. */
  readonly made?: { readonly size: number; readonly sha256: string } | undefined;
}

/** A folder whose names the steps change, as it was before. */
export interface RecordedFolder {
  readonly path: string;
  /** When it was modified, in ns since 1970. */
  readonly modified: bigint;
  /** SHA-256 of its names, in hex. */
  readonly names: string;
}

export type Direction = 'apply' | 'undo';

/** How a run through the steps ended. */
export type Ending = 'applied' | 'rolled-back' | 'undone' | 'stopped';

/** What was done, as it was done. Of these the last may be torn, or not be there: the tree itself tells what is done. */
export type LogEntry =
  | { readonly log: 'begin'; readonly direction: Direction; readonly at: string; readonly pid: number }
  | { readonly log: 'step'; readonly step: number; readonly direction: Direction; readonly at: string }
  | { readonly log: 'end'; readonly ending: Ending; readonly at: string };

/** A journal, read. */
export interface JournalRecord {
  readonly header: Header;
  readonly steps: readonly RecordedChange[];
  readonly folders: readonly RecordedFolder[];
  readonly log: readonly LogEntry[];
}

/** The lines that are written before anything is changed. */
export const renderRecord = (
  header: Header,
  steps: readonly RecordedChange[],
  folders: readonly RecordedFolder[],
): string =>
  [
    JSON.stringify({
      schemaVersion: JOURNAL_VERSION,
      kind: 'mesos-ckpt-journal',
      ...header,
      steps: steps.length,
      folders: folders.length,
    }),
    ...steps.map(stepLine),
    ...folders.map(({ path, modified, names }) => JSON.stringify({ folder: path, modified: `${modified}`, names })),
    '',
  ].join('\n');

/** One line of the log. */
export const renderEntry = (entry: LogEntry): string => `${JSON.stringify(entry)}\n`;

/** A step as a line; lone surrogates, which stand for bytes that are no UTF-8, are written as escapes. */
export const stepLine = ({ change, before, why, part, made }: RecordedChange, step: number): string =>
  JSON.stringify({
    step: step + 1,
    change: changeJson(change),
    before,
    ...(made === undefined ? {} : { made }),
    ...(why === undefined ? {} : { why }),
    ...(part === undefined ? {} : { part }),
  });

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a journal. What it says is checked as a plan is: it may have been written, or changed, by anybody.
 * @throws Refusal where it is no journal, or says what no journal says
 */
export const parseRecord = (text: string, name: string): JournalRecord => {
  const lines = text.split('\n');
  const wrong = (line: number, why: string): Refusal => new Refusal(`${name}, line ${line}: ${why}`);
  const at = (line: number): Json => {
    const value = parsed(lines[line - 1] ?? '');
    if (value === undefined) throw wrong(line, 'no object of JSON');
    return value;
  };
  const first = at(1);
  if (first['kind'] !== 'mesos-ckpt-journal') throw wrong(1, 'not the first line of a journal');
  if (first['schemaVersion'] !== JOURNAL_VERSION) {
    throw wrong(1, `a journal of form ${String(first['schemaVersion'])}, and this mesos-ckpt knows ${JOURNAL_VERSION}`);
  }
  const header = headerOf(first);
  const counts = [first['steps'], first['folders']];
  if (header === undefined || !counts.every(isCount)) throw wrong(1, 'not the first line of a journal');
  const [stepCount, folderCount] = counts as [number, number];
  // The lines that were written at once are all there, or it is not what was written.
  if (stepCount + folderCount + 1 > lines.length - 1) throw new Refusal(`${name}: lines are missing`);
  const steps = Array.from({ length: stepCount }, (_, i) => {
    const step = named(
      () => stepOf(at(i + 2)),
      (problem) => wrong(i + 2, problem),
    );
    if (step === undefined) throw wrong(i + 2, 'no step');
    return step;
  });
  const folders = Array.from({ length: folderCount }, (_, i) => {
    const folder = folderOf(at(i + 2 + stepCount));
    if (folder === undefined) throw wrong(i + 2 + stepCount, 'no folder');
    return folder;
  });
  const problem = sequenceProblem(steps);
  if (problem !== undefined) throw new Refusal(`${name}: ${problem}`);
  const log = lines.slice(1 + stepCount + folderCount).flatMap((line) => entryOf(parsed(line)));
  return { header, steps, folders, log };
};

/** Says of a change that is not as its schema says in which line it is. */
const named = <T>(read: () => T, wrong: (problem: string) => Refusal): T => {
  try {
    return read();
  } catch (error) {
    throw error instanceof BadPlan ? wrong(`${error.at}: ${error.problem}`) : error;
  }
};

/** Why changes cannot follow each other, naming the first that is wrong; undefined where they can. */
export const sequenceProblem = (changes: readonly PlannedChange[]): string | undefined => {
  const effects = new PathEffects();
  for (const [i, { change, before }] of changes.entries()) {
    const wrong = changeProblem(change, before, effects);
    if (wrong !== undefined) {
      const field = wrong.field === '' || wrong.field === 'path' ? '' : `${wrong.field}: `;
      return `step ${i + 1} of the plan (${change.kind} ${change.path}): ${field}${wrong.problem}`;
    }
    effects.carry(change);
  }
  return undefined;
};

const parsed = (line: string): Json | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
};

const isText = (value: unknown): value is string => typeof value === 'string';
const isOptionalText = (value: unknown): value is string | undefined => value === undefined || isText(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isDigest = (value: unknown): value is string => isText(value) && /^[0-9a-f]{64}$/.test(value);
const isTime = (value: unknown): value is string => isText(value) && /^-?\d{1,24}$/.test(value);

const headerOf = (value: Json): Header | undefined => {
  const { id, made, by, host, workDir, meta, plan } = value;
  const texts = [id, made, by, host, workDir, meta, plan];
  if (!texts.every(isText) || !isName(id as string) || !isName(meta as string) || meta === JOURNALS) {
    return undefined;
  }
  return { id, made, by, host, workDir, meta, plan } as Header;
};

const folderOf = ({ folder, modified, names }: Json): RecordedFolder | undefined =>
  isText(folder) && (folder === '' || folder.split('/').every(isName)) && isTime(modified) && isDigest(names)
    ? { path: folder, modified: BigInt(modified), names }
    : undefined;

const stepOf = (value: Json): RecordedChange | undefined => {
  const { change, before } = readChange(value['change'], value['before']);
  const made = madeOf(value['made'] as Json | null | undefined);
  const { why, part } = value;
  if (!isOptionalText(why) || !isOptionalText(part)) return undefined;
  const needsMade = change.kind === 'cut' || change.kind === 'create-file';
  return needsMade && made === undefined ? undefined : { change, before, made, why, part };
};

const madeOf = (value: Json | null | undefined): RecordedChange['made'] => {
  const { size, sha256 } = value ?? {};
  return isCount(size) && isDigest(sha256) ? { size, sha256 } : undefined;
};

const entryOf = (value: Json | undefined): readonly LogEntry[] => {
  const { log, direction, step, at, pid, ending } = value ?? {};
  if (!isText(at)) return [];
  if (log === 'begin' && isDirection(direction)) return [{ log, direction, at, pid: isCount(pid) ? pid : 0 }];
  if (log === 'step' && isDirection(direction) && isCount(step)) return [{ log, step, direction, at }];
  if (log === 'end' && isEnding(ending)) return [{ log, ending, at }];
  return [];
};

const isDirection = (value: unknown): value is Direction => value === 'apply' || value === 'undo';
const isEnding = (value: unknown): value is Ending =>
  value === 'applied' || value === 'rolled-back' || value === 'undone' || value === 'stopped';
