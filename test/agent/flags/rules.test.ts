import { describe, expect, it } from 'vitest';
import { isIPv4, isIPv6 } from '../../../src/agent/flags/notation/address.ts';
import type { Version } from '../../../src/agent/version.ts';
import { type Given, load, messages, NEEDED } from './load-flags.ts';

/** Why an agent with some more flags does not start; `version` is its minor. */
const refused = (args: readonly string[], minor = 11, more: Given = {}): readonly string[] =>
  messages({ ...more, args: [...NEEDED, ...args], version: [1, minor, 0] as Version });

type Case = readonly [args: string, minor: number, message: string | undefined];

const expectCase = (args: string, minor: number, message: string | undefined): void => {
  expect(refused(args.split(' '), minor)).toEqual(message === undefined ? [] : [message]);
};

const features = (...names: readonly string[]): string =>
  `--agent_features=${JSON.stringify({ capabilities: names.map((type) => ({ type })) })}`;

const REFINED = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'];
const OLD =
  'At least the following agent features need to be enabled: MULTI_ROLE, HIERARCHICAL_ROLE, RESERVATION_REFINEMENT';

describe('features that a version asks for', () => {
  it.each<Case>([
    [features(...REFINED), 5, undefined],
    [features(...REFINED.slice(1)), 5, OLD],
    [features(...REFINED, 'RESIZE_VOLUME'), 5, undefined],
    [features(...REFINED, 'RESIZE_VOLUME'), 7, 'RESIZE_VOLUME feature requires RESOURCE_PROVIDER feature'],
    [features(...REFINED), 8, `${OLD}, AGENT_OPERATION_FEEDBACK`],
    [
      features(...REFINED, 'AGENT_OPERATION_FEEDBACK'),
      8,
      'AGENT_OPERATION_FEEDBACK feature requires RESOURCE_PROVIDER feature',
    ],
    [features(...REFINED, 'AGENT_OPERATION_FEEDBACK', 'RESOURCE_PROVIDER'), 8, undefined],
    [
      features(...REFINED, 'AGENT_OPERATION_FEEDBACK', 'RESOURCE_PROVIDER'),
      9,
      `${OLD}, AGENT_OPERATION_FEEDBACK, and AGENT_DRAINING`,
    ],
    [
      features(...REFINED, 'AGENT_OPERATION_FEEDBACK', 'RESOURCE_PROVIDER', 'AGENT_DRAINING'),
      10,
      `${OLD}, AGENT_OPERATION_FEEDBACK, RESOURCE_PROVIDER, AGENT_DRAINING, and TASK_RESOURCE_LIMITS`,
    ],
    [
      features(
        ...[...REFINED, 'AGENT_OPERATION_FEEDBACK', 'RESOURCE_PROVIDER', 'AGENT_DRAINING', 'TASK_RESOURCE_LIMITS'],
        'WHAT_COMES_LATER',
      ),
      12,
      undefined,
    ],
  ])('%s for 1.%i', expectCase);
});

const dns = (list: object): string => `--default_container_dns=${JSON.stringify(list)}`;
const entry = (network_mode?: string, network_name?: string): object => ({ network_mode, network_name, dns: {} });
const TWICE = 'in `--default_container_dns` is not allowed';

describe('what validators say', () => {
  it.each<Case>([
    [dns({ mesos: [entry('CNI'), entry('CNI', 'a'), entry('CNI', 'b')], docker: [entry('BRIDGE')] }), 11, undefined],
    [dns({ mesos: [entry()] }), 11, 'UNKNOWN network mode configured in `--default_container_dns`'],
    [
      dns({ docker: [entry('HOST')] }),
      11,
      'Configuring DNS for HOST network with `--default_container_dns` is not yet supported',
    ],
    [
      dns({ mesos: [entry('CNI'), entry('CNI')] }),
      11,
      `Multiple DNS configuration without network name for CNI network ${TWICE}`,
    ],
    [
      dns({ docker: [entry('USER', 'a'), entry('BRIDGE'), entry('USER', 'a')] }),
      11,
      `Multiple DNS configuration with the same network name 'a' for user-defined CNM network ${TWICE}`,
    ],
    [
      dns({ docker: [entry('BRIDGE'), entry('BRIDGE', 'a')] }),
      11,
      `Multiple DNS configuration for Docker default bridge network ${TWICE}`,
    ],
    [
      `--domain_socket_location=/${'a'.repeat(107)}`,
      11,
      'Domain socket location cannot be longer than 108 characters.',
    ],
    [`--domain_socket_location=/${'a'.repeat(106)}`, 11, undefined],
  ])('%s for 1.%i', expectCase);
});

