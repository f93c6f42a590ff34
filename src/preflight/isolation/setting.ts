import { SUPPOSED } from '../../agent/flags/origin.ts';
import type { FlagValue } from '../../agent/flags/values.ts';
import { type Isolation, isolationOf } from '../../agent/isolators.ts';
import { compareVersions, type Version } from '../../agent/version.ts';
import { ifKnown } from '../../host/known.ts';
import { isUser } from '../../host/user.ts';
import type { Facts } from '../facts/facts.ts';

/** What decides which isolators the agent creates, and with what. */
export interface IsolationSetting {
  readonly version: Version;
  readonly isolation: Isolation;
  /** Where `--isolation` is set, for a person. */
  readonly place: string;
  readonly isRoot: boolean;
  readonly launcher: 'posix' | 'linux';
  /** Whether modules may bring isolators of their own. */
  readonly hasModules: boolean;
  /** The value of a flag; undefined where it is not set, or is not known. */
  readonly value: (name: string) => string | undefined;
  readonly flag: (name: string) => FlagValue;
}

/** Reads what decides about isolators; what is not known has the agent's default. */
export const isolationSetting = ({ to, infoInput, settings, isAgentRoot, launcher }: Facts): IsolationSetting => {
  const flag = infoInput.flags;
  const value = (name: string): string | undefined => {
    const found = flag(name);
    return found.kind === 'unknown' ? undefined : found.value;
  };
  return {
    version: to.version,
    isolation: isolationOf(to.version, value('isolation') ?? settings.isolation.value.join(',')),
    place: settings.isolation.origin ?? 'the default of --isolation',
    isRoot: isAgentRoot,
    launcher,
    hasModules: flag('modules').kind !== 'default' || flag('modules_dir').kind !== 'default',
    value,
    flag,
  };
};

/** Flags that decide about control groups, the launcher and isolators. */
const DECIDING = [
  ...['isolation', 'launcher', 'containerizers', 'image_providers', 'image_provisioner_backend', 'agent_subsystems'],
  ...['cgroups_hierarchy', 'cgroups_root', 'cgroups_enable_cfs', 'cgroups_limit_swap', 'systemd_enable_support'],
  ...['systemd_runtime_directory', 'perf_events', 'modules', 'modules_dir', 'docker', 'docker_socket'],
];

/**
 * Whether an agent runs on this boot of the host that is of the version that will start, with the same flags and user: what
 * cannot be seen was enough for it.
 */
export const runsAlready = ({ flags, versions, to, scenario, user, runningUid }: Facts): boolean => {
  const { running } = flags;
  const found = ifKnown(versions.running);
  if (running === undefined || found === undefined || scenario === 'reboot') return false;
  if (compareVersions(found.version, to.version) !== 0) return false;
  const coming = ifKnown(user);
  const isOther = coming !== undefined && isUser(coming) && runningUid !== undefined && coming.uid !== runningUid;
  if (isOther) return false;
  const isChanged = (name: string): boolean =>
    running.differences.some((difference) => difference.name === name) ||
    flags.flags.get(name)?.origin.place === SUPPOSED;
  return !DECIDING.some(isChanged);
};
