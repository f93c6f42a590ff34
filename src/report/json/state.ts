import type { UpdateLog } from '../../checkpoint/files.ts';
import { keptUuids } from '../../checkpoint/update-log/acknowledgements.ts';
import { UUID_SIZE } from '../../format/uuid.ts';
import { pidText } from '../../recovery/pid.ts';
import type { AgentOutcome } from '../../recovery/startup/outcome.ts';
import type {
  RecoveredAgent,
  RecoveredExecutor,
  RecoveredFramework,
  RecoveredRun,
  RecoveredState,
  RecoveredTask,
} from '../../recovery/state/recovered.ts';
import type { Rules } from '../../recovery/versions.ts';

/** The state that the agent has read, as JSON: `--state`. */
export const stateJson = (state: RecoveredState, rules: Rules): object => ({
  resourceErrors: state.resources.errors,
  agent: state.agent === undefined ? null : agentJson(state.agent, rules),
});

const agentJson = (agent: RecoveredAgent, rules: Rules): object => ({
  id: agent.id,
  info: agent.info !== undefined,
  errors: agent.errors,
  operations: agent.operations?.length ?? null,
  drain: rules.drainIsRead ? agent.draining : null,
  frameworks: agent.frameworks.map((framework) => frameworkJson(framework, rules)),
});

const frameworkJson = (framework: RecoveredFramework, rules: Rules): object => ({
  id: framework.id,
  info: framework.info !== undefined,
  pid: framework.pid === undefined ? null : pidText(framework.pid),
  errors: framework.errors,
  executors: framework.executors.map((executor) => executorJson(executor, rules)),
});

const executorJson = (executor: RecoveredExecutor, rules: Rules): object => ({
  id: executor.id,
  info: executor.info !== undefined,
  latest: executor.latest ?? null,
  errors: executor.errors,
  generatedForCommandTask: rules.generatedIsRead ? executor.generatedForCommandTask : null,
  runs: [...executor.runs.values()].map(runJson),
});

const runJson = (run: RecoveredRun): object => ({
  id: run.id,
  completed: run.completed,
  forkedPid: run.forkedPid ?? null,
  libprocessPid: run.libprocessPid === undefined ? null : pidText(run.libprocessPid),
  http: run.http ?? null,
  errors: run.errors,
  tasks: [...run.tasks.values()].map(taskJson),
});

const taskJson = (task: RecoveredTask): object => ({
  id: task.id,
  info: task.info !== undefined,
  updates: task.log === undefined ? [] : updateUuids(task.log),
  acks: task.log === undefined ? [] : acknowledgedUuids(task.log),
  errors: task.errors,
});

const hexAt = (uuids: Buffer, number: number): string =>
  uuids.toString('hex', number * UUID_SIZE, (number + 1) * UUID_SIZE);

const updateUuids = (log: UpdateLog): readonly string[] => {
  const uuids = keptUuids(log.updateUuids);
  return Array.from(
    { length: log.updates },
    (_, update) => log.otherUuids?.get(update)?.toString('hex') ?? hexAt(uuids, update),
  );
};

/** A set, to the agent: each uuid once, and here sorted. */
const acknowledgedUuids = (log: UpdateLog): readonly string[] => {
  const uuids = keptUuids(log.ackUuids);
  return [...new Set(Array.from({ length: uuids.length / UUID_SIZE }, (_, ack) => hexAt(uuids, ack)))].sort();
};

/** What the agent does with the state, as JSON. */
export const agentOutcomeJson = (outcome: AgentOutcome): object => ({
  frameworks: outcome.frameworks.map((framework) => ({
    id: framework.id,
    action: framework.action,
    executors: framework.executors.map((executor) => ({
      id: executor.id,
      action: executor.action,
      connection: executor.connection,
      tasks: entries(executor.tasks),
      pending: entries(executor.pending),
    })),
  })),
});

/** A map as an object whose keys may be anything, `__proto__` too. */
const entries = (map: ReadonlyMap<string, unknown>): object => {
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, value] of map) object[key] = value;
  return object;
};
