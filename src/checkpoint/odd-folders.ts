import * as names from '../layout/names.ts';
import type { LogFacts, LogFile, RecordFile, Stray } from './files.ts';
import { inListingOrder } from './listing-order.ts';
import type { Executor, Framework, OddFolder, OrdinaryExecutor } from './model.ts';

/** The path of an ordinary executor's folder. */
export const pathOfOrdinary = (framework: Pick<Framework, 'path'>, { id }: Pick<OrdinaryExecutor, 'id'>): string =>
  `${framework.path}/${names.EXECUTORS}/${id}`;

/** The path of an odd folder in that of its executor. */
export const pathOfOdd = (executor: string, { run, task }: Pick<OddFolder, 'run' | 'task'>): string => {
  if (run === undefined) return executor;
  const folder = `${executor}/${names.RUNS}/${run}`;
  return task === undefined ? folder : `${folder}/${names.TASKS}/${task}`;
};

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
    found.push({ info: oddInfo(executor.info), strays: executor.strays, hidden: executor.hidden });
  }
  for (const run of executor.runs) {
    if (run.strays.length > 0 || run.hidden.length > 0) {
      found.push({ run: run.id, strays: run.strays, hidden: run.hidden });
    }
    for (const task of run.tasks) {
      const log = oddLog(task.updates);
      if (log === undefined && !isOdd(task)) continue;
      found.push({ run: run.id, task: task.id, info: oddInfo(task.info), log, strays: task.strays, hidden: NOTHING });
    }
  }
  return found.length === 0 ? undefined : found;
};

const NOTHING: readonly Stray[] = Object.freeze([]);

const isOdd = ({ info, strays }: { readonly info: RecordFile<unknown>; readonly strays: readonly Stray[] }): boolean =>
  strays.length > 0 || (info.kind === 'whole' && info.trailing !== undefined);

const oddInfo = (info: RecordFile<unknown>): RecordFile<undefined> | undefined =>
  info.kind === 'whole' && info.trailing !== undefined ? { ...info, value: undefined } : undefined;

/** A log of which there is anything to say, with what recovery and the checks ask of it. */
const oddLog = (log: LogFile): LogFile<LogFacts> | undefined => {
  if (log.kind !== 'log') return log;
  const isUsual =
    log.ending.kind === 'clean' &&
    log.updates > 0 &&
    !log.zeros &&
    log.outOfOrder === undefined &&
    log.foreignIds === undefined;
  if (isUsual) return undefined;
  const { kind, size, end, ending, zeros, records, lost, updates, outOfOrder, foreignIds } = log;
  // Of those whose uuids are not valid, nothing is ordinary.
  const bad = { badUpdate: undefined, badAcknowledgement: undefined };
  return { kind, size, end, ending, zeros, records, lost, updates, ...bad, outOfOrder, foreignIds };
};
