import { isValidContainerId, isValidId } from '../../agent/ids.ts';
import type { ResourceFacts } from '../../checkpoint/files.ts';
import type { TaskFacts } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import { aborts, type Context } from '../context.ts';
import type { RecoveredAgent, RecoveredExecutor, RecoveredFramework } from '../state/recovered.ts';

/**
 * Infos whose resources had no allocation are checkpointed again (`Framework::recoverExecutor`, `Executor::recoverTask`).
 * The agent keeps in mind the ids of executors, not of which framework they are, and of their tasks.
 */
export class RewrittenInfos {
  readonly #executors = new Set<string>();
  readonly #tasks = new Map<string, Set<string>>();
  readonly #agentId: string;
  readonly #agentPath: string;

  /** What `Slave::recover` notes while it gives resources their allocation. */
  constructor({ info, path, frameworks }: RecoveredAgent) {
    this.#agentId = info?.id?.value ?? '';
    this.#agentPath = path;
    for (const framework of frameworks) {
      if (framework.info === undefined) continue;
      for (const executor of framework.executors) this.#note(executor);
    }
  }

  #note({ id, info, runs }: RecoveredExecutor): void {
    if (info === undefined) return;
    if (lacksAllocation(info)) this.#executors.add(id);
    for (const { tasks } of runs.values()) {
      for (const task of tasks.values()) {
        if (task.info === undefined || !lacksAllocation(task.info)) continue;
        const noted = this.#tasks.get(id) ?? new Set();
        this.#tasks.set(id, noted.add(task.id));
      }
    }
  }

  /** Writes what was noted of an executor that is recovered, and of the tasks of its latest run. */
  write(context: Context, framework: RecoveredFramework, executor: RecoveredExecutor): void {
    const { id, info, latest = '', runs, path } = executor;
    if (info === undefined) return;
    const tasks = this.#tasks.get(id);
    for (const task of runs.get(latest)?.tasks.values() ?? []) {
      if (task.info !== undefined && tasks?.has(task.id))
        this.#writeInfo(context, fileIn(task.path, 'task.info'), task.info);
    }
    if (!this.#executors.has(id)) return;
    this.checkIds(context, framework, { path, executor: info.executor_id.value, run: latest });
    this.#writeInfo(context, fileIn(path, 'executor.info'), info);
  }

  /** The checks of `createExecutorDirectory`, of an executor that is written again. */
  checkIds(
    context: Context,
    { path, id, info }: Pick<RecoveredFramework, 'path' | 'id' | 'info'>,
    ids: { readonly path: string; readonly executor: string; readonly run: string },
  ): void {
    const executorInfo = fileIn(ids.path, 'executor.info');
    const meet = (file: string, what: string, check: string): void => {
      context.meet(
        'rewritten-id-invalid',
        { path: file },
        `${what} is not valid`,
        aborts(`CHECK_NONE(${check}): is SOME `),
      );
    };
    const own = info?.id?.value ?? id;
    if (!isValidId(this.#agentId)) {
      meet(fileIn(this.#agentPath, 'slave.info'), "the agent's id", 'common::validation::validateSlaveID(slaveId)');
    } else if (!isValidId(own)) {
      meet(
        fileIn(path, 'framework.info'),
        "the framework's id",
        'common::validation::validateFrameworkID(frameworkId)',
      );
    } else if (!isValidId(ids.executor)) {
      meet(executorInfo, "the executor's id", 'common::validation::validateExecutorID(executorId)');
    } else if (!isValidContainerId(ids.run)) {
      const check = 'slave::validation::container::validateContainerId(containerId)';
      meet(executorInfo, `the name of its latest run, '${ids.run}',`, check);
    }
  }

  /** Whether an executor of this id is written again, in whichever framework. */
  concerns(executorId: string): boolean {
    return this.#executors.has(executorId);
  }

  /**
   * Resources are written in the form before reservation refinement, up to the first that has no such form
   * (`downgradeResources`): one whose only reservation is dynamic and for role `*` is then what no start survives.
   */
  #writeInfo(context: Context, path: string, { resources }: Pick<TaskFacts, 'resources'>): void {
    const refined = resources.findIndex(({ reservations }) => reservations.length > 1);
    const written = refined < 0 ? resources : resources.slice(0, refined);
    if (!context.isOver && written.some(isStarOnly)) context.disk.reserveStar(path);
  }
}

const lacksAllocation = ({ resources }: { readonly resources: readonly ResourceFacts[] }): boolean =>
  resources.some(({ allocation_info }) => allocation_info === undefined);

const isStarOnly = ({ reservations: [only, ...others] }: ResourceFacts): boolean =>
  only !== undefined && others.length === 0 && only.type === 'DYNAMIC' && only.role === '*';
