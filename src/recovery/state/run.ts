import { parseInteger } from '../../agent/numbers.ts';
import type { Run } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import { quoted } from '../../text/excerpt.ts';
import { type Context, refuses } from '../context.ts';
import { damageText } from '../damage.ts';
import type { ListedRun, Listing } from '../listing.ts';
import { meetFifo } from '../no-return.ts';
import { isReachable, type ParsedPid, type Pid, parsePid } from '../pid.ts';
import { isFolderItself, readText } from '../reading.ts';
import type { RecoveredRun, RecoveredTask } from './recovered.ts';
import { recoverTask } from './task.ts';

/** Recovers a run: `RunState::recover`. */
export const recoverRun = (context: Context, listing: Listing, listed: ListedRun): RecoveredRun => {
  const { id, path, found: run } = listed;
  const isRunning = listed.isLatest && run?.completed !== true;
  const tasks = new Map<string, RecoveredTask>();
  let errors = 0;
  for (const task of listing.tasks(listed)) {
    const recovered = recoverTask(context.within(`Failed to recover task ${task.id}: `), task, isRunning);
    tasks.set(task.id, recovered);
    errors += recovered.errors;
  }
  const pids = run === undefined || context.isEnded ? NO_PIDS : recoverPids(context, run, isRunning);
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
  readonly errors: number;
}

const NO_PIDS: Pids = { forkedPid: undefined, libprocessPid: undefined, http: undefined, errors: 0 };

const recoverPids = (context: Context, run: Run, isRunning: boolean): Pids => {
  const path = fileIn(run.path, 'forked.pid');
  const file = context.disk.isRemoved(path) ? { kind: 'missing' as const } : readText(run.forkedPid, context.rules);
  if (context.rebooted && context.rules.rebootForgetsPids) {
    if (file.kind !== 'missing') removePid(context, path, run);
    return NO_PIDS;
  }
  switch (file.kind) {
    case 'missing':
      if (isRunning) context.meet('forked-pid-missing', { path }, 'the run has no forked pid');
      return NO_PIDS;
    case 'hang':
      meetFifo(context, path);
      return NO_PIDS;
    case 'error': {
      const detail = damageText.unreadable(run.forkedPid);
      const message = `Failed to read executor forked pid from '${context.full(path)}': ${file.message}`;
      return { ...NO_PIDS, errors: context.meet('forked-pid-unreadable', { path }, detail, refuses(message)) };
    }
  }
  const { text } = file;
  if (text === '') {
    if (isRunning) context.meet('forked-pid-empty', { path }, 'the file is empty');
    return NO_PIDS;
  }
  const forkedPid = parseInteger(text);
  if (forkedPid === undefined) {
    const message =
      `Failed to parse forked pid '${text}' from pid file '${context.full(path)}': ` +
      `Failed to convert '${text}' to number`;
    context.meet('forked-pid-malformed', { path }, `${quoted(text)} is not a number to the agent`, refuses(message));
    return NO_PIDS;
  }
  return { ...recoverConnection(context, run, isRunning), forkedPid };
};

/** What the agent does with a forked pid after a reboot: `os::rm`, which takes an empty folder away, too. */
const removePid = (context: Context, path: string, { forkedPid }: Run): void => {
  if (isFolderItself(forkedPid) && 'instead' in forkedPid && forkedPid.instead === 'folder') {
    const message = `Failed to remove executor forked pid file '${context.full(path)}': Directory not empty`;
    context.meet('forked-pid-unremovable', { path }, 'a folder is in its place, and is not empty', refuses(message));
  } else context.remove(path);
};

const recoverConnection = (context: Context, run: Run, isRunning: boolean): Pids => {
  const path = fileIn(run.path, 'libprocess.pid');
  const file = readText(run.libprocessPid, context.rules);
  switch (file.kind) {
    case 'missing': {
      if (run.httpMarker) return { ...NO_PIDS, http: true };
      const detail = 'neither libprocess.pid nor http.marker is there: the executor had not registered yet';
      if (isRunning) context.meet('connection-unknown', { path: run.path }, detail);
      return NO_PIDS;
    }
    case 'hang':
      meetFifo(context, path);
      return NO_PIDS;
    case 'error': {
      const detail = damageText.unreadable(run.libprocessPid);
      const message = `Failed to read executor libprocess pid from '${context.full(path)}': ${file.message}`;
      return { ...NO_PIDS, errors: context.meet('libprocess-pid-unreadable', { path }, detail, refuses(message)) };
    }
  }
  if (file.text === '') {
    if (isRunning) context.meet('libprocess-pid-empty', { path }, 'the file is empty');
    return NO_PIDS;
  }
  const parsed = parsePid(file.text);
  if (isRunning) meetUnreachable(context, path, file.text, parsed);
  return { ...NO_PIDS, libprocessPid: parsed.pid, http: false };
};

/** An executor that cannot be reached is killed, which a host name that DNS does not know leads to as well. */
const meetUnreachable = (context: Context, path: string, text: string, parsed: ParsedPid): void => {
  if (parsed.hostName !== undefined) {
    const severity = { strict: 'loss', nonStrict: 'loss' } as const;
    context.meet('pid-host-name', { path }, `the agent asks DNS for ${quoted(parsed.hostName)}`, { severity });
  } else if (parsed.malformed) {
    context.meet('libprocess-pid-malformed', { path }, `${quoted(text)} is not a pid to the agent`);
  } else if (!isReachable(parsed.pid)) {
    context.meet('libprocess-pid-malformed', { path }, `nothing can be sent to ${quoted(text)}`);
  }
};
