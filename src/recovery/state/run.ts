import { parseInteger } from '../../agent/numbers.ts';
import type { Run } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import { quoted } from '../../text/excerpt.ts';
import { type Context, prefixed, refuse, refuseIfStrict, type Stop } from '../context.ts';
import { damageText } from '../damage.ts';
import { hangOver } from '../ending.ts';
import type { Listing } from '../listing.ts';
import { isReachable, type ParsedPid, type Pid, parsePid } from '../pid.ts';
import { isFolderItself, readText } from '../reading.ts';
import type { RecoveredRun, RecoveredTask } from './recovered.ts';
import { recoverTask } from './task.ts';

/** A run that the agent has listed. */
export interface ListedRun {
  readonly id: string;
  readonly path: string;
  /** Undefined where the agent was led to one that is not there. */
  readonly found: Run | undefined;
  /** Whether it is the one that `latest` names: what befalls the others costs nothing. */
  readonly isLatest: boolean;
}

/** Recovers a run: `RunState::recover`. */
export const recoverRun = (context: Context, listing: Listing, listed: ListedRun, stops: Stop[]): RecoveredRun => {
  const { id, path, found: run } = listed;
  const matters = listed.isLatest && run?.completed !== true;
  const tasks = new Map<string, RecoveredTask>();
  let errors = 0;
  for (const task of listing.tasks(path, run)) {
    const met: Stop[] = [];
    const recovered = recoverTask(context, task, matters, met);
    for (const stop of prefixed(met, `Failed to recover task ${task.id}: `)) stops.push(stop);
    tasks.set(task.id, recovered);
    errors += recovered.errors;
  }
  const pids =
    run === undefined || stops.length > 0 ? { ...NO_PIDS, errors: 0 } : recoverPids(context, run, matters, stops);
  return {
    id,
    path,
    completed: run?.completed ?? false,
    tasks,
    ...pids,
    errors: errors + pids.errors,
    found: run,
  };
};

interface Pids {
  readonly forkedPid: number | undefined;
  readonly libprocessPid: Pid | undefined;
  readonly http: boolean | undefined;
}

const NO_PIDS: Pids = { forkedPid: undefined, libprocessPid: undefined, http: undefined };

const recoverPids = (context: Context, run: Run, matters: boolean, stops: Stop[]): Pids & { errors: number } => {
  const nothing = (errors = 0): Pids & { errors: number } => ({ ...NO_PIDS, errors });
  const path = fileIn(run.path, 'forked.pid');
  const full = context.full(path);
  const file = context.disk.removed.has(path) ? { kind: 'missing' as const } : readText(run.forkedPid);
  if (context.rebooted && context.rules.rebootForgetsPids) {
    if (file.kind === 'missing') return nothing();
    // `remove` takes an empty folder away, too.
    if (isFolderItself(run.forkedPid) && 'instead' in run.forkedPid && run.forkedPid.instead === 'folder') {
      context.report('forked-pid-unremovable', { path }, 'a folder is in its place, and is not empty');
      refuse(context, stops, `Failed to remove executor forked pid file '${full}': Directory not empty`);
      return nothing();
    }
    context.remove(path);
    return nothing();
  }
  if (file.kind === 'missing') {
    if (matters) context.report('forked-pid-missing', { path }, 'the run has no forked pid');
    return nothing();
  }
  if (file.kind === 'hang') {
    hangOver(context, stops, path);
    return nothing();
  }
  if (file.kind === 'error') {
    context.report('forked-pid-unreadable', { path }, damageText.unreadable(run.forkedPid));
    refuseIfStrict(context, stops, `Failed to read executor forked pid from '${full}': ${file.message}`);
    return nothing(1);
  }
  if (file.text === '') {
    if (matters) context.report('forked-pid-empty', { path }, 'the file is empty');
    return nothing();
  }
  const forkedPid = parseInteger(file.text);
  if (forkedPid === undefined) {
    context.report('forked-pid-malformed', { path }, `${quoted(file.text)} is no number to the agent`);
    refuse(
      context,
      stops,
      `Failed to parse forked pid '${file.text}' from pid file '${full}': Failed to convert '${file.text}' to number`,
    );
    return nothing();
  }
  return { forkedPid, ...recoverConnection(context, run, matters, stops) };
};

const recoverConnection = (
  context: Context,
  run: Run,
  matters: boolean,
  stops: Stop[],
): Omit<Pids, 'forkedPid'> & { errors: number } => {
  const unknown = { libprocessPid: undefined, http: undefined };
  const path = fileIn(run.path, 'libprocess.pid');
  const file = readText(run.libprocessPid);
  if (file.kind === 'missing') {
    if (run.httpMarker) return { libprocessPid: undefined, http: true, errors: 0 };
    if (matters) {
      context.report(
        'connection-unknown',
        { path: run.path },
        'neither libprocess.pid nor http.marker is there: the executor had not registered yet',
      );
    }
    return { ...unknown, errors: 0 };
  }
  if (file.kind === 'hang') {
    hangOver(context, stops, path);
    return { ...unknown, errors: 0 };
  }
  if (file.kind === 'error') {
    context.report('libprocess-pid-unreadable', { path }, damageText.unreadable(run.libprocessPid));
    refuseIfStrict(
      context,
      stops,
      `Failed to read executor libprocess pid from '${context.full(path)}': ${file.message}`,
    );
    return { ...unknown, errors: 1 };
  }
  if (file.text === '') {
    if (matters) context.report('libprocess-pid-empty', { path }, 'the file is empty');
    return { ...unknown, errors: 0 };
  }
  const parsed = parsePid(file.text);
  if (matters) reportUnreachable(context, path, file.text, parsed);
  return { libprocessPid: parsed.pid, http: false, errors: 0 };
};

/** An executor that cannot be reached is killed, which a host name that DNS does not know leads to as well. */
const reportUnreachable = (context: Context, path: string, text: string, parsed: ParsedPid): void => {
  if (parsed.hostName !== undefined) {
    const severity = { strict: 'loss', nonStrict: 'loss' } as const;
    context.report('pid-host-name', { path }, `the agent asks DNS for ${quoted(parsed.hostName)}`, severity);
  } else if (parsed.malformed) {
    context.report('libprocess-pid-malformed', { path }, `${quoted(text)} is no pid to the agent`);
  } else if (!isReachable(parsed.pid)) {
    context.report('libprocess-pid-malformed', { path }, `nothing can be sent to ${quoted(text)}`);
  }
};
