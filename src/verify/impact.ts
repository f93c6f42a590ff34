import { AgentAbort } from '../agent/agent-abort.ts';
import { upgradeResources } from '../agent/reservation-format.ts';
import { isDynamicallyReserved, isPersistentVolume } from '../agent/resource-predicates.ts';
import { resourceText } from '../agent/resource-text.ts';
import { Resources } from '../agent/resources.ts';
import { inListingOrder, isOrdinary } from '../checkpoint/listing-order.ts';
import type { Checkpoint, Executor, Framework, OrdinaryExecutor, Run } from '../checkpoint/model.ts';
import { fileIn } from '../layout/kinds.ts';
import { placeOf } from '../layout/place.ts';
import { comesUp, type Start } from '../recovery/simulate.ts';
import type { ExecutorOutcome } from '../recovery/startup/outcome.ts';
import type { RecoveredExecutor, RecoveredTask } from '../recovery/state/recovered.ts';
import type { Resource } from '../schema/index.ts';
import { baseName } from '../source/source.ts';

/** An executor, by its ids. */
export interface ExecutorRef {
  readonly framework: string;
  readonly executor: string;
}

/** A task, by its ids. */
export interface TaskRef extends ExecutorRef {
  readonly task: string;
}

/**
 * What a start costs, and what it keeps. Where no start comes up, everything that lives is at `stake`: executors end
 * themselves when they have waited for `--recovery_timeout` (15 minutes).
 */
export interface Impact {
  readonly comesUp: boolean;
  readonly executors: {
    /** Reached by their pids. */
    readonly reconnected: readonly ExecutorRef[];
    /** Expected to subscribe by themselves. */
    readonly awaited: readonly ExecutorRef[];
    /** Read, and shut down, because nothing tells how to reach them. */
    readonly killed: readonly ExecutorRef[];
    /** Not read: their containers are destroyed as nobody's. */
    readonly forgotten: readonly ExecutorRef[];
    /** Gone with the boot that they ran in. */
    readonly gone: readonly ExecutorRef[];
    /** Live, as far as is known, and waiting for an agent that does not come up. */
    readonly atStake: readonly ExecutorRef[];
    /** Executors whose latest run has ended. */
    readonly completed: number;
  };
  readonly tasks: {
    readonly live: readonly TaskRef[];
    readonly killed: readonly TaskRef[];
    readonly forgotten: readonly TaskRef[];
    readonly gone: readonly TaskRef[];
    readonly atStake: readonly TaskRef[];
    /** Live, but their log was cut: to the agent they have not started yet. */
    readonly setBack: readonly TaskRef[];
    /** Tasks that have ended. */
    readonly ended: number;
  };
  readonly updates: {
    /** Status updates that will be sent again. */
    readonly sentAgain: number;
    /** Status updates that are cut off, as far as they can be counted; bytes say the rest. */
    readonly lost: number;
    readonly lostBytes: number;
  };
  readonly reservations: Kept;
  readonly volumes: Kept & { readonly created: readonly string[]; readonly deleted: readonly string[] };
  /** Operations that are known to the agent. */
  readonly operations: number;
}

/** Texts of resources, in the agent's notation. */
export interface Kept {
  readonly kept: readonly string[];
  readonly lost: readonly string[];
}

/** What the starts cost together: the last one says what comes up, and each may have cut logs. */
export const impactOf = (checkpoint: Checkpoint, starts: readonly Start[]): Impact => {
  const last = starts.at(-1);
  if (last === undefined) throw new TypeError('an impact is that of at least one start');
  const tally = new Tally(last);
  const { agent, unnamedAgents } = checkpoint;
  const agents = agent === undefined ? unnamedAgents : [agent];
  for (const framework of agents.flatMap(({ frameworks }) => frameworks)) {
    for (const executor of inListingOrder(framework.executors, framework.ordinary)) {
      if (isOrdinary(executor)) tally.ordinary(framework, executor);
      else tally.executor(framework, executor);
    }
    // The agent does not see these at all.
    for (const { path, kind } of framework.hidden) if (kind === 'folder') tally.hidden(framework, baseName(path));
  }
  return tally.impact(checkpoint, starts);
};

/**
 * Whether the agent will know an executor by the ids that its process has, which are the folders': it takes those in the
 * infos, and shuts down what registers by another (`Slave::reregisterExecutor`).
 */
