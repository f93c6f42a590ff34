import { hasIsolator, isolatorNamed, wordsOf } from '../../agent/isolators.ts';
import { isWithin, since, versionText } from '../../agent/version.ts';
import { hierarchyOf, isV2Alone, V2_PLACE, v1Mounts, v2Mounts } from '../../host/cgroups.ts';
import { KNOWS_V2, usesV2 } from '../../host/launcher.ts';
import { isReadOnly } from '../../host/mounts.ts';
import { EXECUTORS_SLICE, type SystemdFacts } from '../../host/systemd/facts.ts';
import type { Facts } from '../facts/facts.ts';
import { BOOT_WITH_V1, prepareProblems } from './hierarchies.ts';
import { ends, hidden, type Problem, withKnown } from './problem.ts';
import type { IsolationSetting } from './setting.ts';

/** From 1.12 on the agent looks where cgroups v2 is mounted, before anything else (`Flags::Flags`). */
export const placeProblems = ({ to, cgroups, infoInput }: Facts): readonly Problem[] => {
  if (!isWithin(to.version, KNOWS_V2)) return [];
  return withKnown(cgroups.mounts, (mounts) => {
    const [first] = v2Mounts(mounts);
    if (first === undefined) return [];
    if (first.path !== V2_PLACE) {
      return [
        ends(
          `${versionText(to.version)} takes cgroups v2 at ${V2_PLACE} alone, and it is mounted at ${first.path}`,
          BOOT_WITH_V1,
          '/proc/mounts',
        ),
      ];
    }
    const swap = infoInput.flags('cgroups_limit_swap');
    return swap.kind === 'set' && swap.value === 'true'
      ? [ends('--cgroups_limit_swap does not go with cgroups v2', 'Remove --cgroups_limit_swap.', swap.from)]
      : [];
  });
};

/** What keeps the agent from the groups that `--agent_subsystems` names. Mirrors `initializeCgroups` and its kin. */
export const subsystemProblems = (facts: Facts): readonly Problem[] => {
  const flag = facts.infoInput.flags('agent_subsystems');
  if (flag.kind !== 'set') return [];
  const names = wordsOf(flag.value);
  if (!usesV2(facts.to.version, facts.cgroups)) {
    return names.flatMap((name) => prepareProblems(facts, name, '--agent_subsystems'));
  }
  return withKnown(facts.cgroups.controllers, (all) =>
    names
      .filter((name) => !all.includes(name))
      .map((name) =>
        ends(
          `--agent_subsystems names ${name}, which is not a controller of cgroups v2 here`,
          `Name some of ${all.join(', ')}.`,
        ),
      ),
  );
};

/** The name of systemd's own hierarchy below `--cgroups_hierarchy`. */
const SYSTEMD = 'systemd';

/** What keeps the agent from being set up with systemd. Mirrors `systemd::initialize`. */
export const systemdProblems = (facts: Facts): readonly Problem[] => {
  const { settings, systemd, cgroups, isAgentRoot, infoInput, flags } = facts;
  if (!settings.systemdSupport.value) return [];
  if (flags.container !== undefined) {
    return [hidden("whether systemd is what the image of the agent's container starts with is not known")];
  }
  return withKnown(systemd.isInit, (isInit) => {
    if (!isInit) return [];
    const folder = infoInput.flags('systemd_runtime_directory');
    const runtime = folder.kind === 'unknown' ? undefined : folder.value;
    const other = runtime === undefined ? undefined : facts.isolation.paths.get(runtime);
    const isMissing =
      runtime === '/run/systemd/system'
        ? systemd.present.known && !systemd.present.value
        : other?.known === true && other.value === 'nothing';
    if (isMissing) {
      const todo = other === undefined ? 'Set --no-systemd_enable_support.' : 'Correct --systemd_runtime_directory.';
      return [ends(`systemd's ${runtime} is not there`, todo)];
    }
    const ofUser = isAgentRoot ? [] : sliceProblems(systemd);
    if (ofUser.some(({ isSeen }) => isSeen)) return ofUser;
    const place = `${cgroups.base}/${SYSTEMD}`;
    const program = facts.isolation.programs.get('systemctl');
    const ofProgram =
      program?.known === true && program.value === undefined && facts.isOwn
        ? [ends('the agent runs systemctl, which is not in its PATH', 'Set Environment=PATH=... in the unit.')]
        : [];
    return [
      ...ofUser,
      ...ofProgram,
      ...withKnown(cgroups.mounts, (mounts) => {
        const isMounted = v1Mounts(mounts).some(({ path }) => path === place);
        if (isMounted) return [];
        const found = `systemd's control groups are not at ${place}`;
        if (!isV2Alone(mounts))
          return [
            ends(`${found}: --cgroups_hierarchy is not where they are`, 'Correct --cgroups_hierarchy.', '/proc/mounts'),
          ];
        return [ends(`${found}, because the host has cgroups v2 alone`, v2Remedy(facts), '/proc/mounts')];
      }),
    ];
  });
};

