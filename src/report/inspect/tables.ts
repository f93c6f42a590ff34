import type { Inspected, InspectedFramework } from '../../inspect/inspected.ts';
import {
  executorsIn,
  frameworksIn,
  type RunInContext,
  runsIn,
  type TaskInContext,
  tasksIn,
} from '../../inspect/walk.ts';
import { BLANK, type Cell, cell } from '../../text/cells.ts';
import { type Column, renderTable, type TableOptions } from '../../text/table.ts';
import { zoneText } from '../../text/time.ts';
import {
  checkpointing,
  connectionText,
  damageMark,
  executorType,
  frameworkState,
  pidNumber,
  reachedBy,
  rolesOf,
  runState,
  taskState,
  updatedText,
} from './words.ts';

/** A column, and what is in it. */
interface Filled<Row> extends Column {
  readonly of: (row: Row) => Cell;
  /** Left out where it says nothing: all of its cells are blank. */
  readonly ifAny?: boolean | undefined;
}

const fill = <Row>(columns: readonly Filled<Row>[], rows: readonly Row[], options: TableOptions): string => {
  const filled = columns
    .map((column) => ({ column, cells: rows.map(column.of) }))
    .filter(({ column, cells }) => column.ifAny !== true || cells.some(({ text }) => text !== ''));
  return renderTable(
    filled.map(({ column }) => column),
    rows.map((_, row) => filled.map(({ cells }) => cells[row] ?? BLANK)),
    options,
  );
};

/** The frameworks of what was inspected, a line each; '' where there are none. */
export const frameworksTable = (inspected: Inspected, options: TableOptions): string =>
  fill(FRAMEWORK_COLUMNS, frameworksIn(inspected), options);

const FRAMEWORK_COLUMNS: readonly Filled<InspectedFramework>[] = [
  { title: 'FRAMEWORK', min: 9, priority: 1, of: ({ info }) => cell(info?.name ?? '?') },
  { title: 'ID', min: 12, ids: true, of: ({ id }) => cell(id) },
  { title: 'USER', min: 4, priority: 3, of: ({ info }) => cell(info?.user ?? '?') },
  { title: 'ROLES', min: 5, priority: 2, of: (framework) => cell(rolesOf(framework).join(',')) },
  { title: 'PRINCIPAL', min: 9, priority: 4, ifAny: true, of: ({ info }) => cell(info?.principal ?? '') },
  {
    title: 'REACHED BY',
    min: 10,
    priority: 2,
    of: ({ pid, connection }) =>
      connection === 'pid' ? cell(pid ?? '') : cell(connection === undefined ? '?' : connectionText(connection)),
  },
  { title: 'CKPT', of: checkpointing },
  { title: 'STATE', of: frameworkState },
  { title: 'NOTE', ifAny: true, of: ({ damage }) => damageMark(damage) },
];

/**
 * Whether a run is that of a command task: it has one task, which has the executor's id. Both are one line then, with the id
 * once.
 */
const isOwn = ({ executor, run }: RunInContext): boolean =>
  executor !== undefined && run.tasks.length === 1 && run.tasks[0]?.id === executor.id;

/** The executors and their runs, a line a run, the latest first; without those that have their task's id. */
export const executorsTable = (inspected: Inspected, options: TableOptions): string => {
  const without = executorsIn(inspected).filter(({ executor }) => executor.runs.length === 0);
  const runs = runsIn(inspected).filter((row) => !isOwn(row));
  const rows: readonly ExecutorRow[] = [...runs, ...without.map((each) => ({ ...each, run: undefined }))];
  return fill(executorColumns(namesOf(inspected)), rows, options);
};

/** The executors that have their task's id, with that task, a line a run. */
export const ownTasksTable = (inspected: Inspected, options: TableOptions): string => {
  const rows = runsIn(inspected)
    .filter(isOwn)
    .flatMap(({ run, executor, framework }) => run.tasks.map((task) => ({ task, run, executor, framework })));
  return fill(ownTaskColumns(namesOf(inspected), options.zone), rows, options);
};

type ExecutorRow = Omit<RunInContext, 'run'> & { readonly run: RunInContext['run'] | undefined };

const executorColumns = (frameworks: FrameworkNames): readonly Filled<ExecutorRow>[] => [
  {
    title: 'EXECUTOR',
    min: 12,
    ids: true,
    ifAny: true,
    of: ({ executor, framework }) => cell(framework === undefined ? '' : (executor?.id ?? '')),
  },
  { title: 'FRAMEWORK', min: 9, priority: 2, ifAny: true, of: ({ framework }) => cell(frameworks(framework)) },
  {
    title: 'TYPE',
    min: 6,
    priority: 3,
    ifAny: true,
    of: ({ executor, framework }) =>
      cell(executor === undefined || framework === undefined ? '' : executorType(executor)),
  },
  { title: 'RUN', min: 10, priority: 1, ids: true, yields: true, of: ({ run }) => cell(run?.id ?? '') },
  { title: 'STATE', of: ({ run }) => (run === undefined ? { text: 'no run', style: 'warn' } : runState(run)) },
  { title: 'REACHED BY', of: ({ run }) => (run === undefined ? BLANK : reachedBy(run)) },
  { title: 'PID', align: 'right', of: ({ run }) => cell(run === undefined ? '' : pidNumber(run)) },
  {
    title: 'NOTE',
    ifAny: true,
    // An executor's own damage stands on the line of its latest run, or of its only one.
    of: ({ executor, run }) =>
      damageMark([
        ...(run?.damage ?? []),
        ...(run === executor?.runs[0] || run?.isLatest !== false ? (executor?.damage ?? []) : []),
      ]),
  },
];

