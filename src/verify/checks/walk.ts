import type { LatestLink, LogFile, RecordFile, SequenceFile, Stray, TextFile } from '../../checkpoint/files.ts';
import type { Agent, Checkpoint, Executor, Framework, OperationLog, Run, Task } from '../../checkpoint/model.ts';
import * as names from '../../layout/names.ts';

/** A file of a checkpoint, whichever kind it is. */
export type AnyFile = RecordFile<unknown> | SequenceFile<unknown> | TextFile | LogFile | LogFile<OperationLog>;

/** Takes each part of a checkpoint; what is left out is passed over. */
export interface Visitor {
  readonly file?: (path: string, file: AnyFile) => void;
  readonly latest?: (path: string, link: LatestLink) => void;
  readonly stray?: (stray: Stray) => void;
  /** A name in a folder of ids that begins with a dot. */
  readonly hidden?: (stray: Stray) => void;
  readonly agent?: (agent: Agent) => void;
  readonly framework?: (framework: Framework, agent: Agent) => void;
  readonly executor?: (executor: Executor, framework: Framework, agent: Agent) => void;
  readonly run?: (run: Run, executor: Executor, framework: Framework, agent: Agent) => void;
  readonly task?: (task: Task, run: Run, executor: Executor, framework: Framework, agent: Agent) => void;
}

/** Walks a checkpoint from the top, in the order of its listing. */
export const walk = (checkpoint: Checkpoint, visitor: Visitor): void => {
  const { META, RESOURCES } = names;
  visitor.file?.(`${META}/${names.BOOT_ID}`, checkpoint.bootId);
  const resources = `${META}/${RESOURCES}`;
  visitor.file?.(`${resources}/${names.RESOURCE_STATE}`, checkpoint.resources.state);
  visitor.file?.(`${resources}/${names.RESOURCE_STATE_TARGET}`, checkpoint.resources.stateTarget);
  visitor.file?.(`${resources}/${names.RESOURCES_INFO}`, checkpoint.resources.info);
  visitor.file?.(`${resources}/${names.RESOURCES_TARGET}`, checkpoint.resources.target);
  visitor.file?.(`${META}/${names.VOLUME_GID_MANAGER}/${names.VOLUME_GIDS}`, checkpoint.volumeGids);
  visitor.file?.(`${META}/${names.DEVICE_MANAGER}/${names.DEVICE_STATE}`, checkpoint.devices);
  strays(visitor, checkpoint.strays, []);
  strays(visitor, checkpoint.resources.strays, []);
  visitor.latest?.(`${META}/${names.SLAVES}/${names.LATEST}`, checkpoint.latest);
  if (checkpoint.agent !== undefined) walkAgent(checkpoint.agent, visitor);
};

const strays = (visitor: Visitor, found: readonly Stray[], hidden: readonly Stray[]): void => {
  for (const stray of found) visitor.stray?.(stray);
  for (const stray of hidden) visitor.hidden?.(stray);
};

const walkAgent = (agent: Agent, visitor: Visitor): void => {
  visitor.agent?.(agent);
  visitor.file?.(`${agent.path}/${names.SLAVE_INFO}`, agent.info);
  visitor.file?.(`${agent.path}/${names.DRAIN_CONFIG}`, agent.drain);
  strays(visitor, agent.strays, agent.hidden);
  for (const operation of agent.operations) {
    visitor.file?.(`${operation.path}/${names.OPERATION_UPDATES}`, operation.updates);
    strays(visitor, operation.strays, []);
  }
  for (const framework of agent.frameworks) walkFramework(framework, agent, visitor);
};

const walkFramework = (framework: Framework, agent: Agent, visitor: Visitor): void => {
  visitor.framework?.(framework, agent);
  visitor.file?.(`${framework.path}/${names.FRAMEWORK_INFO}`, framework.info);
  visitor.file?.(`${framework.path}/${names.FRAMEWORK_PID}`, framework.pid);
  strays(visitor, framework.strays, framework.hidden);
  for (const executor of framework.executors) walkExecutor(executor, framework, agent, visitor);
};

const walkExecutor = (executor: Executor, framework: Framework, agent: Agent, visitor: Visitor): void => {
  visitor.executor?.(executor, framework, agent);
  visitor.file?.(`${executor.path}/${names.EXECUTOR_INFO}`, executor.info);
  visitor.file?.(`${executor.path}/${names.EXECUTOR_GENERATED}`, executor.generated);
  visitor.latest?.(`${executor.path}/${names.RUNS}/${names.LATEST}`, executor.latest);
  strays(visitor, executor.strays, executor.hidden);
  for (const run of executor.runs) {
    visitor.run?.(run, executor, framework, agent);
    visitor.file?.(`${run.path}/${names.PIDS}/${names.FORKED_PID}`, run.forkedPid);
    visitor.file?.(`${run.path}/${names.PIDS}/${names.LIBPROCESS_PID}`, run.libprocessPid);
    strays(visitor, run.strays, run.hidden);
    for (const task of run.tasks) {
      visitor.task?.(task, run, executor, framework, agent);
      visitor.file?.(`${task.path}/${names.TASK_INFO}`, task.info);
      visitor.file?.(`${task.path}/${names.TASK_UPDATES}`, task.updates);
      strays(visitor, task.strays, []);
    }
  }
};
