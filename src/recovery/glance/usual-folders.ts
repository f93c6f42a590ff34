import { isPattern, LATEST, PIDS, RUNS, TASKS } from '../../layout/names.ts';
import { type Entry, type Errno, isErrno } from '../../source/source.ts';

/** What an agent puts in the folder of an executor, a bit each in this order; the first two are always there. */
export const IN_EXECUTOR: readonly Entry[] = [
  { name: 'executor.info', kind: 'file' },
  { name: RUNS, kind: 'folder' },
  { name: 'executor_generated_for_command_task', kind: 'file' },
];
/** The same of the folder of a run. */
export const IN_RUN: readonly Entry[] = [
  { name: PIDS, kind: 'folder' },
  { name: TASKS, kind: 'folder' },
  { name: 'executor.sentinel', kind: 'file' },
  { name: 'http.marker', kind: 'file' },
];
/** Of the folder of its pids, and of that of a task, the first one is always there. */
export const IN_PIDS: readonly Entry[] = [
  { name: 'forked.pid', kind: 'file' },
  { name: 'libprocess.pid', kind: 'file' },
];
export const IN_TASK: readonly Entry[] = [
  { name: 'task.info', kind: 'file' },
  { name: 'task.updates', kind: 'file' },
];

/** The first bit, the first two, and those behind them. */
export const FIRST = 1;
export const BOTH = 3;
export const THIRD = 4;
export const FOURTH = 8;

/** Which of what an agent puts there a folder has: no bit where anything else is there, or it could not be listed. */
export const foundIn = (entries: readonly Entry[] | Errno, usual: readonly Entry[]): number => {
  if (isErrno(entries)) return 0;
  let found = 0;
  for (const { name, kind } of entries) {
    const at = usual.findIndex((each) => each.name === name);
    if (usual[at]?.kind !== kind) return 0;
    found |= 1 << at;
  }
  return found;
};

/** The one run in a folder of runs; undefined where there is not just that, and the link to the latest. */
export const onlyRun = (entries: readonly Entry[] | Errno): string | undefined => {
  if (isErrno(entries) || entries.length !== 2) return undefined;
  const [first, second] = entries as readonly [Entry, Entry];
  const [link, run] = second.name === LATEST ? [second, first] : [first, second];
  const isOnly = link.name === LATEST && link.kind === 'link' && run.kind === 'folder';
  // A pattern means something else to the agent than itself.
  return isOnly && isSeenName(run.name) && !isPattern(run.name) ? run.name : undefined;
};

/** Whether a name is one that the agent sees, and a text that can be asked for as it is. */
export const isSeenName = (name: string): boolean => !name.startsWith('.') && name.isWellFormed();
