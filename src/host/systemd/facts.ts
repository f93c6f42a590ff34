import { textOf } from '../../text/lossless.ts';
import type { AgentFlags } from '../flags/agent-flags.ts';
import { type Host, isUnseen } from '../host.ts';
import { type Known, known, knownOf, mapKnown, unknown, unseen } from '../known.ts';
import { UNIT_FOLDERS } from './unit.ts';
import { type Directive, lastDirective, parseUnitFile } from './unit-file.ts';

/** What systemd will do with the agent and with what it started. */
export interface SystemdFacts {
  /** Whether systemd has booted the host: it has made `/run/systemd/system`. On a disk that is off, whether it is there. */
  readonly present: Known<boolean>;
  /** The unit that starts the agent; undefined where none was found. */
  readonly unit: Known<Unit | undefined>;
  /** Whether the slice that the agent moves executors to is known to systemd. */
  readonly slice: Known<boolean>;
  /** Whether systemd has the unit started: it has a control group. */
  readonly active: Known<boolean>;
}

/** A unit, put together from its files. */
export interface Unit {
  readonly name: string;
  /** Drop-ins last. */
  readonly files: readonly string[];
  readonly directives: readonly Directive[];
  /** What masks it, so that systemd does not start it; undefined where nothing does. */
  readonly masked: string | undefined;
}

/** What a unit says of a key of its `[Service]` that has one value; undefined where it says nothing. */
export const serviceDirective = (unit: Unit, key: string): Directive | undefined =>
  lastDirective(unit.directives, 'Service', key);

/** The slice that the agent moves executors to, so that they outlive its unit. */
export const EXECUTORS_SLICE = 'mesos_executors.slice';

const RUNTIME_FOLDER = '/run/systemd/system';

/** Reads what systemd will do with the agent. */
export const readSystemd = (host: Host, { unit, looked }: Pick<AgentFlags, 'unit' | 'looked'>): SystemdFacts => ({
  present: readPresence(host, unit),
  unit: hiddenUnit(host, looked) ?? (unit === undefined ? known(undefined) : readUnit(host, unit)),
  slice: readSlice(host),
  active: unit === undefined ? known(false) : readActivity(host, unit.name),
});

const isFolder = (host: Host, path: string): Known<boolean> =>
  mapKnown(knownOf(path, host.stat(path)), (stat) => stat?.kind === 'folder');

const readPresence = (host: Host, unit: AgentFlags['unit']): Known<boolean> => {
  const isBooted = isFolder(host, RUNTIME_FOLDER);
  if (!isBooted.known || isBooted.value) return isBooted;
  // /run is empty where the host is off: then a unit says what will be.
  const isOn = host.stat('/proc/1') !== undefined;
  return known(!isOn && unit !== undefined);
};

/** Where a unit, a drop-in or a folder of them may not be looked at, it may say anything. */
const hiddenUnit = (host: Host, looked: AgentFlags['looked']): Known<never> | undefined => {
  const hidden = looked.find(
    ({ place, outcome }) => outcome === 'unseen' && UNIT_FOLDERS.some((folder) => place.startsWith(`${folder}/`)),
  );
  if (hidden === undefined) return undefined;
  const answer = hidden.place.endsWith('/') ? host.list(hidden.place) : host.read(hidden.place);
  return unseen(hidden.place, isUnseen(answer) ? answer : { code: 'EACCES' });
};

const readUnit = (host: Host, { name, files, masked }: NonNullable<AgentFlags['unit']>): Known<Unit> => {
  const directives: Directive[] = [];
  for (const path of files) {
    const bytes = host.read(path);
    if (isUnseen(bytes)) return unseen(path, bytes);
    if (bytes === undefined) return unknown(`${path}: no longer there`);
    directives.push(...parseUnitFile(textOf(bytes, 0, bytes.length), path));
  }
  return known({ name, files, directives, masked });
};

const readSlice = (host: Host): Known<boolean> => {
  for (const folder of UNIT_FOLDERS) {
    const path = `${folder}/${EXECUTORS_SLICE}`;
    const stat = host.stat(path);
    if (isUnseen(stat)) return unseen(path, stat);
    if (stat !== undefined) return known(true);
  }
  return known(false);
};

/** Both forms of the hierarchy: cgroups v1 with systemd's own, and v2. */
const HIERARCHIES = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified', '/sys/fs/cgroup'];

const readActivity = (host: Host, name: string): Known<boolean> => {
  const there = HIERARCHIES.filter((path) => host.stat(`${path}/system.slice`) !== undefined);
  if (there.length === 0) return unknown('the control groups of systemd are not here');
  return known(there.some((path) => host.stat(`${path}/system.slice/${name}`) !== undefined));
};
