import type { Agent, Executor, Framework, Run, Task } from '../checkpoint/model.ts';
import * as names from '../layout/names.ts';
import { baseName } from '../source/source.ts';
import { isPattern, matchesPattern } from './glob.ts';

/**
 * What the agent sees when it lists a folder: it uses the folder's path as a pattern (`fs::list` is `glob`), so that an
 * id with special characters may show the children of other folders, or none. What it then opens, it opens by name.
 */
export class Listing {
  readonly #agent: Agent;
  /** Nothing is seen at all. */
  readonly #blind: boolean;

  constructor(agent: Agent, home: string) {
    this.#agent = agent;
    this.#blind = hidesAll(home, agent.id);
  }

  /** The frameworks in an agent's folder. */
  frameworks(): readonly Framework[] {
    return this.#blind ? [] : this.#agent.frameworks;
  }

  /** The executors that a framework's folder seems to hold, each as it is in that folder. */
  executors(framework: Framework): readonly Executor[] {
    if (!isPattern(framework.id)) return this.#blind ? [] : framework.executors;
    const own = new Map(framework.executors.map((executor) => [executor.id, executor]));
    return this.#frameworksLike(framework.id).flatMap((each) =>
      each.executors.map(({ id }) => own.get(id) ?? absentExecutor(id, `${framework.path}/${names.EXECUTORS}/${id}`)),
    );
  }

  /** The executors' folders whose runs an executor seems to hold: usually just its own. */
  runFolders(frameworkId: string, executorId: string, own: Executor | undefined): readonly Executor[] {
    if (!isPattern(frameworkId) && !isPattern(executorId)) return this.#blind || own === undefined ? [] : [own];
    return this.#frameworksLike(frameworkId).flatMap((each) =>
      each.executors.filter((executor) => like(executorId, executor.id)),
    );
  }

  /** The tasks that a run's folder seems to hold. */
  tasks(path: string, run: Run | undefined): readonly Task[] {
    const parts = path.split('/');
    const [framework = '', , executor = '', , runId = ''] = parts.slice(-5);
    if (![framework, executor, runId].some(isPattern)) return this.#blind || run === undefined ? [] : run.tasks;
    return this.#frameworksLike(framework).flatMap((each) =>
      each.executors
        .filter((candidate) => like(executor, candidate.id))
        .flatMap((candidate) => candidate.runs.filter((other) => like(runId, other.id)))
        .flatMap((other) => other.tasks.map((task) => this.#byName(path, run, task))),
    );
  }

  #frameworksLike(id: string): readonly Framework[] {
    return this.#blind ? [] : this.#agent.frameworks.filter((framework) => like(id, framework.id));
  }

  /** A task that was listed elsewhere, as it is in the run's own folder. */
  #byName(path: string, run: Run | undefined, task: Task): Task {
    return run?.tasks.find((own) => own.id === baseName(task.path)) ?? absentTask(task.id, `${path}/tasks/${task.id}`);
  }
}

/**
 * Whether special characters in the work_dir's own path or the agent's id keep the agent from seeing anything in its
 * folder: every listing's pattern begins with them, and one of them does not match itself.
 */
export const hidesAll = (home: string, agentId: string): boolean =>
  [...home.split('/'), agentId].some((name) => isPattern(name) && !matchesPattern(name, name));

const like = (pattern: string, name: string): boolean =>
  isPattern(pattern) ? matchesPattern(pattern, name) : pattern === name;

const ABSENT = { kind: 'absent', vanished: false } as const;

/** An executor that was listed elsewhere, and is not in its own framework's folder. */
const absentExecutor = (id: string, path: string): Executor => ({
  id,
  path,
  info: ABSENT,
  generated: ABSENT,
  latest: ABSENT,
  runs: [],
  strays: [],
  hidden: [],
});

const absentTask = (id: string, path: string): Task => ({ id, path, info: ABSENT, updates: ABSENT, strays: [] });
