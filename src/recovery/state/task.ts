import type { LogFacts, LogFile, ResourceFacts } from '../../checkpoint/files.ts';
import type { Task, TaskFacts } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import { errnoText } from '../../source/errno.ts';
import { aborts, type Context, refuses } from '../context.ts';
import { damageText } from '../damage.ts';
import { readInfo } from '../info-file.ts';
import { meetFifoLog, meetOversized } from '../no-return.ts';
import { endingText, isFifo } from '../reading.ts';
import { noteUnless } from '../severity.ts';
import { meetStarReservation } from '../star-reservation.ts';
import type { RecoveredTask } from './recovered.ts';

/** Recovers a task: `TaskState::recover`. `isRunning` says that its run is the latest, and has not ended. */
export const recoverTask = (context: Context, task: Task, isRunning: boolean): RecoveredTask => {
  const { id, path } = task;
  const infoPath = fileIn(path, 'task.info');
  const { value: info, errors } = readInfo(context, infoPath, task.info, {
    missing: ['task-info-missing', 'the task has no task.info'],
    empty: 'task-info-empty',
    damaged: ['task-info-damaged', 'Failed to read task info from'],
    severity: noteUnless(isRunning),
  });
  if (info === undefined || meetStarReservation(context, infoPath, allResources(info))) {
    return { id, path, info: undefined, log: undefined, errors };
  }
  return { id, path, info, ...recoverUpdates(context, fileIn(path, 'task.updates'), task.updates) };
};

/** Opens a task's log, and cuts off what is behind its records: the log that the agent has read, and its errors. */
export const recoverUpdates = <L extends LogFacts>(
  context: Context,
  path: string,
  log: LogFile<L>,
): { readonly log: L | undefined; readonly errors: number } => {
  if (log.kind === 'absent') {
    context.meet('task-updates-missing', { path }, 'the task has no updates yet');
    return { log: undefined, errors: 0 };
  }
  if (isFifo(log)) {
    // The agent's message has no blank there.
    const failed = `Failed to lseek status updates file '${context.full(path)}':`;
    return { log: undefined, errors: meetFifoLog(context, path, failed) };
  }
  if (log.kind === 'unreadable') {
    const detail = damageText.unreadable(log, 'opened for writing');
    const message = `Failed to open status updates file '${context.full(path)}': ${errnoText(log.code)}`;
    return { log: undefined, errors: context.meet('task-updates-unopenable', { path }, detail, refuses(message)) };
  }
  return { log, errors: recoverRecords(context, path, log) };
};

/** Reads the records of a log, and cuts off what is behind them; gives what that adds to the errors. */
const recoverRecords = (context: Context, path: string, log: LogFacts): number => {
  if (log.size === 0) context.meet('task-updates-empty', { path }, 'the log holds no record');
  if (log.badAcknowledgement !== undefined) {
    const { offset, length, record } = log.badAcknowledgement;
    const detail = 'the uuid of an acknowledgement is not valid';
    // `Try::get` of an error, before the file is truncated.
    const stop = aborts('Try::get() but state == ERROR: Not a valid UUID');
    return context.meet('acknowledgement-uuid-invalid', { path, offset, length, record }, detail, stop);
  }
  if (context.disk.isTruncated(path)) return 0;
  const lost = log.size - log.end;
  const { ending } = log;
  const location = { path, offset: log.end, record: log.records + 1 };
  if (ending.kind === 'oversized') {
    meetOversized(context, location, damageText.atEnd(ending), endingText(ending) ?? '');
    return 0;
  }
  // The agent truncates whether or not there was an error, and before it asks whether it is strict.
  if (lost > 0) context.truncate(path, log.size, log.end);
  if (ending.kind === 'clean') return 0;
  const cut = { ...location, length: lost };
  const detail = damageText.ofEnding(ending, lost);
  if (ending.kind === 'torn') return context.meet('task-updates-torn', cut, detail);
  const code = ending.kind === 'bad' ? 'task-updates-bad-record' : 'task-updates-unreadable';
  const message = `Failed to read status updates file  '${context.full(path)}': ${endingText(ending)}`;
  return context.meet(code, cut, detail, refuses(message));
};

/** The resources of a task at any depth. */
const allResources = ({ resources, statuses }: TaskFacts): readonly ResourceFacts[] =>
  statuses.some(({ limitation }) => limitation !== undefined)
    ? [...resources, ...statuses.flatMap(({ limitation }) => limitation?.resources ?? [])]
    : resources;
