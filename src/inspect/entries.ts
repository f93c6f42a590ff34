import { parseInteger } from '../agent/numbers.ts';
import { latestName, type RecordFile, textIn, type UpdateLog } from '../checkpoint/files.ts';
import type { Agent, Executor, Framework, OperationFolder, Run, Task } from '../checkpoint/model.ts';
import { keptUuids } from '../checkpoint/update-log/acknowledgements.ts';
import { parseUuidText, UUID_SIZE, uuidText } from '../format/uuid.ts';
import { fileIn } from '../layout/kinds.ts';
import { isEmptyPid, isReachable, parsePid } from '../recovery/pid.ts';
import type { Connection } from '../recovery/startup/outcome.ts';
import { isAcknowledged, replay, stateOf } from '../recovery/startup/replay.ts';
import type { Rules } from '../recovery/versions.ts';
import { damageAt, damageOfEnding, damageOfFiles, damageOfLatest, damageOfUuids, type Need } from './damage.ts';
import type {
  InspectedAgent,
  InspectedDamage,
  InspectedExecutor,
  InspectedFramework,
  InspectedOperation,
  InspectedRun,
  InspectedTask,
  InspectedUpdate,
  InspectedUpdates,
} from './inspected.ts';

/** What is in a file, where it is whole and says anything. */
export const valueIn = <T>(file: RecordFile<T>): T | undefined =>
  file.kind === 'whole' && !file.zeros ? file.value : undefined;

/** An agent as a version of it would read it. */
export const inspectAgent = (agent: Agent, rules: Rules): InspectedAgent => ({
  id: agent.id,
  path: agent.path,
  info: valueIn(agent.info),
  drain: rules.drainIsRead ? valueIn(agent.drain) : undefined,
  operations: rules.operationsAreRead ? agent.operations.map((each) => inspectOperation(each, rules)) : [],
  frameworks: agent.frameworks.map((framework) => inspectFramework(framework, rules)),
  damage: damageOfFiles('agent', agent.path, agent, rules),
  strays: agent.strays,
});

const inspectOperation = (operation: OperationFolder, rules: Rules): InspectedOperation => {
  const log = operation.updates;
  const path = fileIn(operation.path, 'operation.updates');
  const records = log.kind === 'log' ? log.records : [];
  const updates = records.filter(({ type }) => type === 'UPDATE');
  const damage: InspectedDamage[] = [];
  if (parseUuidText(operation.name, rules.uuidTextIsChecked) === undefined) {
    damage.push(damageAt('malformed', operation.path, "the folder's name is not a uuid"));
  }
  damage.push(...damageOfFiles('operation', operation.path, operation, rules));
  if (log.kind === 'log') damage.push(...damageOfEnding(path, log.ending, records.length, log.size));
  return {
    id: operation.name,
    path: operation.path,
    updates: updates.length,
    acknowledged: records.length - updates.length,
    state: updates.at(-1)?.state,
    damage,
    strays: operation.strays,
  };
};

/** A framework. */
export const inspectFramework = (framework: Framework, rules: Rules): InspectedFramework => {
  const pid = textIn(framework.pid) || undefined;
  return {
    id: framework.id,
    path: framework.path,
    info: valueIn(framework.info),
    pid,
    connection: pid === undefined ? undefined : frameworkConnection(pid),
    executors: framework.executors.map((executor) => inspectExecutor(executor, rules)),
    damage: damageOfFiles('framework', framework.path, framework, rules),
    strays: framework.strays,
  };
};

const frameworkConnection = (text: string): 'pid' | 'pid-unparsable' | 'http' => {
  const { pid, malformed } = parsePid(text);
  if (malformed) return 'pid-unparsable';
  return isEmptyPid(pid) ? 'http' : 'pid';
};

/** An executor; without `uuids`, its status updates have none. */
export const inspectExecutor = (executor: Executor, rules: Rules, uuids = true): InspectedExecutor => {
  const name = latestName(executor.latest);
  const generated = rules.generatedIsRead ? textIn(executor.generated) : undefined;
  return {
    id: executor.id,
    path: executor.path,
    info: valueIn(executor.info),
    generated: generated === undefined ? undefined : parseInteger(generated) !== 0,
    latest: name,
    runs: executor.runs.map((run) => inspectRun(run, name === undefined ? undefined : run.id === name, rules, uuids)),
    damage: [...damageOfFiles('executor', executor.path, executor, rules), ...latestDamage(executor, name)],
    strays: executor.strays,
  };
};

const isInteger = (text: string): boolean => parseInteger(text) !== undefined;

