import { allowedDevices } from '../../agent/flags/allowed-devices.ts';
import { parseDuration } from '../../agent/flags/notation/duration.ts';
import { jsonObject } from '../../agent/flags/notation/value.ts';
import { parseValue } from '../../agent/value-text.ts';
import { isWithin, since, versionText } from '../../agent/version.ts';
import { mapKnown } from '../../host/known.ts';
import { usesV2 } from '../../host/launcher.ts';
import type { Facts } from '../facts/facts.ts';
import { RUN_AS_ROOT } from './needs.ts';
import { ends, hidden, type Problem, withKnown } from './problem.ts';
import type { IsolationSetting } from './setting.ts';

type Judge = (facts: Facts, setting: IsolationSetting) => readonly Problem[];

/** Whether control groups are asked for by a name, or by the name of all. */
const asksFor = ({ isolation }: IsolationSetting, name: string): boolean =>
  isolation.names.some((each) => each === `cgroups/${name}` || each === 'cgroups/all');

/** The largest capability that a version counts, as the kernel numbers them. */
const LAST_CAPABILITY = { before: 37, after: 40 } as const;
const COUNTS_MORE_CAPABILITIES = since('1.12.0');

/** What keeps the isolator of capabilities from being created. Mirrors `Capabilities::create`. */
const capabilities: Judge = (facts, setting) => {
  if (!setting.isolation.names.includes('linux/capabilities')) return [];
  const most = LAST_CAPABILITY[isWithin(setting.version, COUNTS_MORE_CAPABILITIES) ? 'after' : 'before'];
  const ofKernel = withKnown(facts.kernel.lastCapability, (last) => {
    if (last <= most) return [];
    const found = `'linux/capabilities' of ${versionText(setting.version)} counts capabilities up to ${most}, and this kernel has ${last}`;
    return [
      ends(found, 'Remove linux/capabilities from --isolation, or boot a kernel that has fewer: before Linux 5.8.'),
    ];
  });
  const [effective, bounding] = ['effective_capabilities', 'bounding_capabilities'].map((name) =>
    capabilitiesIn(facts, setting.value(name)),
  );
  const missing = bounding === undefined ? [] : (effective ?? []).filter((name) => !bounding.includes(name));
  if (missing.length === 0) return ofKernel;
  const found = `--effective_capabilities has ${missing.join(', ')}, and --bounding_capabilities has not`;
  return [...ofKernel, ends(found, 'Add what is missing to --bounding_capabilities.')];
};

const capabilitiesIn = ({ infoInput }: Facts, text: string | undefined): readonly string[] | undefined => {
  const parsed = text === undefined ? undefined : jsonObject(text, infoInput.read);
  const names = parsed?.ok === true ? parsed.value['capabilities'] : undefined;
  return Array.isArray(names) ? names.map(String) : undefined;
};

/** What keeps a list of devices from being read. Mirrors `DevicesSubsystemProcess::create`, and that of `linux/devices`. */
const devices: Judge = (facts, setting) => {
  const { isolation, version } = setting;
  const hasCgroups = asksFor(setting, 'devices');
  if (!hasCgroups && !isolation.names.includes('linux/devices')) return [];
  return allowedDevices(setting.flag, facts.infoInput.read).flatMap(({ path, hasAccess }): readonly Problem[] => {
    if (path === undefined) {
      return isWithin(version, PATHS_ARE_NEEDED)
        ? [ends('a device of --allowed_devices has no path', 'Give it a path, or remove it.')]
        : [];
    }
    if (hasCgroups && !hasAccess) {
      return [
        ends(`${path} of --allowed_devices may be used for nothing`, 'Give it read, write or mknod, or remove it.'),
      ];
    }
    return withKnown(facts.isolation.paths.get(path) ?? { known: true, value: 'other' }, (kind) => {
      if (kind === 'other') return [];
      const found =
        kind === 'nothing'
          ? `${path} of --allowed_devices is not there`
          : `${path} of --allowed_devices is not a device`;
      return [ends(found, 'Remove it from --allowed_devices, or load the driver that makes it.')];
    });
  });
};

