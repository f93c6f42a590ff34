import { at, countAt, listAt, textAt } from './fields.ts';

/** The commands that judge a host. */
export const JUDGING = ['verify', 'preflight', 'prune', 'snapshot'] as const;
export type Judging = (typeof JUDGING)[number];

/** How bad what was found is, from the worst on: of findings as in the catalogue, of checks by their verdicts. */
const OF_WHAT = {
  fatal: 'finding',
  fail: 'check',
  counted: 'finding',
  loss: 'finding',
  warn: 'check',
  unknown: 'check',
  note: 'finding',
} as const;
export type Badness = keyof typeof OF_WHAT;

/** From the worst on. */
export const BADNESS = Object.keys(OF_WHAT) as readonly Badness[];

const isBadnessOf = (kind: Found['kind'], text: string): text is Badness =>
  Object.hasOwn(OF_WHAT, text) && OF_WHAT[text as Badness] === kind;

/** A finding or a check that is not ok, and how often it was met in one place. */
export interface Found {
  readonly code: string;
  readonly kind: 'finding' | 'check';
  readonly badness: Badness;
  readonly count: number;
}

/** How many of something would be lost, how many of them are not known to live, and of how many. */
export interface Stake {
  readonly atStake: number;
  readonly unknown: number;
  readonly of: number;
}

/** What a command said of one host, in short: of the longest line a few hundred bytes. */
export interface HostReport {
  readonly command: Judging;
  /** Undefined in a line that does not say it: versions before 0.2 did not. */
  readonly host: string | undefined;
  readonly hostFrom: string | undefined;
  /** The machine that judged it. */
  readonly judgedOn: string | undefined;
  /** What was given to the command: a PATH, or the root of the host. */
  readonly path: string;
  readonly workDir: string | undefined;
  readonly agent: string | undefined;
  /** In ms since 1970. */
  readonly time: number | undefined;
  readonly takenAt: number | undefined;
  /** The version that will start, and the one that wrote the checkpoint, where that is known. */
  readonly version: string | undefined;
  readonly from: string | undefined;
  readonly scenario: string | undefined;
  readonly exitCode: 0 | 1 | 2 | 3;
  /** The mode that decides. */
  readonly mode: 'strict' | 'non-strict';
  /** What a start in each mode comes to: `recovers`, `refuses once`; undefined where nothing says it. */
  readonly strict: string | undefined;
  readonly nonStrict: string | undefined;
  /** What decides the exit code, of `prune` that before its plan; undefined where that is 0. */
  readonly cause: string | undefined;
  readonly found: readonly Found[];
  readonly executors: Stake;
  /** Of the tasks that run. */
  readonly tasks: Stake;
  /** How many tasks of executors that have not ended have finished: they are not among the others. */
  readonly finished: number;
  /** What keeps most, or is to be done first: an option of prune, or a sentence. */
  readonly saves: string | undefined;
  /** Why nothing could be judged. */
  readonly error: string | undefined;
}

const NOBODY: Stake = { atStake: 0, unknown: 0, of: 0 };

/** What is not a report, and why, a clause. */
export interface NoReport {
  readonly why: string;
}

/** Whether a line was no report. */
export const isNoReport = (read: HostReport | NoReport): read is NoReport => 'why' in read;

/** Reads what a command printed, of whatever version of the form: what it needs has always been there. */
export const reportOf = (value: unknown): HostReport | NoReport => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { why: 'it is not a JSON object' };
  const error = textAt(value, 'error');
  const command = textAt(value, 'command');
  if (error !== undefined && (command === undefined || isJudging(command))) return failed(value, error, command);
  if (command === undefined) return { why: 'it has no command' };
  if (!isJudging(command)) return { why: `${command} judges no host` };
  const exitCode = command === 'snapshot' ? at(value, 'verdicts', 'strict', 'exitCode') : at(value, 'exitCode');
  if (!isExitCode(exitCode)) {
    return at(value, 'flags') === undefined || command !== 'preflight'
      ? { why: 'it has no exitCode' }
      : { why: 'it lists flags, and judges no host' };
  }
  return READERS[command](value, exitCode);
};

const isJudging = (command: string): command is Judging => (JUDGING as readonly string[]).includes(command);

const isExitCode = (value: unknown): value is 0 | 1 | 2 | 3 => value === 0 || value === 1 || value === 2 || value === 3;

const timeAt = (value: unknown, key: string): number | undefined => {
  const time = Date.parse(textAt(value, key) ?? '');
  return Number.isNaN(time) ? undefined : time;
};

/** What every command says alike. */
const common = (value: unknown) => ({
  host: textAt(value, 'host'),
  hostFrom: textAt(value, 'hostFrom'),
  judgedOn: textAt(value, 'judgedOn'),
  path: textAt(value, 'path') ?? textAt(value, 'root') ?? '',
  agent: textAt(value, 'agentId'),
  time: timeAt(value, 'time'),
  takenAt: timeAt(value, 'takenAt'),
  mode: at(value, 'strict') === false ? ('non-strict' as const) : ('strict' as const),
  from: undefined,
  scenario: undefined,
  saves: undefined,
  error: undefined,
});

