import { type ExecutorFate, type Fate, isAlive, type Lives, type TaskFate } from '../../preflight/lives/lives.ts';
import { shown } from '../text/escape.ts';
import type { Styles } from '../text/style.ts';
import { renderTable } from '../text/table.ts';
import { count } from '../text/words.ts';
import { wrap } from '../text/wrap.ts';

/** How many that do not live are listed before the rest is only counted. */
const MOST_LISTED = 50;

/** What a fate is called on the screen. */
const WORDS: Readonly<Record<Fate, string>> = {
  reconnects: 'reconnects',
  'waited-for': 'waited for',
  killed: 'killed',
  ended: 'ended',
  gone: 'gone',
  waits: 'waits in vain',
  unknown: 'not known',
};

/** Who lives: frameworks with their counts, then the executors and tasks that do not live, and why. */
export const livesText = ({ executors, frameworks }: Lives, width: number, colour: boolean, style: Styles): string => {
  if (executors.length === 0) return 'No executor is live, as far as can be seen.';
  const table = renderTable(
    [
      { title: 'FRAMEWORK', min: 9, ids: true },
      { title: 'ID', min: 12, ids: true },
      { title: 'EXECUTORS LIVE', align: 'right' },
      { title: 'TASKS LIVE', align: 'right' },
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
    { width, colour },
  ).trimEnd();
  const lost = executors.filter(
    (executor) => !isAlive(executor.fate) || executor.tasks.some(({ fate }) => !isAlive(fate)),
  );
  if (lost.length === 0) return table;
  const lines = lost.slice(0, MOST_LISTED).flatMap((executor) => executorLines(executor, width, style));
  if (lost.length > MOST_LISTED) lines.push(`  and ${lost.length - MOST_LISTED} more, which --json lists`);
  return [table, '', style.bold('Who does not live, or may not'), ...lines].join('\n');
};

const executorLines = (executor: ExecutorFate, width: number, style: Styles): readonly string[] => {
  const tasks = executor.tasks.filter(({ fate }) => !isAlive(fate));
  const pid = executor.pid === undefined ? '' : ` (pid ${executor.pid})`;
  const lines = [`  ${style[colourOf(executor.fate)](WORDS[executor.fate])}: ${shown(executor.executor)}${pid}`];
  if (!isAlive(executor.fate)) lines.push(wrap(shown(executor.why), width, '    '));
  const named = tasks.filter((task) => task.task !== executor.executor || task.why !== executor.why);
  if (tasks.length > named.length && named.length === 0) return lines;
  return [...lines, ...named.slice(0, MOST_LISTED).map((task) => taskLine(task, executor)), ...more(named.length)];
};

const taskLine = (task: TaskFate, executor: ExecutorFate): string =>
  task.why === executor.why ? `    task ${shown(task.task)}` : `    task ${shown(task.task)}: ${shown(task.why)}`;

const more = (tasks: number): readonly string[] =>
  tasks > MOST_LISTED ? [`    and ${count(tasks - MOST_LISTED, 'task')} more, which --json lists`] : [];

const colourOf = (fate: Fate): 'bad' | 'warn' => (fate === 'unknown' || fate === 'ended' ? 'warn' : 'bad');