/** Who is not root cannot write the slice of executors, and may not be allowed to start it. */
const sliceProblems = ({ slice }: SystemdFacts): readonly Problem[] => {
  const todo = 'Remove User= from the unit, or set --no-systemd_enable_support.';
  return withKnown(slice, (isThere) =>
    isThere
      ? [hidden(`the agent is not root; whether it may start ${EXECUTORS_SLICE} is known to systemd`, todo)]
      : [ends(`the agent is not root, and cannot make ${EXECUTORS_SLICE}`, todo)],
  );
};

/** From 1.12 on an agent can do with v2, without systemd's help. */
const v2Remedy = ({ to }: Facts): string =>
  isWithin(to.version, KNOWS_V2)
    ? `${BOOT_WITH_V1} Or stay with v2: set --no-systemd_enable_support, and Delegate=yes with KillMode=process in the unit.`
    : BOOT_WITH_V1;

/** Before, executors are moved to a slice of systemd, and no group of theirs is made. */
const MAKES_SYSTEMD_ROOT = since('1.6.0');

/** What keeps the Linux launcher from being created. Mirrors `LinuxLauncher::create`. */
export const launcherProblems = (facts: Facts): readonly Problem[] => {
  const { launcher, to, cgroups, settings, systemd } = facts;
  if (launcher !== 'linux' || usesV2(to.version, cgroups)) return [];
  const problems = prepareProblems(facts, 'freezer', 'the Linux launcher');
  if (problems.length > 0 || !cgroups.mounts.known) return problems;
  const mounts = cgroups.mounts.value;
  const freezer = hierarchyOf(mounts, 'freezer');
  const known = cgroups.subsystems.known ? [...(cgroups.subsystems.value?.keys() ?? [])] : [];
  const others = known.filter((name) => name !== 'freezer' && freezer?.options.includes(name) === true);
  if (others.length > 0) {
    return [
      ends(
        `the freezer is mounted together with ${others.join(', ')} at ${freezer?.path}`,
        'Mount the freezer alone.',
        '/proc/mounts',
      ),
    ];
  }
  if (!isWithin(to.version, MAKES_SYSTEMD_ROOT) || !settings.systemdSupport.value) return [];
  const own = v1Mounts(mounts).find(({ path }) => path === `${cgroups.base}/${SYSTEMD}`);
  const isInit = systemd.isInit.known && systemd.isInit.value;
  if (own === undefined || !isInit || !isReadOnly(own)) return [];
  return withKnown(cgroups.roots.get(own.path) ?? { known: true, value: true }, (isThere) =>
    isThere
      ? []
      : [
          ends(
            `the Linux launcher makes ${own.path}/${settings.cgroupsRoot.value}, and that is mounted read-only`,
            `mount -o remount,rw ${own.path}`,
          ),
        ],
  );
};

/** From here on an agent with the Linux launcher makes the isolator for control groups whatever `--isolation` says. */
const ALWAYS_HAS_CGROUPS = since('1.12.0');