describe('JSON of another shape', () => {
  const notLoaded = (flag: string, text: string, why: string): string =>
    `Failed to load flag '${flag}': Failed to load value '${text}': ${why}`;
  it.each([
    ['modules', '{"libraries": {}}', undefined],
    ['modules', '{"libraries": [{"file": 1}]}', "Not expecting a JSON number for field 'file'"],
    [
      'modules',
      '{"libraries": [{"modules": [{"name": "m", "parameters": [{"key": "k"}]}]}]}',
      'Missing required fields: libraries[0].modules[0].parameters[0].value',
    ],
    ['modules', '[]', 'Unexpected JSON type parsed'],
    ['firewall_rules', '{"disabled_endpoints": {"paths": "/a"}, "more": 1}', undefined],
    ['firewall_rules', '{"disabled_endpoints": ["/a"]}', "Not expecting a JSON array for field 'disabled_endpoints'"],
    ['allowed_devices', '{"allowed_devices": [{"device": {}, "access": {"read": "true"}}]}', undefined],
    [
      'allowed_devices',
      '{"allowed_devices": [{"device": {"path": "/dev/a"}}]}',
      'Missing required fields: allowed_devices[0].access',
    ],
    ['image_gc_config', '{"image_disk_headroom": 0.1, "image_disk_watch_interval": {"nanoseconds": 1}}', undefined],
    ['image_gc_config', '{"image_disk_headroom": 0.1}', 'Missing required fields: image_disk_watch_interval'],
    ['effective_capabilities', '{"capabilities": ["NET_ADMIN", "WHAT_COMES_LATER"]}', undefined],
    ['effective_capabilities', '{"capabilities": [1]}', "Not expecting a JSON number for field 'capabilities'"],
    ['default_container_info', '{"type": "MESOS", "volumes": [{"container_path": "a", "mode": "RW"}]}', undefined],
    ['default_container_info', '{"type": "PODMAN"}', "Failed to find enum for 'PODMAN'"],
    ['acls', '{"run_tasks": [{"principals": {"type": "ANY"}}]}', 'Missing required fields: run_tasks[0].users'],
    ['docker_config', '{"auths": {"a": [1]}}', undefined],
  ])('--%s=%s', (flag, text, why) => {
    expect(refused([`--${flag}=${text}`])).toEqual(why === undefined ? [] : [notLoaded(flag, text, why)]);
  });

  it('of what a version does not know is passed over', () => {
    const text = '--acls={"drain_agents": [1]}';
    expect(refused([text], 8)).toEqual([]);
    expect(refused([text], 9)).toHaveLength(1);
  });
});

describe('what main says', () => {
  it.each<Case>([
    ['--logging_level=WARNING', 11, undefined],
    [
      '--logging_level=info',
      4,
      "'info' is not a valid logging level. Possible values for 'logging_level' flag are: 'INFO', 'WARNING', 'ERROR'.",
    ],
    [`--runtime_dir=/${'a'.repeat(95)} --http_executor_domain_sockets`, 11, undefined],
    [
      `--runtime_dir=/${'a'.repeat(96)} --http_executor_domain_sockets`,
      11,
      `Domain socket location '/${'a'.repeat(96)}/agent.sock' must have less than 108 characters.`,
    ],
    [`--runtime_dir=/${'a'.repeat(96)}`, 11, undefined],
    ['--volume_gid_range=[10000-20000]', 8, undefined],
    [
      '--volume_gid_range=10000-20000',
      11,
      "Failed to initialize volume gid manager: Failed to parse volume gid range '10000-20000'",
    ],
    [
      '--volume_gid_range=5',
      11,
      'Failed to initialize volume gid manager: Invalid volume gid range type SCALAR, expecting RANGES',
    ],
    ['--volume_gid_range=[]', 11, 'Failed to initialize volume gid manager: Empty volume gid range'],
    [
      '--volume_gid_range=[1-4294967296]',
      11,
      "Failed to initialize volume gid manager: Invalid volume gid range '[1-4294967296]': Range is out of bounds",
    ],
  ])('%s for 1.%i', expectCase);
});

