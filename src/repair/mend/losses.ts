import type { Agent, Checkpoint, Executor, Framework, Run } from '../../checkpoint/model.ts';
import { type Place, placeOf } from '../../layout/place.ts';
import { isTerminalState, stateOf } from '../../recovery/startup/replay.ts';

/** Executors that have not ended, and their tasks that have not, as far as the files tell. */
export interface Living {
  readonly executors: number;
  readonly tasks: number;
}

/** What lives of an executor. */
export const livingOf = (executor: Executor): Living => {
  const run = currentRun(executor);
  if (run === undefined || run.completed) return { executors: 0, tasks: 0 };
  return { executors: 1, tasks: run.tasks.filter((task) => !hasEnded(task.updates)).length };
};

/** What lives of an agent: what removing `latest` costs. */
export const livingOn = (checkpoint: Checkpoint): Living =>
  sum(agentsOf(checkpoint).flatMap(({ frameworks }) => frameworks.map(livingIn)));

const agentsOf = ({ agent, unnamedAgents }: Checkpoint): readonly Agent[] =>
  agent === undefined ? unnamedAgents : [agent];

const sum = (all: readonly Living[]): Living => ({
  executors: all.reduce((total, { executors }) => total + executors, 0),
  tasks: all.reduce((total, { tasks }) => total + tasks, 0),
});

const currentRun = ({ latest, runs }: Executor): Run | undefined => {
  const named = latest.kind === 'found' ? runs.find(({ id }) => id === latest.name) : undefined;
  return named ?? runs.findLast(({ completed }) => !completed);
};

const hasEnded = (log: Run['tasks'][number]['updates']): boolean =>
  log.kind === 'log' && log.updates > 0 && isTerminalState(stateOf(log, log.updates - 1));

/** What a path belongs to in a checkpoint. */
export const ownersOf = (
  checkpoint: Checkpoint,
  path: string,
): Place & { readonly inFramework: Framework | undefined; readonly inExecutor: Executor | undefined } => {
  const place = placeOf(path);
  const inFramework = agentsOf(checkpoint)
    .find(({ id }) => id === place.agent)
    ?.frameworks.find(({ id }) => id === place.framework);
  const inExecutor =
    inFramework === undefined || place.executor === undefined
      ? undefined
      : executorsOf(inFramework).get(place.executor);
  return { ...place, inFramework, inExecutor };
};

const byId = new WeakMap<Framework, ReadonlyMap<string, Executor>>();

/** The executors of a framework by their ids: it is asked for each of many findings. */
const executorsOf = (framework: Framework): ReadonlyMap<string, Executor> => {
  const known = byId.get(framework) ?? new Map(framework.executors.map((executor) => [executor.id, executor]));
  byId.set(framework, known);
  return known;
};

const livings = new WeakMap<Framework, Living>();

/** What lives of a framework, counted once. */
const livingIn = (framework: Framework): Living => {
  const known = livings.get(framework) ?? sum(framework.executors.map(livingOf));
  livings.set(framework, known);
  return known;
};

const tasksText = (tasks: number): string => (tasks === 1 ? '1 task' : `${tasks} tasks`);

/** The loss of an executor with what lives of it. */
export const executorLoss = (checkpoint: Checkpoint, path: string): string => {
  const { executor, inExecutor } = ownersOf(checkpoint, path);
  const living = inExecutor === undefined ? { executors: 0, tasks: 0 } : livingOf(inExecutor);
  return living.executors === 0
    ? `executor ${executor}, which has ended`
    : `executor ${executor} with ${tasksText(living.tasks)}`;
};

/** The loss of a framework with what lives of it. */
export const frameworkLoss = (checkpoint: Checkpoint, path: string): string => {
  const { framework, inFramework } = ownersOf(checkpoint, path);
  const living = inFramework === undefined ? sum([]) : livingIn(inFramework);
  return living.executors === 0
    ? `framework ${framework}, of which nothing runs`
    : `framework ${framework} with ${living.executors === 1 ? '1 executor' : `${living.executors} executors`} and ${tasksText(living.tasks)}`;
};

/** The loss of a task. */
export const taskLoss = (checkpoint: Checkpoint, path: string): string => {
  const { executor, run, task, inExecutor } = ownersOf(checkpoint, path);
  const current = inExecutor === undefined ? undefined : currentRun(inExecutor);
  const found = current?.tasks.find(({ id }) => id === task);
  const isCurrent = current?.id === run && current?.completed === false && found !== undefined;
  return isCurrent && !hasEnded(found.updates)
    ? `task ${task} of executor ${executor}`
    : `task ${task}, which has ended`;
};

/** The loss of everything that the agent runs. */
export const agentLoss = (checkpoint: Checkpoint): string => {
  const { executors, tasks } = livingOn(checkpoint);
  return `the agent's id, with ${executors === 1 ? '1 executor' : `${executors} executors`} and ${tasksText(tasks)}`;
};
