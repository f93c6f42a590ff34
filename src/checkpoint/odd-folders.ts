import { fileIn } from '../layout/kinds.ts';
import type { LogFacts, LogFile, Stray } from './files.ts';
import { inListingOrder } from './listing-order.ts';
import type { Executor, Framework, OddFolder, OrdinaryExecutor, Task } from './model.ts';

/** The executors of a framework in which anything is odd, and those that are whole, in the order in which they were listed. */
export const oddInListingOrder = ({ executors, ordinary }: Framework): readonly (Executor | OrdinaryExecutor)[] =>
  inListingOrder(
    executors,
    ordinary.filter(({ odd }) => odd !== undefined),
  );

/** The folders of an executor in which anything is odd that ends no start, and takes nothing from what is recovered; undefined where nothing is. */
export const oddFolders = (executor: Executor): readonly OddFolder[] | undefined => {
  const found: OddFolder[] = [];
  if (isOdd(executor) || executor.hidden.length > 0) {
    found.push({ info: oddInfo(executor, 'executor.info'), strays: executor.strays, hidden: executor.hidden });
  }
  for (const run of executor.runs) {
    if (run.strays.length > 0 || run.hidden.length > 0) {
      found.push({ run: run.id, strays: run.strays, hidden: run.hidden });
    }
    for (const task of run.tasks) {
      const log = oddLog(task.path, task.updates);
      if (log === undefined && !isOdd(task)) continue;
      const info = oddInfo(task, 'task.info');
      found.push({ run: run.id, task: task.id, info, log, strays: task.strays, hidden: NOTHING });
    }
  }
  return found.length === 0 ? undefined : found;
};

const NOTHING: readonly Stray[] = Object.freeze([]);

const isOdd = ({ info, strays }: Pick<Executor | Task, 'info' | 'strays'>): boolean =>
  strays.length > 0 || (info.kind === 'whole' && info.trailing !== undefined);

const oddInfo = (
  { path, info }: Pick<Executor | Task, 'path' | 'info'>,
  kind: 'executor.info' | 'task.info',
): OddFolder['info'] =>
  info.kind === 'whole' && info.trailing !== undefined
    ? { path: fileIn(path, kind), file: { ...info, value: undefined } }
    : undefined;

/** The folder of a task of which nothing but the log can be odd; undefined where that is as it should be, too. */
export const taskWithOddLog = (
  run: string,
  task: string,
  path: string,
  updates: LogFile<LogFacts>,
): OddFolder | undefined => {
  const log = oddLog(path, updates);
  return log && { run, task, info: undefined, log, strays: NOTHING, hidden: NOTHING };
};

/** The log of a task by the path of its folder, where there is anything to say of it, with what recovery and the checks ask. */
const oddLog = (path: string, log: LogFile<LogFacts>): OddFolder['log'] => {
  if (log.kind !== 'log') return { path: fileIn(path, 'task.updates'), file: log };
  const { kind, size, end, ending, zeros, records, lost, updates, badUpdate, badAcknowledgement } = log;
  const { outOfOrder, foreignIds } = log;
  const isUsual =
    ending.kind === 'clean' && updates > 0 && !zeros && outOfOrder === undefined && foreignIds === undefined;
  if (isUsual) return undefined;
  const said = { badUpdate, badAcknowledgement, outOfOrder, foreignIds };
  return {
    path: fileIn(path, 'task.updates'),
    file: { kind, size, end, ending, zeros, records, lost, updates, ...said },
  };
};
