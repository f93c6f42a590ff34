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

/** The executors and their runs, a line a run, the latest first. */
export const executorsTable = (inspected: Inspected, options: TableOptions): string => {
  const without = executorsIn(inspected).filter(({ executor }) => executor.runs.length === 0);
  const rows: readonly ExecutorRow[] = [...runsIn(inspected), ...without.map((each) => ({ ...each, run: undefined }))];
  return fill(executorColumns(namesOf(inspected)), rows, options);
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
  { title: 'RUN', min: 10, priority: 1, ids: true, of: ({ run }) => cell(run?.id ?? '') },
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

/** The tasks, a line each. */
export const tasksTable = (inspected: Inspected, options: TableOptions): string =>
  fill(taskColumns(namesOf(inspected)), tasksIn(inspected), options);

const taskColumns = (frameworks: FrameworkNames): readonly Filled<TaskInContext>[] => [
  { title: 'TASK', min: 16, ids: true, of: ({ task }) => cell(task.id) },
  { title: 'NAME', min: 8, priority: 5, ifAny: true, of: ({ task }) => cell(nameOf(task)) },
  { title: 'EXECUTOR', min: 8, priority: 4, ids: true, ifAny: true, of: executorOf },
  { title: 'FRAMEWORK', min: 9, priority: 3, ifAny: true, of: ({ framework }) => cell(frameworks(framework)) },
  { title: 'STATE', of: ({ task }) => taskState(task) },
  { title: 'LAST UPDATE', priority: 1, of: ({ task }) => cell(updatedText(task)) },
  {
    title: 'PENDING',
    align: 'right',
    of: ({ task }) => ({ text: String(task.pending), style: task.pending > 0 ? 'warn' : undefined }),
  },
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
