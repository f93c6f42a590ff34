import { isOrdinary } from '../../checkpoint/listing-order.ts';
import type { Checkpoint, Executor, Framework, OrdinaryExecutor } from '../../checkpoint/model.ts';
import type { Difference } from '../../compare/compare.ts';
import type { Place } from '../../layout/place.ts';
import { agentsOf, type Living, livingIn, livingOf, runningRun } from '../../recovery/living.ts';
import type { Compared } from './compared.ts';

/** How many tasks run below a folder that came or went, in the tree that has it. */
export type LivingBelow = (difference: Difference) => number;

/** Counts what runs as `src/recovery/living.ts` does, in the one tree for what went and in the other for what came. */
export const livingBelow = (a: Compared, b: Compared): LivingBelow => {
  const [before, now] = [a, b].map(({ verification }) => tasksBelow(verification.checkpoint)) as [Below, Below];
  return ({ place, what }) => (what === 'went' ? before : now)(place);
};

type Below = (place: Place) => number;

const tasksBelow = (checkpoint: Checkpoint): Below => {
  const agents = agentsOf(checkpoint);
  const frameworks = new Map(
    agents.flatMap((agent) => agent.frameworks.map((framework) => [keyOf(agent.id, framework.id), framework] as const)),
  );
  const executors = new Map<Framework, ReadonlyMap<string, Executor | OrdinaryExecutor>>();
  const executorIn = (framework: Framework, id: string): Executor | OrdinaryExecutor | undefined => {
    const known =
      executors.get(framework) ??
      new Map([...framework.executors, ...framework.ordinary].map((executor) => [executor.id, executor]));
    executors.set(framework, known);
    return known.get(id);
  };
  return (place) => {
    if (place.folder === 'agent') {
      return sum(agents.filter(({ id }) => id === place.agent).flatMap((agent) => agent.frameworks.map(livingIn)));
    }
    if (place.framework === undefined) return 0;
    const framework = frameworks.get(keyOf(place.agent, place.framework));
    if (framework === undefined) return 0;
    if (place.folder === 'framework') return livingIn(framework).tasks;
    if (place.executor === undefined) return 0;
    const executor = executorIn(framework, place.executor);
    if (executor === undefined) return 0;
    if (place.folder === 'executor') return livingOf(executor).tasks;
    return place.folder === 'run' && place.run === runningId(executor) ? livingOf(executor).tasks : 0;
  };
};

const runningId = (executor: Executor | OrdinaryExecutor): string | undefined =>
  isOrdinary(executor) ? executor.latest : runningRun(executor)?.id;

const keyOf = (agent: string, framework: string): string => `${agent}/${framework}`;

const sum = (all: readonly Living[]): number => all.reduce((total, { tasks }) => total + tasks, 0);
