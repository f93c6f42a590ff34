import type { Exit, ExitGroup } from './exit.ts';

/** Way of ending that `cgroups`, `isolation` or another check tells. */
const told =
  (check: Exit['check'] & string) =>
  (number: number, where: string, more: Pick<Exit, 'versions' | 'unseen'> = {}): Exit => ({
    number,
    where,
    check,
    ...more,
  });

const cgroups = told('cgroups');
const isolation = told('isolation');
const images = told('images');
const docker = told('docker');

const KERNEL = 'what the kernel answers is known when the agent asks it';
const MOUNTING = 'whether the agent can mount it beside cgroups v2';
const IN_112 = '1.12';

/** Control groups, systemd and the launcher. */
const CGROUPS: readonly Exit[] = [
  cgroups(15, 'cgroups v2 is mounted somewhere else than at /sys/fs/cgroup, as on a hybrid host', { versions: IN_112 }),
  cgroups(
    71,
    'systemd runs the host, and its own hierarchy of cgroups v1 is not below --cgroups_hierarchy: cgroups v2 alone',
    {
      unseen: "what an agent's container has mounted before it runs",
    },
  ),
  cgroups(90, 'the freezer of cgroups v1 cannot be had for the Linux launcher', {
    versions: 'all; 1.12 on cgroups v1',
    unseen: MOUNTING,
  }),
  cgroups(101, 'the Linux launcher is used on cgroups v1, and --isolation names nothing of cgroups/', {
    versions: IN_112,
  }),
  cgroups(105, 'a subsystem that an isolator uses is not mounted, is disabled, or is attached elsewhere', {
    versions: 'all; 1.12 on cgroups v1',
    unseen: MOUNTING,
  }),
  cgroups(35, 'control groups are needed by an agent that is not root'),
  cgroups(36, 'a subsystem is not mounted, and the folder to mount it at is in use or read-only'),
  cgroups(37, 'the kernel does not know a subsystem, or has it disabled'),
  cgroups(108, '--cgroups_limit_swap is set, and the kernel does not account swap', {
    versions: 'all; 1.12 on cgroups v1',
  }),
  cgroups(16, '--cgroups_limit_swap is set on cgroups v2', { versions: IN_112 }),
  cgroups(33, '--agent_subsystems names a subsystem that cannot be had'),
  cgroups(34, 'the kernel has no control groups', { unseen: 'a copy without /proc/cgroups' }),
  cgroups(38, 'a subsystem is attached to a hierarchy that is mounted nowhere, or cgroups v2 has it', {
    unseen: MOUNTING,
  }),
  cgroups(39, 'the group of --cgroups_root cannot be made in a hierarchy that is read-only', { unseen: KERNEL }),
  {
    number: 40,
    where: 'groups cannot be nested, or a process is in the group of the test for that',
    versions: '1.4 and 1.5',
    unseen: 'the agent makes that group at its start, and every kernel since Linux 2.6.24 nests them',
  },
  { number: 41, where: 'the agent cannot be moved to its own group of --agent_subsystems', unseen: KERNEL },
  cgroups(42, '--agent_subsystems names what is not a controller of cgroups v2', {
    versions: IN_112,
    unseen: 'whether the groups can be made',
  }),
  cgroups(69, 'systemd is /sbin/init, and --systemd_runtime_directory is not there'),
  cgroups(70, 'the slice of executors cannot be written or started', { unseen: 'whether systemd answers systemctl' }),
  cgroups(91, 'the freezer is mounted together with another subsystem', { versions: 'all; 1.12 on cgroups v1' }),
  cgroups(92, "the group of --cgroups_root cannot be made in systemd's hierarchy, which is read-only", {
    versions: '1.6 and later; 1.12 on cgroups v1',
    unseen: KERNEL,
  }),
  cgroups(104, 'an isolator of cgroups/ is not known, or not there with cgroups v2'),
  cgroups(106, 'cgroups/all is asked for, and no subsystem is enabled', { versions: '1.7 and later' }),
  cgroups(107, '--cgroups_enable_cfs is set, and the kernel has no cpu.cfs_quota_us', {
    versions: 'all; 1.12 on cgroups v1',
  }),
  cgroups(109, 'memory.oom_control, memory.pressure_level or cgroup.event_control is missing', {
    versions: 'all; 1.12 on cgroups v1',
    unseen: KERNEL,
  }),
  {
    number: 116,
    where: 'memory of cgroups v2 cannot be watched, for want of inotify instances',
    versions: IN_112,
    unseen: 'how many instances are in use is known to the kernel alone',
  },
];