const isKnownByItsId = ({ id, info }: Framework, executor?: Executor): boolean =>
  (info.kind !== 'whole' || info.value.id === undefined || info.value.id.value === id) &&
  (executor?.info.kind !== 'whole' || executor.info.value.executor_id.value === executor.id);

class Tally {
  readonly #start: Start;
  readonly #comesUp: boolean;
  readonly #outcomes = new Map<string, ExecutorOutcome>();
  readonly #recovered = new Map<string, RecoveredExecutor>();
  readonly #executors = {
    reconnected: [] as ExecutorRef[],
    awaited: [] as ExecutorRef[],
    killed: [] as ExecutorRef[],
    forgotten: [] as ExecutorRef[],
    gone: [] as ExecutorRef[],
    atStake: [] as ExecutorRef[],
    completed: 0,
  };
  readonly #tasks = {
    live: [] as TaskRef[],
    killed: [] as TaskRef[],
    forgotten: [] as TaskRef[],
    gone: [] as TaskRef[],
    atStake: [] as TaskRef[],
    setBack: [] as TaskRef[],
    ended: 0,
  };
  /** The ids of the frameworks whose ordinary executors the agent has read. */
  readonly #read = new Set<string>();
  #sentAgain = 0;

  constructor(start: Start) {
    this.#start = start;
    this.#comesUp = comesUp(start);
    for (const framework of start.started?.agent?.frameworks ?? []) {
      for (const executor of framework.executors) this.#outcomes.set(executor.path, executor);
      if (framework.ordinary.length > 0) this.#read.add(framework.id);
    }
    for (const framework of start.state.agent?.frameworks ?? []) {
      for (const executor of framework.executors) this.#recovered.set(executor.path, executor);
    }
  }

  executor(framework: Framework, found: Executor): void {
    const run = latestRun(found);
    const ref = { framework: framework.id, executor: found.id };
    const outcome = this.#outcomes.get(found.path);
    for (const pending of outcome?.pending.values() ?? []) this.#sentAgain += pending;
    if (run === undefined) return;
    if (run.completed) {
      this.#executors.completed++;
      this.#tasks.ended += run.tasks.length;
      return;
    }
    const fate = this.#fateOf(outcome, !isKnownByItsId(framework, found));
    this.#executors[fate === 'live' ? (outcome?.connection === 'http' ? 'awaited' : 'reconnected') : fate].push(ref);
    for (const task of run.tasks) {
      const taskRef = { ...ref, task: task.id };
      const state = outcome?.tasks.get(task.id);
      if (fate === 'atStake' || fate === 'forgotten') this.#tasks[fate].push(taskRef);
      else if (state === undefined || state === 'skipped') this.#tasks.forgotten.push(taskRef);
      else if (state !== 'launched') this.#tasks.ended++;
      else {
        this.#tasks[fate].push(taskRef);
        if (fate === 'live' && this.#isSetBack(found, run, task.id)) this.#tasks.setBack.push(taskRef);
      }
    }
  }

  ordinary(framework: Framework, executor: OrdinaryExecutor): void {
    const { id, completed, connection, tasks } = executor;
    const ref = { framework: framework.id, executor: id };
    const isRead = this.#read.has(framework.id);
    if (isRead) for (const { pending } of tasks) this.#sentAgain += pending;
    if (completed) {
      this.#executors.completed++;
      this.#tasks.ended += tasks.length;
      return;
    }
    const isLive = this.#comesUp && !this.#start.state.rebooted && isRead;
    const fate = !isLive ? this.#fateOf(undefined) : isKnownByItsId(framework) ? 'live' : 'killed';
    this.#executors[fate === 'live' ? (connection === 'http' ? 'awaited' : 'reconnected') : fate].push(ref);
    for (const { id: task, outcome } of tasks) {
      const isKnown = isRead && fate !== 'atStake';
      if (isKnown && outcome !== 'launched') this.#tasks.ended++;
      else if (fate === 'gone' && !isKnown) this.#tasks.forgotten.push({ ...ref, task });
      else this.#tasks[fate].push({ ...ref, task });
    }
  }

  hidden(framework: Framework, executor: string): void {
    this.#executors[this.#fateOf(undefined) === 'forgotten' ? 'forgotten' : 'atStake'].push({
      framework: framework.id,
      executor,
    });
  }

  #fateOf(
    outcome: ExecutorOutcome | undefined,
    isStrange = false,
  ): 'live' | 'killed' | 'forgotten' | 'gone' | 'atStake' {
    if (!this.#comesUp) return this.#start.state.rebooted ? 'gone' : 'atStake';
    if (outcome === undefined || outcome.action === 'skipped') return this.#start.state.rebooted ? 'gone' : 'forgotten';
    if (this.#start.state.rebooted) return 'gone';
    return !isStrange && (outcome.connection === 'pid' || outcome.connection === 'http') ? 'live' : 'killed';
  }

  /** Its log holds no update any more, because all of it was cut off. */
  #isSetBack(executor: Executor, run: Run, taskId: string): boolean {
    const task: RecoveredTask | undefined = this.#recovered.get(executor.path)?.runs.get(run.id)?.tasks.get(taskId);
    const log = task?.log;
    return log !== undefined && log.updates === 0 && log.size > 0;
  }

  impact(checkpoint: Checkpoint, starts: readonly Start[]): Impact {
    const resources = resourcesImpact(checkpoint, this.#start);
    return {
      comesUp: this.#comesUp,
      executors: this.#executors,
      tasks: this.#tasks,
      updates: { sentAgain: this.#sentAgain, ...lostUpdates(checkpoint, starts) },
      ...resources,
      operations: this.#start.state.agent?.operations?.length ?? 0,
    };
  }
}

/** The run that an executor's container is of: the latest, or the only one left where nothing names it. */
const latestRun = (executor: Executor): Run | undefined => {
  const { latest, runs } = executor;
  const named = latest.kind === 'found' ? runs.find((run) => run.id === latest.name) : undefined;
  if (named !== undefined) return named;
  return runs.findLast((run) => !run.completed);
};

const lostUpdates = (checkpoint: Checkpoint, starts: readonly Start[]): { lost: number; lostBytes: number } => {
  const cut = new Map<string, number>();
  for (const start of starts) {
    for (const effect of start.effects) {
      if (effect.kind === 'truncate' && placeOf(effect.path).file === 'task.updates') {
        cut.set(effect.path, effect.from - effect.to);
      }
    }
  }
  let lost = 0;
  let lostBytes = 0;
  if (cut.size === 0) return { lost, lostBytes };
  for (const framework of checkpoint.agent?.frameworks ?? []) {
    for (const executor of framework.executors) {
      for (const run of executor.runs) {
        for (const task of run.tasks) {
          const bytes = cut.get(fileIn(task.path, 'task.updates'));
          if (bytes === undefined || task.updates.kind !== 'log') continue;
          lostBytes += bytes;
          lost += task.updates.lost.updates;
        }
      }
    }
  }
  return { lost, lostBytes };
};

/** What the files say is reserved, whether or not the agent takes it from there. */
const knownResources = (checkpoint: Checkpoint): Resources => {
  const { state, info } = checkpoint.resources;
  const known: Resource[][] = [];
  if (state.kind === 'whole' && !state.zeros) known.push([...state.value.resources]);
  else if (info.kind === 'records') known.push([...info.values]);
  try {
    return Resources.of(upgradeResources(known.flat()));
  } catch (error) {
    if (error instanceof AgentAbort) return Resources.none;
    throw error;
  }
};

const resourcesImpact = (checkpoint: Checkpoint, start: Start): Pick<Impact, 'reservations' | 'volumes'> => {
  const after = start.started?.resources.resources ?? start.state.resources.resources;
  const known = knownResources(checkpoint);
  const split = (holds: (resource: Resource) => boolean): Kept => {
    const kept = new Set([...after].filter(holds).map(resourceText));
    const lost = [...known]
      .filter(holds)
      .map(resourceText)
      .filter((text) => !kept.has(text));
    // A pending change that was committed is no loss, and an agent that does not come up forgets nothing.
    if (!comesUp(start)) return { kept: [...known].filter(holds).map(resourceText), lost: [] };
    return { kept: [...kept], lost: start.state.resources.target === undefined ? lost : [] };
  };
  return {
    reservations: split((resource) => isDynamicallyReserved(resource) && !isPersistentVolume(resource)),
    volumes: {
      ...split(isPersistentVolume),
      created: start.started?.resources.created ?? [],
      deleted: start.started?.resources.deleted ?? [],
    },
  };
};
