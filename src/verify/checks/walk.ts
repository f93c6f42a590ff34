import type { LatestLink, LogFile, RecordFile, SequenceFile, Stray, TextFile } from '../../checkpoint/files.ts';
import type { Agent, Checkpoint, Executor, Framework, OperationLog, Run, Task } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
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
  visitor.file?.(fileIn(META, 'boot_id'), checkpoint.bootId);
  const resources = `${META}/${RESOURCES}`;
  visitor.file?.(fileIn(resources, 'resources_and_operations.state'), checkpoint.resources.state);
  visitor.file?.(fileIn(resources, 'resources_and_operations.target'), checkpoint.resources.stateTarget);
  visitor.file?.(fileIn(resources, 'resources.info'), checkpoint.resources.info);
  visitor.file?.(fileIn(resources, 'resources.target'), checkpoint.resources.target);
  visitor.file?.(fileIn(names.META, 'volume_gids'), checkpoint.volumeGids);
  visitor.file?.(fileIn(names.META, 'device.state'), checkpoint.devices);
  strays(visitor, checkpoint.strays, []);
  strays(visitor, checkpoint.resources.strays, []);
  visitor.latest?.(fileIn(names.META, 'slaves/latest'), checkpoint.latest);
  if (checkpoint.agent !== undefined) walkAgent(checkpoint.agent, visitor);
};

const strays = (visitor: Visitor, found: readonly Stray[], hidden: readonly Stray[]): void => {
  for (const stray of found) visitor.stray?.(stray);
  for (const stray of hidden) visitor.hidden?.(stray);
};

const walkAgent = (agent: Agent, visitor: Visitor): void => {
  visitor.agent?.(agent);
  visitor.file?.(fileIn(agent.path, 'slave.info'), agent.info);
  visitor.file?.(fileIn(agent.path, 'drain.config'), agent.drain);
  strays(visitor, agent.strays, agent.hidden);
  for (const operation of agent.operations) {
    visitor.file?.(fileIn(operation.path, 'operation.updates'), operation.updates);
    strays(visitor, operation.strays, []);
  }
  for (const framework of agent.frameworks) walkFramework(framework, agent, visitor);
};

const walkFramework = (framework: Framework, agent: Agent, visitor: Visitor): void => {
  visitor.framework?.(framework, agent);
  visitor.file?.(fileIn(framework.path, 'framework.info'), framework.info);
  visitor.file?.(fileIn(framework.path, 'framework.pid'), framework.pid);
  strays(visitor, framework.strays, framework.hidden);
  for (const executor of framework.executors) walkExecutor(executor, framework, agent, visitor);
};

const walkExecutor = (executor: Executor, framework: Framework, agent: Agent, visitor: Visitor): void => {
  visitor.executor?.(executor, framework, agent);
  visitor.file?.(fileIn(executor.path, 'executor.info'), executor.info);
  visitor.file?.(fileIn(executor.path, 'executor_generated_for_command_task'), executor.generated);
  visitor.latest?.(fileIn(executor.path, 'runs/latest'), executor.latest);
  strays(visitor, executor.strays, executor.hidden);
  for (const run of executor.runs) {
    visitor.run?.(run, executor, framework, agent);
    visitor.file?.(fileIn(run.path, 'forked.pid'), run.forkedPid);
    visitor.file?.(fileIn(run.path, 'libprocess.pid'), run.libprocessPid);
    strays(visitor, run.strays, run.hidden);
    for (const task of run.tasks) {
      visitor.task?.(task, run, executor, framework, agent);
      visitor.file?.(fileIn(task.path, 'task.info'), task.info);
      visitor.file?.(fileIn(task.path, 'task.updates'), task.updates);
      strays(visitor, task.strays, []);
    }
  }
};
