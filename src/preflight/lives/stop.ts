import { originText } from '../../agent/flags/origin.ts';
import { type AgentContainer, isInside } from '../../host/docker.ts';
import { ifKnown } from '../../host/known.ts';
import type { Process } from '../../host/process.ts';
import { EXECUTORS_SLICE } from '../../host/systemd/facts.ts';
import { killModeOf, removedAtStop, shutdownSignalOf } from '../../host/systemd/settings.ts';
import type { Directive } from '../../host/systemd/unit-file.ts';
import type { Facts } from '../facts/facts.ts';

/** What stopping the agent does to a process of an executor. */
export interface StopEffect {
  readonly kind: 'spares' | 'kills' | 'unknown';
  readonly why: string;
}

/** What ends when the agent is stopped, and with it what is in it. */
export const stopEffect = (facts: Facts, found: Process | undefined): StopEffect => {
  const container = ifKnown(facts.docker.container);
  return container === undefined ? unitEffect(facts, found) : containerEffect(container, found);
};

/** What a container that ends takes along: what is in its control groups, and in its pid namespace where it has its own. */
const containerEffect = (container: AgentContainer, found: Process | undefined): StopEffect => {
  if (found === undefined) return { kind: 'unknown', why: "whether it runs in the agent's container is not known" };
  if (isInside(found, container)) return { kind: 'kills', why: "it runs in the agent's container, and ends with it" };
  if (container.hasHostPids === false && found.pids !== undefined && found.pids.length > 1) {
    return { kind: 'kills', why: "it is in the pid namespace of the agent's container, and ends with it" };
  }
  return { kind: 'spares', why: "it is not in the agent's container" };
};

/** What the agent does when it is sent SIGUSR1. */
export const SHUTS_DOWN = 'the agent unregisters and shuts down every executor';

/** What the agent's unit does to an executor when it is stopped. */
const unitEffect = ({ systemd, settings, scenario }: Facts, found: Process | undefined): StopEffect => {
  if (!systemd.present.known) return { kind: 'unknown', why: systemd.present.why };
  if (!systemd.unit.known) return { kind: 'unknown', why: systemd.unit.why };
  const unit = systemd.unit.value;
  if (!systemd.present.value || unit === undefined)
    return { kind: 'spares', why: 'no unit of systemd starts the agent' };
  const signal = shutdownSignalOf(unit, scenario === 'restart');
  if (signal !== undefined) return { kind: 'kills', why: `on ${signal.key}=${signal.value} ${SHUTS_DOWN}` };
  const { value } = killModeOf(unit);
  if (value === 'process' || value === 'none') return { kind: 'spares', why: `KillMode=${value} leaves it alone` };
  const group = found?.unitGroup;
  if (group !== undefined) {
    return group.split('/').includes(unit.name)
      ? { kind: 'kills', why: `it is in the control group of ${unit.name}, and KillMode=${value} kills all of that` }
      : { kind: 'spares', why: `it is in ${group}, not in the unit's control group` };
  }
  if (!settings.systemdSupport.value) {
    return {
      kind: 'kills',
      why: `--no-systemd_enable_support leaves executors in the unit's control group, and KillMode=${value} kills all of that`,
    };
  }
  return { kind: 'spares', why: `the agent moves executors to ${EXECUTORS_SLICE}` };
};

/** The line of the agent's unit that removes its runtime_dir when it is stopped; undefined where none does, or nothing is stopped. */
export const whatRemoves = ({ systemd, runtimeDir, activity, scenario, flags }: Facts): Directive | undefined => {
  const unit = ifKnown(systemd.unit);
  const isDown = ifKnown(activity.running)?.length === 0;
  if (unit === undefined || isDown || scenario === 'reboot' || flags.container !== undefined) return undefined;
  return removedAtStop(unit, runtimeDir.real, scenario === 'restart');
};

/**
 * The container that the agent runs in, or is started in, in a few words; undefined where it is in none. What its unit kills
 * is then the client that started it.
 */
export const containerText = ({ docker, flags, activity }: Facts): string | undefined => {
  if (ifKnown(docker.container) !== undefined) return 'the agent runs in a container';
  const isRunning = (ifKnown(activity.running) ?? []).length > 0;
  if (isRunning || flags.container === undefined) return undefined;
  return `the agent is started in a container (${originText(flags.container.origin)})`;
};
