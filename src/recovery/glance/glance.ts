import type { OddFolder, OrdinaryExecutor, OrdinaryTask } from '../../checkpoint/model.ts';
import { taskWithOddLog } from '../../checkpoint/odd-folders.ts';
import type { FileReader } from '../../checkpoint/read.ts';
import { PlainLog } from '../../checkpoint/update-log/plain-log.ts';
import { readUpdateLog } from '../../checkpoint/update-log/update-log.ts';
import type { ExecutorIds } from '../../layout/folders.ts';
import { fileIn } from '../../layout/kinds.ts';
import { TASKS } from '../../layout/names.ts';
import { join, type Spot } from '../../source/source.ts';
import { outcomeOf, type Summarising } from '../summarise-executor.ts';
import { fileAt, flagIn, type Looked, pidIn, reachablePidIn } from './plain-files.ts';
import { PlainExecutorInfo, PlainTask } from './plain-infos.ts';
import { endOf, pendingOf } from './plain-stream.ts';
import { BOTH, FIRST, hasSandboxItself, IN_TASK, type UsualExecutor, usualExecutor } from './usual-folders.ts';

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
    const usual = usualExecutor(files, path);
    if (usual === undefined) return undefined;
    const { from, at, run, pidsAt, isCompleted, isHttp } = usual;
    const looked: Looked = { files, from };
    if (!this.#info.read(looked, ids, at)) return undefined;
    // What is told of the info is taken before other bytes are in sight.
    const guesses = !usual.isMarked && this.#summarising.rules.generatedIsRead;
    const guessed = guesses ? this.#info.isGuessedGenerated : undefined;
    const seen: Seen = { files, from, ids, path: usual.path, run, isDefault: this.#info.isDefault, odd: [] };
    if (usual.isMarked && flagIn(looked, fileAt(looked, at, 'executor_generated_for_command_task')) === undefined)
      return undefined;
    const forkedPid = pidIn(looked, fileAt(looked, pidsAt, 'forked.pid'));
    if (forkedPid === undefined) return undefined;
    if (!isHttp && reachablePidIn(looked, fileAt(looked, pidsAt, 'libprocess.pid')) === undefined) return undefined;
    if (!isCompleted && hasSandboxes && !hasSandboxItself(files, ids, run)) return undefined;
    const tasks = this.#tasks(seen, usual);
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

  #tasks(seen: Seen, { tasksAt, tasks: names, isCompleted }: UsualExecutor): readonly OrdinaryTask[] | undefined {
    const tasks: OrdinaryTask[] = [];
    for (const name of names) {
      const task = this.#readTask(seen, seen.from.in(tasksAt, name), name, isCompleted);
      if (task === undefined) return undefined;
      tasks.push(task);
    }
    // Without the room for more that pushing makes: it is kept of each executor.
    return tasks.slice();
  }

  #readTask(seen: Seen, at: Spot, name: string, isCompleted: boolean): OrdinaryTask | undefined {
    const { files, from } = seen;
    const place = { ...seen.ids, task: name };
    const found = from.found(at, IN_TASK);
    if ((found & FIRST) === 0 || !this.#task.read(seen, place, at, seen.isDefault)) return undefined;
    // The executor of a command task has the same id: one text of it is kept.
    const id = name === seen.ids.executor ? seen.ids.executor : name;
    const named = this.#summarising.isNamed ? this.#task.name : undefined;
    const hasLog = found === BOTH;
    const size = hasLog ? files.glance(fileAt(seen, at, 'task.updates'), from) : 0;
    // A large log is read once, by who reads the executor whole.
    if (size < 0) return undefined;
    if (hasLog && this.#log.read(files.window.buffer, size, place)) {
      const { odd } = this.#log;
      if (odd !== undefined) note(seen, taskWithOddLog(seen.run, id, folderOf(seen, name), odd));
      const task: OrdinaryTask = { id, outcome: outcomeIn(this.#log), pending: isCompleted ? 0 : pendingOf(this.#log) };
      return named === undefined ? task : { ...task, name: named };
    }
    const folder = folderOf(seen, name);
    const path = fileIn(folder, 'task.updates');
    if (hasLog) files.isGlancedAt(path);
    const log = readUpdateLog(files, path, hasLog ? 'file' : undefined, place, false);
    const outcome = outcomeOf(log, isCompleted);
    if (outcome === undefined) return undefined;
    note(seen, taskWithOddLog(seen.run, id, folder, log));
    return named === undefined ? { id, ...outcome } : { id, ...outcome, name: named };
  }
}

const outcomeIn = (log: PlainLog): OrdinaryTask['outcome'] => {
  const end = endOf(log);
  return end === log.updates ? 'launched' : end < log.acknowledged ? 'completed' : 'terminated';
};

/** The path of a task's folder in the tree. */
const folderOf = ({ path }: Seen, task: string): string => join(join(path, TASKS), task);

const note = ({ odd }: Seen, folder: OddFolder | undefined): void => {
  if (folder !== undefined) odd.push(folder);
};