const latestDamage = (executor: Executor, name: string | undefined): readonly InspectedDamage[] => {
  const path = fileIn(executor.path, 'runs/latest');
  // An executor whose runs were all removed has no latest one, and nothing is wrong with it.
  const need: Need = executor.runs.length > 0 ? 'needed' : 'optional';
  const damage = damageOfLatest(path, executor.latest, need);
  const isThere = name === undefined || executor.runs.some((run) => run.id === name);
  return damage.length > 0 || isThere
    ? damage
    : [damageAt('dangling', path, `it names run ${name}, which is not there`)];
};

/** A run. */
export const inspectRun = (run: Run, isLatest: boolean | undefined, rules: Rules, uuids = true): InspectedRun => {
  const forked = textIn(run.forkedPid);
  return {
    id: run.id,
    path: run.path,
    isLatest,
    completed: run.completed,
    forkedPid: forked === undefined ? undefined : parseInteger(forked),
    libprocessPid: textIn(run.libprocessPid) || undefined,
    connection: connectionOf(run),
    sandbox: run.sandbox,
    tasks: run.tasks.map((task) => inspectTask(task, rules, uuids)),
    damage: damageOfFiles('run', run.path, run, rules),
    strays: run.strays,
  };
};

/** What the agent would know of how to reach the executor; nothing without a forked pid: `RunState::recover`. */
const connectionOf = (run: Run): Connection => {
  const forked = textIn(run.forkedPid);
  if (forked === undefined || !isInteger(forked)) return 'unknown';
  if (run.libprocessPid.kind === 'absent') return run.httpMarker ? 'http' : 'unknown';
  const text = textIn(run.libprocessPid) ?? '';
  if (text === '') return 'unknown';
  return isReachable(parsePid(text).pid) ? 'pid' : 'pid-unparsable';
};

/** A task. */
export const inspectTask = (task: Task, rules: Rules, uuids = true): InspectedTask => {
  const info = valueIn(task.info);
  const log = task.updates.kind === 'log' ? task.updates : undefined;
  const path = fileIn(task.path, 'task.updates');
  const replayed = log === undefined ? undefined : replay(log);
  return {
    id: task.id,
    path: task.path,
    info,
    state: log !== undefined && log.updates > 0 ? stateOf(log, log.updates - 1) : info?.state,
    updated: log?.lastTimestamp,
    updates: log === undefined ? [] : updatesOf(log, uuids),
    acknowledged: replayed?.acknowledged ?? 0,
    pending: replayed?.pending ?? 0,
    damage: [
      ...damageOfFiles('task', task.path, task, rules),
      ...(log === undefined
        ? []
        : [...damageOfEnding(path, log.ending, log.records, log.size), ...damageOfUuids(path, log)]),
    ],
    strays: task.strays,
  };
};

/** A log with more updates is long: each is made when it is asked for, and few are told at a time. */
export const LONG_LOG = 512;

const updatesOf = (log: UpdateLog, uuids: boolean): InspectedUpdates => {
  if (log.updates > LONG_LOG) return new LogUpdates(log, uuids);
  if (!uuids) return Array.from({ length: log.updates }, (_, update) => plainUpdate(log, update));
  const all = keptUuids(log.updateUuids);
  return Array.from({ length: log.updates }, (_, update) => updateWithUuid(log, update, all));
};

const plainUpdate = (log: UpdateLog, update: number): InspectedUpdate => ({
  state: stateOf(log, update),
  acknowledged: isAcknowledged(log, update),
});

const updateWithUuid = (log: UpdateLog, update: number, all: Buffer): InspectedUpdate => ({
  state: stateOf(log, update),
  uuid:
    log.otherUuids?.get(update)?.toString('hex') ??
    uuidText(all.subarray(update * UUID_SIZE, (update + 1) * UUID_SIZE)),
  acknowledged: isAcknowledged(log, update),
});

/** The status updates of a long log, each made when it is asked for. */
class LogUpdates implements InspectedUpdates {
  readonly #log: UpdateLog;
  readonly #uuids: Buffer | undefined;

  constructor(log: UpdateLog, uuids: boolean) {
    this.#log = log;
    this.#uuids = uuids ? keptUuids(log.updateUuids) : undefined;
  }

  get length(): number {
    return this.#log.updates;
  }

  slice(from = 0, to = this.length): readonly InspectedUpdate[] {
    const [start, end] = [this.#place(from), this.#place(to)];
    return Array.from({ length: Math.max(0, end - start) }, (_, at) => this.#at(start + at));
  }

  toJSON(): readonly InspectedUpdate[] {
    return this.slice();
  }

  /** Counted from the end where it is below 0. */
  #place(at: number): number {
    return at < 0 ? Math.max(0, this.length + at) : Math.min(this.length, at);
  }

  #at(update: number): InspectedUpdate {
    return this.#uuids === undefined ? plainUpdate(this.#log, update) : updateWithUuid(this.#log, update, this.#uuids);
  }
}
