import type { Checkpoint, Executor, Framework } from '../../checkpoint/model.ts';
import { type Place, placeOf } from '../../layout/place.ts';
import {
  agentsOf,
  isFinished,
  type Living,
  livingIn,
  livingOf,
  livingOn,
  runningRun,
  tasksText,
} from '../../recovery/living.ts';
import { count } from '../../text/words.ts';

/** What a path belongs to in a checkpoint. */
export const ownersOf = (
  checkpoint: Checkpoint,
  path: string,
): Place & { readonly inFramework: Framework | undefined; readonly inExecutor: Executor | undefined } => {
  const place = placeOf(path);
  const inAgent = agentsOf(checkpoint).find(({ id }) => id === place.agent);
  const inFramework = oneOf(inAgent?.frameworks, place.framework);
  return { ...place, inFramework, inExecutor: oneOf(inFramework?.executors, place.executor) };
};

const byId = new WeakMap<readonly object[], ReadonlyMap<string, unknown>>();

/** One of many by its id: it is asked for each of many findings. */
const oneOf = <T extends { readonly id: string }>(
  all: readonly T[] | undefined,
  id: string | undefined,
): T | undefined => {
  if (all === undefined || id === undefined) return undefined;
  const known = (byId.get(all) as ReadonlyMap<string, T> | undefined) ?? new Map(all.map((each) => [each.id, each]));
  byId.set(all, known);
  return known.get(id);
};

const counted = new WeakMap<Framework, Living>();

/** How much runs of a framework, counted a single time: it is asked for each of many findings. */
const livingInFramework = (framework: Framework): Living => {
  const living = counted.get(framework) ?? livingIn(framework);
  counted.set(framework, living);
  return living;
};

/** The loss of an executor with what runs of it. */
export const executorLoss = (checkpoint: Checkpoint, path: string): string => {
  const { executor, inExecutor } = ownersOf(checkpoint, path);
  const living = inExecutor === undefined ? undefined : livingOf(inExecutor);
  return living === undefined || living.executors === 0
    ? `executor ${executor}, which has ended`
    : `executor ${executor} with ${tasksText(living)}`;
};

/** The loss of a framework with what runs of it. */
export const frameworkLoss = (checkpoint: Checkpoint, path: string): string => {
  const { framework, inFramework } = ownersOf(checkpoint, path);
  const living = inFramework === undefined ? undefined : livingInFramework(inFramework);
  return living === undefined || living.executors === 0
    ? `framework ${framework}, of which nothing runs`
    : `framework ${framework} with ${count(living.executors, 'executor')} and ${tasksText(living)}`;
};

/** The loss of a task. */
export const taskLoss = (checkpoint: Checkpoint, path: string): string => {
  const { executor, run, task, inExecutor } = ownersOf(checkpoint, path);
  const running = inExecutor === undefined ? undefined : runningRun(inExecutor);
  const found = running?.id === run ? running?.tasks.find(({ id }) => id === task) : undefined;
  return found !== undefined && !isFinished(found)
    ? `task ${task} of executor ${executor}`
    : `task ${task}, which has ended`;
};

/** The loss of everything that the agent runs. */
export const agentLoss = (checkpoint: Checkpoint): string => {
  const living = livingOn(checkpoint);
  return `the agent's id, with ${count(living.executors, 'executor')} and ${tasksText(living)}`;
};
