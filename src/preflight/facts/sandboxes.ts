import { isOrdinary } from '../../checkpoint/listing-order.ts';
import type { Agent, Checkpoint, Run } from '../../checkpoint/model.ts';
import { type Host, isUnseen } from '../../host/host.ts';
import { type Known, known, unknown, unseen } from '../../host/known.ts';
import { sumOf, type Usage, type UsageCounter } from '../../host/usage.ts';
import * as names from '../../layout/names.ts';
import { type AnyExecutor, executorsOf, runIds } from './executors.ts';

/** What of the sandboxes has no checkpoint, and what of the checkpoint no sandbox. */
export interface SandboxFacts {
  /** Frameworks that have sandboxes on the latest agent, and nothing under its `meta`. */
  readonly frameworks: readonly SandboxedFramework[];
  /** Sandboxes of runs that are not checkpointed, of frameworks that are. Absolute paths. */
  readonly runs: readonly string[];
  /** Live runs that have no sandbox; paths relative to the work_dir. */
  readonly missing: readonly string[];
  /** Sandboxes of runs that are over, of executors that have a later one, and of earlier agents. */
  readonly waiting: { readonly count: number; readonly usage: Usage; readonly otherAgents: readonly string[] };
}

/** A framework that is known by its sandboxes alone. */
export interface SandboxedFramework {
  readonly id: string;
  readonly path: string;
  readonly executors: readonly string[];
}

/** Compares the sandboxes of the latest agent with its checkpoint. */
export const readSandboxes = (
  host: Host,
  workDir: string,
  checkpoint: Checkpoint,
  counter: UsageCounter,
): Known<SandboxFacts> => {
  const slaves = `${workDir}/${names.SLAVES}`;
  const agents = host.list(slaves);
  if (isUnseen(agents)) return unseen(slaves, agents);
  if (agents === undefined) return unknown(`${slaves}: no sandboxes are here`);
  const { agent } = checkpoint;
  const walk = new Walk(host);
  const found: SandboxFacts = {
    frameworks: agent === undefined ? [] : walk.uncheckpointed(slaves, agent),
    runs: agent === undefined ? [] : walk.unknownRuns(slaves, agent),
    missing: agent === undefined ? [] : missingOf(agent),
    waiting: waitingOf(slaves, agents, agent, counter),
  };
  return walk.denied === undefined ? known(found) : unseen(walk.denied.path, walk.denied);
};

const frameworksIn = (slaves: string, agent: string): string => `${slaves}/${agent}/${names.FRAMEWORKS}`;

/** Lists folders, and remembers the first that it may not see. */
class Walk {
  readonly #host: Host;
  denied: { readonly path: string; readonly code: string } | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  #list(path: string): readonly string[] {
    const entries = this.#host.list(path);
    if (isUnseen(entries)) this.denied ??= { path, code: entries.code };
    return entries === undefined || isUnseen(entries) ? [] : entries.filter((name) => name !== names.LATEST);
  }

  uncheckpointed(slaves: string, agent: Agent): readonly SandboxedFramework[] {
    const folder = frameworksIn(slaves, agent.id);
    const checkpointed = new Set(agent.frameworks.map(({ id }) => id));
    return this.#list(folder)
      .filter((id) => !checkpointed.has(id))
      .map((id) => ({ id, path: `${folder}/${id}`, executors: this.#list(`${folder}/${id}/${names.EXECUTORS}`) }));
  }

  unknownRuns(slaves: string, agent: Agent): readonly string[] {
    return agent.frameworks.flatMap((framework) => {
      const folder = `${frameworksIn(slaves, agent.id)}/${framework.id}/${names.EXECUTORS}`;
      const executors = new Map(executorsOf(framework).map((executor) => [executor.id, runIds(executor)]));
      return this.#list(folder).flatMap((executorId) => {
        const runs = new Set(executors.get(executorId));
        const runsFolder = `${folder}/${executorId}/${names.RUNS}`;
        return this.#list(runsFolder)
          .filter((id) => !runs.has(id))
          .map((id) => `${runsFolder}/${id}`);
      });
    });
  }
}

/** An executor that is ordinary has one run, and a sandbox while that has not ended. */
const missingOf = (agent: Agent): readonly string[] =>
  agent.frameworks.flatMap(({ executors }) =>
    executors.flatMap((executor) =>
      executor.runs
        .filter((run) => run.sandbox === false && isLive(executor.latest, run))
        .map(({ path }) => path.slice(names.META.length + 1)),
    ),
  );

const isLive = (latest: { readonly kind: string; readonly name?: string }, run: Run): boolean =>
  !run.completed && latest.kind === 'found' && latest.name === run.id;

/** The ids of the runs that are over, and whose sandboxes are not known to be gone. */
const runsOver = (executor: AnyExecutor): readonly string[] => {
  if (isOrdinary(executor)) return executor.completed ? [executor.latest] : [];
  return executor.runs.filter((run) => !isLive(executor.latest, run) && run.sandbox !== false).map(({ id }) => id);
};

const waitingOf = (
  slaves: string,
  agents: readonly string[],
  agent: Agent | undefined,
  counter: UsageCounter,
): SandboxFacts['waiting'] => {
  const over = (agent?.frameworks ?? []).flatMap((framework) =>
    executorsOf(framework).flatMap((executor) =>
      runsOver(executor).map((run) => {
        const executors = `${frameworksIn(slaves, agent?.id ?? '')}/${framework.id}/${names.EXECUTORS}`;
        return `${executors}/${executor.id}/${names.RUNS}/${run}`;
      }),
    ),
  );
  const otherAgents = agents
    .filter((name) => name !== names.LATEST && name !== agent?.id)
    .map((id) => `${slaves}/${id}`);
  const usage = sumOf([...over, ...otherAgents].map((path) => counter.of(path)));
  return { count: over.length, usage, otherAgents };
};
