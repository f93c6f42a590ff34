import { originText } from '../../agent/flags/origin.ts';
import { type CgroupFacts, hierarchyOf, isOnReadOnly, isV2Alone, v2Mounts } from '../../host/cgroups.ts';
import { isReadOnly, type Mount } from '../../host/mounts.ts';
import { keepsText, takeOut } from '../checks/about-unit.ts';
import type { Facts } from '../facts/facts.ts';
import { withheldFrom } from '../facts/withheld.ts';
import { RUN_AS_ROOT } from './needs.ts';
import { ends, hidden, type Problem, withKnown } from './problem.ts';

/** What to do on a host that has cgroups v2 alone. */
export const BOOT_WITH_V1 =
  'Boot with systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1 on the command line of the kernel: the host then has cgroups v1.';

/** Controllers of v2, by the subsystems of v1 that they are. */
const IN_V2: ReadonlyMap<string, string> = new Map([
  ['blkio', 'io'],
  ...['cpu', 'cpuset', 'memory', 'hugetlb', 'pids'].map((name) => [name, name] as const),
]);

/**
 * What keeps a subsystem of cgroups v1 from being used, mounted as it is, or by the agent. Mirrors `cgroups::prepare`.
 * @param use what it is needed for
 */
export const prepareProblems = (facts: Facts, subsystem: string, use: string): readonly Problem[] => {
  const { cgroups, isAgentRoot, settings } = facts;
  if (cgroups.subsystems.known && cgroups.subsystems.value === undefined) {
    return [ends(`${use} needs control groups, which this kernel lacks`)];
  }
  if (!isAgentRoot) return [ends(`${use} needs an agent that runs as root`, RUN_AS_ROOT)];
  return withKnown(cgroups.mounts, (mounts) => {
    const hierarchy = hierarchyOf(mounts, subsystem);
    return hierarchy === undefined
      ? mountProblems(cgroups, mounts, subsystem, use, settings.cgroupsHierarchy.value)
      : rootProblems(facts, hierarchy, use);
  });
};

/** The agent makes its root group, unless it is there. */
const rootProblems = (facts: Facts, hierarchy: Mount, use: string): readonly Problem[] => {
  const { cgroups, settings } = facts;
  const { path } = hierarchy;
  const withheld = withheldFrom(facts, path);
  if (withheld === undefined && !isReadOnly(hierarchy)) return [];
  return withKnown(cgroups.roots.get(path) ?? { known: true, value: true }, (isThere) => {
    if (isThere) return [];
    const needed = `${use} needs ${path}/${settings.cgroupsRoot.value}`;
    if (withheld === undefined) {
      return [ends(`${needed}, and ${path} is mounted read-only`, `mount -o remount,rw ${path}`)];
    }
    const { directive } = withheld;
    return [ends(`${needed}: ${keepsText(withheld, path)}`, takeOut(directive), originText(directive))];
  });
};

/** What is not mounted the agent mounts itself. Mirrors `cgroups::mount`. */
const mountProblems = (
  cgroups: CgroupFacts,
  mounts: readonly Mount[],
  subsystem: string,
  use: string,
  base: string,
): readonly Problem[] => {
  const needs = `${use} needs the subsystem ${subsystem} of cgroups v1`;
  const place = `${base}/${subsystem}`;
  const todo = isV2Alone(mounts)
    ? BOOT_WITH_V1
    : `mkdir -p ${place} && mount -t cgroup -o ${subsystem} ${subsystem} ${place}`;
  const ofKernel = withKnown(cgroups.subsystems, (all) => {
    const own = all?.get(subsystem);
    if (own === undefined) return [ends(`${needs}, which this kernel does not know`)];
    if (!own.isEnabled) {
      return [
        ends(
          `${needs}, which this kernel has disabled`,
          'Remove cgroup_disable from the command line of the kernel, and reboot.',
        ),
      ];
    }
    return own.hierarchy === 0 ? [] : [ends(`${needs}, which is mounted nowhere and attached elsewhere`, todo)];
  });
  if (ofKernel.some(({ isSeen }) => isSeen)) return ofKernel;
  const given = cgroups.givenControllers.known ? cgroups.givenControllers.value : [];
  if (v2Mounts(mounts).length > 0 && given.includes(IN_V2.get(subsystem) ?? '')) {
    return [ends(`${needs}, which cgroups v2 has taken`, todo)];
  }
  if (isOnReadOnly(mounts, base)) return [ends(`${needs}, which is not mounted, and ${base} is read-only`, todo)];
  const ofPlace = withKnown(cgroups.places.get(subsystem) ?? { known: true, value: 'nothing' }, (found) =>
    found === 'taken' ? [ends(`${needs}, which is not mounted, and ${place} is not an empty folder`, todo)] : [],
  );
  if (ofPlace.length > 0) return ofPlace;
  // A kernel with cgroups v2 may give a subsystem to v1, or not.
  return v2Mounts(mounts).length > 0
    ? [hidden(`${needs}, which is not mounted; whether the agent can mount it beside cgroups v2 is not known`, todo)]
    : ofKernel;
};
