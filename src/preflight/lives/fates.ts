import { originText } from '../../agent/flags/origin.ts';
import type { Framework } from '../../checkpoint/model.ts';
import { ifKnown } from '../../host/known.ts';
import { agentsOf } from '../../recovery/living.ts';
import { durationText } from '../../text/words.ts';
import { isBootId } from '../../verify/boot.ts';
import type { ExecutorRef, Impact } from '../../verify/impact.ts';
import type { CheckpointFacts } from '../facts/checkpoint.ts';
import { type AnyExecutor, executorsOf, isDocker, type RunningRun, runningId, runningIn } from '../facts/executors.ts';
import type { Facts } from '../facts/facts.ts';
import { driverObstacle, endpointObstacle } from './endpoint.ts';
import { type ImpactIndex, indexOf } from './impact-index.ts';
import { type JudgedProcess, judgeProcess } from './judged-process.ts';
import { byFramework, type ExecutorFate, type Fate, isAlive, type Lives, type TaskFate } from './lives.ts';
import { executorsOfProcesses } from './of-processes.ts';
import { registrationObstacle } from './registration.ts';
import { type StopEffect, stopEffect, whatRemoves } from './stop.ts';

/** What stands in the way of every executor alike; undefined where nothing does. */
export interface Obstacle {
  readonly fate: Fate;
  readonly why: string;
}

/**
 * Predicts what becomes of every executor. `ended` is what ends the agent's start beside its flags and checkpoint, and
 * `hangOn` are the checks that did not see whether anything else does.
 */
export const predictLives = (
  facts: Facts,
  ended?: { readonly found: string },
  hangOn: readonly string[] = [],
): Lives => {
  const read = ifKnown(facts.checkpoint);
  const model = read?.verification.checkpoint;
  const frameworks = model === undefined ? [] : agentsOf(model).flatMap((agent) => agent.frameworks);
  const common = obstacleOf(facts, ended);
  const checkpointed =
    read === undefined
      ? []
      : frameworks.flatMap((framework) =>
          executorsOf(framework).flatMap((executor) => fateOf(facts, read, framework, executor, common)),
        );
  const executors = [...checkpointed, ...executorsOfProcesses(facts, frameworks)];
  const names = new Map(
    frameworks.flatMap(({ id, info }) => (info.kind === 'whole' ? [[id, info.value.name] as const] : [])),
  );
  return { executors, frameworks: byFramework(executors, (id) => names.get(id)), hangOn };
};

/** What kills everything, whatever the checkpoint holds. */
const obstacleOf = (facts: Facts, ended: { readonly found: string } | undefined): Obstacle | undefined => {
  const { settings, scenario, flags, agentInfo, removals } = facts;
  const taken = removals.find(
    ({ kind, doubt }) => doubt === undefined && ['removes', 'cleans-up', 'ends'].includes(kind),
  );
  if (taken !== undefined)
    return { fate: 'killed', why: `'${taken.command}' (${originText(taken.origin)}) loses every task` };
  const [refusal] = flags.refusals;
  if (refusal !== undefined) return { fate: 'waits', why: `the agent does not start: ${refusal.message}` };
  if (ended !== undefined) return { fate: 'waits', why: `the agent does not come up: ${ended.found}` };
  const isCleanup = settings.recover.value === 'cleanup' || scenario === 'cleanup';
  const info = infoObstacle(agentInfo, isCleanup);
  if (info !== undefined) return info;
  if (settings.recover.value === 'cleanup') {
    return { fate: 'killed', why: 'recover=cleanup kills every executor, and the agent then exits' };
  }
  if (scenario === 'cleanup') {
    return { fate: 'killed', why: 'a cleanup (--recover=cleanup) kills every executor, and the agent then exits' };
  }
  const shutdown = registrationObstacle(facts);
  return shutdown?.fate === 'killed' ? shutdown : undefined;
};

/** What the agent compares when it has read its checkpoint: resources first, then its info. */
const infoObstacle = (agentInfo: Facts['agentInfo'], isCleanup: boolean): Obstacle | undefined => {
  const found = ifKnown(agentInfo);
  if (found === undefined) return undefined;
  const [refusal] = found.comparison.built.refusals;
  if (refusal !== undefined) return { fate: 'waits', why: `the agent does not start: ${refusal.message}` };
  if (found.fit.kind === 'does-not-fit') return { fate: 'waits', why: 'reservations do not fit the resources' };
  const isChecked = !isCleanup || found.comparison.isCheckedInCleanup;
  if (isChecked && found.comparison.verdict.kind === 'incompatible') {
    return { fate: 'waits', why: 'the agent refuses to start, because its info has changed' };
  }
  return undefined;
};

const fateOf = (
  facts: Facts,
  { verification, mode, source }: CheckpointFacts,
  framework: Framework,
  executor: AnyExecutor,
  obstacle: Obstacle | undefined,
): readonly ExecutorFate[] => {
  const run = runningIn(framework, executor);
  if (run === undefined) return [];
  const { impact } = verification[mode];
  const judged = judgeProcess(
    { framework: framework.id, executor: executor.id, run },
    { processes: facts.processes, container: ifKnown(facts.docker.container) },
    source,
  );
  const { fate, why } = decide(
    facts,
    impact,
    { framework: framework.id, executor: executor.id },
    judged,
    executor,
    obstacle,
  );
  return [
    {
      framework: framework.id,
      executor: executor.id,
      run: run.id,
      pid: judged.pid,
      process: judged.state,
      fate,
      why,
      tasks: tasksOf(impact, framework, executor.id, run, { fate, why }),
      tasksFinished: run.tasks.filter((task) => task.isFinished).length,
      source: 'checkpoint',
    },
  ];
};