const failed = (value: object, error: string, command: Judging = 'verify'): HostReport => ({
  ...common(value),
  command,
  workDir: textAt(value, 'workDir'),
  version: undefined,
  exitCode: 3,
  strict: undefined,
  nonStrict: undefined,
  cause: 'unreadable',
  found: [],
  executors: NOBODY,
  tasks: NOBODY,
  finished: 0,
  error,
});

type Reader = (value: object, exitCode: HostReport['exitCode']) => HostReport;

const verifyReport: Reader = (value, exitCode) => {
  const found = findingsOf(value);
  return {
    ...common(value),
    command: 'verify',
    workDir: textAt(value, 'workDir'),
    version: textAt(value, 'mesosVersion'),
    exitCode,
    strict: startsText(value, 'modes', 'strict'),
    nonStrict: startsText(value, 'modes', 'nonStrict'),
    cause: causeOf(exitCode, found),
    found,
    executors: impactOf(at(value, 'impact', 'counts', 'executors'), EXECUTORS),
    tasks: impactOf(at(value, 'impact', 'counts', 'tasks'), TASKS),
    finished: countAt(value, 'impact', 'counts', 'tasks', 'finished') ?? 0,
    saves: optionOf(textAt(value, 'next', 'way')) ?? (at(value, 'next', 'command') === undefined ? undefined : 'prune'),
  };
};

/** What becomes of executors and of tasks that are not lost, and of those that are, as `verify` counts them. */
const EXECUTORS = { kept: ['reconnected', 'awaited'], lost: ['killed', 'forgotten', 'gone', 'atStake'] };
const TASKS = { kept: ['live'], lost: ['killed', 'forgotten', 'gone', 'atStake'] };

const impactOf = (counts: unknown, { kept, lost }: typeof EXECUTORS): Stake => {
  const sum = (keys: readonly string[]): number => keys.reduce((total, key) => total + (countAt(counts, key) ?? 0), 0);
  const atStake = sum(lost);
  return { atStake, unknown: 0, of: sum(kept) + atStake };
};

const causeOf = (exitCode: number, [worst]: readonly Found[]): string | undefined =>
  exitCode === 0 ? undefined : (worst?.code ?? (exitCode === 3 ? 'no-checkpoint' : 'not-told'));

/** The findings of a line, the worst first, as they stand there. */
const findingsOf = (value: unknown): readonly Found[] => {
  const mode = at(value, 'strict') === false ? 'nonStrict' : 'strict';
  return counted(
    listAt(value, 'findings').flatMap((finding) => {
      const code = textAt(finding, 'code');
      const badness = textAt(finding, 'severity', mode) ?? 'note';
      if (code === undefined || !isBadnessOf('finding', badness)) return [];
      return [{ code, kind: 'finding', badness, count: 1 }];
    }),
  );
};

/** The same codes together, by the worst of each. */
const counted = (all: readonly Found[]): readonly Found[] => {
  const byCode = new Map<string, Found>();
  for (const each of all) {
    const before = byCode.get(each.code);
    byCode.set(each.code, before === undefined ? each : { ...before, count: before.count + 1 });
  }
  return [...byCode.values()];
};

/** What the starts of a mode come to, in a word or two. */
const startsText = (value: unknown, ...keys: readonly string[]): string | undefined => {
  const mode = at(value, ...keys);
  const starts = listAt(mode, 'starts').map((start) => textAt(start, 'verdict') ?? '');
  const [first, ...later] = starts;
  if (first === undefined || first === '') return undefined;
  if (countAt(mode, 'exitCode') === 3) return 'no checkpoint';
  if (first === 'new-agent') return 'new agent';
  if (first === 'recovers') return countAt(mode, 'exitCode') === 1 ? 'losses' : first;
  const isUp = later.at(-1) === 'recovers' || later.at(-1) === 'new-agent';
  return isUp ? `${first} ${later.length === 1 ? 'once' : `${later.length} times`}` : first;
};

/** The option of prune that takes a way. */
const optionOf = (way: string | undefined): string | undefined =>
  way === undefined ? undefined : (OPTIONS[way] ?? (way === 'as-is' ? 'start it as it is' : way));

const OPTIONS: Readonly<Record<string, string>> = {
  'as-non-strict': 'prune --as-non-strict',
  salvage: 'prune --salvage',
  'salvage-suspect': 'prune --salvage --allow-suspect',
  adopt: 'prune --adopt --allow-suspect',
  'remove-latest': 'nothing: tasks are lost',
};

