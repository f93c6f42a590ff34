import { originText } from '../../agent/flags/origin.ts';
import type { AgentUnit } from '../../host/flags/agent-flags.ts';
import { ifKnown } from '../../host/known.ts';
import { EXECUTORS_SLICE } from '../../host/systemd/facts.ts';
import { killModeOf, shutdownSignalOf } from '../../host/systemd/settings.ts';
import { some } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import type { Lives } from '../lives/lives.ts';
import { containerText, SHUTS_DOWN } from '../lives/stop.ts';
import { about, fail, notSeen, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** What stopping the agent kills. */
export const killMode: PreflightCheck<'kill-mode'> = {
  code: 'kill-mode',
  title: 'Stopping the agent kills no executor',
  explanation: `systemd kills what is in the unit's control group: with KillMode=control-group, its default, and with mixed, all of it; with process only the agent. The agent moves its executors out of it, into ${EXECUTORS_SLICE}, and with the Linux launcher of 1.6.0 and later into a control group below --cgroups_root, unless it was started with --no-systemd_enable_support: control-group then spares them and ends the agent's helpers. Where the agent runs in a container, KillMode has no say: what is in the container ends with it. control-cgroup, which the agent's own documentation shows, is not a valid value: systemd ignores the line. On SIGUSR1, which KillSignal may name, the agent shuts down every executor.`,
  remedy:
    'Set KillMode=process in [Service] of a drop-in, and run systemctl daemon-reload. It counts for the next stop, so do it before that.',
  visibility: 'Run this on the host, as root: the control groups of the executors decide.',
  judge: ({ facts, lives }) =>
    about(facts.systemd.present, (isPresent) =>
      about(facts.systemd.unit, (unit) => {
        if (unit === undefined || !isPresent) return [ok('no unit of systemd kills anything here')];
        const container = containerText(facts);
        if (container !== undefined) return [ok(`${container}: KillMode has no say (agent-container)`)];
        const { ignored } = killModeOf(unit);
        const mistakes = ignored.map((directive) =>
          warn(`systemd ignores KillMode=${directive.value}: it is not a valid value`, originText(directive)),
        );
        const signal = shutdownSignalOf(unit, facts.scenario === 'restart');
        if (signal !== undefined) {
          const found = `on ${signal.key}=${signal.value} ${SHUTS_DOWN}`;
          const todo = `Set ${signal.key}=SIGTERM, and run systemctl daemon-reload.`;
          // What is stopped already, no signal reaches.
          const isDown = ifKnown(facts.activity.running)?.length === 0;
          return [...mistakes, (isDown ? warn : fail)(found, originText(signal), todo)];
        }
        return [...mistakes, judge(facts, lives, unit)];
      }),
    ),
};

const judge = (facts: Facts, lives: Lives, unit: AgentUnit): Row => {
  const { value, directive } = killModeOf(unit);
  const place = directive === undefined ? undefined : originText(directive);
  const name = directive === undefined ? `KillMode=${value}, the default,` : `KillMode=${value}`;
  const inGroup = executorsInGroup(facts, lives, unit);
  switch (value) {
    case 'process':
      return ok(`${name} kills the agent alone`, place);
    case 'none':
      return warn(
        `${name} kills nothing, not even an agent that hangs`,
        place,
        'Set KillMode=process in [Service] of a drop-in, and run systemctl daemon-reload.',
      );
    case 'mixed':
    case 'control-group': {
      if (inGroup.length > 0) {
        return fail(`${name} kills ${inGroup.join(', ')}: in the control group of ${unit.name}`, place);
      }
      const outside = outsideText(facts, lives);
      if (!facts.settings.systemdSupport.value && outside === undefined) {
        return fail(
          `${name} kills every executor, with --no-systemd_enable_support`,
          facts.settings.systemdSupport.origin,
        );
      }
      if (!facts.processes.known) return notSeen(facts.processes);
      if (!facts.checkpoint.known) return notSeen(facts.checkpoint);
      return ok(`${name} kills the agent and its helpers; ${outside ?? 'no executor is in its unit'}`, place);
    }
  }
};

/**
 * Where executors run, by the control groups that systemd sees them in; undefined where none runs, or that of one is not seen.
 */
export const outsideText = (facts: Facts, { executors }: Lives): string | undefined => {
  const living = executors.filter(({ process }) => process === 'alive');
  const groups = living.map(({ pid, run }) => {
    const group = pid === undefined ? undefined : ifKnown(facts.processes)?.get(pid)?.unitGroup;
    return group?.replace(`/${run}`, '');
  });
  const known = groups.filter((group) => group !== undefined);
  if (known.length === 0 || known.length < groups.length) return undefined;
  return `executors are in ${some([...new Set(known)], 3)}`;
};

/** Executors that run in the unit's own control group. */
export const executorsInGroup = ({ processes }: Facts, { executors }: Lives, unit: AgentUnit): readonly string[] =>
  executors.flatMap(({ executor, pid, process }) => {
    const group = pid === undefined ? undefined : ifKnown(processes)?.get(pid)?.unitGroup;
    return process === 'alive' && group?.split('/').includes(unit.name) === true ? [executor] : [];
  });
