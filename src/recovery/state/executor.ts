import { parseInteger } from '../../agent/numbers.ts';
import type { Executor } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { errnoText } from '../../source/errno.ts';
import { quoted } from '../../text/excerpt.ts';
import { type Context, prefixed, refuse, refuseIfStrict, type Stop } from '../context.ts';
import { damageText } from '../damage.ts';
import { elsewhereText } from '../elsewhere.ts';
import { endOver, hangOver } from '../ending.ts';
import type { Listing } from '../listing.ts';
import { mayRun, noteUnless } from '../matters.ts';
import { readRecord, readText } from '../reading.ts';
import { abortOnStarReservation } from '../star.ts';
import type { RecoveredExecutor, RecoveredRun } from './recovered.ts';
import { recoverRun } from './run.ts';

/** Recovers an executor: `ExecutorState::recover`. */
export const recoverExecutor = (
  context: Context,
  listing: Listing,
  frameworkId: string,
  executor: Executor,
  stops: Stop[],
): RecoveredExecutor => {
  const runs = new Map<string, RecoveredRun>();
  let latest: string | undefined;
  let errors = 0;
  let latestSeen = false;
  for (const folder of listing.runFolders(frameworkId, executor.id, executor)) {
    for (const entry of folder.runs) {
      const met: Stop[] = [];
      const path = `${executor.path}/${names.RUNS}/${entry.id}`;
      const own = folder === executor ? entry : executor.runs.find((run) => run.id === entry.id);
      const isLatest = 'name' in folder.latest && folder.latest.name === entry.id;
      const recovered = recoverRun(context, listing, { id: entry.id, path, found: own, isLatest }, met);
      for (const stop of prefixed(met, `Failed to recover run ${entry.id} of executor '${executor.id}': `))
        stops.push(stop);
      runs.set(entry.id, recovered);
      errors += recovered.errors;
    }
    if (folder.latest.kind !== 'absent') latestSeen = true;
    latest = recoverLatest(context, executor.id, folder, stops) ?? latest;
  }
  const recovered = (
    info: RecoveredExecutor['info'],
    generatedForCommandTask: boolean,
    infoErrors = 0,
  ): RecoveredExecutor => ({
    id: executor.id,
    path: executor.path,
    info,
    latest,
    generatedForCommandTask,
    runs,
    errors: errors + infoErrors,
  });
  if (stops.length > 0) return recovered(undefined, false);
  if (latest === undefined) {
    // An id that hides its runs has a finding of its own.
    if (!latestSeen && executor.latest.kind === 'absent') {
      context.report(
        'run-latest-missing',
        { path: fileIn(executor.path, 'runs/latest') },
        'the executor has no latest run',
        noteUnless(mayRun(executor)),
      );
    }
    return recovered(undefined, false);
  }
  return recoverInfo(context, executor, stops, recovered);
};

/** `os::realpath` of the `latest` link, and what the agent makes of it. */
const recoverLatest = (context: Context, executorId: string, folder: Executor, stops: Stop[]): string | undefined => {
  const link = folder.latest;
  const path = fileIn(folder.path, 'runs/latest');
  switch (link.kind) {
    case 'absent':
      return undefined;
    case 'found':
      return link.name;
    case 'outside':
      if (!link.beside) return link.name;
      context.report(
        'run-latest-elsewhere',
        { path },
        elsewhereText(context, `${folder.path}/${names.RUNS}`, link),
        danglingSeverity(context),
      );
      refuseDangling(context, executorId, stops);
      // What else is wrong with the executor is met by the start after the link has been mended.
      return context.exploring && !context.rules.danglingRunIsNoted ? link.name : undefined;
    case 'dangling':
      context.report(
        'run-latest-dangling',
        { path },
        `it leads to ${link.target}, which is not there`,
        danglingSeverity(context),
      );
      refuseDangling(context, executorId, stops);
      return undefined;
    case 'unresolvable':
      context.report('run-latest-unresolvable', { path }, errnoText(link.code));
      refuse(context, stops, `Failed to find latest run of executor '${executorId}': ${errnoText(link.code)}`);
      return undefined;
  }
};

const LOSS = { strict: 'loss', nonStrict: 'loss' } as const;

const danglingSeverity = ({ rules }: Context): typeof LOSS | undefined => (rules.danglingRunIsNoted ? LOSS : undefined);

const refuseDangling = (context: Context, executorId: string, stops: Stop[]): void => {
  if (context.rules.danglingRunIsNoted) return;
  refuse(context, stops, `Failed to find latest run of executor '${executorId}': No such file or directory`);
};

type Finish = (
  info: RecoveredExecutor['info'],
  generatedForCommandTask: boolean,
  infoErrors?: number,
) => RecoveredExecutor;

const recoverInfo = (context: Context, executor: Executor, stops: Stop[], recovered: Finish): RecoveredExecutor => {
  const path = fileIn(executor.path, 'executor.info');
  const severity = noteUnless(mayRun(executor));
  const info = readRecord(executor.info, context.full(path));
  switch (info.kind) {
    case 'missing':
      context.report('executor-info-missing', { path }, 'the executor has no executor.info', severity);
      return recovered(undefined, false);
    case 'none':
      context.report('executor-info-empty', { path }, 'the file is empty', severity);
      return recovered(undefined, false);
    case 'abort':
    case 'hang':
      endOver(context, stops, { path, offset: 0, record: 1 }, damageText.of(executor.info), info);
      return recovered(undefined, false);
    case 'error':
      context.report(
        'executor-info-damaged',
        { path, ...damageText.location(executor.info) },
        damageText.of(executor.info),
      );
      refuseIfStrict(context, stops, `Failed to read executor info from '${context.full(path)}': ${info.message}`);
      return recovered(undefined, false, 1);
  }
  if (abortOnStarReservation(context, stops, path, info.value.resources)) return recovered(undefined, false);
  if (!context.rules.generatedIsRead) return recovered(info.value, false);
  return recoverGenerated(context, executor, info.value, stops, recovered);
};

const recoverGenerated = (
  context: Context,
  executor: Executor,
  info: NonNullable<RecoveredExecutor['info']>,
  stops: Stop[],
  recovered: Finish,
): RecoveredExecutor => {
  const path = fileIn(executor.path, 'executor_generated_for_command_task');
  const full = context.full(path);
  const file = readText(executor.generated);
  if (file.kind === 'missing') {
    const guess =
      (info.command?.value ?? '').endsWith('mesos-executor') && (info.name ?? '').startsWith('Command Executor');
    context.report(
      'generated-marker-missing',
      { path },
      `the agent guesses that the executor is ${guess ? '' : 'not '}one of its own`,
    );
    return recovered(info, guess);
  }
  if (file.kind === 'hang') {
    hangOver(context, stops, path);
    return recovered(info, false);
  }
  if (file.kind === 'error') {
    context.report('generated-marker-unreadable', { path }, damageText.unreadable(executor.generated));
    refuse(context, stops, `Could not read '${full}': ${file.message}`);
    return recovered(info, false);
  }
  const value = parseInteger(file.text);
  if (value === undefined) {
    context.report('generated-marker-malformed', { path }, `${quoted(file.text)} is no number to the agent`);
    refuse(context, stops, `Could not parse '${full}': Failed to convert '${file.text}' to number`);
    return recovered(info, false);
  }
  return recovered(info, value !== 0);
};