/** Before, a device without a path was passed over. */
const PATHS_ARE_NEEDED = since('1.7.0');

/** What keeps the sampling of events from being set up. Mirrors `PerfEventSubsystemProcess::create`. */
const perf: Judge = (facts, setting) => {
  const events = setting.value('perf_events');
  if (events === undefined || !asksFor(setting, 'perf_event')) return [];
  const [duration, interval] = ['perf_duration', 'perf_interval'].map((name) =>
    parseDuration(setting.value(name) ?? ''),
  );
  const problems: Problem[] = [];
  if (duration?.ok === true && interval?.ok === true && duration.value > interval.value) {
    problems.push(ends('--perf_duration is longer than --perf_interval', 'Set a shorter --perf_duration.'));
  }
  const program = facts.isolation.programs.get('perf');
  if (program !== undefined) {
    problems.push(
      ...withKnown(program, (found) =>
        found === undefined
          ? [
              ends(
                "--perf_events needs perf, which is not in the agent's PATH",
                'Install perf for the kernel that runs, or remove --perf_events.',
              ),
            ]
          : [
              hidden(
                `whether ${found} runs on this kernel, and takes the events ${events}, is known when it runs`,
                `${found} stat -e ${events} true`,
              ),
            ],
      ),
    );
  }
  return problems;
};

/** A number of 16 bits. Mirrors `numify<uint16_t>`. */
const shortOf = (text: string): number | undefined => {
  const value = /^(?:0[xX][0-9a-fA-F]+|[0-9]+)$/.test(text) ? Number(text) : undefined;
  return value === undefined || value > 0xffff ? undefined : value;
};

/** What keeps handles of net_cls from being read. Mirrors `NetClsSubsystemProcess::create`. */
const netCls: Judge = (_, setting) => {
  const primary = setting.value('cgroups_net_cls_primary_handle');
  const secondary = setting.value('cgroups_net_cls_secondary_handles');
  if (primary === undefined || !asksFor(setting, 'net_cls')) return [];
  if (shortOf(primary) === undefined) {
    return [ends(`--cgroups_net_cls_primary_handle=${primary} is not a number of 16 bits`, 'Write it as 0xAAAA.')];
  }
  if (secondary === undefined) return [];
  const bounds = secondary.split(',').filter((word) => word !== '');
  const [lower, upper] = bounds.map(shortOf);
  const isRange = bounds.length === 2 && lower !== undefined && upper !== undefined && lower > 0 && lower <= upper;
  return isRange
    ? []
    : [
        ends(
          `--cgroups_net_cls_secondary_handles=${secondary} is not a range of handles`,
          'Write two numbers with a comma, 0x1,0xFFFF.',
        ),
      ];
};

/** Whether the isolator of CNI is created: it is where no other isolator is named for the network. */
const hasCni = ({ isolation }: IsolationSetting): boolean =>
  isolation.names.includes('network/cni') ||
  !isolation.names.some((name) => name.startsWith('network/') && name !== 'network/ports');

/** What keeps networks of CNI from being read. Mirrors `NetworkCniIsolatorProcess::create`. */
const cni: Judge = (facts, setting) => {
  const [plugins, folder] = ['network_cni_plugins_dir', 'network_cni_config_dir'].map((name) => setting.flag(name));
  if (plugins === undefined || folder === undefined || !hasCni(setting)) return [];
  if (plugins.kind === 'default' && folder.kind === 'default') return [];
  if (!setting.isRoot) return [ends("'network/cni' needs an agent that runs as root", RUN_AS_ROOT)];
  const problems: Problem[] = [];
  for (const [name, flag] of [
    ['network_cni_plugins_dir', plugins],
    ['network_cni_config_dir', folder],
  ] as const) {
    if (flag.kind === 'unknown') problems.push(hidden(`--${name}: ${flag.why}`));
    else if (flag.value === undefined || flag.value === '') {
      problems.push(ends(`--${name} is not set, and the other flag of CNI is`, 'Set both, or neither.'));
    }
  }
  if (folder.kind !== 'set' || folder.value === '') return problems;
  const kind = facts.isolation.paths.get(folder.value) ?? {
    known: false,
    why: `${folder.value} is not an absolute path`,
    needsRoot: false,
  };
  return [
    ...problems,
    ...withKnown(kind, (found) => {
      if (found === 'folder') return [];
      const text = found === 'nothing' ? 'is not there' : 'is not a folder';
      return [ends(`${folder.value} of --network_cni_config_dir ${text}`, `mkdir -p ${folder.value}`, folder.from)];
    }),
  ];
};

