import { tasksText } from '../../recovery/living.ts';
import { shown } from '../../text/escape.ts';
import { excerpt } from '../../text/excerpt.ts';
import { shortenAmong } from '../../text/shorten.ts';
import type { ScreenOptions } from '../../text/style.ts';
import { count, listed, sizeText, verb } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import type { ExecutorRef, Impact, TaskRef } from '../../verify/impact.ts';
import type { ModeResult } from '../../verify/verification.ts';

/** How many ids of a kind are listed before the rest is only counted. */
const MOST_LISTED = 10;

/** In UTF-16 units: of the text of a resource with very many ranges or labels. */
const MOST_OF_A_TEXT = 1000;

/** How costs are laid out, and whether every id is listed. */
export interface CostLayout extends Pick<ScreenOptions, 'width' | 'wide'> {
  readonly all?: boolean | undefined;
  /** What is said behind the number of those that are not listed; by default, which option lists them. */
  readonly more?: string | undefined;
}

/** What a mode costs and keeps, in sentences behind the mode's name. */
export const costsText = (
  result: ModeResult,
  name: string,
  { width, wide, all, more = '; --all shows all' }: CostLayout,
): string => {
  const { impact } = result;
  const most = all === true ? Number.POSITIVE_INFINITY : MOST_LISTED;
  const room = wide === true ? Number.POSITIVE_INFINITY : width;
  const wrapped = (what: string) => (text: string) =>
    wrap(shown(excerpt(text, MOST_OF_A_TEXT)), width, `    ${what}: `, '      ');
  return [
    wrap(`${sentences(impact).join(' ')}`, width, `  ${name}: `, '    '),
    ...idLines('killed', impact, room, most, more),
    ...idLines('forgotten', impact, room, most, more),
    ...shortLines(
      impact.tasks.setBack.slice(0, most).map(({ task }) => ['    set back: task ', task, '']),
      room,
    ),
    ...moreLine('set back', impact.tasks.setBack.length - most, more),
    ...firstOf('deleted', impact.volumes.deleted, most, more, (path) => `    deleted with its data: ${shown(path)}`),
    ...firstOf('volumes lost', impact.volumes.lost, most, more, wrapped('volume lost')),
    ...firstOf('reservations lost', impact.reservations.lost, most, more, wrapped('reservation lost')),
  ].join('\n');
};

/** The first of some things, a line each, and how many more there are. */
const firstOf = <T>(
  what: string,
  each: readonly T[],
  most: number,
  more: string,
  line: (one: T) => string,
): readonly string[] => [...each.slice(0, most).map(line), ...moreLine(what, each.length - most, more)];

const moreLine = (what: string, left: number, more: string): readonly string[] =>
  left > 0 ? [`    ${what}: ${left} more${more}`] : [];

/** Lines with an id each, between what stands before and behind it; ids are shortened where they must, and stay different. */
const shortLines = (
  lines: readonly (readonly [before: string, id: string, behind: string])[],
  width: number,
): readonly string[] => {
  const ids = lines.map(([, id]) => shown(id));
  return lines.map(([before, , behind], i) => {
    const id = ids[i] ?? '';
    return before + shortenAmong(id, ids, width - before.length - behind.length) + behind;
  });
};

const idLines = (
  fate: 'killed' | 'forgotten',
  impact: Impact,
  width: number,
  most: number,
  more: string,
): readonly string[] => {
  const executors = impact.executors[fate];
  const tasks = countsByExecutor(impact.tasks[fate]);
  const finished = countsByExecutor(impact.tasks.finished);
  const ids = new Set(executors.map(keyOf));
  const others = impact.tasks[fate].filter((ref) => !ids.has(keyOf(ref)));
  const before = `    ${fate}: `;
  const lines = [
    ...executors.slice(0, most).map((ref) => {
      const key = keyOf(ref);
      const behind = ` (${tasksText({ tasks: tasks.get(key) ?? 0, finished: finished.get(key) ?? 0 })})`;
      return [before, ref.executor, behind] as const;
    }),
    ...others.slice(0, most).map(({ task }) => [`${before}task `, task, ''] as const),
  ];
  return [...shortLines(lines, width), ...moreLine(fate, executors.length + others.length - lines.length, more)];
};

