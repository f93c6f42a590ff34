import { survive } from '../../agent/info/survive.ts';
import { upgradeResources } from '../../agent/reservation-format.ts';
import { Resources } from '../../agent/resources.ts';
import { LENGTH_SIZE } from '../../format/frames.ts';
import { parse, WireFailure } from '../../format/parse.ts';
import { shapeOf } from '../../format/shape.ts';
import { fileIn } from '../../layout/kinds.ts';
import type { Start } from '../../recovery/simulate.ts';
import { messageType, type Resource } from '../../schema/index.ts';
import type { Tree } from '../../source/links.ts';
import { recordAt } from '../mend/alternatives.ts';

/** What the executors that live on, and their tasks, hold of the agent. */
export interface InUse {
  /** Whoever they are allocated to. */
  readonly resources: Resources;
  /** The ids of the executors that speak HTTP. */
  readonly httpExecutors: readonly string[];
}

/** Adds up what is in use, as the files of the tree say that the start is predicted for. */
export const inUseOf = (tree: Tree, { state, started }: Start): InUse => {
  let resources = Resources.none;
  // A reboot has ended all of it.
  if (state.rebooted) return { resources, httpExecutors: [] };
  const httpExecutors: string[] = [];
  const add = (path: string, type: 'mesos.ExecutorInfo' | 'mesos.Task'): void => {
    const own = survive(() => Resources.of(upgradeResources(resourcesAt(tree, path, type).map(withoutAllocation))));
    if (own !== undefined) resources = resources.plus(own);
  };
  const outcomes = new Map(
    (started?.agent?.frameworks ?? []).flatMap(({ executors }) => executors.map((each) => [each.path, each] as const)),
  );
  for (const executor of (state.agent?.frameworks ?? []).flatMap(({ executors }) => executors)) {
    const outcome = outcomes.get(executor.path);
    if (outcome?.action !== 'recovered') continue;
    if (outcome.connection === 'http') httpExecutors.push(executor.id);
    add(fileIn(executor.path, 'executor.info'), 'mesos.ExecutorInfo');
    const run = executor.latest === undefined ? undefined : executor.runs.get(executor.latest);
    for (const task of run?.tasks.values() ?? []) {
      if (outcome.tasks.get(task.id) === 'launched') add(fileIn(task.path, 'task.info'), 'mesos.Task');
    }
  }
  return { resources, httpExecutors };
};

const withoutAllocation = ({ allocation_info: _allocation, ...resource }: Resource): Resource => resource;

const resourcesAt = (tree: Tree, path: string, type: 'mesos.ExecutorInfo' | 'mesos.Task'): readonly Resource[] => {
  const record = recordAt(tree, path);
  if (record === undefined) return [];
  const message = parse(shapeOf(messageType(type), { resources: true }), record, LENGTH_SIZE, record.length);
  if (message instanceof WireFailure) return [];
  return (message as { readonly resources?: readonly Resource[] }).resources ?? [];
};
