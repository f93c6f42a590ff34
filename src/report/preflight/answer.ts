import { type Verdict, WORST_FIRST } from '../../preflight/checks/check.ts';
import { NAME_WORK_DIR } from '../../preflight/checks/work-dir.ts';
import type { Scenario } from '../../preflight/facts/facts.ts';
import { wasRebooted } from '../../preflight/lives/fates.ts';
import { isAlive } from '../../preflight/lives/lives.ts';
import type { CheckResult, Preflight } from '../../preflight/preflight.ts';
import { shown } from '../../text/escape.ts';
import type { Styles } from '../../text/style.ts';
import { count, verb } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { FATES, groupsOf, type LostGroup } from './lives.ts';

const WHAT: Readonly<Record<Scenario, string>> = {
  restart: 'the restart',
  upgrade: 'the upgrade',
  reboot: 'the reboot',
  cleanup: 'the cleanup',
  downgrade: 'the downgrade',
};

/** So many reasons are told before the table; all of them stand below it. */
const MOST_REASONS = 3;

/** The answer before its evidence: how many tasks live, which do not and why, and what to do first. */
export const answerText = (preflight: Preflight, width: number, style: Styles): string => {
  const verdict = preflight.results.find(({ code }) => code === 'lives')?.verdict ?? 'ok';
  const paint = verdict === 'fail' ? style.bad : verdict === 'ok' ? style.good : style.warn;
  return [
    paint(wrap(headline(preflight, verdict), width)),
    ...reasons(preflight, width, style),
    ...first(preflight, width),
  ].join('\n');
};

const headline = ({ facts, lives }: Preflight, verdict: Verdict): string => {
  const what = WHAT[facts.scenario];
  if (!facts.checkpoint.known) return `Whether tasks survive ${what} is not known: ${shown(facts.checkpoint.why)}.`;
  const { executors } = lives;
  if (executors.length === 0) return 'No executor runs, as far as can be seen: no task is at stake.';
  const tasks = executors.flatMap((executor) => executor.tasks);
  const alive = tasks.filter(({ fate }) => isAlive(fate)).length;
  const untold = tasks.filter(({ fate }) => fate === 'unknown').length;
  const living = `${alive} of ${count(tasks.length, 'task')} ${verb(alive, 'survives', 'survive')}`;
  const text = `${living} ${what}`;
  const executorsAlive = executors.filter(({ fate }) => isAlive(fate)).length;
  const of = `${executorsAlive} of ${count(executors.length, 'executor')}`;
  if (executors.every(({ fate }) => fate === 'gone') && wasRebooted(facts)) {
    return `${living}: the host was rebooted since, and they are gone already (${of}).`;
  }
  if (untold > 0) return `${text} for sure, and ${untold} may (${of}).`;
  return verdict === 'unknown' ? `${text}, if what was not seen does not change it (${of}).` : `${text} (${of}).`;
};

const reasons = ({ lives }: Preflight, width: number, style: Styles): readonly string[] => {
  const groups = groupsOf(lives.executors);
  const lines = groups.slice(0, MOST_REASONS).map((group) => {
    const { word, style: name } = FATES[group.fate];
    const text = wrap(`${word}: ${whoOf(group)}: ${shown(group.why)}`, width, '  ', '    ');
    return `  ${style[name](word)}${text.slice(2 + word.length)}`;
  });
  return groups.length > MOST_REASONS
    ? [...lines, `  and for ${groups.length - MOST_REASONS} more reasons, told below`]
    : lines;
};

const whoOf = ({ executors, tasks }: LostGroup): string =>
  [
    ...(executors.length === 0 ? [] : [count(executors.length, 'executor')]),
    ...(tasks.length === 0 ? [] : [count(tasks.length, 'task')]),
  ].join(' with ');

/** These tell the cause in particular, where others tell what follows from it. */
const CAUSES: readonly CheckResult['code'][] = ['flags', 'recover', 'start-commands', 'agent-info'];

/** What the first of the worst checks says is to be done; what becomes of executors follows from the others. */
const first = ({ facts, results }: Preflight, width: number): readonly string[] => {
  // Without it nearly nothing else can be told.
  if (facts.workDir === undefined) return [wrap(`To do first (work-dir): ${NAME_WORK_DIR}`, width, '  ')];
  const causes = results.filter(({ code }) => CAUSES.includes(code));
  const own = [...causes, ...results.filter(({ code }) => code !== 'lives')];
  const worst = WORST_FIRST.filter((verdict) => verdict !== 'ok')
    .map((verdict) => own.find((result) => result.verdict === verdict))
    .find((result) => result !== undefined);
  return worst === undefined ? [] : [wrap(firstOf(worst), width, '  ')];
};

const firstOf = ({ code, verdict, rows }: CheckResult): string => {
  const row = rows.find((each) => each.verdict === verdict);
  const place = row?.place === undefined ? '' : `, ${shown(row.place)}`;
  return `${verdict === 'unknown' ? 'To see' : 'To do'} first (${code}${place}): ${shown(row?.todo ?? '')}`;
};
