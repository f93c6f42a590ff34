import type { OddFolder, OrdinaryExecutor, OrdinaryTask } from '../../checkpoint/model.ts';
import { taskWithOddLog } from '../../checkpoint/odd-folders.ts';
import type { FileReader } from '../../checkpoint/read.ts';
import { PlainLog } from '../../checkpoint/update-log/plain-log.ts';
import { TASK_STATES } from '../../checkpoint/update-log/record.ts';
import { readUpdateLog } from '../../checkpoint/update-log/update-log.ts';
import type { ExecutorIds } from '../../layout/folders.ts';
import { fileIn } from '../../layout/kinds.ts';
import { LATEST, PIDS, RUNS, TASKS } from '../../layout/names.ts';
import { pathOf } from '../../layout/place.ts';
import { type Entry, isErrno, join } from '../../source/source.ts';
import { isTerminalState } from '../startup/replay.ts';
import { outcomeOf, type Summarising } from '../summarise-executor.ts';
import { isFlag, isReachablePid, type Looked, pidIn } from './plain-files.ts';
import { PlainExecutorInfo, PlainTask } from './plain-infos.ts';
import {
  BOTH,
  FIRST,
  FOURTH,
  foundIn,
  IN_EXECUTOR,
  IN_PIDS,
  IN_RUN,
  IN_TASK,
  isSeenName,
  onlyRun,
  THIRD,
} from './usual-folders.ts';

/** The executor that is looked at, and what is found of it. */
interface Seen extends Looked {
  readonly ids: ExecutorIds;
  readonly run: string;
  /** The path of the run's folder in the tree. */
  readonly path: string;
  readonly isDefault: boolean;
  readonly odd: OddFolder[];
}

/**
 * Reads executors whose folders are as an agent leaves them, in one go, and makes no more of each than what is told of it in the
 * end. Of any other it says nothing: then what `summariseExecutor` makes of the whole counts. What it says is the
 * same, to the letter: a test compares both over all fixtures and random damage. See docs/decisions/0012.
 */
export class Glance {
  readonly #summarising: Summarising;
  readonly #info = new PlainExecutorInfo();
  readonly #task = new PlainTask();
  readonly #log = new PlainLog();

  constructor(summarising: Summarising) {
    this.#summarising = summarising;
  }

  /** The executor in a folder that is no link; undefined where a glance is not enough. */
  executor(files: FileReader, ids: ExecutorIds, path: string, hasSandboxes: boolean): OrdinaryExecutor | undefined {
    // Below a link, nothing is where its path says.
    if (files.real(path) !== path) return undefined;
    const { source, home } = files.tree;
    const from = source.below ?? source;
    const at = source.below === undefined ? path : source.placeBelow?.(path);
    if (at === undefined) return undefined;
    const looked: Looked = { files, from };
    const found = foundIn(from.list(at), IN_EXECUTOR);
    if ((found & BOTH) !== BOTH) return undefined;
    const isMarked = (found & THIRD) !== 0;
    const runs = join(at, RUNS);
    const run = onlyRun(from.list(runs));
    if (run === undefined || !this.#info.read(looked, ids, at)) return undefined;
    // What is told of the info is taken before other bytes are in sight.
    const guesses = !isMarked && this.#summarising.rules.generatedIsRead;
    const guessed = guesses ? this.#info.isGuessedGenerated : undefined;
    if (isMarked && !isFlag(looked, fileIn(at, 'executor_generated_for_command_task'))) return undefined;
    const folder = join(join(path, RUNS), run);
    if (from.linkTarget(join(runs, LATEST)) !== `${home}/${folder}`) return undefined;
    const seen: Seen = { files, from, ids, path: folder, run, isDefault: this.#info.isDefault, odd: [] };
    return this.#run(seen, join(runs, run), guessed, hasSandboxes);
  }

  #run(seen: Seen, at: string, guessed: boolean | undefined, hasSandboxes: boolean): OrdinaryExecutor | undefined {
    const { files, from, ids, run } = seen;
    const found = foundIn(from.list(at), IN_RUN);
    if ((found & BOTH) !== BOTH) return undefined;
    const isCompleted = (found & THIRD) !== 0;
    const pids = foundIn(from.list(join(at, PIDS)), IN_PIDS);
    const isHttp = pids === FIRST && (found & FOURTH) !== 0;
    if (pids !== BOTH && !isHttp) return undefined;
    const folder = join(at, TASKS);
    const entries = from.list(folder);
    if (isErrno(entries)) return undefined;
    const forkedPid = pidIn(seen, fileIn(at, 'forked.pid'));
    if (forkedPid === undefined) return undefined;
    if (!isHttp && !isReachablePid(seen, fileIn(at, 'libprocess.pid'))) return undefined;
    if (!isCompleted && hasSandboxes && !hasSandbox(files, ids, run)) return undefined;
    const tasks = this.#tasks(seen, folder, entries, isCompleted);
    if (tasks === undefined) return undefined;
    const ordinary: OrdinaryExecutor = {
      id: ids.executor,
      runs: [run],
      latest: run,
      completed: isCompleted,
      forkedPid,
      connection: isHttp ? 'http' : 'pid',
      tasks,
      guessedGenerated: guessed,
      odd: seen.odd.length === 0 ? undefined : seen.odd,
    };
    return this.#summarising.isNamed ? { ...ordinary, kind: this.#info.kind } : ordinary;
  }

  #tasks(
    seen: Seen,
    folder: string,
    entries: readonly Entry[],
    isCompleted: boolean,
  ): readonly OrdinaryTask[] | undefined {
    const tasks: OrdinaryTask[] = [];
    for (const { name, kind } of entries) {
      if (kind !== 'folder' || !isSeenName(name)) return undefined;
      const task = this.#readTask(seen, join(folder, name), name, isCompleted);
      if (task === undefined) return undefined;
      tasks.push(task);
    }
    // Without the room for more that pushing makes: it is kept of each executor.
    return tasks.slice();
  }