/** What keeps the isolator of ports from being created. Mirrors `NetworkPortsIsolatorProcess::create`. */
const ports: Judge = (_, setting) => {
  const range = setting.value('container_ports_isolated_range');
  if (range === undefined || !setting.isolation.names.includes('network/ports')) return [];
  if (setting.value('check_agent_port_range_only') === 'true') {
    return [
      ends('--check_agent_port_range_only and --container_ports_isolated_range are both set', 'Remove one of the two.'),
    ];
  }
  return rangeProblems('container_ports_isolated_range', range, 0n, 0xffffn);
};

/** A flag that has to be ranges of numbers. */
const rangeProblems = (flag: string, text: string, least: bigint, most: bigint): readonly Problem[] => {
  const parsed = parseValue(text);
  const ranges = parsed.ok && parsed.value.type === 'RANGES' ? parsed.value.ranges.range : undefined;
  const isWhole = ranges?.every(({ begin, end }) => begin >= least && begin <= end && end <= most) === true;
  return isWhole
    ? []
    : [ends(`--${flag}=${text} is not a range of what is allowed there`, 'Write it as [5000-10000].')];
};

/** From here on the agent switches quotas on itself, where the file system lets it. */
const SWITCHES_QUOTAS_ON = since('1.12.0');

/** What keeps the isolator of XFS from being created. Mirrors `XfsDiskIsolatorProcess::create`. */
const xfs: Judge = ({ workDir }, setting) => {
  if (!setting.isolation.names.includes('disk/xfs')) return [];
  const ofRange = rangeProblems(
    'xfs_project_range',
    setting.value('xfs_project_range') ?? '[5000-10000]',
    1n,
    0xffffffffn,
  );
  if (workDir === undefined) return [...ofRange, hidden("'disk/xfs' needs XFS below the work_dir, which is not known")];
  const ofMount = withKnown(
    mapKnown(workDir.mount, (mount) => mount),
    (mount) => {
      if (mount === undefined)
        return [hidden(`'disk/xfs' needs XFS at ${workDir.path}; what is mounted there is not known`)];
      const at = `${workDir.path}, which is on ${mount.type} at ${mount.path}`;
      if (mount.type !== 'xfs') return [ends(`'disk/xfs' needs XFS at ${at}`, 'Remove disk/xfs from --isolation.')];
      if (['prjquota', 'pquota'].some((option) => mount.options.includes(option))) return [];
      const found = `'disk/xfs' needs project quotas at ${at}`;
      const todo = `Mount ${mount.path} with the option prjquota.`;
      return [
        isWithin(setting.version, SWITCHES_QUOTAS_ON)
          ? hidden(`${found}; the agent tries to switch them on`, todo)
          : ends(found, todo),
      ];
    },
  );
  return [...ofRange, ...ofMount];
};

/** What keeps the deprecated name of all isolators of control groups from working: from 1.7 on the agent aborts on it. */
const deprecatedCgroups: Judge = (facts, { version, isolation }) => {
  const isNamed = isolation.text.split(',').includes('cgroups') && !isolation.text.includes('cgroups/');
  if (!isNamed || !isWithin(version, since('1.7.0')) || usesV2(version, facts.cgroups)) return [];
  return [
    ends(
      `--isolation=cgroups is an old name that ${versionText(version)} knows by half: it aborts`,
      'Set --isolation=cgroups/cpu,cgroups/mem.',
    ),
  ];
};

const JUDGES: readonly Judge[] = [capabilities, devices, perf, netCls, cni, ports, xfs, deprecatedCgroups];

/** What keeps isolators from being created, by the flags and files that are theirs. */
export const optionProblems: Judge = (facts, setting) => JUDGES.flatMap((judge) => judge(facts, setting));
