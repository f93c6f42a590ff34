import { inListingOrder, isOrdinary } from '../../checkpoint/listing-order.ts';
import type { Framework } from '../../checkpoint/model.ts';
import { alike } from '../../findings/entry.ts';
import { fileIn } from '../../layout/kinds.ts';
import { quoted } from '../../text/excerpt.ts';
import { type Context, refuses } from '../context.ts';
import { damageText } from '../damage.ts';
import { readInfo } from '../info-file.ts';
import type { Listing } from '../listing.ts';
import { holdsWhatMayRun } from '../living.ts';
import { meetFifo } from '../no-return.ts';
import { isEmptyPid, isReachable, type Pid, parsePid } from '../pid.ts';
import { readText } from '../reading.ts';
import { noteUnless } from '../severity.ts';
import { recoverOrdinary } from './ordinary-executor.ts';
import type { RecoveredExecutor, RecoveredFramework } from './recovered.ts';
import { recoverExecutorOrRecall } from './remembered-executor.ts';

/** Recovers a framework: `FrameworkState::recover`. */
export const recoverFramework = (context: Context, listing: Listing, framework: Framework): RecoveredFramework => {
  const { id, path } = framework;
  const { value: info, errors } = readInfo(context, fileIn(path, 'framework.info'), framework.info, {
    missing: ['framework-info-missing', 'the framework has no framework.info'],
    empty: 'framework-info-empty',
    damaged: ['framework-info-damaged', 'Failed to read framework info from'],
    severity: noteUnless(holdsWhatMayRun(framework)),
  });
  const base: RecoveredFramework = { id, path, info, pid: undefined, executors: [], ordinary: [], errors };
  if (info === undefined) return base;
  const read = recoverPid(context, framework);
  return read.pid === undefined
    ? { ...base, errors: read.errors }
    : { ...base, pid: read.pid, ...recoverExecutors(context, listing, framework) };
};

/** Reads the pid, without which no executor is looked at. */
const recoverPid = (context: Context, framework: Framework): { pid: Pid | undefined; errors: number } => {
  const path = fileIn(framework.path, 'framework.pid');
  const file = readText(framework.pid, context.rules);
  const without = (errors: number) => ({ pid: undefined, errors });
  switch (file.kind) {
    case 'missing': {
      const severity = noteUnless(holdsWhatMayRun(framework));
      return without(
        context.meet('framework-pid-missing', { path }, 'the framework has no framework.pid', { severity }),
      );
    }
    case 'hang':
      meetFifo(context, path);
      return without(0);
    case 'error': {
      const detail = damageText.unreadable(framework.pid);
      const message = `Failed to read framework pid from '${context.full(path)}': ${file.message}`;
      return without(context.meet('framework-pid-unreadable', { path }, detail, refuses(message)));
    }
  }
  if (file.text === '') {
    const severity = noteUnless(holdsWhatMayRun(framework));
    return without(context.meet('framework-pid-empty', { path }, 'the file is empty', { severity }));
  }
  const parsed = parsePid(file.text);
  if (parsed.hostName !== undefined) {
    context.meet('pid-host-name', { path }, `the agent asks DNS for ${quoted(parsed.hostName)}`);
  } else if (parsed.malformed) {
    // With the empty pid a framework is one that uses HTTP: what is for it goes by way of the master, and arrives.
    const severity = alike('note');
    context.meet('framework-pid-malformed', { path }, `${quoted(file.text)} is not a pid to the agent`, { severity });
  } else if (!isReachable(parsed.pid) && !isEmptyPid(parsed.pid)) {
    context.meet('framework-pid-malformed', { path }, `nothing can be sent to ${quoted(file.text)}`);
  }
  return { pid: parsed.pid, errors: 0 };
};

const recoverExecutors = (
  context: Context,
  listing: Listing,
  framework: Framework,
): Pick<RecoveredFramework, 'executors' | 'ordinary' | 'errors'> => {
  const executors = new Map<string, RecoveredExecutor>();
  let errors = 0;
  const { ordinary } = framework;
  for (const executor of inListingOrder(listing.executors(framework), ordinary)) {
    if (isOrdinary(executor)) {
      errors += recoverOrdinary(context, framework, executor);
      continue;
    }
    const own = context.within(`Failed to recover executor '${executor.id}': `);
    const recovered = recoverExecutorOrRecall(own, listing, framework.id, executor);
    executors.set(executor.id, recovered);
    errors += recovered.errors;
  }
  return { executors: [...executors.values()], ordinary, errors };
};