describe('what libprocess says', () => {
  const notAddress = (flag: string, text: string): string =>
    `Failed to load flag '${flag}': Failed to load value '${text}': Failed to parse IP as either IPv4 or IPv6:${text}`;
  it.each<Case>([
    ['--ip=10.0.0.1 --ip6=::1 --advertise_ip=fe80::1 --advertise_port=5051', 11, undefined],
    ['--ip=node7.example', 11, notAddress('ip', 'node7.example')],
    ['--ip=::1', 4, 'Currently we allow only IPv4 address to be specified with the `--ip` flag'],
    [
      '--ip6=10.0.0.1',
      11,
      "Failed to load flag 'ip6': Failed to load value '10.0.0.1': Failed to parse IPv6: 10.0.0.1",
    ],
    ['--advertise_ip=node7', 11, notAddress('advertise_ip', 'node7')],
    ['--advertise_port=0', 11, 'LIBPROCESS_ADVERTISE_PORT=0 is not a valid port'],
    ['--advertise_port=65536', 11, 'LIBPROCESS_ADVERTISE_PORT=65536 is not a valid port'],
    [
      '--advertise_port=http',
      11,
      "Failed to load flag 'advertise_port': Failed to load value 'http': Failed to convert into required type",
    ],
  ])('%s for 1.%i', expectCase);

  it('of variables that no flag replaces', () => {
    const env = { LIBPROCESS_IP: 'node7', LIBPROCESS_ADVERTISE_PORT: '', LIBPROCESS_PORT: 'x' };
    const port = "Failed to load flag 'advertise_port': Failed to load value '': Failed to convert into required type";
    expect(messages({ env })).toEqual([notAddress('ip', 'node7'), port]);
    expect(load({ env }).refusals[0]?.origin).toEqual({ place: 'env', line: undefined });
    expect(messages({ env, args: [...NEEDED, '--ip=10.0.0.1', '--advertise_port=1'] })).toEqual([]);
    // What the command says is not known.
    expect(messages({ env, args: [...NEEDED, '--ip_discovery_command=x'] })).toEqual([port]);
    // Flags may be set that are not known.
    expect(messages({ env, isComplete: false })).toEqual([]);
  });

  it.each([
    ['true', 0],
    ['', 0],
    ['yes', 1],
  ])('of LIBPROCESS_REQUIRE_PEER_ADDRESS_IP_MATCH=%s', (text, count) => {
    expect(messages({ env: { LIBPROCESS_REQUIRE_PEER_ADDRESS_IP_MATCH: text } })).toHaveLength(count);
  });

  it.each(['0.0.0.0', '255.255.255.255'])('%s is an IPv4 address', (text) => {
    expect(isIPv4(text)).toBe(true);
  });
  it.each(['', '1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4 ', '1.2.3.4\n'])('%j is none', (text) => {
    expect(isIPv4(text)).toBe(false);
  });
  it.each(['::', '::1', '1::', '1:2:3:4:5:6:7:8', '1:2::7:8', '::ffff:1.2.3.4', '1:2:3:4:5:6:1.2.3.4'])(
    '%s is an IPv6 address',
    (text) => {
      expect(isIPv6(text)).toBe(true);
    },
  );
  it.each([
    '',
    ':',
    ':1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '12345::',
    'fe80::1%eth0',
    '1.2.3.4::',
    '1:2:3:4::5:6:7:8',
  ])('%j is none', (text) => {
    expect(isIPv6(text)).toBe(false);
  });
});

const NO_MESOS = 'Failed to create a containerizer: Could not create MesosContainerizer:';
const NO_STORES = `${NO_MESOS} Failed to create provisioner: Failed to create image stores:`;
const NO_PULLER = `${NO_STORES} Failed to create store for image type 'docker': Failed to create Docker puller: Failed to create registry puller: Failed to parse the default Docker registry:`;

