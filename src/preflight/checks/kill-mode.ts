import { originText } from '../../agent/flags/origin.ts';
import { ifKnown } from '../../host/known.ts';
import { EXECUTORS_SLICE, type Unit } from '../../host/systemd/facts.ts';
import type { Facts } from '../facts/facts.ts';
import type { Lives } from '../lives/lives.ts';
import { killModeOf } from '../lives/stop.ts';
import { about, fail, notSeen, ok, type PreflightCheck, type Row, warn } from './check.ts';

/** What stopping the agent kills. */
export const killMode: PreflightCheck<'kill-mode'> = {
  code: 'kill-mode',
  title: 'Stopping the agent kills no executor',
  explanation: `systemd kills what is in the unit's control group: with KillMode=control-group, its default, and with mixed, all of it; with process only the agent. Since 0.28.0 the agent moves its executors into ${EXECUTORS_SLICE}, unless it was started with --no-systemd_enable_support, so that control-group spares them and ends the agent's helpers. control-cgroup, which the agent's own documentation shows, is no valid value: systemd ignores the line.`,
  remedy:
    'Set KillMode=control-group with Delegate=true, or KillMode=process, and run systemctl daemon-reload. It counts for the next stop, so do it before that.',
  visibility: 'Run this on the host, as root: the control groups of the executors decide.',
  judge: ({ facts, lives }) =>
    about(facts.systemd.present, (isPresent) =>
      about(facts.systemd.unit, (unit) => {
        if (unit === undefined || !isPresent) return [ok('no unit of systemd kills anything here')];
        const { ignored } = killModeOf(unit);
        const mistakes = ignored.map((directive) =>
          warn(`systemd ignores KillMode=${directive.value}: it is no valid value`, originText(directive)),
        );
        return [...mistakes, judge(facts, lives, unit)];
      }),
    ),
};

const judge = (facts: Facts, lives: Lives, unit: Unit): Row => {
  const { value, directive } = killModeOf(unit);
  const place = directive === undefined ? undefined : originText(directive);
  const name = directive === undefined ? `KillMode=${value}, the default,` : `KillMode=${value}`;
  const inGroup = executorsInGroup(facts, lives, unit);
  switch (value) {
    case 'process':
      return ok(`${name} kills the agent alone`, place);
    case 'none':
      return warn(`${name} kills nothing, not even an agent that hangs`, place);
    case 'mixed':
    case 'control-group': {
      if (inGroup.length > 0) {
        return fail(`${name} kills ${inGroup.join(', ')}: in the control group of ${unit.name}`, place);
      }
      if (!facts.settings.systemdSupport.value) {
        return fail(
          `${name} kills every executor, with --no-systemd_enable_support`,
          facts.settings.systemdSupport.origin,
        );
      }
      if (value === 'mixed') {
        return warn(`${name} kills what is left of the unit at once, executors that were not moved too`, place);
      }
      if (!facts.processes.known) return notSeen(facts.processes);
      if (!facts.checkpoint.known) return notSeen(facts.checkpoint);
      if (!facts.systemd.slice.known) return notSeen(facts.systemd.slice);
      const where = facts.systemd.slice.value ? `executors are in ${EXECUTORS_SLICE}` : 'no executor is in its unit';
      return ok(`${name} kills the agent and its helpers; ${where}`, place);
    }
  }
};

/** Executors that run in the unit's own control group. */
export const executorsInGroup = ({ processes }: Facts, { executors }: Lives, unit: Unit): readonly string[] =>
  executors.flatMap(({ executor, pid, process }) => {
    const group = pid === undefined ? undefined : ifKnown(processes)?.get(pid)?.unitGroup;
    return process === 'alive' && group?.split('/').includes(unit.name) === true ? [executor] : [];
  });
