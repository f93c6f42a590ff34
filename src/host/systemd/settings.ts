import type { Directive } from './unit-file.ts';
import { directivesOf, lastDirective } from './unit-file.ts';

/** What of a unit its settings are read from. */
interface Directives {
  readonly directives: readonly Directive[];
}

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

/** What a unit says of a key of its `[Service]` that has one value; undefined where it says nothing. */
export const serviceDirective = ({ directives }: Directives, key: string): Directive | undefined =>
  lastDirective(directives, 'Service', key);

/** Whether a span in systemd's notation has no end. */
export const isEndless = (span: string): boolean => /^(?:0+\s*[a-z]*|infinity)$/i.test(span);

/** The line of a setting that limits a time, and that systemd does not limit by itself; undefined where nothing does. */
export const limitOf = (unit: Directives, key: 'WatchdogSec' | 'RuntimeMaxSec'): Directive | undefined => {
  const directive = serviceDirective(unit, key);
  return directive === undefined || directive.value === '' || isEndless(directive.value) ? undefined : directive;
};

/** The `KillMode` that is in force: the last line that is valid, or else `control-group`. */
export const killModeOf = ({ directives }: Directives): KillMode => {
  const all = directives.filter(({ section, key }) => section === 'Service' && key === 'KillMode');
  const ignored = all.filter(({ value }) => value !== '' && !isKillMode(value));
  const counting = all.filter((directive) => !ignored.includes(directive)).at(-1);
  return counting === undefined || !isKillMode(counting.value)
    ? { value: 'control-group', directive: undefined, ignored }
    : { value: counting.value, directive: counting, ignored };
};

const isKillMode = (text: string): text is KillModeValue => (KILL_MODES as readonly string[]).includes(text);

/** What an agent takes for the order to unregister and to shut down every executor (`Slave::signaled`). */
export const isShutdownSignal = (text: string): boolean => /^(?:SIG)?USR1$|^10$/i.test(text);

/**
 * The line by which systemd tells the agent to shut down every executor where it stops or restarts it; undefined where none
 * does. With `KillMode=none` no signal is sent.
 */
export const shutdownSignalOf = (unit: Directives, isRestart: boolean): Directive | undefined => {
  if (killModeOf(unit).value === 'none') return undefined;
  const signal = serviceDirective(unit, 'KillSignal');
  const own = isRestart ? serviceDirective(unit, 'RestartKillSignal') : undefined;
  const counting = own ?? signal;
  return counting !== undefined && isShutdownSignal(counting.value) ? counting : undefined;
};

/**
 * The line by which systemd removes a folder when it stops the unit, or restarts it; undefined where none does.
 * @param folder its path without links
 */
export const removedAtStop = (unit: Directives, folder: string, isRestart: boolean): Directive | undefined => {
  const kept = serviceDirective(unit, 'RuntimeDirectoryPreserve')?.value ?? 'no';
  if (/^(?:yes|y|true|t|on|1)$/i.test(kept) || (kept === 'restart' && isRestart)) return undefined;
  return directivesOf(unit.directives, 'Service', 'RuntimeDirectory').find(({ value }) =>
    value.split(/\s+/).some((name) => `${folder}/`.startsWith(`/run/${name.split(':')[0]}/`)),
  );
};

const MADE: readonly (readonly [key: string, parent: string])[] = [
  ['RuntimeDirectory', '/run'],
  ['StateDirectory', '/var/lib'],
  ['CacheDirectory', '/var/cache'],
  ['LogsDirectory', '/var/log'],
  ['ConfigurationDirectory', '/etc'],
];

/** Folders that systemd makes for a unit before it runs anything of it. */
export const madeByUnit = ({ directives }: Directives): readonly string[] =>
  MADE.flatMap(([key, parent]) =>
    directivesOf(directives, 'Service', key)
      .flatMap(({ value }) => value.split(/\s+/))
      .map((name) => `${parent}/${name.split(':')[0]}`),
  );

/** How long systemd waits before it starts the agent again, and whether it does; as the unit writes it. */
export const restartOf = (unit: Directives): { readonly policy: string; readonly delay: string } => ({
  policy: serviceDirective(unit, 'Restart')?.value ?? 'no',
  delay: serviceDirective(unit, 'RestartSec')?.value ?? '100ms',
});
