import { inListingOrder, isOrdinary } from '../../checkpoint/listing-order.ts';
import type { Framework, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { quoted } from '../../text/excerpt.ts';
import { type Context, prefixed, refuseIfStrict, type Stop } from '../context.ts';
import { damageText } from '../damage.ts';
import { endOver, hangOver } from '../ending.ts';
import type { Listing } from '../listing.ts';
import { holdsWhatMayRun, noteUnless } from '../matters.ts';
import { isEmptyPid, isReachable, parsePid } from '../pid.ts';
import { readRecord, readText } from '../reading.ts';
import { recoverOnce } from './once.ts';
import type { RecoveredExecutor, RecoveredFramework } from './recovered.ts';

/** Recovers a framework: `FrameworkState::recover`. */
export const recoverFramework = (
  context: Context,
  listing: Listing,
  framework: Framework,
  stops: Stop[],
): RecoveredFramework => {
  const base: RecoveredFramework = {
    id: framework.id,
    path: framework.path,
    info: undefined,
    pid: undefined,
    executors: [],
    ordinary: [],
    errors: 0,
  };
  const path = fileIn(framework.path, 'framework.info');
  const severity = noteUnless(holdsWhatMayRun(framework));
  const info = readRecord(framework.info, context.full(path));
  switch (info.kind) {
    case 'missing':
      context.report('framework-info-missing', { path }, 'the framework has no framework.info', severity);
      return base;
    case 'none':
      context.report('framework-info-empty', { path }, 'the file is empty', severity);
      return base;
    case 'abort':
    case 'hang':
      endOver(context, stops, { path, offset: 0, record: 1 }, damageText.of(framework.info), info);
      return base;
    case 'error':
      context.report(
        'framework-info-damaged',
        { path, ...damageText.location(framework.info) },
        damageText.of(framework.info),
      );
      refuseIfStrict(context, stops, `Failed to read framework info from '${context.full(path)}': ${info.message}`);
      return { ...base, errors: 1 };
  }
  return recoverPid(context, listing, framework, stops, { ...base, info: info.value });
};

/** With the empty pid a framework is one that uses HTTP: what is for it goes by way of the master, and arrives. */
const MERELY_NOTED = { strict: 'note', nonStrict: 'note' } as const;

const recoverPid = (
  context: Context,
  listing: Listing,
  framework: Framework,
  stops: Stop[],
  base: RecoveredFramework,
): RecoveredFramework => {
  const path = fileIn(framework.path, 'framework.pid');
  const severity = noteUnless(holdsWhatMayRun(framework));
  const file = readText(framework.pid);
  if (file.kind === 'missing') {
    context.report('framework-pid-missing', { path }, 'the framework has no framework.pid', severity);
    return base;
  }
  if (file.kind === 'hang') {
    hangOver(context, stops, path);
    return base;
  }
  if (file.kind === 'error') {
    context.report('framework-pid-unreadable', { path }, damageText.unreadable(framework.pid));
    refuseIfStrict(context, stops, `Failed to read framework pid from '${context.full(path)}': ${file.message}`);
    return { ...base, errors: 1 };
  }
  if (file.text === '') {
    context.report('framework-pid-empty', { path }, 'the file is empty', severity);
    return base;
  }
  const parsed = parsePid(file.text);
  if (parsed.hostName !== undefined) {
    context.report('pid-host-name', { path }, `the agent asks DNS for ${quoted(parsed.hostName)}`);
  } else if (parsed.malformed) {
    context.report('framework-pid-malformed', { path }, `${quoted(file.text)} is no pid to the agent`, MERELY_NOTED);
  } else if (!isReachable(parsed.pid) && !isEmptyPid(parsed.pid)) {
    context.report('framework-pid-malformed', { path }, `nothing can be sent to ${quoted(file.text)}`);
  }
  const executors = new Map<string, RecoveredExecutor>();
  let errors = 0;
  const { ordinary } = framework;
  for (const executor of inListingOrder(listing.executors(framework), ordinary)) {
    if (isOrdinary(executor)) {
      forgetPids(context, framework, executor);
      continue;
    }
    const met: Stop[] = [];
    const recovered = recoverOnce(context, listing, framework.id, executor, met);
    for (const stop of prefixed(met, `Failed to recover executor '${executor.id}': `)) stops.push(stop);
    executors.set(executor.id, recovered);
    errors += recovered.errors;
  }
  return { ...base, pid: parsed.pid, executors: [...executors.values()], ordinary, errors };
};

/** What `recoverRun` does after a reboot to a run with a pid. */
const forgetPids = (context: Context, framework: Framework, executor: OrdinaryExecutor): void => {
  if (!context.rebooted || !context.rules.rebootForgetsPids) return;
  for (const run of executor.runs) {
    const folder = `${framework.path}/${names.EXECUTORS}/${executor.id}/${names.RUNS}/${run}`;
    const path = fileIn(folder, 'forked.pid');
    if (!context.disk.removed.has(path)) context.remove(path);
  }
};
