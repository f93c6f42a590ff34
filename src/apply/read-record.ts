import { JOURNALS } from '../layout/names.ts';
import { isName, sequenceProblem } from '../repair/plan/check-change.ts';
import { BadPlan } from '../repair/plan/check-plan.ts';
import { readChange } from '../repair/plan/codec.ts';
import {
  type Direction,
  type Ending,
  type Header,
  JOURNAL_VERSION,
  type JournalRecord,
  type LogEntry,
  type RecordedChange,
  type RecordedFolder,
} from './record.ts';
import { Refusal } from './refusal.ts';

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
