import { type ExecutorFate, type Fate, isAlive, type Lives, type TaskFate } from '../../preflight/lives/lives.ts';
import { shown } from '../../text/escape.ts';
import { type ScreenOptions, type StyleName, type Styles, styles } from '../../text/style.ts';
import { renderTable } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';

/** How many that do not live are listed before the rest is only counted. */
const MOST_LISTED = 50;

/** What a fate is called on the screen, and its colour. */
const FATES: Readonly<Record<Fate, { readonly word: string; readonly style: StyleName }>> = {
  reconnects: { word: 'reconnects', style: 'good' },
  'waited-for': { word: 'waited for', style: 'good' },
  killed: { word: 'killed', style: 'bad' },
  ended: { word: 'ended', style: 'warn' },
  gone: { word: 'gone', style: 'bad' },
  waits: { word: 'waits for an agent that will not start', style: 'bad' },
  unknown: { word: 'not known', style: 'warn' },
};

/** A task, and the executor that it is of. */
interface LostTask {
  readonly task: TaskFate;
  readonly executor: ExecutorFate;
}

/** What does not live, or may not, for one reason. */
export interface LostGroup {
  readonly fate: Fate;
  readonly why: string;
  readonly executors: readonly ExecutorFate[];
  /** Of these executors, and of others that live without them. */
  readonly tasks: readonly LostTask[];
}

/** Executors and tasks that do not live, or may not, by the reason, in the order in which they come. */
const groupsOf = (executors: Lives['executors']): readonly LostGroup[] => {
  const groups = new Map<string, { fate: Fate; why: string; executors: ExecutorFate[]; tasks: LostTask[] }>();
  const groupFor = ({ fate, why }: ExecutorFate | TaskFate, { pid }: ExecutorFate) => {
    // The pid is told beside each executor; the cause is one, whatever pid it names.
    const cause = why.replace(/\bpid (\d+)\b/g, (said, named) => (named === String(pid) ? 'its pid' : said));
    const key = JSON.stringify([fate, cause]);
    const group = groups.get(key) ?? { fate, why, executors: [], tasks: [] };
    if (group.why !== why) group.why = cause;
    groups.set(key, group);
    return group;
  };
  for (const executor of executors) {
    if (!isAlive(executor.fate)) groupFor(executor, executor).executors.push(executor);
    for (const task of executor.tasks) if (!isAlive(task.fate)) groupFor(task, executor).tasks.push({ task, executor });
  }
  return [...groups.values()];
};

/** Frameworks with their counts, then the executors and tasks that do not live, or may not, and why. */
export const livesText = ({ executors, frameworks }: Lives, options: ScreenOptions): string => {
  const style = styles(options.colour);
  if (executors.length === 0) return 'No executor runs, as far as can be seen.';
  const table = renderTable(
    [
      { title: 'FRAMEWORK', min: 9, ids: true },
      { title: 'ID', min: 12, ids: true },
      { title: 'EXECUTORS SURVIVE', align: 'right' },
      { title: 'TASKS SURVIVE', align: 'right' },
    ],
    frameworks.map((each) => [
      { text: shown(each.name ?? '?') },
      { text: shown(each.id) },
      {
        text: `${each.executorsAlive} of ${each.executors}`,
        style: each.executorsAlive < each.executors ? 'warn' : undefined,
      },
      { text: `${each.tasksAlive} of ${each.tasks}`, style: each.tasksAlive < each.tasks ? 'warn' : undefined },
    ]),
    options,
  ).trimEnd();
  const groups = groupsOf(executors);
  if (groups.length === 0) return table;
  const lines = groups.flatMap((group) => groupLines(group, options.width, style));
  return [table, '', style.bold('Executors lost or at risk'), ...lines].join('\n');
};

const groupLines = (group: LostGroup, width: number, style: Styles): readonly string[] => {
  const { word, style: name } = FATES[group.fate];
  const head = wrap(`${word}: ${shown(group.why)}`, width, '  ', '    ');
  const own = new Map(group.executors.map((executor) => [executor, [] as TaskFate[]]));
  const others = group.tasks.filter(({ executor }) => !own.has(executor));
  for (const { task, executor } of group.tasks) own.get(executor)?.push(task);
  const members = [
    ...[...own].flatMap(([executor, tasks]) => executorLines(executor, tasks)),
    ...others.map(({ task, executor }) => `    task ${shown(task.task)} of ${shown(executor.executor)}`),
  ];
  const more = members.length > MOST_LISTED ? [`    and ${members.length - MOST_LISTED} more, which --json lists`] : [];
  return [`  ${style[name](word)}${head.slice(2 + word.length)}`, ...members.slice(0, MOST_LISTED), ...more];
};

/** A task that has its executor's name is its only one, and named with it. */
const executorLines = (executor: ExecutorFate, tasks: readonly TaskFate[]): readonly string[] => {
  const pid = executor.pid === undefined ? '' : ` (pid ${executor.pid})`;
  const named = tasks.filter(({ task }) => task !== executor.executor);
  return [`    ${shown(executor.executor)}${pid}`, ...named.map(({ task }) => `      task ${shown(task)}`)];
};