/** Isolators. */
const ISOLATORS: readonly Exit[] = [
  isolation(117, 'an isolator is neither built in nor brought by a module', {
    unseen: 'what modules bring, and how a build was configured',
  }),
  isolation(102, 'isolators of cgroups/ are used without the Linux launcher', { versions: IN_112 }),
  isolation(103, '--isolation=cgroups is given, the old name', { versions: '1.7 and later, on cgroups v1' }),
  isolation(112, '--perf_events is set, and perf is not there or does not run', {
    unseen: 'whether perf runs on this kernel: unknown, unless an agent runs with it already',
  }),
  isolation(118, 'filesystem/linux is used by an agent that is not root'),
  {
    number: 120,
    where: 'the work_dir cannot be made a shared mount',
    unseen: "whether the agent may mount is known to the kernel and to the agent's container",
  },
  isolation(
    123,
    'namespaces/pid, or namespaces/ipc from 1.9 on, is used without filesystem/linux, root or the Linux launcher',
  ),
  isolation(127, 'one of the two flags of CNI is set, or both for an agent that is not root'),
  isolation(128, 'the folder of --network_cni_config_dir is not there', { unseen: 'whether it can be listed' }),
  isolation(132, 'disk/xfs is used, and the work_dir is not on XFS with project quotas', {
    unseen: 'PATH disks on other file systems; 1.12 tries to switch quotas on',
  }),
  isolation(137, "gpu/nvidia is used, and NVIDIA's library is not installed", { unseen: 'builds without NVML' }),
  isolation(139, "NVIDIA's devices are not there", { unseen: 'whether nvidia-modprobe makes them' }),
  isolation(110, '--allowed_devices names what is not a device, has no path, or may be used for nothing'),
  isolation(111, 'cgroups/perf_event is used without --perf_events', { versions: '1.4 to 1.6' }),
  { number: 113, where: 'perf refuses an event', unseen: 'perf has to be run: isolation says that it is not known' },
  isolation(114, '--perf_duration is longer than --perf_interval'),
  isolation(115, 'handles of net_cls are not numbers of 16 bits, or no range', { versions: 'all; 1.12 on cgroups v1' }),
  isolation(119, 'filesystem/linux is used without the Linux launcher', { versions: '1.5 and later' }),
  {
    number: 121,
    where: 'the folder of containers is on a mount with nodev, and cannot be mounted again',
    versions: '1.8 and later',
    unseen: 'the agent mounts it again, which root may unless something confines it',
  },
  isolation(122, 'the kernel lacks a namespace that an isolator needs', {
    unseen: 'a copy without /proc; network and UTS namespaces, for CNI',
  }),
  isolation(124, 'an isolator of volumes or devices is used without filesystem/linux or the Linux launcher'),
  isolation(125, 'volume/csi is used without --csi_plugin_config_dir', { versions: '1.11 and later' }),
  isolation(126, 'docker/volume is used by an agent that is not root, or without dvdcli', {
    unseen: 'whether its folder can be made',
  }),
  {
    number: 129,
    where: 'the folder of CNI cannot be made, or made a shared mount',
    unseen: 'whether the agent may mount is known to the kernel',
  },
  isolation(
    130,
    'network/ports is used without the Linux launcher, or with two flags that exclude each other, or a bad range',
    { versions: '1.5 and later' },
  ),
  isolation(131, 'network/port_mapping is used by an agent that is not root, or in a build without it', {
    unseen: 'ephemeral ports, rates, tc, ip and ethtool, interfaces and routes: it is in special builds alone',
  }),
  isolation(133, '--xfs_project_range is not a range, or holds 0'),
  isolation(
    134,
    'linux/capabilities is used by an agent that is not root, with sets that do not agree, or on a kernel with more capabilities than it counts',
  ),
  isolation(135, 'linux/seccomp is used by an agent that is not root, or without --seccomp_config_dir', {
    versions: '1.8 and later',
    unseen: 'the profile, and whether the kernel filters',
  }),
  isolation(136, 'linux/nnp is used on Linux before 3.5, or linux/devices by an agent that is not root', {
    versions: '1.9 and later; 1.7 and later',
  }),
  isolation(138, 'gpu/nvidia is used without cgroups/devices or filesystem/linux, or, up to 1.6, before them'),
  isolation(140, 'filesystem/shared is used by an agent that is not root'),
  { number: 141, where: 'an isolator that a module brings fails', unseen: 'what a module does is known when it runs' },
];

/** Images, docker, GPUs. */
const CONTAINERS: readonly Exit[] = [
  images(87, '--image_providers is set without filesystem/linux or the Linux launcher'),
  images(88, '--image_providers has docker, and --isolation has no docker/runtime'),
  images(94, '--image_provisioner_backend is not one that the kernel has, or needs root'),
  docker(
    145,
    'docker is among --containerizers, and no hierarchy of cgroups v1 has cpu: every host with cgroups v2 alone',
  ),
  docker(146, "docker is not in the agent's PATH, or does not answer", { unseen: 'whether docker --version answers' }),
  {
    number: 147,
    where: 'docker is older than 1.8.0, or its version is not understood',
    unseen: 'docker has to be run for it',
  },
  isolation(80, "NVIDIA's library is installed, and the driver is not loaded or of another version", {
    unseen: 'what the driver answers; builds without NVML',
  }),
  isolation(81, "NVIDIA's library is installed, and the agent is not root", {
    unseen: 'links of its libraries that lead nowhere',
  }),
  isolation(82, '--nvidia_gpu_devices, gpus of --resources and --isolation do not agree', {
    unseen: 'how many GPUs there are',
  }),
  isolation(175, 'the same flags of GPUs do not agree when resources are counted', {
    unseen: 'how many GPUs there are',
  }),
];

/** Isolation, control groups, images and docker. */
export const ISOLATION: readonly ExitGroup[] = [
  { title: 'Control groups, systemd and the launcher', exits: CGROUPS },
  { title: 'Isolators', exits: ISOLATORS },
  { title: 'Images, docker and GPUs', exits: CONTAINERS },
];
