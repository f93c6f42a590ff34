import type { Agent, Executor, Framework, Run, Task } from '../checkpoint/model.ts';
import * as names from '../layout/names.ts';
import { isPattern, matchesPattern } from './glob.ts';

/** A run that the agent has listed. */
export interface ListedRun {
  readonly framework: string;
  readonly executor: string;
  readonly id: string;
  readonly path: string;
  /** Undefined where the agent was led to one that is not there. */
  readonly found: Run | undefined;
  /** Whether it is the one that `latest` names: what befalls the others costs nothing. */
  readonly isLatest: boolean;
}

/**
 * What the agent sees when it lists a folder: it uses the folder's path as a pattern (`fs::list` is `glob`), so that an
 * id with special characters may show the children of other folders, or none. What it then opens, it opens by name.
 */
export class Listing {
  readonly #agent: Agent;
  /** Nothing is seen at all. */
  readonly #blind: boolean;
  /** What each pattern was found to match. */
  readonly #likeFrameworks = new Map<string, readonly Framework[]>();
  readonly #likeExecutors = new Map<string, readonly Executor[]>();
  readonly #runs = new Map<string, ReadonlyMap<string, readonly Run[]>>();
  readonly #byId = new Map<Framework, ReadonlyMap<string, Executor>>();

  /** The listing of an agent in a place; every start that is simulated sees the same. */
  static of(agent: Agent, home: string): Listing {
    const known = remembered(listings, agent, () => new Map<string, Listing>());
    return remembered(known, home, () => new Listing(agent, home));
  }

  private constructor(agent: Agent, home: string) {
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
    const own = this.#executorsById(framework);
    return this.#frameworksLike(framework.id).flatMap((each) =>
      each.executors.map(({ id }) => own.get(id) ?? absentExecutor(id, `${framework.path}/${names.EXECUTORS}/${id}`)),
    );
  }

  /** The executors' folders whose runs an executor seems to hold: usually just its own. */
  runFolders(frameworkId: string, executorId: string, own: Executor | undefined): readonly Executor[] {
    if (!isPattern(frameworkId) && !isPattern(executorId)) return this.#blind || own === undefined ? [] : [own];
    return this.#executorsLike(frameworkId, executorId);
  }

  /** The tasks that a run's folder seems to hold. */
  tasks({ framework, executor, id, path, found }: Omit<ListedRun, 'isLatest'>): readonly Task[] {
    if (![framework, executor, id].some(isPattern)) return this.#blind || found === undefined ? [] : found.tasks;
    const runs = isPattern(id)
      ? this.#executorsLike(framework, executor).flatMap((each) => runsLike(each, id))
      : this.#runsCalled(framework, executor, id);
    if (runs.length === 0) return [];
    const own = new Map(found?.tasks.map((task) => [task.id, task]));
    // A task that was listed elsewhere is opened by its name in the run's own folder.
    return runs.flatMap((other) =>
      other.tasks.map((task) => own.get(task.id) ?? absentTask(task.id, `${path}/${names.TASKS}/${task.id}`)),
    );
  }

  #frameworksLike(id: string): readonly Framework[] {
    if (this.#blind) return [];
    return remembered(this.#likeFrameworks, id, () => this.#agent.frameworks.filter((each) => like(id, each.id)));
  }

  #executorsLike(frameworkId: string, executorId: string): readonly Executor[] {
    return remembered(this.#likeExecutors, `${frameworkId}/${executorId}`, () =>
      this.#frameworksLike(frameworkId).flatMap((framework) => {
        if (isPattern(executorId)) return framework.executors.filter(({ id }) => like(executorId, id));
        const only = this.#executorsById(framework).get(executorId);
        return only === undefined ? [] : [only];
      }),
    );
  }

  /** The runs of a name in all executors that match. */
  #runsCalled(frameworkId: string, executorId: string, runId: string): readonly Run[] {
    const byName = remembered(this.#runs, `${frameworkId}/${executorId}`, () => {
      const runs = new Map<string, Run[]>();
      for (const executor of this.#executorsLike(frameworkId, executorId)) {
        for (const run of executor.runs) remembered(runs, run.id, () => []).push(run);
      }
      return runs;
    });
    return byName.get(runId) ?? [];
  }

  #executorsById(framework: Framework): ReadonlyMap<string, Executor> {
    return remembered(this.#byId, framework, () => new Map(framework.executors.map((each) => [each.id, each])));
  }
}

const listings = new WeakMap<Agent, Map<string, Listing>>();

interface Known<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** What was worked out for a key before, or is now. */
const remembered = <K, V>(known: Known<K, V>, key: K, work: () => V): V => {
  let value = known.get(key);
  if (value === undefined) {
    value = work();
    known.set(key, value);
  }
  return value;
};

/**
 * Whether special characters in the work_dir's own path or the agent's id keep the agent from seeing anything in its
 * folder: every listing's pattern begins with them, and one of them does not match itself.
 */
export const hidesAll = (home: string, agentId: string): boolean =>
  home.split('/').some((name) => isPattern(name) && !matchesPattern(name, name)) ||
  // The link to the agent is in the same folder, and shows what the agent's own name does not.
  (isPattern(agentId) && !matchesPattern(agentId, agentId) && !matchesPattern(agentId, names.LATEST));

/** The runs of an executor that match a pattern, by their names and by that of the link to the latest. */
const runsLike = ({ runs, latest }: Executor, pattern: string): readonly Run[] => {
  const linked = latest.kind === 'found' && like(pattern, names.LATEST) ? latest.name : undefined;
  return [...runs.filter(({ id }) => like(pattern, id)), ...runs.filter(({ id }) => id === linked)];
};

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