const decide = (
  facts: Facts,
  impact: Impact,
  ref: ExecutorRef,
  judged: JudgedProcess,
  executor: AnyExecutor,
  obstacle: Obstacle | undefined,
): Obstacle => {
  const has = (fate: Parameters<ImpactIndex['has']>[0]): boolean => indexOf(impact).has(fate, ref);
  if (has('gone')) {
    return { fate: 'gone', why: whyGone(facts) };
  }
  if (judged.state === 'dead' || judged.state === 'reused') return { fate: 'ended', why: judged.why };
  const stopped = stopOf(facts, judged);
  if (stopped?.kind === 'kills') return { fate: 'killed', why: stopped.why };
  if (obstacle !== undefined) return obstacle;
  const nested = nestedObstacle(facts, executor);
  if (nested !== undefined) return nested;
  if (has('forgotten')) {
    return { fate: 'killed', why: 'the agent cannot read it, and destroys its container as an orphan' };
  }
  if (has('killed')) return { fate: 'killed', why: 'nothing tells the agent how to reach it' };
  if (!impact.comesUp) return { fate: 'waits', why: 'the agent does not come up on this checkpoint' };
  const docker = dockerObstacle(facts, executor);
  if (docker !== undefined) return docker;
  if (judged.state === 'unknown') return { fate: 'unknown', why: judged.why };
  if (stopped?.kind === 'unknown') return { fate: 'unknown', why: stopped.why };
  const maybe = facts.removals.find(
    ({ kind, doubt }) => kind !== 'untold' && (doubt !== undefined || kind === 'sandboxes'),
  );
  if (maybe !== undefined) {
    return { fate: 'unknown', why: `'${maybe.command}' (${originText(maybe.origin)}) may take away what it needs` };
  }
  const shutdown = registrationObstacle(facts);
  if (shutdown !== undefined) return shutdown;
  const given = hasGivenUp(facts);
  if (given !== undefined && judged.process === undefined) return { fate: 'unknown', why: given };
  if (!has('awaited')) {
    return driverObstacle(facts, judged) ?? { fate: 'reconnects', why: 'the agent reaches it by its pid' };
  }
  return endpointObstacle(facts, judged) ?? { fate: 'waited-for', why: 'it speaks HTTP, and subscribes by itself' };
};

/**
 * Whether the host was rebooted since the agent ran last: what ran then is gone already, whatever is about to happen. A
 * boot_id that is none makes the agent take its host for rebooted too, and proves nothing.
 */
export const wasRebooted = ({ checkpoint }: Pick<Facts, 'checkpoint'>): boolean => {
  const { checkpointed, host } = ifKnown(checkpoint)?.verification.boot ?? {};
  return checkpointed !== undefined && host !== undefined && checkpointed !== host && isBootId(checkpointed);
};

const whyGone = (facts: Facts): string => {
  const told = 'it is not started again, and its terminal update is sent';
  if (wasRebooted(facts)) return `the host was rebooted since (boot_id differs), which ended it; ${told}`;
  return facts.scenario === 'reboot'
    ? `a reboot ends it; ${told}`
    : `the agent takes its host for rebooted (boot_id holds no boot id); ${told}`;
};

/** Stopping matters while the agent runs; what an earlier stop did, the processes show. */
const stopOf = (facts: Facts, judged: JudgedProcess): StopEffect | undefined => {
  const running = ifKnown(facts.activity.running);
  return running !== undefined && running.length === 0 ? undefined : stopEffect(facts, judged.process);
};

const hasGivenUp = ({ activity, lastSign, clock, settings }: Facts): string | undefined => {
  const now = ifKnown(clock.now);
  const running = ifKnown(activity.running);
  if (now === undefined || lastSign === undefined || running === undefined || running.length > 0) return undefined;
  const down = now - lastSign.time;
  return down > settings.recoveryTimeout.value
    ? `the agent has been down for ${durationText(down)}, longer than recovery_timeout`
    : undefined;
};

/** An executor ends when its agent does not know the containers that it has started within its own. */
const nestedObstacle = (facts: Facts, executor: AnyExecutor): Obstacle | undefined => {
  const run = runningId(executor);
  const removes = whatRemoves(facts);
  const all = ifKnown(facts.containers)?.containers ?? [];
  if (removes === undefined || !all.some(({ isNested, root }) => isNested && root === run)) return undefined;
  const why = `${removes.key}=${removes.value} removes what the agent has of its nested containers`;
  return { fate: 'killed', why };
};

/** Only the docker containerizer recovers executors in docker's containers. */
const dockerObstacle = ({ settings, docker }: Facts, executor: AnyExecutor): Obstacle | undefined => {
  if (!isDocker(executor)) return undefined;
  if (settings.containerizers.isSure && !settings.containerizers.value.includes('docker')) {
    return {
      fate: 'killed',
      why: `it is docker's, and --containerizers=${settings.containerizers.value.join(',')} has no docker`,
    };
  }
  const container = ifKnown(docker.container);
  if (container !== undefined && container.hasHostPids === false && settings.dockerImage.value === undefined) {
    return { fate: 'killed', why: "its docker executor runs inside the agent's own container, and ends with it" };
  }
  return undefined;
};

const tasksOf = (
  impact: Impact,
  framework: Framework,
  executor: string,
  run: RunningRun,
  own: Obstacle,
): readonly TaskFate[] => {
  const index = indexOf(impact);
  return run.tasks.flatMap((task) => {
    const known = index.task({ framework: framework.id, executor, task: task.id });
    if (known === undefined) return [];
    const { name } = task;
    if (known === 'forgotten' && isAlive(own.fate)) {
      return [{ task: task.id, name, fate: 'killed' as const, why: 'the agent cannot read it, and forgets it' }];
    }
    return [{ task: task.id, name, ...own }];
  });
};
