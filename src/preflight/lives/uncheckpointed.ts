import type { Framework } from '../../checkpoint/model.ts';
import type { Facts } from '../facts/facts.ts';
import { ifKnown } from '../facts/known.ts';
import type { ExecutorFate } from './lives.ts';

/** Executors among the processes that no checkpoint knows: they die with the agent. One each, however many processes. */
export const uncheckpointedExecutors = (facts: Facts, frameworks: readonly Framework[]): readonly ExecutorFate[] => {
  const processes = ifKnown(facts.processes);
  const agentId = ifKnown(facts.checkpoint)?.verification.checkpoint.agent?.id;
  const found = new Map<string, ExecutorFate>();
  for (const each of processes?.values() ?? []) {
    const environment = ifKnown(each.environment);
    const framework = environment?.get('MESOS_FRAMEWORK_ID');
    const executor = environment?.get('MESOS_EXECUTOR_ID');
    if (framework === undefined || executor === undefined || environment === undefined) continue;
    if (!isOwn(environment, agentId) || !isUncheckpointed(environment, framework, frameworks)) continue;
    const key = JSON.stringify([framework, executor]);
    if (!found.has(key)) found.set(key, fateOf(each.pid, framework, executor));
  }
  return [...found.values()];
};

const isOwn = (environment: ReadonlyMap<string, string>, agentId: string | undefined): boolean => {
  const agent = environment.get('MESOS_SLAVE_ID');
  return agentId === undefined || agent === undefined || agent === agentId;
};

const isUncheckpointed = (
  environment: ReadonlyMap<string, string>,
  framework: string,
  frameworks: readonly Framework[],
): boolean => environment.get('MESOS_CHECKPOINT') === '0' || !frameworks.some(({ id }) => id === framework);

const fateOf = (pid: number, framework: string, executor: string): ExecutorFate => {
  const why = 'its framework does not checkpoint, so that it ends itself when its agent is gone';
  return {
    framework,
    executor,
    run: undefined,
    pid,
    process: 'alive',
    fate: 'killed',
    why,
    // What it runs is written nowhere; a command executor runs the task that it is named after.
    tasks: [],
    isUncheckpointed: true,
  };
};
