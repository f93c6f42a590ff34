import type { ResourceFacts, UpdateLog } from '../../checkpoint/files.ts';
import type { Task, TaskFacts } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import { errnoText } from '../../source/errno.ts';
import { abort, type Context, refuseIfStrict, type Stop } from '../context.ts';
import { damageText } from '../damage.ts';
import { abortOversized, endOver, hangOver } from '../ending.ts';
import { noteUnless } from '../matters.ts';
import { endingText, isFifo, readRecord } from '../reading.ts';
import { abortOnStarReservation } from '../star.ts';
import type { RecoveredTask } from './recovered.ts';

/** Recovers a task: `TaskState::recover`. `matters` says that its run is the latest, and has not ended. */
export const recoverTask = (context: Context, task: Task, matters: boolean, stops: Stop[]): RecoveredTask => {
  const recovered = (info: RecoveredTask['info'], log: UpdateLog | undefined, errors: number): RecoveredTask => ({
    id: task.id,
    path: task.path,
    info,
    log,
    errors,
  });
  const nothing = (errors = 0): RecoveredTask => recovered(undefined, undefined, errors);

  const path = fileIn(task.path, 'task.info');
  const info = readRecord(task.info, context.full(path));
  switch (info.kind) {
    case 'missing':
      context.report('task-info-missing', { path }, 'the task has no task.info', noteUnless(matters));
      return nothing();
    case 'none':
      context.report('task-info-empty', { path }, 'the file is empty', noteUnless(matters));
      return nothing();
    case 'abort':
    case 'hang':
      endOver(context, stops, { path, offset: 0, record: 1 }, damageText.of(task.info), info);
      return nothing();
    case 'error': {
      const message = `Failed to read task info from '${context.full(path)}': ${info.message}`;
      context.report('task-info-damaged', { path, ...damageText.location(task.info) }, damageText.of(task.info));
      refuseIfStrict(context, stops, message);
      return nothing(1);
    }
  }
  if (abortOnStarReservation(context, stops, path, allResources(info.value))) return nothing();
  return recoverUpdates(context, task, stops, (log, errors) => recovered(info.value, log, errors));
};

const recoverUpdates = (
  context: Context,
  task: Task,
  stops: Stop[],
  recovered: (log: UpdateLog | undefined, errors: number) => RecoveredTask,
): RecoveredTask => {
  const path = fileIn(task.path, 'task.updates');
  const log = task.updates;
  if (log.kind === 'absent') {
    context.report('task-updates-missing', { path }, 'the task has no updates yet');
    return recovered(undefined, 0);
  }
  if (isFifo(log)) {
    // It opens, for writing too, and the first read waits.
    hangOver(context, stops, path);
    return recovered(undefined, 0);
  }
  if (log.kind === 'unreadable') {
    context.report('task-updates-unopenable', { path }, damageText.unreadable(log, 'opened for writing'));
    refuseIfStrict(
      context,
      stops,
      `Failed to open status updates file '${context.full(path)}': ${errnoText(log.code)}`,
    );
    return recovered(undefined, 1);
  }
  if (log.size === 0) context.report('task-updates-empty', { path }, 'the log holds no record');
  if (log.badAcknowledgement !== undefined) {
    const { offset, length, record } = log.badAcknowledgement;
    context.report(
      'acknowledgement-uuid-invalid',
      { path, offset, length, record },
      'the uuid of an acknowledgement is not valid',
    );
    // `Try::get` of an error, before the file is truncated.
    abort(context, stops, 'Try::get() but state == ERROR: Not a valid UUID');
    return recovered(log, 0);
  }
  if (context.disk.truncated.has(path)) return recovered(log, 0);
  const lost = log.size - log.end;
  const { ending } = log;
  if (ending.kind === 'oversized') {
    const place = { path, offset: log.end, record: log.records + 1 };
    abortOversized(context, stops, place, damageText.atEnd(ending), endingText(ending) ?? '');
    return recovered(log, 0);
  }
  // The agent truncates whether or not there was an error, and before it asks whether it is strict.
  if (lost > 0) context.truncate(path, log.size, log.end);
  if (ending.kind === 'clean') return recovered(log, 0);
  const place = { path, offset: log.end, length: lost, record: log.records + 1 };
  if (ending.kind === 'torn') {
    context.report('task-updates-torn', place, damageText.ofEnding(ending, lost));
    return recovered(log, 0);
  }
  context.report(
    ending.kind === 'bad' ? 'task-updates-bad-record' : 'task-updates-unreadable',
    place,
    damageText.ofEnding(ending, lost),
  );
  refuseIfStrict(context, stops, `Failed to read status updates file  '${context.full(path)}': ${endingText(ending)}`);
  return recovered(log, 1);
};

/** The resources of a task at any depth. */
const allResources = ({ resources, statuses }: TaskFacts): readonly ResourceFacts[] =>
  statuses.some(({ limitation }) => limitation !== undefined)
    ? [...resources, ...statuses.flatMap(({ limitation }) => limitation?.resources ?? [])]
    : resources;
