import type { Process } from '../../host/process.ts';
import { EXECUTORS_SLICE, serviceDirective, type Unit } from '../../host/systemd/facts.ts';
import type { Directive } from '../../host/systemd/unit-file.ts';
import type { Facts } from '../facts/facts.ts';

/** Values that systemd takes for `KillMode`; it ignores a line with any other. */
const KILL_MODES = ['control-group', 'mixed', 'process', 'none'] as const;

/** A valid `KillMode`. */
export type KillModeValue = (typeof KILL_MODES)[number];

/** How a unit's processes are killed when it is stopped. */
export interface KillMode {
  readonly value: KillModeValue;
  /** The line that says so; undefined where systemd's default counts. */
  readonly directive: Directive | undefined;
  /** Lines that systemd ignores. */
  readonly ignored: readonly Directive[];
}

/** The `KillMode` that is in force: the last line that is valid, or else `control-group`. */
export const killModeOf = (unit: Unit): KillMode => {
  const all = unit.directives.filter(({ section, key }) => section === 'Service' && key === 'KillMode');
  const ignored = all.filter(({ value }) => value !== '' && !isKillMode(value));
  const counting = all.filter((directive) => !ignored.includes(directive)).at(-1);
  return counting === undefined || !isKillMode(counting.value)
    ? { value: 'control-group', directive: undefined, ignored }
    : { value: counting.value, directive: counting, ignored };
};

const isKillMode = (text: string): text is KillModeValue => (KILL_MODES as readonly string[]).includes(text);

/** What stopping the agent does to a process of an executor. */
export interface StopEffect {
  readonly kind: 'spares' | 'kills' | 'unknown';
  readonly why: string;
}

/** What the agent's unit does to an executor when it is stopped. */
export const stopEffect = ({ systemd, settings }: Facts, process: Process | undefined): StopEffect => {
  if (!systemd.present.known) return { kind: 'unknown', why: systemd.present.why };
  if (!systemd.unit.known) return { kind: 'unknown', why: systemd.unit.why };
  const unit = systemd.unit.value;
  if (!systemd.present.value || unit === undefined)
    return { kind: 'spares', why: 'no unit of systemd starts the agent' };
  const { value } = killModeOf(unit);
  if (value === 'process' || value === 'none') return { kind: 'spares', why: `KillMode=${value} leaves it alone` };
  const group = process?.unitGroup;
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

/** How long systemd waits before it starts the agent again, and whether it does; as the unit writes it. */
export const restartOf = (unit: Unit): { readonly policy: string; readonly delay: string } => ({
  policy: serviceDirective(unit, 'Restart')?.value ?? 'no',
  delay: serviceDirective(unit, 'RestartSec')?.value ?? '100ms',
});
