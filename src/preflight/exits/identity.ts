import type { ExitGroup } from './exit.ts';

const ADDRESSES: ExitGroup = {
  title: 'Addresses and names',
  exits: [
    {
      number: 53,
      where: 'another program listens on its port, an agent that still runs among them',
      check: 'address',
      unseen: 'who listens at the moment of the start',
    },
    {
      number: 54,
      where: '`--ip` names an address that the host does not have',
      check: 'address',
      unseen: 'an address may come up between now and the start',
    },
    {
      number: 56,
      where: "neither `--ip` nor `--advertise_ip` is set, and the host's own name has no IPv4 address",
      check: 'address',
      unseen: 'DNS answers when it is asked; files tell of a name that only they could tell',
    },
    {
      number: 31,
      where: '`--ip_discovery_command` is not there, or ends badly',
      check: 'address',
      unseen: "how it ends is seen when it is run; of a shell's own words nothing is told",
    },
    {
      number: 182,
      where: '`--hostname` is not set, and the name of its address is not found',
      check: 'agent-info',
      unseen: 'DNS answers when it is asked: the name is unknown there',
    },
    {
      number: 55,
      where: 'its port is below 1024, and its user is not root',
      check: 'address',
      unseen: 'the capabilities of its file are in no text: it is a warning',
    },
    {
      number: 151,
      where: 'no name of a ZooKeeper can be looked up for ten minutes',
      unseen: 'DNS answers when it is asked, and again and again: nothing on the host tells',
    },
    {
      number: 191,
      where: 'its info changed under `additive`, and the leading master is of before 1.5.0',
      versions: '1.5 and later',
      check: 'masters',
      unseen: 'no file of an agent tells the version of its masters: `--master-version` does',
    },
    {
      number: 183,
      where: 'the socket of its executors cannot be listened on',
      versions: '1.10 and later',
      unseen: 'the kernel says so of a socket that was bound already, and of nothing before',
    },
  ],
};

const CHECKPOINT: ExitGroup = {
  title: 'The checkpoint',
  exits: [
    { number: 187, where: '`slaves/latest` leads nowhere', check: 'checkpoint' },
    {
      number: 188,
      where: 'the checkpointed reservations and volumes do not fit the resources',
      check: 'reservations',
      unseen: 'what is detected of a disk or of memory is known on the host alone',
    },
    {
      number: 189,
      where: 'its info differs from the checkpointed one, and the policy is `equal`',
      check: 'agent-info',
      unseen: 'what a hook, a module or DNS adds to the info',
    },
    {
      number: 190,
      where: 'its info differs from the checkpointed one in what `additive` does not allow',
      versions: '1.5 and later',
      check: 'agent-info',
      unseen: 'what a hook, a module or DNS adds to the info',
    },
    {
      number: 193,
      where: 'the database of resource providers does not open',
      versions: '1.6 and later',
      check: 'provider-registry',
      unseen: 'whether another program has it locked, and damage within its tables',
    },
    {
      number: 186,
      where: 'a file of the checkpoint is torn, empty or unreadable, and the agent is strict',
      check: 'checkpoint',
    },
    {
      number: 192,
      where: 'a pending target of resources cannot be committed',
      check: 'checkpoint',
      unseen: "whether a folder of a volume can be made or removed by the agent's user",
    },
    {
      number: 194,
      where: '`latest` cannot be removed after a reboot with other flags',
      versions: '1.5 and later',
      unseen: 'only a read-only file system keeps root from it, which the check work-dir-disk tells',
    },
    {
      number: 195,
      where: 'executors of frameworks that do not checkpoint, other ids than their folders have, an id twice',
      check: 'checkpoint',
    },
    {
      number: 196,
      where: '`volume_gids` is damaged, and `--volume_gid_range` is set',
      versions: '1.8 and later',
      check: 'volume-gids',
    },
    {
      number: 217,
      where: 'a folder below `operations` has a name that is not a UUID, or its log is damaged',
      versions: '1.8 and later',
      check: 'checkpoint',
    },
    {
      number: 218,
      where: 'a pending operation cannot be applied',
      versions: '1.8 and later',
      check: 'checkpoint',
      unseen: 'what resource providers add to the resources',
    },
    {
      number: 219,
      where: '`boot_id` cannot be written at the end',
      check: 'checkpoint',
      unseen: 'a disk that is full or read-only is told by work-dir-disk, but not of a copy',
    },
  ],
};

const CONTAINERS: ExitGroup = {
  title: 'Containers that run',
  exits: [
    { number: 197, where: 'the sandbox of a live run is gone', check: 'sandboxes' },
    { number: 198, where: 'something among its containers in the runtime_dir is not a folder', check: 'containers' },
    {
      number: 199,
      where: 'a pid, `config` or `launch_info` of a container does not read',
      check: 'containers',
      unseen: 'what a whole record of them holds: its fields are not looked at',
    },
    { number: 200, where: 'the end of a container is noted that is in no other one', check: 'containers' },
    {
      number: 207,
      where: "what is kept of a container's CNI network is empty, no JSON, or has two interfaces",
      check: 'containers',
      unseen: 'fields of other types within its JSON',
    },
    {
      number: 215,
      where: 'the docker daemon does not answer `docker ps`',
      check: 'docker',
      unseen: 'whether it answers: its socket and its process are seen',
    },
    {
      number: 201,
      where: 'the POSIX launcher is used, and two live runs have one forked pid',
      check: 'duplicate-pids',
    },
    {
      number: 202,
      where: 'the Linux launcher cannot list its control groups',
      unseen: 'the kernel gives them when it is asked; whether they are mounted is told by what looks at the launcher',
    },
    {
      number: 203,
      where: 'a container has an `io_switchboard` folder, and no pid of its server in it',
      check: 'containers',
    },
    {
      number: 204,
      where: 'a handle of net_cls cannot be read, or a control group cannot be listed',
      unseen: 'the kernel alone keeps them',
    },
    {
      number: 205,
      where: '`device.state` is damaged, or its program cannot be attached',
      versions: '1.12 and later',
      check: 'devices',
      unseen: 'what the kernel says to the program',
    },
    {
      number: 206,
      where: "a mount below the work_dir has a path that is not a sandbox's",
      unseen: "which of its mounts the agent takes for a sandbox's depends on its own links",
    },
    {
      number: 208,
      where: "a container's list of docker volumes is not JSON, or names one twice",
      check: 'docker-volumes',
    },
    {
      number: 209,
      where: 'the project id of a sandbox on XFS cannot be read, or occurs twice',
      unseen: 'it is in the inode, which only a call of the kernel shows',
    },
    {
      number: 210,
      where: 'a handle of a network namespace of the port mapping isolator does not read',
      unseen: 'few builds have that isolator, and which one has it is in no file',
    },
    {
      number: 211,
      where: "a container's list of CSI volumes does not read",
      versions: '1.11 and later',
      check: 'csi-volumes',
    },
    {
      number: 216,
      where: '`docker inspect` of a container says what the agent does not read, or a container cannot be stopped',
      unseen: 'docker says so when it is asked, and nothing before',
    },
  ],
};

/** Addresses, the checkpoint and the runtime folder. */
export const IDENTITY: readonly ExitGroup[] = [ADDRESSES, CHECKPOINT, CONTAINERS];
