import { alike, type Entries } from '../entry.ts';

/** Whether the host was rebooted. */
export const boot = {
  'boot-id-missing': {
    severity: alike('note'),
    title: 'boot_id is missing',
    explanation:
      'The agent writes boot_id at the end of its recovery, to learn at its next start whether the host was rebooted. It has never finished one here, or the file was not copied.',
    consequence: alike('The agent takes the host for not rebooted, and believes the pids in the checkpoint.'),
    remedy:
      'Nothing, if the host was not rebooted. If it was, mesos-ckpt verify --rebooted shows what the agent would otherwise do; any other text in boot_id than the id of this boot makes it do so.',
  },
  'boot-id-unreadable': {
    severity: alike('note'),
    title: 'boot_id cannot be read',
    explanation:
      'There is something called boot_id, and reading it fails: it is a broken link, a socket, or on a bad disk.',
    consequence: alike(
      'The agent notes it and takes the host for not rebooted. It believes the pids in the checkpoint.',
    ),
    remedy:
      'Rename it (boot_id.bad): the agent writes a new one at the end of its recovery. Check the disk if the read failed with an input/output error.',
  },
  'boot-id-unwritable': {
    severity: alike('fatal'),
    title: 'boot_id is a folder',
    explanation:
      'At the end of its recovery the agent writes boot_id again, by renaming a file over it, which cannot replace a folder. Somebody made or restored a folder there.',
    consequence: alike(
      'The agent takes the host for not rebooted and recovers; then, before it registers, a check fails and it aborts. The same happens at every start: no master sees it, and executors end when they have waited for it for --recovery_timeout (15 minutes).',
    ),
    remedy: 'Move the folder out of meta: the agent writes a new boot_id at the end of its recovery.',
  },
  'boot-id-malformed': {
    severity: alike('loss'),
    title: 'boot_id is not a boot id',
    explanation:
      'A boot id is a uuid. What is here is empty, cut short, full of zeros or another text: a power loss can leave that of a file that was renamed and not synced, or somebody edited it. No host has such an id.',
    consequence: alike(
      'The agent takes the host for rebooted, whether it was or not: it does not read the pids, removes forked.pid from every run (1.4.3, 1.5.2, 1.6.2, 1.7.1, 1.8.0 and later of each), and shuts down the executors that still run.',
    ),
    remedy:
      "If the host was not rebooted, write its boot id into the file before the agent's first start: cat /proc/sys/kernel/random/boot_id > meta/boot_id, in the work_dir. If it was, nothing needs to be done.",
  },
  'host-rebooted': {
    severity: alike('note'),
    title: 'The host was rebooted',
    explanation:
      "boot_id differs from the host's: the host was booted after the agent wrote the checkpoint, or the checkpoint comes from another host. An empty boot_id differs too.",
    consequence: alike(
      'Every container is gone, and the agent starts none again: it sends the terminal updates of the tasks. Pids are not read and forked.pid is removed from every run (1.4.3, 1.5.2, 1.6.2, 1.7.1, 1.8.0 and later of each).',
    ),
    remedy:
      "Nothing: the frameworks learn of it and place their tasks again. But if the host was not rebooted, write its boot id into boot_id before the agent's first start (it is in /proc/sys/kernel/random/boot_id), or live executors are shut down.",
  },
  'boot-id-assumed': {
    severity: alike('note'),
    title: 'Assumed: the host was not rebooted',
    explanation: "The tree is not read on its agent's own host, so the boot id of that host is not known here.",
    consequence: alike(
      'All findings hold for a host that was not rebooted. After a reboot, pids do not matter and every container is gone.',
    ),
    remedy:
      "Give the host's boot id, which is in its /proc/sys/kernel/random/boot_id, as --boot-id; or give --rebooted if the host was rebooted.",
  },
} as const satisfies Entries;