describe('what containerizers say', () => {
  it.each<Case>([
    ['--containerizers=docker,mesos', 11, undefined],
    [
      '--containerizers=mesos,mesos',
      11,
      "Failed to create a containerizer: Duplicate entries found in --containerizer flag 'mesos,mesos'",
    ],
    ['--containerizers=', 4, 'Failed to create a containerizer: Unknown or unsupported containerizer: '],
    ['--containerizers=podman', 4, 'Failed to create a containerizer: Unknown or unsupported containerizer: podman'],
    [
      '--isolation=posix/cpu,posix/cpu',
      4,
      `${NO_MESOS} Duplicate entries found in --isolation flag '[ posix/cpu, posix/cpu ]'`,
    ],
    ['--isolation=posix/cpu,posix/cpu --containerizers=docker', 11, undefined],
    ['--isolation=filesystem/linux,filesystem/posix', 4, undefined],
    [
      '--isolation=filesystem/linux,filesystem/posix',
      5,
      `${NO_MESOS} Using multiple filesystem isolators simultaneously is disallowed`,
    ],
    ['--isolation=network/cni,network/ports', 5, undefined],
    ['--isolation=network/cni,network/mine', 4, undefined],
    [
      '--isolation=network/cni,network/mine',
      11,
      `${NO_MESOS} Using multiple network isolators simultaneously is disallowed`,
    ],
    ['--isolation=posix/disk,disk/du', 5, `${NO_MESOS} Using 'posix/disk' and 'disk/du' simultaneously is disallowed`],
    ['--isolation=posix/disk,disk/du', 6, undefined],
    ['--launcher=posix', 11, undefined],
    ['--launcher=Linux', 11, `${NO_MESOS} Failed to create launcher: Unknown or unsupported launcher: Linux`],
    ['--launcher=Linux --containerizers=docker', 11, undefined],
    ['--image_providers=docker,APPC', 11, undefined],
    ['--image_providers=oci', 11, `${NO_STORES} Unknown image type 'oci'`],
    ['--image_providers=docker --docker_registry=/images', 4, undefined],
    ['--image_providers=docker --docker_registry=https://r.example', 11, undefined],
    ['--image_providers=docker --docker_registry=r.example:443', 11, `${NO_PULLER} Missing scheme in url string`],
    ['--image_providers=docker --docker_registry=hdfs://h/i', 6, `${NO_PULLER} Unable to determine port from url`],
    ['--image_providers=docker --docker_registry=hdfs://h/i', 7, undefined],
    ['--image_providers=docker --docker_registry=https:///i', 7, `${NO_PULLER} Host not found in url`],
    ['--docker_registry=r.example', 11, undefined],
    [
      '--image_providers=appc --appc_simple_discovery_uri_prefix=hdfs://h',
      11,
      `${NO_STORES} Failed to create store for image type 'appc': Failed to create image fetcher: Invalid simple discovery uri prefix: hdfs://h`,
    ],
    ['--docker_socket=docker.sock', 11, undefined],
    [
      '--docker_socket=unix:///run/docker.sock --containerizers=docker',
      11,
      'Failed to create a containerizer: Could not create DockerContainerizer: Failed to create docker: Invalid Docker socket path: unix:///run/docker.sock',
    ],
  ])('%s for 1.%i', expectCase);
});

const any = { type: 'ANY' };
const some = { values: ['a'] };
const acls = (list: object): string => `--acls=${JSON.stringify(list)}`;
const NOT_LOCAL = "Could not create 'local' authorizer:";

describe('what authorization and authentication say', () => {
  it.each<Case>([
    [acls({ view_flags: [{ principals: some, flags: any }] }), 11, undefined],
    [
      acls({ view_flags: [{ principals: any, flags: some }] }),
      11,
      `${NOT_LOCAL} ACL.ViewFlags type must be either NONE or ANY`,
    ],
    [
      acls({ get_maintenance_statuses: [{ principals: any, machines: {} }] }),
      4,
      `${NOT_LOCAL} acls.get_maintenance_status type must be either NONE or ANY`,
    ],
    [acls({ drain_agents: [{ principals: any, agents: some }] }), 8, undefined],
    [
      acls({ drain_agents: [{ principals: any, agents: some }] }),
      9,
      `${NOT_LOCAL} ACL.DrainAgent type must be either NONE or ANY`,
    ],
    [`${acls({ view_flags: [{ principals: any, flags: some }] })} --authorizer=mine`, 11, undefined],
    [acls({ get_endpoints: [{ principals: any, paths: { values: ['/files/debug'] } }] }), 11, undefined],
    [acls({ get_endpoints: [{ principals: any, paths: { values: ['/files/debug.json'] } }] }), 6, undefined],
    [
      acls({ get_endpoints: [{ principals: any, paths: { values: ['/files/debug.json'] } }] }),
      7,
      `${NOT_LOCAL} Path: '/files/debug.json' is not an authorizable path`,
    ],
    [
      '--authenticate_http_readonly',
      11,
      "Failed to create HTTP authenticator module 'basic': No credentials provided for the default 'basic' HTTP authenticator for realm 'mesos-agent-readonly'",
    ],
    ['--authenticate_http_readwrite --http_credentials=/c', 11, undefined],
    ['--authenticate_http_readwrite --http_authenticators=mine', 11, undefined],
    [
      '--authenticate_http_readwrite --http_authenticators=mine,jwt --http_credentials=/c',
      11,
      "Failed to create HTTP authenticator module 'jwt': No secret key provided for the default 'jwt' HTTP authenticator for realm 'mesos-agent-readwrite'",
    ],
    [
      '--authenticate_http_executors --http_credentials=/c',
      11,
      '--jwt_secret_key must be specified when --authenticate_http_executors is set to true',
    ],
    [
      '--authenticate_http_executors --http_credentials=/c',
      4,
      '--executor_secret_key must be specified when --authenticate_http_executors is set to true',
    ],
    [
      '--authenticate_http_executors --jwt_secret_key=/k',
      11,
      "Failed to create HTTP authenticator module 'basic': No credentials provided for the default 'basic' HTTP authenticator for realm 'mesos-agent-executor'",
    ],
  ])('%s for 1.%i', expectCase);

  it('where nobody knows all flags: nothing is missing', () => {
    expect(messages({ args: [...NEEDED, '--authenticate_http_readonly'], isComplete: false })).toEqual([]);
  });
});

