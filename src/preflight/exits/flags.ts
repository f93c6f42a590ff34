import type { ExitGroup } from './exit.ts';

const LOADING: ExitGroup = {
  title: 'Flags that the agent cannot load',
  exits: [
    {
      number: 3,
      where: 'its command line has a flag that its version does not know; in the environment it is passed over',
      check: 'flags',
    },
    {
      number: 4,
      where: 'a flag is given twice: by its name and by a deprecated one, as itself and as `no-`, in two spellings',
      check: 'flags',
    },
    {
      number: 5,
      where: 'its command line has a flag that only agents know that were built with an option',
      check: 'flags',
      unseen:
        'how an agent was built is in its binary: the flag is a warning, unless the agent that runs was started with it',
    },
    {
      number: 9,
      where: 'a switch is something else than `true`, `false`, `1`, `0` or nothing',
      check: 'flags',
    },
    {
      number: 10,
      where: 'a duration, a size, a number or a port cannot be read; an empty variable is a value too',
      check: 'flags',
    },
    {
      number: 11,
      where: 'the value is in a file that is not there',
      check: 'flags',
      unseen: 'what is in a file that may not be read here is unknown',
    },
    { number: 12, where: 'a value is not the JSON that it should be', check: 'flags' },
    {
      number: 13,
      where: 'the JSON of a value has another shape: a field of another type, a missing one, an unknown name',
      check: 'flags',
      unseen: 'the shapes of containers and of images are those of the newest version',
    },
    { number: 6, where: '`no-` stands before a flag that is not a switch', check: 'flags' },
    { number: 7, where: 'a flag that is not a switch has no `=` and value behind it', check: 'flags' },
    { number: 8, where: 'a switch is turned off by `no-` and has a value too', check: 'flags' },
    { number: 14, where: '`work_dir` is not given', check: 'flags' },
  ],
};

const REFUSED: ExitGroup = {
  title: 'Values that the agent refuses as soon as its flags are loaded',
  exits: [
    {
      number: 17,
      where: '`agent_features` lacks a feature that its version asks for',
      versions: '1.5 and later, more with each',
      check: 'flags',
    },
    {
      number: 18,
      where: '`agent_features` has RESIZE_VOLUME without RESOURCE_PROVIDER',
      versions: '1.6 to 1.9',
      check: 'flags',
    },
    {
      number: 19,
      where: '`agent_features` has AGENT_OPERATION_FEEDBACK without RESOURCE_PROVIDER',
      versions: '1.8 and 1.9',
      check: 'flags',
    },
    { number: 20, where: '`executor_reregistration_timeout` is longer than 15 seconds', check: 'flags' },
    { number: 21, where: '`executor_environment_variables` holds a value that is not a string', check: 'flags' },
    {
      number: 22,
      where: '`default_container_dns` names a network twice, or one whose mode is UNKNOWN or HOST',
      check: 'flags',
    },
    { number: 23, where: '`domain` has no fault domain', check: 'flags' },
    {
      number: 24,
      where: '`domain_socket_location` has 108 bytes or more',
      versions: '1.10 and later',
      check: 'flags',
    },
    {
      number: 26,
      where: '`log_dir` is not there and cannot be made',
      check: 'folders',
    },
    { number: 25, where: '`logging_level` is not INFO, WARNING or ERROR', check: 'flags' },
  ],
};

const MASTER: ExitGroup = {
  title: 'Flags for the master and for addresses',
  exits: [
    { number: 27, where: 'neither `master` nor `master_detector` is given', check: 'flags' },
    {
      number: 51,
      where: 'an address is a name, or another text that is not an address, or `ip` is of IPv6',
      check: 'flags',
      unseen: 'what a discovery command prints is known when it is run',
    },
    { number: 148, where: '`master` names a ZooKeeper without a path', check: 'flags' },
    { number: 28, where: 'both `master` and `master_detector` are given', check: 'flags' },
    { number: 29, where: 'both `ip` and `ip_discovery_command` are given', check: 'flags' },
    { number: 30, where: 'both `ip6` and `ip6_discovery_command` are given', check: 'flags' },
    {
      number: 32,
      where: 'executors use a socket in the `runtime_dir`, and its path has 108 bytes or more',
      versions: '1.10 and later',
      check: 'flags',
    },
    { number: 52, where: '`advertise_port` is not a port', check: 'flags' },
    { number: 57, where: 'a `LIBPROCESS_` variable, which no flag replaces, cannot be read', check: 'flags' },
    {
      number: 149,
      where: '`master` is not a host and port, or its host has no address',
      check: 'flags',
      unseen: 'whether a name has an address, the resolver of the host alone knows',
    },
  ],
};

