import { alike, type Entries } from '../entry.ts';

/** What other parts of the agent keep in meta. */
export const other = {
  'volume-gids-damaged': {
    severity: alike('fatal'),
    title: 'volume_gids cannot be read or does not parse',
    explanation:
      'The file holds the group ids that the agent has given to shared volumes. It is cut short, its bytes are not a valid record, or reading it fails.',
    consequence: alike(
      'An agent that manages volume gids (--volume_gid_range) refuses to start, and again at every start. Nothing is lost yet.',
    ),
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: restore it from a copy of meta. Without a copy, rename it (volume_gids.bad): no task is lost, but the agent forgets which group ids are in use, and may give one to a second volume.',
  },
  'volume-gids-empty': {
    severity: alike('note'),
    title: 'volume_gids is empty',
    explanation:
      'The file holds the group ids that the agent has given to shared volumes, and has no bytes. The host lost power before they were on disk.',
    consequence: alike(
      'The agent notes it and goes on. It forgets which group ids are in use, and may give one to a second volume.',
    ),
    remedy:
      "If shared volumes are in use, restore the file from a copy of meta before the agent's first start. Otherwise nothing needs to be done.",
  },
  'device-state-damaged': {
    severity: alike('fatal'),
    title: 'device.state cannot be read or does not parse',
    explanation:
      'The file holds which devices each container may use; 1.12 is the first version to read it. It is cut short, its bytes are not a valid record, or reading it fails.',
    consequence: alike(
      'On a host with cgroups v2 the agent refuses to start, and again at every start. Nothing is lost yet.',
    ),
    remedy:
      'Let mesos-ckpt prune repair it, which mesos-ckpt undo can take back; with --from, it takes the file from a copy. By hand: restore it from a copy of meta. Without a copy, rename it (device.state.bad): no task is lost, but the agent no longer knows which devices the running containers may use.',
  },
} as const satisfies Entries;
