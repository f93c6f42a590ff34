import { posix } from 'node:path';
import type { Settings } from '../agent/flags/settings.ts';
import { type FolderFacts, readFolder } from './disks.ts';
import type { ContainerStart } from './flags/agent-process.ts';
import { hostPathOf } from './flags/contained.ts';
import { type Host, isUnseen } from './host.ts';
import { ifKnown, type Known } from './known.ts';
import { agentsIn, type Processes } from './processes.ts';
import type { SystemdFacts } from './systemd/facts.ts';
import { serviceDirective } from './systemd/settings.ts';

/** The work_dir, and how it is known. */
export interface WorkDir extends FolderFacts {
  /** `--work-dir`, or the flag's place; undefined where a checkpoint was found at a usual place, or collected. */
  readonly origin: string | undefined;
  /** What the flag says, where it is no absolute path: it counts from the folder that the agent is started in. */
  readonly relative: string | undefined;
  /** What it is called where the agent is: in its container, as a volume; the links in it lead there. */
  readonly inside: string;
  /** Whether it is in the agent's container alone, in none of its volumes. */
  readonly isContained: boolean;
}

/** Where agents keep their work, where nothing says where. */
const USUAL_WORK_DIRS = ['/var/lib/mesos/slave', '/var/lib/mesos', '/tmp/mesos'];

/** Where the work_dir is: what the operator says, a flag, or a usual place that has a checkpoint, or one that was collected; undefined where nothing tells. */
export const findWorkDir = (
  host: Host,
  given: string | undefined,
  { value, origin }: Settings['workDir'],
  { started, container }: { readonly started: string | undefined; readonly container: ContainerStart | undefined },
): WorkDir | undefined => {
  const at = (path: string, origin: string | undefined, relative?: string): WorkDir => {
    const onHost = origin === undefined || origin === '--work-dir' ? path : hostPathOf(path, container);
    return {
      ...readFolder(host, onHost ?? path),
      origin,
      relative,
      inside: path,
      isContained: onHost === undefined,
    };
  };
  if (given !== undefined) return at(given, '--work-dir');
  if (value?.startsWith('/') === true) return at(value, origin);
  if (value !== undefined) return started === undefined ? undefined : at(posix.join(started, value), origin, value);
  // The one that was named, or found, where the host was collected.
  const [collected, ...others] = host.about?.workDirs ?? [];
  const places = collected === undefined || others.length > 0 ? USUAL_WORK_DIRS : [collected, ...USUAL_WORK_DIRS];
  const found = places.find((path) => {
    const stat = host.stat(`${path}/meta`);
    return stat !== undefined && !isUnseen(stat) && stat.kind === 'folder';
  });
  return found === undefined ? undefined : at(found, undefined);
};

/** The folder that the agent will be started in: that of its unit, `/` unless it says so, or that of the one that runs. */
export const workingFolder = ({ unit }: SystemdFacts, processes: Known<Processes>): string | undefined => {
  const found = ifKnown(unit);
  if (found === undefined) return agentsIn(ifKnown(processes) ?? new Map())[0]?.folder;
  const folder = serviceDirective(found, 'WorkingDirectory')?.value.replace(/^-/, '') ?? '/';
  return folder.startsWith('/') ? folder : undefined;
};
