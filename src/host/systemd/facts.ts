import { realOf } from '../disks.ts';
import type { AgentFlags, AgentUnit } from '../flags/agent-flags.ts';
import { type Host, isUnseen } from '../host.ts';
import { type Known, known, knownOf, mapKnown, unknown, unseen } from '../known.ts';
import { type BootStart, startAtBoot } from './boot-start.ts';
import { UNIT_FOLDERS } from './services.ts';

/** What systemd will do with the agent and with what it started. */
export interface SystemdFacts {
  /** Whether systemd has booted the host: it has made `/run/systemd/system`. On a disk that is off, whether it is there. */
  readonly present: Known<boolean>;
  /** Whether `/sbin/init` is systemd: by that the agent tells whether it runs under it. */
  readonly isInit: Known<boolean>;
  /** The unit that starts the agent; undefined where none was found. */
  readonly unit: Known<AgentUnit | undefined>;
  /** What starts that unit when the host boots; undefined where nothing does. */
  readonly atBoot: Known<BootStart | undefined>;
  /** Whether the slice that the agent moves executors to is known to systemd. */
  readonly slice: Known<boolean>;
  /** Whether systemd has the unit started: it has a control group. */
  readonly active: Known<boolean>;
}

/** The slice that the agent moves executors to, so that they outlive its unit. */
export const EXECUTORS_SLICE = 'mesos_executors.slice';

const RUNTIME_FOLDER = '/run/systemd/system';

/** Reads what systemd will do with the agent. */
export const readSystemd = (host: Host, { unit, looked }: Pick<AgentFlags, 'unit' | 'looked'>): SystemdFacts => ({
  present: readPresence(host, unit),
  isInit: readInit(host),
  unit: hiddenUnit(host, looked) ?? known(unit),
  atBoot: unit === undefined ? known(undefined) : startAtBoot(host, unit.name),
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

/** Mirrors `systemd::exists`, as far as files tell. A copy without `/sbin/init` has systemd where it was booted by it. */
const readInit = (host: Host): Known<boolean> => {
  const path = '/sbin/init';
  const stat = host.stat(path);
  if (isUnseen(stat)) return unseen(path, stat);
  if (stat !== undefined) return known(/\/systemd$/.test(realOf(host, path)));
  if (host.isOwn || host.link(path) !== undefined) return known(false);
  const isBooted = isFolder(host, RUNTIME_FOLDER);
  return isBooted.known && !isBooted.value
    ? unknown(`what starts this host is not known: no ${path} is here`)
    : isBooted;
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