/** The other tasks, a line each. */
export const tasksTable = (inspected: Inspected, options: TableOptions): string => {
  const rows = tasksIn(inspected).filter(({ run, ...row }) => run === undefined || !isOwn({ run, ...row }));
  return fill(taskColumns(namesOf(inspected), options.zone), rows, options);
};

const pending: Filled<TaskInContext> = {
  title: 'PENDING',
  align: 'right',
  of: ({ task }) => ({ text: String(task.pending), style: task.pending > 0 ? 'warn' : undefined }),
};

const updated = (zone: string | undefined): readonly Filled<TaskInContext>[] => [
  { title: 'LAST UPDATE', priority: 1, of: ({ task }) => cell(updatedText(task)) },
  { title: 'LOCAL TIME', spare: true, ifAny: true, of: ({ task }) => cell(zoneText(task.updated ?? Number.NaN, zone)) },
];

const ownTaskColumns = (frameworks: FrameworkNames, zone: string | undefined): readonly Filled<TaskInContext>[] => [
  {
    title: 'EXECUTOR AND TASK',
    min: 16,
    ids: true,
    ifAny: true,
    // Of the executor that was given, the id stands above the table.
    of: ({ task, framework }) => cell(framework === undefined ? '' : task.id),
  },
  { title: 'FRAMEWORK', min: 9, priority: 3, ifAny: true, of: ({ framework }) => cell(frameworks(framework)) },
  {
    title: 'TYPE',
    min: 6,
    priority: 5,
    ifAny: true,
    of: ({ executor, framework }) =>
      cell(executor === undefined || framework === undefined ? '' : executorType(executor)),
  },
  { title: 'RUN', min: 10, priority: 4, ids: true, yields: true, of: ({ run }) => cell(run?.id ?? '') },
  { title: 'STATE', of: ({ task }) => taskState(task) },
  ...updated(zone),
  pending,
  { title: 'ACKED', align: 'right', priority: 4, of: ({ task }) => cell(String(task.acknowledged)) },
  { title: 'REACHED BY', of: ({ run }) => (run === undefined ? BLANK : reachedBy(run)) },
  { title: 'PID', align: 'right', priority: 2, of: ({ run }) => cell(run === undefined ? '' : pidNumber(run)) },
  { title: 'NOTE', ifAny: true, of: ownNote },
];

/** What is damaged of the executor, its run and its task; else what the run is, unless it is live. */
const ownNote = ({ task, run, executor }: TaskInContext): Cell => {
  const isFirst = run === executor?.runs[0] || run?.isLatest !== false;
  const mark = damageMark([...task.damage, ...(run?.damage ?? []), ...(isFirst ? (executor?.damage ?? []) : [])]);
  if (mark.text !== '' || run === undefined) return mark;
  return { text: run.isLatest === false ? 'old run' : run.completed ? 'completed' : '', style: 'dim' };
};

const taskColumns = (frameworks: FrameworkNames, zone: string | undefined): readonly Filled<TaskInContext>[] => [
  { title: 'TASK', min: 16, ids: true, of: ({ task }) => cell(task.id) },
  { title: 'NAME', min: 8, priority: 5, ifAny: true, of: ({ task }) => cell(nameOf(task)) },
  { title: 'EXECUTOR', min: 8, priority: 4, ids: true, ifAny: true, of: executorOf },
  { title: 'FRAMEWORK', min: 9, priority: 3, ifAny: true, of: ({ framework }) => cell(frameworks(framework)) },
  { title: 'STATE', of: ({ task }) => taskState(task) },
  ...updated(zone),
  pending,
  { title: 'ACKED', align: 'right', priority: 2, of: ({ task }) => cell(String(task.acknowledged)) },
  { title: 'NOTE', ifAny: true, of: taskNote },
];

/** Many ids have the task's name in them: once is enough. */
const nameOf = ({ id, info }: TaskInContext['task']): string =>
  info === undefined || id.includes(info.name) ? '' : info.name;

/** A command task's executor has the task's id. */
const executorOf = ({ task, executor }: TaskInContext): Cell =>
  cell(executor === undefined || executor.id === task.id ? '' : executor.id);

const taskNote = ({ task, run }: TaskInContext): Cell => {
  const mark = damageMark(task.damage);
  if (mark.text !== '' || run === undefined) return mark;
  return { text: run.isLatest === false ? 'old run' : '', style: 'dim' };
};

/** What a framework is called beside its executors and tasks; '' where there is but one. */
type FrameworkNames = (framework: InspectedFramework | undefined) => string;

const namesOf = (inspected: Inspected): FrameworkNames => {
  const frameworks = frameworksIn(inspected);
  const seen = new Map<string, number>();
  for (const { info } of frameworks) if (info !== undefined) seen.set(info.name, (seen.get(info.name) ?? 0) + 1);
  return (framework) => {
    if (framework === undefined || frameworks.length < 2) return '';
    const name = framework.info?.name;
    return name === undefined || name === '' || (seen.get(name) ?? 0) > 1 ? framework.id : name;
  };
};
