import { parseInteger } from '../../agent/numbers.ts';
import { latestName } from '../../checkpoint/files.ts';
import type { Executor, ExecutorFacts } from '../../checkpoint/model.ts';
import { alike } from '../../findings/entry.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { errnoText } from '../../source/errno.ts';
import { quoted } from '../../text/excerpt.ts';
import { type Context, refuses } from '../context.ts';
import { damageText } from '../damage.ts';
import { readInfo } from '../info-file.ts';
import { latestOutsideText } from '../latest-outside.ts';
import type { Listing } from '../listing.ts';
import { mayRun } from '../living.ts';
import { meetFifo } from '../no-return.ts';
import { readText } from '../reading.ts';
import { noteUnless } from '../severity.ts';
import { meetStarReservation } from '../star-reservation.ts';
import { isGuessedGenerated, meetNoMarker } from './generated-marker.ts';
import type { RecoveredExecutor, RecoveredRun } from './recovered.ts';
import { recoverRun } from './run.ts';

/** Recovers an executor: `ExecutorState::recover`. */
export const recoverExecutor = (
  context: Context,
  listing: Listing,
  frameworkId: string,
  executor: Executor,
): RecoveredExecutor => {
  const { id, path } = executor;
  const runs = new Map<string, RecoveredRun>();
  let latest: string | undefined;
  let errors = 0;
  let latestSeen = false;
  for (const folder of listing.runFolders(frameworkId, id, executor)) {
    for (const entry of folder.runs) {
      const found = folder === executor ? entry : executor.runs.find((run) => run.id === entry.id);
      const isLatest = latestName(folder.latest) === entry.id;
      const at = `${path}/${names.RUNS}/${entry.id}`;
      const listed = { framework: frameworkId, executor: id, id: entry.id, path: at, found, isLatest };
      const own = context.within(`Failed to recover run ${entry.id} of executor '${id}': `);
      const recovered = recoverRun(own, listing, listed);
      runs.set(entry.id, recovered);
      errors += recovered.errors;
    }
    if (folder.latest.kind !== 'absent') latestSeen = true;
    latest = recoverLatest(context, id, folder) ?? latest;
  }
  const base = { id, path, latest, runs, info: undefined, generatedForCommandTask: false, errors };
  if (context.isEnded) return base;
  if (latest === undefined) {
    // An id that hides its runs has a finding of its own.
    if (!latestSeen && executor.latest.kind === 'absent') {
      const severity = noteUnless(mayRun(executor));
      const location = { path: fileIn(path, 'runs/latest') };
      context.meet('run-latest-missing', location, 'the executor has no latest run', { severity });
    }
    return base;
  }
  const read = recoverInfo(context, executor);
  return { ...base, ...read, errors: errors + read.errors };
};

/** `os::realpath` of the `latest` link, and what the agent makes of it. */
const recoverLatest = (context: Context, executorId: string, folder: Executor): string | undefined => {
  const link = folder.latest;
  if (link.kind === 'absent') return undefined;
  if (link.kind === 'found' || (link.kind === 'outside' && !link.beside)) return link.name;
  const path = fileIn(folder.path, 'runs/latest');
  const unfound = (error: string) => refuses(`Failed to find latest run of executor '${executorId}': ${error}`);
  const { danglingRunIsNoted } = context.rules;
  const dangling = {
    ...unfound('No such file or directory'),
    severity: danglingRunIsNoted ? alike('loss') : undefined,
  };
  switch (link.kind) {
    case 'outside': {
      const detail = latestOutsideText(context, `${folder.path}/${names.RUNS}`, link);
      context.meet('run-latest-elsewhere', { path }, detail, dangling);
      // What else is wrong with the executor is met by the start after the link has been mended.
      return context.exploring && !danglingRunIsNoted ? link.name : undefined;
    }
    case 'dangling':
      context.meet('run-latest-dangling', { path }, `it leads to ${link.target}, which is not there`, dangling);
      return undefined;
    case 'unresolvable':
      context.meet('run-latest-unresolvable', { path }, errnoText(link.code), unfound(errnoText(link.code)));
      return undefined;
  }
};

type ExecutorInfo = Pick<RecoveredExecutor, 'info' | 'generatedForCommandTask' | 'errors'>;

const recoverInfo = (context: Context, executor: Executor): ExecutorInfo => {
  const path = fileIn(executor.path, 'executor.info');
  const { value: info, errors } = readInfo(context, path, executor.info, {
    missing: ['executor-info-missing', 'the executor has no executor.info'],
    empty: 'executor-info-empty',
    damaged: ['executor-info-damaged', 'Failed to read executor info from'],
    severity: noteUnless(mayRun(executor)),
  });
  if (info === undefined || meetStarReservation(context, path, info.resources)) {
    return { info: undefined, generatedForCommandTask: false, errors };
  }
  const { generatedIsRead } = context.rules;
  return { info, generatedForCommandTask: generatedIsRead && recoverGenerated(context, executor, info), errors };
};

/** Whether the agent takes an executor for one that it generated for a command task. */
const recoverGenerated = (context: Context, executor: Executor, info: ExecutorFacts): boolean => {
  const path = fileIn(executor.path, 'executor_generated_for_command_task');
  const full = context.full(path);
  const file = readText(executor.generated, context.rules);
  switch (file.kind) {
    case 'missing': {
      const isGuessed = isGuessedGenerated(info);
      meetNoMarker(context, path, isGuessed);
      return isGuessed;
    }
    case 'hang':
      meetFifo(context, path);
      return false;
    case 'error': {
      const stop = refuses(`Could not read '${full}': ${file.message}`);
      context.meet('generated-marker-unreadable', { path }, damageText.unreadable(executor.generated), stop);
      return false;
    }
  }
  const value = parseInteger(file.text);
  if (value === undefined) {
    const stop = refuses(`Could not parse '${full}': Failed to convert '${file.text}' to number`);
    context.meet('generated-marker-malformed', { path }, `${quoted(file.text)} is not a number to the agent`, stop);
  }
  return value !== undefined && value !== 0;
};
