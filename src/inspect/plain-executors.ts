import type { FileReader } from '../checkpoint/read.ts';
import { PlainLog } from '../checkpoint/update-log/plain-log.ts';
import { LENGTH_SIZE } from '../format/frames.ts';
import type { ExecutorIds } from '../layout/folders.ts';
import { TASKS } from '../layout/names.ts';
import { fileAt, flagIn, type Looked, pidIn, reachablePidIn, recordIn } from '../recovery/glance/plain-files.ts';
import { pendingOf } from '../recovery/glance/plain-stream.ts';
import {
  BOTH,
  hasSandboxItself,
  IN_TASK,
  type UsualExecutor,
  usualExecutor,
} from '../recovery/glance/usual-folders.ts';
import type { Rules } from '../recovery/versions.ts';
import { join, type Spot } from '../source/source.ts';
import type { InspectedExecutor, InspectedRun } from './inspected.ts';

/** What is told of an executor that is plain before its info, and behind it. */
type PlainExecutor = Pick<InspectedExecutor, 'id' | 'path'>;
type BehindInfo = Pick<InspectedExecutor, 'generated' | 'latest'>;

/** The log of a task: a plain one, and the bytes in which its uuids are. */
export interface PlainUpdates {
  readonly log: PlainLog;
  readonly bytes: Buffer;
  readonly pending: number;
}

/**
 * Is told of plain executors what there is to tell, in this order. Bytes are in sight until the call has returned. False from
 * one of them, of an info, is that it is not plain.
 */
export interface PlainTeller {
  readonly executor: (executor: PlainExecutor) => void;
  readonly executorInfo: (bytes: Buffer, start: number, end: number) => boolean;
  readonly behindExecutorInfo: (behind: BehindInfo) => void;
  /** The only one. */
  readonly run: (run: Omit<InspectedRun, 'tasks' | 'damage' | 'strays'>) => void;
  readonly task: (task: { readonly id: string; readonly path: string }) => void;
  readonly taskInfo: (bytes: Buffer, start: number, end: number) => boolean;
  readonly updates: (updates: PlainUpdates) => void;
  /** All is told. */
  readonly end: () => void;
}

/**
 * Reads executors that are as an agent leaves them, undamaged and with nothing else in their folders, in one go, and tells of each as it
 * is read: no more of it is kept than a file at a time. Of any other it says nothing that counts: then what `inspectExecutor` makes of the whole
 * does. What is told is the same: a test compares both over all fixtures and random damage. See docs/decisions/0012.
 */
export class PlainExecutors {
  readonly #teller: PlainTeller;
  readonly #generatedIsRead: boolean;
  readonly #log = new PlainLog();

  constructor(teller: PlainTeller, { generatedIsRead }: Rules) {
    this.#teller = teller;
    this.#generatedIsRead = generatedIsRead;
  }

  /** Tells of the executor in a folder that is no link, and how many tasks it has; undefined where it is not plain. */
  tell(files: FileReader, ids: ExecutorIds, path: string, hasSandboxes: boolean): number | undefined {
    const usual = usualExecutor(files, path);
    if (usual === undefined) return undefined;
    const { from, at, run, pidsAt, isCompleted, isHttp, tasks } = usual;
    const looked: Looked = { files, from };
    const teller = this.#teller;
    teller.executor({ id: ids.executor, path });
    if (!isTold(looked, fileAt(looked, at, 'executor.info'), teller.executorInfo)) return undefined;
    const generated = usual.isMarked
      ? flagIn(looked, fileAt(looked, at, 'executor_generated_for_command_task'))
      : undefined;
    if (usual.isMarked && generated === undefined) return undefined;
    teller.behindExecutorInfo({ generated: this.#generatedIsRead ? generated : undefined, latest: run });
    const forkedPid = pidIn(looked, fileAt(looked, pidsAt, 'forked.pid'));
    if (forkedPid === undefined) return undefined;
    const libprocessPid = isHttp ? undefined : reachablePidIn(looked, fileAt(looked, pidsAt, 'libprocess.pid'));
    if (!isHttp && libprocessPid === undefined) return undefined;
    const looksForSandbox = !isCompleted && hasSandboxes;
    if (looksForSandbox && !hasSandboxItself(files, ids, run)) return undefined;
    teller.run({
      id: run,
      path: usual.path,
      isLatest: true,
      completed: isCompleted,
      forkedPid,
      libprocessPid,
      connection: isHttp ? 'http' : 'pid',
      sandbox: looksForSandbox ? true : undefined,
    });
    for (const task of tasks) if (!this.#task(looked, ids, usual, task)) return undefined;
    teller.end();
    return tasks.length;
  }

  #task(looked: Looked, ids: ExecutorIds, { tasksAt, path }: UsualExecutor, task: string): boolean {
    const { files, from } = looked;
    const at = from.in(tasksAt, task);
    if (from.found(at, IN_TASK) !== BOTH) return false;
    this.#teller.task({ id: task, path: join(join(path, TASKS), task) });
    if (!isTold(looked, fileAt(looked, at, 'task.info'), this.#teller.taskInfo)) return false;
    const size = files.glance(fileAt(looked, at, 'task.updates'), from);
    const bytes = files.window.buffer;
    if (size < 0 || !this.#log.read(bytes, size, { ...ids, task }) || this.#log.odd !== undefined) return false;
    this.#teller.updates({ log: this.#log, bytes, pending: pendingOf(this.#log) });
    return true;
  }
}

/** Whether a file is one message with nothing behind it, and was told of. */
const isTold = (looked: Looked, file: Spot, tell: PlainTeller['taskInfo']): boolean => {
  const end = recordIn(looked, file);
  return end >= 0 && tell(looked.files.window.buffer, LENGTH_SIZE, end);
};