  #readTask(seen: Seen, path: string, name: string, isCompleted: boolean): OrdinaryTask | undefined {
    const { files, from } = seen;
    const place = { ...seen.ids, task: name };
    const found = foundIn(from.list(path), IN_TASK);
    if ((found & FIRST) === 0 || !this.#task.read(seen, place, path, seen.isDefault)) return undefined;
    // The executor of a command task has the same id: one text of it is kept.
    const id = name === seen.ids.executor ? seen.ids.executor : name;
    const named = this.#summarising.isNamed ? this.#task.name : undefined;
    const hasLog = found === BOTH;
    const size = hasLog ? files.glance(fileIn(path, 'task.updates'), from) : 0;
    // A large log is read once, by who reads the executor whole.
    if (size < 0) return undefined;
    if (hasLog && this.#log.read(files.window.buffer, size, place)) {
      const { odd } = this.#log;
      if (odd !== undefined) note(seen, taskWithOddLog(seen.run, id, folderOf(seen, name), odd));
      const task: OrdinaryTask = { id, outcome: this.#outcome(), pending: isCompleted ? 0 : this.#pending() };
      return named === undefined ? task : { ...task, name: named };
    }
    const folder = folderOf(seen, name);
    const at = fileIn(folder, 'task.updates');
    if (hasLog) files.isGlancedAt(at);
    const log = readUpdateLog(files, at, hasLog ? 'file' : undefined, place, false);
    const outcome = outcomeOf(log, isCompleted);
    if (outcome === undefined) return undefined;
    note(seen, taskWithOddLog(seen.run, id, folder, log));
    return named === undefined ? { id, ...outcome } : { id, ...outcome, name: named };
  }

  #outcome(): OrdinaryTask['outcome'] {
    const { updates, acknowledged } = this.#log;
    const end = this.#end();
    return end === updates ? 'launched' : end < acknowledged ? 'completed' : 'terminated';
  }

  /** None once the task's end is acknowledged: the stream has ended. */
  #pending(): number {
    const { updates, acknowledged } = this.#log;
    return this.#end() < acknowledged ? 0 : updates - acknowledged;
  }

  /** The number of the first update that ended the task; as many as there are where none did. */
  #end(): number {
    const { states, updates } = this.#log;
    let update = 0;
    while (update < updates && IS_TERMINAL[states[update] as number] !== true) update++;
    return update;
  }
}

/** Where a link leads to the sandbox, that is told of the tree. */
const hasSandbox = (files: FileReader, ids: ExecutorIds, run: string): boolean =>
  files.tree.source.kindOf(pathOf({ folder: 'run', isSandbox: true, ...ids, run })) !== undefined;

/** The path of a task's folder in the tree. */
const folderOf = ({ path }: Seen, task: string): string => join(join(path, TASKS), task);

const note = ({ odd }: Seen, folder: OddFolder | undefined): void => {
  if (folder !== undefined) odd.push(folder);
};

const IS_TERMINAL = TASK_STATES.map(isTerminalState);