const CONTAINERS: ExitGroup = {
  title: 'Flags for containers',
  exits: [
    { number: 84, where: '`isolation` has two `filesystem/` isolators', versions: '1.5 and later', check: 'flags' },
    {
      number: 85,
      where: '`isolation` has two `network/` isolators, not counting `network/ports`',
      versions: '1.5 and later',
      check: 'flags',
    },
    {
      number: 74,
      where: '`volume_gid_range` is set, and the agent is not root',
      versions: '1.8 and later',
      check: 'flags',
    },
    {
      number: 75,
      where: '`volume_gid_range` is not a range of group ids, or an empty one',
      versions: '1.8 and later',
      check: 'flags',
    },
    { number: 78, where: '`containerizers` names one twice', check: 'flags' },
    { number: 79, where: '`containerizers` has a name that is neither `mesos` nor `docker`', check: 'flags' },
    { number: 83, where: '`isolation` names one twice', check: 'flags' },
    { number: 86, where: '`isolation` has both `posix/disk` and `disk/du`', versions: '1.4 and 1.5', check: 'flags' },
    { number: 89, where: '`launcher` is neither `linux` nor `posix`', check: 'flags' },
    { number: 97, where: '`image_providers` has a name that is neither `appc` nor `docker`', check: 'flags' },
    {
      number: 99,
      where: '`docker_registry` is neither a URL with a scheme nor a folder',
      check: 'flags',
      unseen: 'a place in HDFS is not looked at, which agents from 1.7 on take',
    },
    {
      number: 100,
      where: '`appc_simple_discovery_uri_prefix` begins with neither `http` nor `/`, or the store cannot be made',
      check: 'flags',
      unseen: 'the folders of the store are not looked at',
    },
    {
      number: 144,
      where: '`docker_socket` is not an absolute path, and docker is among the containerizers',
      check: 'flags',
    },
  ],
};

const AUTHORIZATION: ExitGroup = {
  title: 'Flags for who may do what',
  exits: [
    {
      number: 153,
      where: '`acls` name somebody or something where a list takes only ANY or NONE',
      check: 'flags',
    },
    {
      number: 163,
      where: 'endpoints are to be authenticated, and the credentials or the key for it are not given',
      check: 'flags',
    },
    { number: 154, where: '`acls` name an endpoint that cannot be authorized', check: 'flags' },
    {
      number: 162,
      where: '`authenticate_http_executors` is on, and no key is given',
      check: 'flags',
      unseen: 'an agent that was built without SSL passes over the variable: then it is a warning',
    },
  ],
};

const RESOURCES: ExitGroup = {
  title: 'Flags for resources, attributes and recovery',
  exits: [
    {
      number: 170,
      where: '`resources` are neither a JSON array nor pairs; broken JSON is taken for pairs',
      check: 'flags',
    },
    {
      number: 173,
      where: 'a role in `resources`, or `default_role` for them, is not a name of a role',
      check: 'flags',
    },
    { number: 180, where: '`attributes` have a part that is not a pair: the agent aborts', check: 'flags' },
    { number: 158, where: '`registration_backoff_factor` is longer than a minute', check: 'flags' },
    { number: 165, where: '`gc_disk_headroom` is below 0 or above 1', check: 'flags' },
    { number: 171, where: 'a resource has a value that is not a number, range or set', check: 'flags' },
    {
      number: 172,
      where: 'a resource in JSON has another shape, or a value that is not allowed',
      check: 'flags',
    },
    {
      number: 174,
      where: '`resources` hold volumes, dynamic reservations or revocable ones, or one name with two types',
      check: 'flags',
    },
    { number: 179, where: '`resources` have a disk of type BLOCK or RAW', check: 'flags' },
    {
      number: 181,
      where: 'an attribute has a value that cannot be read, or is a set: the agent aborts',
      check: 'flags',
    },
    {
      number: 184,
      where: '`reconfiguration_policy` is neither `equal` nor `additive`',
      versions: '1.5 and later',
      check: 'flags',
    },
    { number: 185, where: '`recover` is neither `reconnect` nor `cleanup`', check: 'flags' },
  ],
};

/** What the values of flags say by themselves. */
export const FLAGS: readonly ExitGroup[] = [LOADING, REFUSED, MASTER, CONTAINERS, AUTHORIZATION, RESOURCES];
