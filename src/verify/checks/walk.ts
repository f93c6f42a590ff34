import { type AnyFile, eachFile } from '../../checkpoint/each-file.ts';
import type { LatestLink, LogFacts, LogFile, Stray } from '../../checkpoint/files.ts';
import { isOrdinary } from '../../checkpoint/listing-order.ts';
import type {
  Agent,
  Checkpoint,
  Executor,
  FilesOf,
  Framework,
  OrdinaryExecutor,
  Run,
  Task,
} from '../../checkpoint/model.ts';
import { oddInListingOrder } from '../../checkpoint/odd-folders.ts';
import type { FolderKind } from '../../layout/folders.ts';
import { fileIn } from '../../layout/kinds.ts';
import { META } from '../../layout/names.ts';
import { RESOURCES_PATH } from '../../layout/place.ts';

/** Takes each part of a checkpoint; what is left out is passed over. */
export interface Visitor {
  readonly file?: (path: string, file: AnyFile | LogFile<LogFacts>) => void;
  readonly latest?: (path: string, link: LatestLink) => void;
  readonly stray?: (stray: Stray) => void;
  /** A name in a folder of ids that begins with a dot. */
  readonly hidden?: (stray: Stray) => void;
  readonly agent?: (agent: Agent) => void;
  readonly framework?: (framework: Framework, agent: Agent) => void;
  readonly executor?: (executor: Executor, framework: Framework, agent: Agent) => void;
  readonly run?: (run: Run, executor: Executor, framework: Framework, agent: Agent) => void;
  /** The log of a task: after the task, where that is whole. */
  readonly log?: (path: string, log: LogFile<LogFacts>) => void;
  readonly task?: (task: Task, run: Run, executor: Executor, framework: Framework, agent: Agent) => void;
}

/** Walks a checkpoint from the top, in the order of its listing: of ordinary executors, what is odd in them. */
export const walk = (checkpoint: Checkpoint, visitor: Visitor): void => {
  files(visitor, 'meta', META, checkpoint);
  files(visitor, 'resources', RESOURCES_PATH, checkpoint.resources);
  strays(visitor, checkpoint.strays, []);
  strays(visitor, checkpoint.resources.strays, []);
  visitor.latest?.(fileIn(META, 'slaves/latest'), checkpoint.latest);
  if (checkpoint.agent !== undefined) walkAgent(checkpoint.agent, visitor);
};

const files = <F extends FolderKind>(visitor: Visitor, folder: F, path: string, model: FilesOf<F>): void => {
  if (visitor.file !== undefined) eachFile(folder, path, model, visitor.file);
};

const strays = (visitor: Visitor, found: readonly Stray[], hidden: readonly Stray[]): void => {
  for (const stray of found) visitor.stray?.(stray);
  for (const stray of hidden) visitor.hidden?.(stray);
};

const walkAgent = (agent: Agent, visitor: Visitor): void => {
  visitor.agent?.(agent);
  files(visitor, 'agent', agent.path, agent);
  strays(visitor, agent.strays, agent.hidden);
  for (const operation of agent.operations) {
    files(visitor, 'operation', operation.path, operation);
    strays(visitor, operation.strays, []);
  }
  for (const framework of agent.frameworks) walkFramework(framework, agent, visitor);
};

const walkFramework = (framework: Framework, agent: Agent, visitor: Visitor): void => {
  visitor.framework?.(framework, agent);
  files(visitor, 'framework', framework.path, framework);
  strays(visitor, framework.strays, framework.hidden);
  for (const executor of oddInListingOrder(framework)) {
    if (isOrdinary(executor)) walkOrdinary(executor, visitor);
    else walkExecutor(executor, framework, agent, visitor);
  }
};

/** What is odd in an ordinary executor. */
const walkOrdinary = ({ odd = [] }: OrdinaryExecutor, visitor: Visitor): void => {
  for (const folder of odd) {
    const { info, log } = folder;
    if (info !== undefined) visitor.file?.(info.path, info.file);
    if (log !== undefined) {
      visitor.log?.(log.path, log.file);
      visitor.file?.(log.path, log.file);
    }
    strays(visitor, folder.strays, folder.hidden);
  }
};

const walkExecutor = (executor: Executor, framework: Framework, agent: Agent, visitor: Visitor): void => {
  visitor.executor?.(executor, framework, agent);
  files(visitor, 'executor', executor.path, executor);
  visitor.latest?.(fileIn(executor.path, 'runs/latest'), executor.latest);
  strays(visitor, executor.strays, executor.hidden);
  for (const run of executor.runs) {
    visitor.run?.(run, executor, framework, agent);
    files(visitor, 'run', run.path, run);
    strays(visitor, run.strays, run.hidden);
    for (const task of run.tasks) {
      visitor.task?.(task, run, executor, framework, agent);
      visitor.log?.(fileIn(task.path, 'task.updates'), task.updates);
      files(visitor, 'task', task.path, task);
      strays(visitor, task.strays, []);
    }
  }
};
