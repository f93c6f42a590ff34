import type { FileReader } from '../../checkpoint/read.ts';
import type { ExecutorIds } from '../../layout/folders.ts';
import { isPattern, LATEST, PIDS, RUNS, TASKS } from '../../layout/names.ts';
import { pathOf } from '../../layout/place.ts';
import { type Below, type Entry, type Errno, isErrno, join, type Spot } from '../../source/source.ts';

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
  /** What reads below the folder of the executor. */
  readonly from: Below;
  /** Where the folders of the executor, of its run's pids, and of the run's tasks are. */
  readonly at: Spot;
  readonly pidsAt: Spot;
  readonly tasksAt: Spot;
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
  const below = files.below(path);
  if (below === undefined) return undefined;
  const { from, at } = below;
  const inExecutor = from.found(at, IN_EXECUTOR);
  if ((inExecutor & BOTH) !== BOTH) return undefined;
  const runsAt = from.in(at, RUNS);
  const run = onlyRun(from.list(runsAt));
  if (run === undefined) return undefined;
  const ofRun = join(join(path, RUNS), run);
  if (from.linkTarget(from.in(runsAt, LATEST)) !== `${files.tree.home}/${ofRun}`) return undefined;
  const runAt = from.in(runsAt, run);
  const inRun = from.found(runAt, IN_RUN);
  if ((inRun & BOTH) !== BOTH) return undefined;
  const pidsAt = from.in(runAt, PIDS);
  const pids = from.found(pidsAt, IN_PIDS);
  const isHttp = pids === FIRST && (inRun & FOURTH) !== 0;
  if (pids !== BOTH && !isHttp) return undefined;
  const tasksAt = from.in(runAt, TASKS);
  const tasks = onlyFolders(from.list(tasksAt));
  if (tasks === undefined) return undefined;
  const isMarked = (inExecutor & THIRD) !== 0;
  const isCompleted = (inRun & THIRD) !== 0;
  return { from, at, pidsAt, tasksAt, isMarked, run, path: ofRun, isCompleted, isHttp, tasks };
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
