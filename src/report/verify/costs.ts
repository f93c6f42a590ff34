import type { ExecutorRef, Impact, TaskRef } from '../../verification/impact.ts';
import type { ModeResult } from '../../verification/verify.ts';
import { shown } from '../text/escape.ts';
import { shorten } from '../text/shorten.ts';
import { count, listed, size, verb } from '../text/words.ts';
import { wrap } from '../text/wrap.ts';

/** How many ids of a kind are listed before the rest is only counted. */
const MOST_LISTED = 10;

/** What a mode costs and keeps, in sentences behind the mode's name. */
export const costsText = (result: ModeResult, name: string, width: number): string => {
  const { impact } = result;
  const lines = [wrap(`${sentences(impact).join(' ')}`, width, `  ${name}: `, '    ')];
  for (const [fate, executors, tasks] of [
    ['killed', impact.executors.killed, impact.tasks.killed],
    ['forgotten', impact.executors.forgotten, impact.tasks.forgotten],
  ] as const) {
    lines.push(...idLines(fate, executors, tasks, width));
  }
  for (const task of impact.tasks.setBack.slice(0, MOST_LISTED)) {
    lines.push(`    set back: task ${shorten(shown(task.task), width - 20)}`);
  }
  for (const path of impact.volumes.deleted) lines.push(`    deleted with its data: ${shown(path)}`);
  for (const text of impact.volumes.lost) lines.push(wrap(shown(text), width, '    volume lost: ', '      '));
  for (const text of impact.reservations.lost) lines.push(wrap(shown(text), width, '    reservation lost: ', '      '));
  return lines.join('\n');
};

const idLines = (
  fate: string,
  executors: readonly ExecutorRef[],
  tasks: readonly TaskRef[],
  width: number,
): readonly string[] => {
  const lines = executors.slice(0, MOST_LISTED).map((ref) => {
    const own = tasks.filter((task) => task.executor === ref.executor && task.framework === ref.framework).length;
    const behind = ` (${count(own, 'task')})`;
    const before = `    ${fate}: `;
    return `${before}${shorten(shown(ref.executor), width - before.length - behind.length)}${behind}`;
  });
  const others = tasks.filter(
    (task) => !executors.some((ref) => ref.executor === task.executor && ref.framework === task.framework),
  );
  for (const task of others.slice(0, MOST_LISTED)) {
    const before = `    ${fate}: task `;
    lines.push(`${before}${shorten(shown(task.task), width - before.length)}`);
  }
  const left = executors.length + others.length - lines.length;
  return left > 0 ? [...lines, `    ${fate}: ${left} more, which --json lists`] : lines;
};

/** Where a start does not come up, its executors wait this long: `--recovery_timeout`. */
const WAIT = '15 minutes unless --recovery_timeout says otherwise';

const sentences = (impact: Impact): readonly string[] => {
  const { executors, tasks, updates } = impact;
  const all: string[] = [];
  const say = (sentence: string): void => {
    all.push(`${sentence}.`);
  };
  if (executors.atStake.length > 0) {
    say(
      `${both(executors.atStake, tasks.atStake)} ${verb(executors.atStake.length, 'waits', 'wait')} for an agent that ` +
        `does not come up, and ${verb(executors.atStake.length, 'ends itself', 'end themselves')} after ${WAIT}`,
    );
  }
  const live = executors.reconnected.length + executors.awaited.length;
  if (live > 0) {
    const how = [
      ...(executors.reconnected.length > 0 ? [`${executors.reconnected.length} reconnected by pid`] : []),
      ...(executors.awaited.length > 0 ? [`${executors.awaited.length} awaited over HTTP`] : []),
    ];
    say(
      `${count(live, 'executor')} with ${count(tasks.live.length, 'task')} ${verb(live, 'lives', 'live')} (${listed(how)})`,
    );
  }
  if (executors.killed.length > 0) {
    say(
      `${both(executors.killed, tasks.killed)} ${verb(executors.killed.length, 'is', 'are')} killed, because nothing tells ` +
        `the agent how to reach ${verb(executors.killed.length, 'it', 'them')}`,
    );
  }
  if (executors.forgotten.length > 0) {
    say(
      `${both(executors.forgotten, tasks.forgotten)} ${verb(executors.forgotten.length, 'is', 'are')} forgotten, and ` +
        `${verb(executors.forgotten.length, 'its container is', 'their containers are')} destroyed`,
    );
  }
  const loose = tasks.forgotten.length - tasksOf(executors.forgotten, tasks.forgotten);
  if (loose > 0) say(`${count(loose, 'task')} of other executors ${verb(loose, 'is', 'are')} forgotten`);
  if (executors.gone.length > 0) {
    say(
      `${both(executors.gone, tasks.gone)} ${verb(executors.gone.length, 'is', 'are')} gone with the reboot, and not started again`,
    );
  }
  if (updates.sentAgain > 0)
    say(`${count(updates.sentAgain, 'status update')} ${verb(updates.sentAgain, 'is', 'are')} sent again`);
  if (updates.lostBytes > 0) {
    const what =
      updates.lost > 0
        ? `${count(updates.lost, 'status update')} (${size(updates.lostBytes)})`
        : size(updates.lostBytes);
    say(`${what} of logs ${updates.lost === 1 ? 'is' : 'are'} cut off`);
  }
  const { reservations, volumes } = impact;
  if (reservations.kept.length + volumes.kept.length > 0) {
    say(
      `${count(reservations.kept.length, 'dynamic reservation')} and ${count(volumes.kept.length, 'persistent volume')} are kept`,
    );
  }
  if (reservations.lost.length + volumes.lost.length > 0) {
    say(
      `${count(reservations.lost.length, 'dynamic reservation')} and ${count(volumes.lost.length, 'persistent volume')} are forgotten`,
    );
  }
  if (volumes.deleted.length > 0)
    say(`${count(volumes.deleted.length, 'persistent volume')} ${verb(volumes.deleted.length, 'is', 'are')} deleted`);
  if (all.length === 0) all.push('no executor, task or reservation is here.');
  return all;
};

/** How many of some tasks are those of some executors. */
const tasksOf = (executors: readonly ExecutorRef[], tasks: readonly TaskRef[]): number => {
  const ids = new Set(executors.map((ref) => JSON.stringify([ref.framework, ref.executor])));
  return tasks.filter((ref) => ids.has(JSON.stringify([ref.framework, ref.executor]))).length;
};

const both = (executors: readonly ExecutorRef[], tasks: readonly TaskRef[]): string =>
  `${count(executors.length, 'executor')} with ${count(tasksOf(executors, tasks), 'task')}`;
