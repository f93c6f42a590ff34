import { versionText } from '../../agent/version.ts';
import { ROOT_WOULD_SEE, type Verdict, WORST_FIRST } from '../../preflight/checks/check.ts';
import { NAME_WORK_DIR } from '../../preflight/checks/work-dir.ts';
import { type Facts, type Scenario, workDirFromHere } from '../../preflight/facts/facts.ts';
import { wasRebooted } from '../../preflight/lives/fates.ts';
import { isAlive } from '../../preflight/lives/lives.ts';
import type { CheckResult, Preflight, ResultRow } from '../../preflight/preflight.ts';
import { shown } from '../../text/escape.ts';
import { type ScreenOptions, styles } from '../../text/style.ts';
import { count, verb } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { typed } from '../ways/command.ts';
import { type Next, nextText as wayText } from '../ways/next.ts';

const WHAT: Readonly<Record<Scenario, string>> = {
  restart: 'the restart',
  upgrade: 'the upgrade',
  reboot: 'the reboot',
  cleanup: 'the cleanup',
  downgrade: 'the downgrade',
};

const WORDS: Readonly<Record<Verdict, string>> = { fail: 'FAIL', warn: 'WARN', unknown: 'UNKNOWN', ok: 'OK' };

/** The answer, behind its evidence: the worst verdict, how many tasks survive, and what the checks said. */
export const resultText = (preflight: Preflight, { width, colour }: ScreenOptions): string => {
  const { results, exitCode } = preflight;
  const style = styles(colour);
  const worst = WORST_FIRST.find((verdict) => results.some((result) => result.verdict === verdict)) ?? 'ok';
  const paint = worst === 'fail' ? style.bad : worst === 'ok' ? style.good : style.warn;
  const lives = results.find(({ code }) => code === 'lives')?.verdict;
  const head = lives === undefined ? [] : [headline(preflight, lives)];
  const text = `${WORDS[worst]}: ${[...head, `${checksText(results)} (exit code ${exitCode})`].join(' ')}`;
  return wrap(text, width, 'RESULT  ', '        ').split('\n').map(paint).join('\n');
};

/** `2 of 44 checks fail, 3 warn, 1 is unknown`: from the worst on. */
const checksText = (results: readonly CheckResult[]): string => {
  const by = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length;
  const [fails, warns, unknowns] = [by('fail'), by('warn'), by('unknown')];
  const [first, ...others] = [
    ...(fails > 0 ? [[fails, verb(fails, 'fails', 'fail')] as const] : []),
    ...(warns > 0 ? [[warns, verb(warns, 'warns', 'warn')] as const] : []),
    ...(unknowns > 0 ? [[unknowns, verb(unknowns, 'is unknown', 'are unknown')] as const] : []),
  ];
  const all = count(results.length, 'check');
  if (first === undefined) return results.length === 1 ? `${all} is ok` : `all ${all} are ok`;
  return [`${first[0]} of ${all} ${first[1]}`, ...others.map(([number, does]) => `${number} ${does}`)].join(', ');
};

const headline = ({ facts, lives }: Preflight, verdict: Verdict): string => {
  const what = WHAT[facts.scenario];
  if (!facts.checkpoint.known) return `Whether tasks survive ${what} is not known: ${shown(facts.checkpoint.why)}.`;
  const { executors } = lives;
  if (executors.length === 0) return 'No executor runs, as far as can be seen: no task is at stake.';
  const tasks = executors.flatMap((executor) => executor.tasks);
  const alive = tasks.filter(({ fate }) => isAlive(fate)).length;
  const untold = tasks.filter(({ fate }) => fate === 'unknown').length;
  const living = `${alive} of ${count(tasks.length, 'running task')} ${verb(alive, 'survives', 'survive')}`;
  const text = `${living} ${what}`;
  const executorsAlive = executors.filter(({ fate }) => isAlive(fate)).length;
  const of = `${executorsAlive} of ${count(executors.length, 'executor')}`;
  if (executors.every(({ fate }) => fate === 'gone') && wasRebooted(facts)) {
    return `${living}: the host was rebooted since, and they are gone already (${of}).`;
  }
  if (untold > 0) return `${text} for sure, and ${untold} may (${of}).`;
  return verdict === 'unknown' ? `${text}, if what was not seen does not change it (${of}).` : `${text} (${of}).`;
};

/** These tell the cause in particular, where others tell what follows from it. */
const CAUSES: readonly CheckResult['code'][] = ['flags', 'recover', 'start-commands', 'agent-info'];

/** The first of the worst checks: what is wrong, rather than what follows from it. */
const worstOf = ({ results }: Preflight): CheckResult | undefined => {
  const causes = results.filter(({ code }) => CAUSES.includes(code));
  const own = [...causes, ...results.filter(({ code }) => code !== 'lives')];
  return WORST_FIRST.filter((verdict) => verdict !== 'ok')
    .map((verdict) => own.find((result) => result.verdict === verdict))
    .find((result) => result !== undefined);
};

/** Checks that say what `verify` finds. */
const OF_CHECKPOINT: readonly CheckResult['code'][] = ['checkpoint', 'findings'];

/** Whether what comes next is to repair the checkpoint, so that the ways out are to be compared. */
export const isOfCheckpoint = (preflight: Preflight): boolean =>
  preflight.facts.workDir !== undefined && OF_CHECKPOINT.includes(worstOf(preflight)?.code ?? 'lives');

/** What comes next, as far as the checks do not know it. */
export interface Leads {
  /** The way out that `verify` leads to, where the checkpoint is what fails. */
  readonly way?: Next | undefined;
  /** The command that looks again, as root. */
  readonly asRoot?: readonly string[] | undefined;
}

/** What the first of the worst checks says is to be done: by a command on a line of its own, or else in a sentence; '' where nothing is. */
export const nextText = (preflight: Preflight, width: number, { way, asRoot }: Leads = {}): string => {
  const { facts } = preflight;
  // Without it nearly nothing else can be told.
  if (facts.workDir === undefined) return instruction('work-dir', undefined, NAME_WORK_DIR, width);
  const worst = worstOf(preflight);
  if (worst === undefined) return '';
  if (OF_CHECKPOINT.includes(worst.code)) {
    const text = wayText(way, width).trimEnd();
    if (text !== '') return text;
  }
  const row = worst.rows.find((each) => each.verdict === worst.verdict);
  const command = commandOf(worst.code, row, facts, asRoot);
  // What the command does not say itself is why it is to be run.
  const text = row?.command === undefined ? (row?.todo ?? '') : row.found;
  const first = instruction(worst.code, row?.place, text, width);
  return command === undefined ? first : `${first}\n  ${typed(command)}`;
};

const instruction = (code: string, place: string | undefined, text: string, width: number): string =>
  wrap(`${code}${place === undefined ? '' : ` (${shown(place)})`}: ${shown(text)}`, width, 'NEXT    ', '        ');

/** The command that does it, or that shows what is to be looked at; undefined where what is to be done is no command. */
const commandOf = (
  code: CheckResult['code'],
  row: ResultRow | undefined,
  facts: Facts,
  asRoot: readonly string[] | undefined,
): readonly string[] | undefined => {
  if (row?.command !== undefined) return row.command;
  if (row?.todo === ROOT_WOULD_SEE) return asRoot;
  // Of what was collected, verify takes the archive, whose name is not known here.
  const path = workDirFromHere(facts);
  if (path === undefined || !OF_CHECKPOINT.includes(code)) return undefined;
  return ['mesos-ckpt', 'verify', path, '--mesos-version', versionText(facts.to.version)];
};