const disk = (type: string): string =>
  `--resources=${JSON.stringify([{ name: 'disk', type: 'SCALAR', scalar: { value: 1 }, disk: { source: { type } } }])}`;
const NO_RESOURCES = 'Failed to determine agent resources:';

describe('what the agent says of its resources and attributes', () => {
  it.each<Case>([
    ['--resources=cpus:4;mem:1024', 11, undefined],
    [
      '--resources=[{"name":"cpus","type":"SCALAR"},]',
      11,
      `${NO_RESOURCES} Bad value for resources, missing or extra ':' in [{"name":"cpus","type":"SCALAR"},]`,
    ],
    ['--resources=mem:16GB', 11, `${NO_RESOURCES} Bad type for resource mem value 16GB type TEXT`],
    ['--resources=cpus:4 --default_role=web/', 11, `${NO_RESOURCES} Role 'web/' cannot end with a slash`],
    ['--default_role=web/', 11, undefined],
    [disk('RAW'), 5, "Unsupported 'DiskInfo.Source.Type' in 'disk[RAW]:1'"],
    [
      disk('BLOCK'),
      4,
      `${NO_RESOURCES} Some JSON resources were not formatted properly: Failed to find enum for 'BLOCK'`,
    ],
    ['--attributes=rack:1;zone', 11, "Invalid attribute key:value pair 'zone'"],
    ['--attributes=rack:{a,b}', 11, 'Bad type for attribute rack text {a,b} type 2'],
    ['--attributes=rack:[1-', 11, 'Failed to parse attribute rack text [1- error Mismatched brackets'],
  ])('%s for 1.%i', expectCase);
});

describe('flags that some builds alone know', () => {
  const builds = (given: Given) =>
    load(given).buildRefusals.map(({ message, option, isWith }) => [message, isWith ? option : `no ${option}`]);

  it('on a command line end the agents of other builds', () => {
    const args = [...NEEDED, '--jwt_secret_key=/k', '--no-xfs_kill_containers'];
    expect(messages({ args })).toEqual([]);
    expect(builds({ args })).toEqual([
      ["Failed to load unknown flag 'jwt_secret_key'", 'no SSL'],
      ["Failed to load unknown flag 'xfs_kill_containers' via 'no-xfs_kill_containers'", 'no XFS'],
    ]);
  });

  it('in the environment are passed over by other builds', () => {
    expect(builds({ env: { MESOS_JWT_SECRET_KEY: '/k' } })).toEqual([]);
    const env = { MESOS_XFS_KILL_CONTAINERS: 'yes', MESOS_AUTHENTICATE_HTTP_EXECUTORS: 'true' };
    expect(messages({ env })).toEqual([]);
    expect(builds({ env })).toEqual([
      [expect.stringContaining('Expecting a boolean'), 'XFS'],
      [expect.stringContaining('--jwt_secret_key must be specified'), 'SSL'],
    ]);
  });

  it('end every agent where they are wrong on a command line', () => {
    expect(refused(['--xfs_kill_containers=yes'])).toEqual([expect.stringContaining('Expecting a boolean')]);
  });

  it('were one more in 1.5', () => {
    expect(builds({ args: [...NEEDED, '--disk_profile_adaptor=a'], version: [1, 5, 0] })).toHaveLength(1);
    expect(builds({ args: [...NEEDED, '--disk_profile_adaptor=a'], version: [1, 6, 0] })).toHaveLength(0);
  });
});

describe('a file that may not be read here', () => {
  it('leaves the value unknown: the agent may read it', () => {
    const args = [...NEEDED, '--attributes=file:///a', '--modules=/m'];
    const { flags, refusals } = load({ args, unseen: ['/a', '/m'] });
    expect(refusals).toEqual([]);
    expect(flags.get('attributes')?.unknown).toBe('/a cannot be read here (EACCES)');
    expect(flags.get('modules')?.unknown).toBe('/m cannot be read here (EACCES)');
  });
});
