import { versionText } from '../agent/version.ts';
import { trace } from '../program/trace.ts';
import { ROOT_WOULD_SEE, type Row, VERDICTS, type Verdict, worstOf } from './checks/check.ts';
import { type CheckCode, checkOf, checks } from './checks/index.ts';
import type { Facts } from './facts/facts.ts';
import { predictLives } from './lives/fates.ts';
import type { Lives } from './lives/lives.ts';

/** Which checks are made, and what counts. */
export interface Selection {
  /** Only these; all where it is empty, or not given. */
  readonly only?: readonly CheckCode[] | undefined;
  /** None of these; it wins over `only`. */
  readonly skip?: readonly CheckCode[] | undefined;
  /** By check, the mildest verdict that is a failure; `never` where none is. What is not in it fails with `fail` alone. */
  readonly failOn?: ReadonlyMap<CheckCode, Verdict | 'never'> | undefined;
}

/** What a check came to: the worst of its rows. */
export interface CheckResult {
  readonly code: CheckCode;
  readonly verdict: Verdict;
  readonly rows: readonly ResultRow[];
  /** What it does to the exit code. */
  readonly exitCode: 0 | 1 | 2;
}

/** A row with what to do, which is the check's own remedy where the row has none; undefined where nothing is. */
export interface ResultRow extends Row {
  readonly todo: string | undefined;
}

/** What is predicted of a host. */
export interface Preflight {
  readonly facts: Facts;
  readonly lives: Lives;
  readonly results: readonly CheckResult[];
  readonly exitCode: 0 | 1 | 2 | 3;
}

/** Makes the checks, in their order; all of them, where nothing is selected. */
export const runChecks = (facts: Facts, { only = [], skip = [], failOn }: Selection = {}): Preflight => {
  trace('host', () => ({
    root: facts.root,
    isOwn: facts.isOwn,
    scenario: facts.scenario,
    from: facts.from === undefined ? undefined : versionText(facts.from.version),
    to: versionText(facts.to.version),
    workDir: facts.workDir?.path,
    flags: [...facts.flags.flags.keys()],
  }));
  const first = checks.map((check) => judgeAlone(check, facts));
  // What ends the agent's start is told by checks that know nothing of executors yet.
  const lives = predictLives(
    facts,
    first.flatMap(({ rows }) => rows).find((row) => row.endsStart === true),
    first.filter(hidesAnEnd).map(({ code }) => code),
  );
  const obstacle = first.find(({ code, rows }) => rows.some((row) => isObstacle(code, row)))?.code;
  const isSelected = ({ code }: { readonly code: CheckCode }): boolean =>
    (only.length === 0 || only.includes(code)) && !skip.includes(code);
  const results = first.filter(isSelected).map(({ code, judge, rows, asksForLives }) => {
    const all = asksForLives ? judge({ facts, lives }) : rows;
    return resultOf(code, all, failOn?.get(code), { isRoot: facts.isRoot, obstacle });
  });
  return { facts, lives, results, exitCode: exitCodeOf(facts, results) };
};

/** Whether a check does not see, or just guesses, that the agent does not come up. */
const hidesAnEnd = ({ looksAtStart, rows }: JudgedAlone): boolean =>
  rows.some(({ verdict, endsStart }) => endsStart === 'maybe' || (verdict === 'unknown' && looksAtStart === true));

type Check = (typeof checks)[number];
type JudgedAlone = Check & { readonly rows: readonly Row[]; readonly asksForLives: boolean };

/** What a check says while nothing is known of executors, and whether it asked for them: most do not, and have said all. */
const judgeAlone = (check: Check, facts: Facts): JudgedAlone => {
  let asksForLives = false;
  const rows = check.judge({
    facts,
    get lives() {
      asksForLives = true;
      return NOBODY;
    },
  });
  return { ...check, rows, asksForLives };
};

const NOBODY: Lives = { executors: [], frameworks: [], hangOn: [] };

const resultOf = (
  code: CheckCode,
  rows: readonly Row[],
  least: Verdict | 'never' | undefined,
  seen: Seen,
): CheckResult => {
  const verdict = worstOf(rows.map((row) => row.verdict));
  trace('check', () => ({ code, verdict, rows: rows.length }));
  return {
    code,
    verdict,
    rows: rows.map((row) => withRemedy(code, row, seen)),
    exitCode: weigh(verdict, least),
  };
};

/** Even root may not see everything, from within a container for example. */
const NOT_EVEN_ROOT =
  'Not even root may see it here: look at what confines this program, a container or a security module.';

/** What is known when remedies are told. */
interface Seen {
  readonly isRoot: boolean;
  /** The first check by which the start of the agent fails. */
  readonly obstacle: CheckCode | undefined;
}

const isObstacle = (code: CheckCode, { verdict, endsStart }: Row): boolean =>
  endsStart === true || (ENDING.has(code) && verdict === 'fail' && endsStart !== false);

/** What fails here keeps the agent from coming up. */
const ENDING: ReadonlySet<CheckCode> = new Set([
  'flags',
  'agent-info',
  'checkpoint',
  'reservations',
  'work-dir',
  'work-dir-disk',
  'docker',
  'cgroups',
]);

const TELLING_TO_START: ReadonlySet<CheckCode> = new Set(['downtime', 'processes', 'boot']);

/** Nobody is told to start an agent that does not come up: what is in its way comes first. */
const afterObstacle = (code: CheckCode, todo: string | undefined, obstacle: CheckCode | undefined) =>
  obstacle === undefined || !TELLING_TO_START.has(code) || todo?.startsWith('Start ') !== true
    ? todo
    : `First do what ${obstacle} asks for, because the agent does not come up without it; then start the agent.`;

const withRemedy = (code: CheckCode, row: Row, { isRoot, obstacle }: Seen): ResultRow => {
  const { remedy, visibility } = checkOf(code);
  const own = row.verdict === 'ok' ? undefined : row.verdict === 'unknown' ? visibility : remedy;
  const todo = isRoot && row.todo === ROOT_WOULD_SEE ? NOT_EVEN_ROOT : row.todo;
  const wholly = afterObstacle(code, todo ?? own, obstacle);
  return { ...row, todo: wholly, command: wholly === row.todo ? row.command : undefined };
};

const USUAL: Readonly<Record<Verdict, 0 | 1 | 2>> = { ok: 0, unknown: 1, warn: 1, fail: 2 };

/** What a verdict does to the exit code: an override makes it and what is worse a failure, and `never` nothing. */
const weigh = (verdict: Verdict, least: Verdict | 'never' | undefined): 0 | 1 | 2 => {
  if (least === 'never') return 0;
  const isFailure = least !== undefined && VERDICTS.indexOf(verdict) >= VERDICTS.indexOf(least) && verdict !== 'ok';
  return isFailure ? 2 : USUAL[verdict];
};

/** Codes that are about the checkpoint: without one they have nothing to say, and the command did not do its work. */
const CHECKPOINT: ReadonlySet<CheckCode> = new Set(['checkpoint', 'findings', 'lives']);

const exitCodeOf = (facts: Facts, results: readonly CheckResult[]): Preflight['exitCode'] => {
  if (!facts.checkpoint.known && results.some(({ code }) => CHECKPOINT.has(code))) return 3;
  return Math.max(0, ...results.map(({ exitCode }) => exitCode)) as 0 | 1 | 2;
};