/** What keeps the isolator for control groups from being created. Mirrors `CgroupsIsolatorProcess::create`, and that of v2. */
export const isolatorProblems = (facts: Facts, setting: IsolationSetting): readonly Problem[] => {
  const { cgroups, to, launcher } = facts;
  const names = setting.isolation.names.filter((name) => name.startsWith('cgroups/'));
  const isV2 = usesV2(to.version, cgroups);
  // With v1 the launcher needs the freezer as well.
  const hasPorts = isV2 && setting.isolation.names.includes('network/ports');
  const ofPorts = hasPorts ? prepareProblems(facts, 'freezer', "'network/ports'") : [];
  if (names.length === 0) {
    if (isV2 || launcher !== 'linux' || !isWithin(to.version, ALWAYS_HAS_CGROUPS)) return ofPorts;
    const found = `${versionText(to.version)} aborts on cgroups v1 with the Linux launcher and no cgroups/... in --isolation`;
    const todo = 'Add cgroups/cpu,cgroups/mem to --isolation, which sets limits on tasks.';
    return withKnown(cgroups.mounts, () => [ends(found, todo, setting.place)]);
  }
  if (isV2) {
    const strange = names.filter((name) => isolatorNamed(name) !== undefined && isolatorNamed(name)?.isInV2 !== true);
    const ofNames = strange.map((name) =>
      ends(`'${name}' is not there with cgroups v2`, `Remove ${name} from --isolation.`, setting.place),
    );
    return [...ofNames, ...ofPorts];
  }
  return [...v1Problems(facts, setting, names), ...controlProblems(facts, setting, names)];
};

const v1Problems = (facts: Facts, { version }: IsolationSetting, names: readonly string[]): readonly Problem[] => {
  if (names.includes('cgroups/all')) {
    return withKnown(facts.cgroups.subsystems, (all) => {
      const enabled = SUPPORTED.filter((name) => all?.get(name)?.isEnabled === true);
      if (enabled.length === 0)
        return [ends("'cgroups/all' needs a subsystem that the kernel has enabled, and there is none")];
      return enabled.flatMap((name) => prepareProblems(facts, name, "'cgroups/all'"));
    });
  }
  return names.flatMap((name) => {
    const isolator = isolatorNamed(name);
    if (isolator === undefined || !hasIsolator(version, isolator)) return [];
    return (isolator.subsystems ?? []).flatMap((subsystem) => prepareProblems(facts, subsystem, `'${name}'`));
  });
};

/** Subsystems that `cgroups/all` takes where the kernel has enabled them. */
const SUPPORTED = [
  ...['blkio', 'cpu', 'cpuacct', 'cpuset', 'devices', 'hugetlb', 'memory', 'net_cls', 'net_prio', 'perf_event', 'pids'],
];

/** Files of control groups that flags need, and how a kernel comes to have them. */
const controlProblems = (facts: Facts, setting: IsolationSetting, names: readonly string[]): readonly Problem[] => {
  const uses = (name: string): boolean => names.includes(`cgroups/${name}`) || names.includes('cgroups/all');
  const isThere = (subsystem: string, control: string): boolean | undefined => {
    const hierarchy = facts.cgroups.mounts.known ? hierarchyOf(facts.cgroups.mounts.value, subsystem) : undefined;
    return hierarchy === undefined ? undefined : facts.cgroups.controls.get(`${hierarchy.path}/${control}`);
  };
  /** A flag that a kernel may not be able to follow. */
  const ofFlag = (flag: string, subsystem: string, control: string, todo: string): readonly Problem[] => {
    if (setting.value(flag) !== 'true') return [];
    const found = isThere(subsystem, control);
    if (found === undefined) return [hidden(`--${flag} needs ${control}; whether this kernel has it is not known`)];
    return found ? [] : [ends(`--${flag} needs ${control}, which this kernel lacks`, todo)];
  };
  const swap =
    'Boot with swapaccount=1 on the command line of the kernel, or remove --cgroups_limit_swap: tasks may then swap.';
  return [
    ...(uses('cpu') ? ofFlag('cgroups_enable_cfs', 'cpu', 'cpu.cfs_quota_us', 'Remove --cgroups_enable_cfs.') : []),
    ...(uses('mem') ? ofFlag('cgroups_limit_swap', 'memory', 'memory.memsw.limit_in_bytes', swap) : []),
    ...(uses('mem') ? ['memory.oom_control', 'memory.pressure_level', 'cgroup.event_control'] : [])
      .filter((control) => isThere('memory', control) === false)
      .map((control) =>
        ends(
          `'cgroups/mem' needs ${control}, which this kernel lacks`,
          'Remove cgroups/mem from --isolation, or boot another kernel.',
        ),
      ),
  ];
};