const countsByExecutor = (tasks: readonly TaskRef[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const ref of tasks) counts.set(keyOf(ref), (counts.get(keyOf(ref)) ?? 0) + 1);
  return counts;
};

/** Ids are names of folders, of which none has a slash. */
const keyOf = ({ framework, executor }: ExecutorRef): string => `${framework}/${executor}`;

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
      `${both(impact, 'atStake')} ${verb(executors.atStake.length, 'waits', 'wait')} for an agent that ` +
        `does not come up, and ${verb(executors.atStake.length, 'ends itself', 'end themselves')} after ${WAIT}`,
    );
  }
  const live = executors.reconnected.length + executors.awaited.length;
  if (live > 0) {
    const finished = tasksOf([...executors.reconnected, ...executors.awaited], tasks.finished);
    const how = [
      ...(executors.reconnected.length > 0 ? [`${executors.reconnected.length} reconnected by pid`] : []),
      ...(executors.awaited.length > 0 ? [`${executors.awaited.length} awaited over HTTP`] : []),
    ];
    say(
      `${count(live, 'executor')} with ${tasksText({ tasks: tasks.live.length, finished })} ${verb(live, 'survives', 'survive')} (${listed(how)})`,
    );
  }
  if (executors.killed.length > 0) {
    say(
      `${both(impact, 'killed')} ${verb(executors.killed.length, 'is', 'are')} killed, because nothing tells ` +
        `the agent how to reach ${verb(executors.killed.length, 'it', 'them')}`,
    );
  }
  if (executors.forgotten.length > 0) {
    say(
      `${both(impact, 'forgotten')} ${verb(executors.forgotten.length, 'is', 'are')} forgotten, and ` +
        `${verb(executors.forgotten.length, 'its container is', 'their containers are')} destroyed`,
    );
  }
  const ofGone = tasksOf(executors.gone, tasks.forgotten);
  const loose = tasks.forgotten.length - tasksOf(executors.forgotten, tasks.forgotten) - ofGone;
  if (loose > 0) say(`${count(loose, 'task')} of these executors ${verb(loose, 'is', 'are')} forgotten`);
  if (executors.gone.length > 0) {
    say(
      `${both(impact, 'gone', ofGone)} ${verb(executors.gone.length, 'is', 'are')} gone with the reboot, and not started again`,
    );
    if (ofGone > 0) {
      say(
        `${ofGone} of these tasks ${verb(ofGone, 'is', 'are')} forgotten, so ` +
          `${verb(ofGone, 'its end is', 'their ends are')} not reported`,
      );
    }
  }
  if (updates.sentAgain > 0)
    say(`${count(updates.sentAgain, 'status update')} ${verb(updates.sentAgain, 'is', 'are')} sent again`);
  if (updates.lostBytes > 0) {
    const what =
      updates.lost > 0
        ? `${count(updates.lost, 'status update')} (${sizeText(updates.lostBytes)})`
        : sizeText(updates.lostBytes);
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
  if (all.length === 0) all.push('there is no executor, task or reservation.');
  return all;
};

/** How many of some tasks are those of some executors. */
const tasksOf = (executors: readonly ExecutorRef[], tasks: readonly TaskRef[]): number => {
  if (tasks.length === 0) return 0;
  const ids = new Set(executors.map(keyOf));
  return tasks.filter((ref) => ids.has(keyOf(ref))).length;
};

/** Executors with their tasks, by what becomes of them; `more` of which something is said behind it. */
const both = (impact: Impact, fate: 'killed' | 'forgotten' | 'gone' | 'atStake', more = 0): string => {
  const executors = impact.executors[fate];
  const tasks = tasksOf(executors, impact.tasks[fate]) + more;
  const finished = tasksOf(executors, impact.tasks.finished);
  return `${count(executors.length, 'executor')} with ${tasksText({ tasks, finished })}`;
};