const preflightReport: Reader = (value, exitCode) => {
  const checks = listAt(value, 'checks');
  const worst = deciding(checks, exitCode);
  const within = at(value, 'verify');
  const executors = listAt(value, 'lives', 'executors');
  return {
    ...common(value),
    command: 'preflight',
    mode: at(within, 'strict') === false ? 'non-strict' : 'strict',
    workDir: textAt(value, 'workDir', 'path'),
    version: textAt(value, 'to', 'version'),
    from: textAt(value, 'from', 'version'),
    scenario: textAt(value, 'scenario'),
    exitCode,
    strict: startsText(within, 'modes', 'strict'),
    nonStrict: startsText(within, 'modes', 'nonStrict'),
    cause: exitCode === 0 ? undefined : (textAt(worst, 'code') ?? (exitCode === 3 ? 'no-checkpoint' : 'not-told')),
    found: [...counted(checks.flatMap(checkOf)), ...findingsOf(within)],
    executors: fatesOf(executors),
    tasks: fatesOf(executors.flatMap((executor) => listAt(executor, 'tasks'))),
    finished: countAt(value, 'lives', 'counts', 'tasksFinished') ?? 0,
    saves: listAt(worst, 'rows')
      .map((row) => textAt(row, 'todo'))
      .find((todo) => todo !== undefined),
  };
};

/** The check that decides: who does not live is what comes of it, and no cause where there is another. */
const deciding = (checks: readonly unknown[], exitCode: number): unknown => {
  const all = checks.filter((check) => exitCode > 0 && countAt(check, 'exitCode') === Math.min(exitCode, 2));
  return all.find((check) => textAt(check, 'code') !== 'lives') ?? all[0];
};

const checkOf = (check: unknown): readonly Found[] => {
  const [code, verdict] = [textAt(check, 'code'), textAt(check, 'verdict')];
  if (code === undefined || verdict === undefined || !isBadnessOf('check', verdict)) return [];
  return [{ code, kind: 'check', badness: verdict, count: 1 }];
};

/** Those that have ended are at stake no more. */
const fatesOf = (all: readonly unknown[]): Stake => {
  let [atStake, unknown, of] = [0, 0, 0];
  for (const each of all) {
    const fate = textAt(each, 'fate');
    if (fate === 'ended') continue;
    of += 1;
    if (fate === 'unknown') unknown += 1;
    else if (fate !== 'reconnects' && fate !== 'waited-for') atStake += 1;
  }
  return { atStake, unknown, of };
};

const pruneReport: Reader = (value, exitCode) => {
  const ways = listAt(value, 'ways');
  const asIs = ways.find((way) => textAt(way, 'way') === 'as-is');
  const share = (key: string): Stake => {
    const [kept, of] = [countAt(asIs, key, 'kept') ?? 0, countAt(asIs, key, 'of') ?? 0];
    return { atStake: Math.max(0, of - kept), unknown: 0, of };
  };
  const before = countAt(value, 'before', 'strict', 'exitCode');
  const [blocked] = listAt(value, 'blocked');
  // A plan repairs what ends the start: the first of that is what is wrong with the agent as it is.
  const [repaired] = listAt(listAt(value, 'steps')[0], 'mends');
  const cause = textAt(blocked, 'code') ?? textAt(repaired, 'code') ?? textAt(value, 'outcome') ?? 'not-told';
  return {
    ...common(value),
    command: 'prune',
    workDir: textAt(value, 'workDir'),
    version: textAt(value, 'mesosVersion'),
    exitCode,
    strict: startsText(value, 'before', 'strict'),
    nonStrict: startsText(value, 'before', 'nonStrict'),
    cause: exitCode === 0 && (before ?? 0) === 0 ? undefined : cause,
    found: counted(
      listAt(value, 'blocked').flatMap((each) => {
        const code = textAt(each, 'code');
        return code === undefined ? [] : [{ code, kind: 'finding', badness: 'fatal', count: 1 }];
      }),
    ),
    executors: share('executors'),
    tasks: share('tasks'),
    finished: countAt(value, 'removingLatest', 'finished') ?? 0,
    saves:
      before === 0
        ? undefined
        : optionOf(
            textAt(
              ways.find((way) => at(way, 'recommended') === true),
              'way',
            ),
          ),
  };
};

/** A snapshot holds the verdicts of when it was taken, and no more. */
const snapshotReport: Reader = (value, exitCode) => ({
  ...common(value),
  command: 'snapshot',
  // A snapshot of a copy was taken on another machine than the agent's, and one in place maybe in a container with another name.
  ...(textAt(value, 'agentHost') !== undefined &&
  (at(value, 'inPlace') === false || textAt(value, 'agentHost') !== textAt(value, 'host', 'name'))
    ? { host: textAt(value, 'agentHost'), hostFrom: 'slave.info' }
    : { host: textAt(value, 'host', 'name'), hostFrom: 'manifest' }),
  takenAt: timeAt(value, 'taken'),
  workDir: textAt(value, 'workDir'),
  version: textAt(value, 'verdicts', 'mesosVersion'),
  exitCode,
  strict: startsText(value, 'verdicts', 'strict'),
  nonStrict: startsText(value, 'verdicts', 'nonStrict'),
  cause: exitCode === 0 ? undefined : 'not-told',
  found: [],
  executors: NOBODY,
  tasks: NOBODY,
  finished: 0,
});

const READERS: Readonly<Record<Judging, Reader>> = {
  verify: verifyReport,
  preflight: preflightReport,
  prune: pruneReport,
  snapshot: snapshotReport,
};
