import type { Mode, Severity } from '../../findings/finding.ts';
import { placeOf } from '../../layout/place.ts';
import type { Effect } from '../../recovery/context.ts';
import { failuresText, isLong } from '../../recovery/failures.ts';
import { comesUp, type Start } from '../../recovery/simulate.ts';
import type { StyleName } from '../../text/style.ts';
import { count, listed, verb } from '../../text/words.ts';
import type { Impact } from '../../verify/impact.ts';
import type { Verification } from '../../verify/verification.ts';

/** What a mode is called on the screen. */
export const modeName = (mode: Mode): string => (mode === 'strict' ? 'strict' : 'non-strict');

/** How a verdict looks, by the exit code of its mode. */
export const verdictStyle = (exitCode: number): StyleName =>
  exitCode === 0 ? 'good' : exitCode === 1 ? 'warn' : 'bad';

/** How a severity looks. */
export const severityStyle = (severity: Severity): StyleName =>
  severity === 'fatal' ? 'bad' : severity === 'note' ? 'dim' : 'warn';

/** What a mode's starts come to, in a word or two. */
export const outcomeWord = (verification: Verification, mode: Mode): string => {
  const { starts, exitCode } = verification[mode];
  const [first] = starts;
  if (first === undefined) return 'UNKNOWN';
  if (first.afterwards !== undefined) return 'ABORTS';
  switch (first.verdict) {
    case 'recovers':
      return exitCode === 0 ? 'RECOVERS' : 'RECOVERS WITH LOSSES';
    case 'new-agent':
      return 'NEW AGENT';
    default:
      return first.verdict.toUpperCase();
  }
};

/** What a mode's starts come to, in one sentence without a full stop. */
export const verdictText = (verification: Verification, mode: Mode): string => {
  const result = verification[mode];
  const [first] = result.starts;
  const last = result.starts.at(-1);
  if (first === undefined || last === undefined) return 'unknown';
  if (!verification.checkpoint.hasMeta)
    return 'comes up as a new agent, because there is no meta: is this the work_dir?';
  if (first.afterwards !== undefined)
    return `${first.verdict === 'recovers' ? 'recovers' : 'comes up as a new agent'}, then aborts, and again at every start`;
  if (first.verdict === 'recovers') return `recovers${rebootText(result.impact)}${lossText(verification, mode)}`;
  if (first.verdict === 'new-agent') return newAgentText(verification, result.impact);
  const fails = first.verdict;
  if (!comesUp(last)) {
    const end = fails === 'refuses' ? 'refuses to start' : `${fails} when it starts`;
    return `${end}, and again at every start`;
  }
  const times = result.starts.length - 1;
  const cut = cutText(result.starts.slice(0, -1));
  return (
    `${fails} ${failuresText(result.starts)}${cut === '' ? '' : `, having ${cut}`}; ` +
    `starts ${isLong(result.starts) ? 'then' : `at the ${ordinal(times + 1)} try`}${rebootText(result.impact)}${lossText(verification, mode)}`
  );
};

const ordinal = (number: number): string => ['first', 'second', 'third', 'fourth'][number - 1] ?? `${number}th`;

/** What the starts that end do to the disk: `cut shop_web's log`. */
const cutText = (starts: readonly Start[]): string => {
  const cut = starts.flatMap((start) => start.effects).filter((effect) => effect.kind === 'truncate');
  if (cut.length === 0) return '';
  const [only] = cut;
  return cut.length === 1 && only !== undefined ? `cut ${ownerOf(only)}` : `cut ${cut.length} logs`;
};

/** Whose log it is: the task's, operation's or file's. */
const ownerOf = ({ path }: Effect): string => {
  const { task, operation, file, below } = placeOf(path);
  const isLog = file === 'task.updates' || file === 'operation.updates';
  return isLog ? `${task ?? operation}'s log` : (file ?? below);
};

/** After a reboot nothing that ran is left, however whole its checkpoint is. */
const rebootText = ({ executors, tasks }: Impact): string =>
  executors.gone.length === 0
    ? ''
    : ` after a reboot, with which ${count(executors.gone.length, 'executor')} and ` +
      `${count(tasks.gone.length, 'task')} ${verb(executors.gone.length + tasks.gone.length, 'is', 'are')} gone`;

const lossText = (verification: Verification, mode: Mode): string => {
  const { exitCode, impact, metric, starts } = verification[mode];
  const losses: string[] = [];
  const executors = impact.executors.killed.length + impact.executors.forgotten.length;
  const tasks = impact.tasks.killed.length + impact.tasks.forgotten.length;
  if (executors > 0) losses.push(count(executors, 'executor'));
  if (tasks > 0) losses.push(count(tasks, 'task'));
  if (impact.updates.lost > 0) losses.push(count(impact.updates.lost, 'update'));
  const reservations = impact.reservations.lost.length;
  if (reservations > 0) losses.push(count(reservations, 'reservation'));
  const volumes = impact.volumes.lost.length + impact.volumes.deleted.length;
  if (volumes > 0) losses.push(count(volumes, 'persistent volume'));
  const parts: string[] = [];
  if (losses.length > 0) parts.push(`${listed(losses)} lost`);
  if (metric !== undefined && metric > 0) parts.push(`${count(metric, 'error')} counted`);
  const [start] = starts;
  if (losses.length === 0 && starts.length === 1 && start !== undefined) {
    const cut = cutText([start]);
    if (cut !== '') parts.push(`having ${cut}`);
  }
  if (parts.length === 0 && exitCode === 1) {
    const lost = verification.findings.filter((finding) => finding.severity[mode] === 'loss').length;
    parts.push(`with ${count(lost, 'loss', 'losses')} that ${verb(lost, 'is', 'are')} told below`);
  }
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
};

const newAgentText = ({ checkpoint }: Verification, impact: Impact): string => {
  const executors = impact.executors.forgotten.length + impact.executors.gone.length;
  const tasks = impact.tasks.forgotten.length + impact.tasks.gone.length;
  if (executors > 0) {
    const what = listed([count(executors, 'executor'), count(tasks, 'task')]);
    return `comes up as a new agent, and forgets ${what}`;
  }
  const others = checkpoint.otherAgents.length + (checkpoint.agent === undefined ? 0 : 1);
  if (others > 0)
    return `comes up as a new agent, and forgets the ${verb(others, 'one that was', `${others} that were`)} here`;
  return 'comes up as a new agent; there is nothing to forget';
};
