import type { FileReader } from '../../checkpoint/read.ts';
import type { ExecutorIds } from '../../layout/folders.ts';
import { isPattern, LATEST, PIDS, RUNS, TASKS } from '../../layout/names.ts';
import { pathOf } from '../../layout/place.ts';
import { type Below, type Entry, type Errno, isErrno, join } from '../../source/source.ts';

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
const THIRD = 4;
const FOURTH = 8;

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
const onlyRun = (entries: readonly Entry[] | Errno): string | undefined => {
  if (isErrno(entries) || entries.length !== 2) return undefined;
  const [first, second] = entries as readonly [Entry, Entry];
  const [link, run] = second.name === LATEST ? [second, first] : [first, second];
  const isOnly = link.name === LATEST && link.kind === 'link' && run.kind === 'folder';
  // A pattern means something else to the agent than itself.
  return isOnly && isSeenName(run.name) && !isPattern(run.name) ? run.name : undefined;
};

/** Whether a name is one that the agent sees, and a text that can be asked for as it is. */
const isSeenName = (name: string): boolean => !name.startsWith('.') && name.isWellFormed();

/** The folders of an executor that are as an agent leaves them, with one run, whose tasks have not been looked at. */
export interface UsualExecutor {
  /** What takes the paths below: see `Source.below`. */
  readonly from: Below;
  /** The folder of the executor, that of its run, and that of the run's tasks, as `from` takes them. */
  readonly at: string;
  readonly runAt: string;
  readonly tasksAt: string;
  /** Whether there is the marker that the agent has made the executor up for a command task. */
  readonly isMarked: boolean;
  readonly run: string;
  /** The path of the run's folder in the tree. */
  readonly path: string;
  readonly isCompleted: boolean;
  /** Whether the executor uses HTTP: it has no libprocess pid then. */
  readonly isHttp: boolean;
  /** The folders of the tasks, by their names. */
  readonly tasks: readonly string[];
}

/** Those of an executor, by the path of its folder, which is no link; undefined where anything is not so. */
export const usualExecutor = (files: FileReader, path: string): UsualExecutor | undefined => {
  // Below a link, nothing is where its path says.
  if (files.real(path) !== path) return undefined;
  const { source, home } = files.tree;
  const from = source.below ?? source;
  const at = source.below === undefined ? path : source.placeBelow?.(path);
  if (at === undefined) return undefined;
  const inExecutor = foundIn(from.list(at), IN_EXECUTOR);
  if ((inExecutor & BOTH) !== BOTH) return undefined;
  const runsAt = join(at, RUNS);
  const run = onlyRun(from.list(runsAt));
  if (run === undefined) return undefined;
  const ofRun = join(join(path, RUNS), run);
  if (from.linkTarget(join(runsAt, LATEST)) !== `${home}/${ofRun}`) return undefined;
  const runAt = join(runsAt, run);
  const inRun = foundIn(from.list(runAt), IN_RUN);
  if ((inRun & BOTH) !== BOTH) return undefined;
  const pids = foundIn(from.list(join(runAt, PIDS)), IN_PIDS);
  const isHttp = pids === FIRST && (inRun & FOURTH) !== 0;
  if (pids !== BOTH && !isHttp) return undefined;
  const tasksAt = join(runAt, TASKS);
  const tasks = onlyFolders(from.list(tasksAt));
  if (tasks === undefined) return undefined;
  const isMarked = (inExecutor & THIRD) !== 0;
  const isCompleted = (inRun & THIRD) !== 0;
  return { from, at, runAt, tasksAt, isMarked, run, path: ofRun, isCompleted, isHttp, tasks };
};

/** The names in a folder; undefined where anything in it is no folder, or not seen by the agent. */
const onlyFolders = (entries: readonly Entry[] | Errno): readonly string[] | undefined => {
  if (isErrno(entries)) return undefined;
  const isUsual = ({ name, kind }: Entry): boolean => kind === 'folder' && isSeenName(name);
  return entries.every(isUsual) ? entries.map(({ name }) => name) : undefined;
};

/** Where a link leads to the sandbox, that is told of the tree. */
export const hasSandboxItself = (files: FileReader, ids: ExecutorIds, run: string): boolean =>
  files.tree.source.kindOf(pathOf({ folder: 'run', isSandbox: true, ...ids, run })) !== undefined;
