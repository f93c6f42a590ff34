import type { LogFile } from '../../checkpoint/files.ts';
import { isOrdinary } from '../../checkpoint/listing-order.ts';
import type { Executor, ExecutorKind, OrdinaryExecutor, OrdinaryTask, Run } from '../../checkpoint/model.ts';

/**
 * An executor as one thread sends it to another: an ordinary one, as most are, by its values in a list, which takes a third of what a message
 * of fields with their names takes; any other as it is.
 */
export type Sent = Executor | SentOrdinary;

/** Where in the list each field is: behind the others the values of the tasks, one behind the other. A field that is not here does not arrive. */
const AT = {
  id: 0,
  latest: 1,
  runs: 2,
  completed: 3,
  forkedPid: 4,
  connection: 5,
  guessedGenerated: 6,
  odd: 7,
  kind: 8,
  tasks: 9,
} satisfies Record<keyof OrdinaryExecutor, number>;

/** The same of a task. */
const TASK_AT = { id: 0, outcome: 1, pending: 2, name: 3 } satisfies Record<keyof OrdinaryTask, number>;
const TASK_VALUES = Object.keys(TASK_AT).length;

type SentOrdinary = readonly unknown[];

/** Makes an executor what is sent of it. */
export const toSend = (executor: Executor | OrdinaryExecutor): Sent => {
  if (!isOrdinary(executor)) return executor;
  const { id, latest, runs, completed, forkedPid, connection, guessedGenerated, odd, kind, tasks } = executor;
  const others = runs.length === 1 ? undefined : runs;
  const values: unknown[] = [id, latest, others, completed, forkedPid, connection, guessedGenerated, odd, kind];
  for (const task of tasks) {
    // The executor of a command task has the same id, and nearly all tasks are one's: it is sent once.
    values.push(task.id === id ? undefined : task.id, task.outcome, task.pending, task.name);
  }
  return values;
};

/** An executor that came in a message, as it was before it was sent: a message has every text anew, and no buffers but plain arrays of bytes. */
export const received = (sent: Sent): Executor | OrdinaryExecutor =>
  isValues(sent) ? ordinaryOf(sent) : { ...sent, runs: sent.runs.map(runOf) };

const isValues = (sent: Sent): sent is SentOrdinary => Array.isArray(sent);

/** The fields are made in the order in which the main thread makes them itself, so that to V8 it is the same. */
const ordinaryOf = (values: SentOrdinary): OrdinaryExecutor => {
  const id = values[AT.id] as string;
  const latest = values[AT.latest] as string;
  const ordinary: OrdinaryExecutor = {
    id,
    runs: (values[AT.runs] as OrdinaryExecutor['runs'] | undefined) ?? [latest],
    latest,
    completed: values[AT.completed] as boolean,
    forkedPid: values[AT.forkedPid] as number,
    connection: values[AT.connection] as OrdinaryExecutor['connection'],
    tasks: tasksOf(values, id),
    guessedGenerated: values[AT.guessedGenerated] as OrdinaryExecutor['guessedGenerated'],
    odd: values[AT.odd] as OrdinaryExecutor['odd'],
  };
  const kind = values[AT.kind] as ExecutorKind | undefined;
  return kind === undefined ? ordinary : { ...ordinary, kind };
};

const tasksOf = (values: SentOrdinary, executor: string): OrdinaryTask[] => {
  const tasks = new Array<OrdinaryTask>((values.length - AT.tasks) / TASK_VALUES);
  for (let number = 0; number < tasks.length; number++) {
    const from = AT.tasks + TASK_VALUES * number;
    const task: OrdinaryTask = {
      id: (values[from + TASK_AT.id] as string | undefined) ?? executor,
      outcome: values[from + TASK_AT.outcome] as OrdinaryTask['outcome'],
      pending: values[from + TASK_AT.pending] as number,
    };
    const name = values[from + TASK_AT.name] as string | undefined;
    tasks[number] = name === undefined ? task : { ...task, name };
  }
  return tasks;
};

const runOf = (run: Run): Run => ({
  ...run,
  tasks: run.tasks.map((task) => ({ ...task, updates: logOf(task.updates) })),
});

const logOf = (log: LogFile): LogFile =>
  log.kind !== 'log'
    ? log
    : {
        ...log,
        states: bufferOf(log.states),
        updateUuids: log.updateUuids && bufferOf(log.updateUuids),
        ackUuids: log.ackUuids && bufferOf(log.ackUuids),
        otherUuids: log.otherUuids && new Map(Array.from(log.otherUuids, ([update, uuid]) => [update, bufferOf(uuid)])),
      };

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
