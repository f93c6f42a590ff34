import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckCode } from '../../src/preflight/checks/index.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { isAlive } from '../../src/preflight/lives/lives.ts';
import { type Preflight, runChecks } from '../../src/preflight/preflight.ts';
import { type HostFixture, hostsInMemory, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { check, randomly } from '../support/random.ts';

const makeHost = hostsInMemory();

const tls = readHostFixture('tls-healthy');
const textOf = (fixture: HostFixture, path: string): string => {
  const text = fixture.files?.[path];
  if (typeof text !== 'string') throw new TypeError(`${path} is not a text of the host`);
  return text;
};

const UNIT = '/etc/systemd/system/mesos-agent.service';
const DEFAULTS = '/etc/default/mesos-agent';
const LIBRARY = Buffer.from('\x7fELF\0\0org_example_Logger\0org_example_Hook\x001.11.0\0', 'latin1').toString('hex');

const FLAGS = [
  'MESOS_CREDENTIAL=/etc/mesos/secret/credential',
  'MESOS_HTTP_CREDENTIALS=/etc/mesos/secret/http',
  'MESOS_JWT_SECRET_KEY=/etc/mesos/secret/jwt',
  'MESOS_RESOURCE_PROVIDER_CONFIG_DIR=/etc/mesos/providers',
  'MESOS_MODULES_DIR=/etc/mesos/modules',
  'MESOS_CONTAINER_LOGGER=org_example_Logger',
  'MESOS_HOOKS=org_example_Hook',
  'MESOS_FETCHER_CACHE_DIR=/var/lib/mesos/fetch',
  'MESOS_RUNTIME_DIR=/run/mesos',
];
const RESOURCES =
  '[{"name":"cpus","type":"SCALAR","scalar":{"value":16}},{"name":"mem","type":"SCALAR","scalar":{"value":64000}},{"name":"disk","type":"SCALAR","scalar":{"value":1000},"disk":{"source":{"type":"MOUNT","mount":{"root":"/mnt/data"}}}}]';
const MANIFEST =
  '{"libraries":[{"file":"/usr/lib/mesos/libexample.so","modules":[{"name":"org_example_Logger"},{"name":"org_example_Hook"}]}]}';

/** A host on which an agent that is not root has all that its flags name. */
const HOST: HostFixture = {
  ...tls,
  files: {
    ...tls.files,
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nmesos:x:990:990::/var/lib/mesos:/bin/false\n',
    '/etc/group': 'root:x:0:\nmesos:x:990:\nsecrets:x:991:mesos\n',
    [UNIT]: textOf(tls, UNIT).replace('[Service]\n', '[Service]\nUser=mesos\n'),
    [DEFAULTS]: `${textOf(tls, DEFAULTS).replace(/^MESOS_RESOURCES=.*$/m, 'MESOS_RESOURCES=file:///etc/mesos/resources.json')}${FLAGS.join('\n')}\n`,
    '/etc/mesos/resources.json': RESOURCES,
    '/etc/mesos/secret/credential': '{"principal":"agent","secret":"s"}',
    '/etc/mesos/secret/http': '{"credentials":[{"principal":"ops","secret":"s"}]}',
    '/etc/mesos/secret/jwt': 'key',
    '/etc/mesos/providers': null,
    '/etc/mesos/modules/one.json': MANIFEST,
    '/usr/lib/mesos/libexample.so': { hex: LIBRARY },
    '/mnt/data': null,
  },
  mounts: [...(tls.mounts ?? []), '/dev/sdd1 /mnt/data xfs rw 0 0'],
  owners: { '/etc/mesos/secret': '0:991 0750', '/etc/mesos/tls': '0:991 0750' },
  ownersBelow: {
    '/etc/mesos/secret/credential': '0:991 0640',
    '/etc/mesos/secret/http': '0:991 0640',
    '/etc/mesos/secret/jwt': '0:991 0640',
    '/etc/mesos/tls/key.pem': '990:990 0400',
    '/var/lib/mesos': '990:990',
    '/run/mesos': '990:990',
  },
  processes: { ...tls.processes, '812': null },
};

/** One thing that the agent needs, and a host without it. */
interface Taking {
  readonly what: string;
  readonly from: (host: HostFixture) => HostFixture;
}

const withFile =
  (path: string, content: NonNullable<HostFixture['files']>[string]): Taking['from'] =>
  (host) => ({
    ...host,
    files: { ...host.files, [path]: content },
  });
const withOwner =
  (path: string, owner: string): Taking['from'] =>
  (host) => ({
    ...host,
    owners: { ...host.owners, [path]: owner },
  });

/** Files that are read at the start; those with a form are refused with any other. */
const READ = {
  formed: [
    ...['/etc/mesos/secret/credential', '/etc/mesos/secret/http', '/etc/mesos/resources.json'],
    ...['/etc/mesos/tls/key.pem', '/etc/mesos/tls/cert.pem', '/etc/mesos/modules/one.json'],
  ],
  any: ['/etc/mesos/secret/jwt', '/usr/lib/mesos/libexample.so'],
};

const TAKINGS: readonly Taking[] = [
  ...[...READ.formed, ...READ.any].flatMap((path): Taking[] => [
    { what: `${path} is gone`, from: withFile(path, false) },
    { what: `${path} is root's alone`, from: withOwner(path, '0:0 0600') },
  ]),
  ...[...READ.formed, '/usr/lib/mesos/libexample.so'].flatMap((path): Taking[] =>
    ['{', 'agent secret', '[1]'].map((text) => ({
      what: `${path} holds ${text}`,
      from: withFile(path, text),
    })),
  ),
  ...['/etc/mesos', '/etc/mesos/secret', '/etc/mesos/tls', '/etc/mesos/modules', '/usr/lib/mesos'].map((path) => ({
    what: `${path} is closed`,
    from: withOwner(path, '0:0 0700'),
  })),
  {
    what: 'the group of secrets has lost its member',
    from: withFile('/etc/group', 'root:x:0:\nmesos:x:990:\nsecrets:x:991:\n'),
  },
  { what: 'the user is gone', from: withFile('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n') },
  { what: 'the folder of providers is gone', from: withFile('/etc/mesos/providers', false) },
  { what: 'the folder of providers is a file', from: withFile('/etc/mesos/providers', '') },
  { what: 'a backup lies among the manifests', from: withFile('/etc/mesos/modules/one.json~', '{') },
  {
    what: 'the checkpoint is of root',
    from: (host) => ({ ...host, ownersBelow: {} }),
  },
  {
    what: 'the disk is not mounted',
    from: (host) => ({ ...host, mounts: (host.mounts ?? []).filter((line) => !line.includes('/mnt/data')) }),
  },
  {
    what: 'the cache is a mount point',
    from: (host) => ({
      ...withFile('/var/lib/mesos/fetch', null)(host),
      mounts: [...(host.mounts ?? []), '/dev/sde1 /var/lib/mesos/fetch ext4 rw 0 0'],
    }),
  },
  {
    what: 'the library has no hook',
    from: withFile('/usr/lib/mesos/libexample.so', {
      hex: Buffer.from('\x7fELF\0org_example_Logger\x001.11.0\0', 'latin1').toString('hex'),
    }),
  },
  {
    what: 'the library is of another version',
    from: withFile('/usr/lib/mesos/libexample.so', {
      hex: LIBRARY.replace(Buffer.from('1.11.0').toString('hex'), Buffer.from('1.10.0').toString('hex')),
    }),
  },
];

/** The checks that look at what the agent needs: the others have more to say of an agent that is not root. */
const ONLY: readonly CheckCode[] = [
  'flags',
  'named-files',
  'modules',
  'tls',
  'user',
  'disks',
  'folders',
  'root-file-systems',
];

const preflightOf = (fixture: HostFixture, only: readonly CheckCode[] = ONLY): Preflight =>
  runChecks(gatherFacts(makeHost(fixture), { now: NOW }), { only });

const shown = ({ results }: Preflight): readonly string[] =>
  results.flatMap(({ code, rows }) => rows.map(({ verdict, found }) => `${verdict} ${code}: ${found}`));

/** How many executors are told to live for sure, which none does where the agent exits. */
const livingFor = ({ lives }: Preflight): number =>
  lives.hangOn.length > 0 ? 0 : lives.executors.filter(({ fate }) => isAlive(fate)).length;

const plain = readHostFixture('plain');
const ISOLATION = [
  ...['filesystem/linux', 'docker/runtime', 'linux/capabilities', 'namespaces/pid', 'namespaces/ipc', 'cgroups/cpu'],
  ...['cgroups/mem', 'cgroups/devices', 'cgroups/pids', 'disk/du', 'docker/volume'],
];
const HIERARCHIES = ['cpu,cpuacct', 'memory', 'devices', 'pids', 'freezer'];

/** A host on which an agent of root has what its isolators and docker need. */
const ISOLATED: HostFixture = {
  ...plain,
  files: {
    ...plain.files,
    [DEFAULTS]: `${textOf(plain, DEFAULTS)}MESOS_CONTAINERIZERS=docker,mesos\nMESOS_IMAGE_PROVIDERS=docker\nMESOS_ISOLATION=${ISOLATION.join(',')}\n`,
    '/usr/bin/docker': '',
    '/usr/bin/dvdcli': '',
    '/usr/bin/du': '',
    '/usr/bin/curl': '',
    ...Object.fromEntries(
      HIERARCHIES.flatMap((each) => [
        [`/sys/fs/cgroup/${each}/mesos/tasks`, ''],
        [`/sys/fs/cgroup/${each}/tasks`, ''],
      ]),
    ),
    '/sys/fs/cgroup/devices/mesos/devices.list': 'a *:* rwm\n',
    '/sys/fs/cgroup/pids/mesos/pids.max': 'max\n',
  },
  sockets: ['/var/run/docker.sock', '/run/docker.sock'],
  processes: {
    ...plain.processes,
    '812': null,
    '900': { name: 'dockerd', started: 900, command: ['/usr/bin/dockerd'] },
  },
};

const withText =
  (path: string, from: string | RegExp, to: string): Taking['from'] =>
  (host) => {
    const text = textOf(host, path);
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${path} has no ${from}`);
    return withFile(path, changed)(host);
  };
const withoutMount =
  (word: string): Taking['from'] =>
  (host) => ({ ...host, mounts: (host.mounts ?? []).filter((line) => !line.includes(word)) });

/** What a flag asks for that the host has not. */
const asking = (flag: string): Taking['from'] => withText(DEFAULTS, /$/, `${flag}\n`);

const TAKEN_FROM_ISOLATED: readonly Taking[] = [
  ...[
    'MESOS_NETWORK_CNI_PLUGINS_DIR=/opt/cni/bin\nMESOS_NETWORK_CNI_CONFIG_DIR=/etc/cni/net.d',
    'MESOS_IMAGE_PROVISIONER_BACKEND=aufs',
    'MESOS_HTTP_EXECUTOR_DOMAIN_SOCKETS=true\nMESOS_RUNTIME_DIR=/run/mesos-agent',
    'MESOS_AGENT_SUBSYSTEMS=cpu,none',
    'MESOS_ALLOWED_DEVICES={"allowed_devices":[{"device":{"path":"/dev/none"},"access":{"read":true}}]}',
    'MESOS_CGROUPS_LIMIT_SWAP=true',
    'MESOS_IP=192.0.2.1',
    'MESOS_IP_DISCOVERY_COMMAND=/opt/address',
    'MESOS_PORT=22',
    'MESOS_LOG_DIR=/etc/hostname/log',
    'MESOS_CONTAINER_LOGGER=org_apache_mesos_LogrotateContainerLogger',
  ].map((flag) => ({ what: `it is started with ${flag}`, from: asking(flag) })),
  {
    what: 'the name of the host is found nowhere, and the agent does not run',
    from: (host) =>
      withFile('/etc/nsswitch.conf', 'hosts: files\n')(withFile('/etc/hosts', '127.0.0.1 localhost\n')(host)),
  },
  {
    what: 'a file lies among its containers',
    from: withFile('/run/mesos/containers/stray', ''),
  },
  {
    what: "a container's root file system is of a backend that is gone",
    from: withFile(
      '/var/lib/mesos/provisioner/containers/7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e02/backends/aufs/rootfses/1',
      null,
    ),
  },
  {
    what: 'its unit is started as a user that is not there',
    from: withText(UNIT, '[Service]\n', '[Service]\nUser=nobody-here\n'),
  },
  {
    what: 'its unit is started as a group that is not there',
    from: withText(UNIT, '[Service]\n', '[Service]\nUser=root\nGroup=none\n'),
  },
  ...HIERARCHIES.map((each) => ({ what: `${each} is not mounted`, from: withoutMount(`/sys/fs/cgroup/${each} `) })),
  // What the kernel was told to leave out is mounted nowhere.
  ...HIERARCHIES.map(
    (each): Taking => ({
      what: `the kernel was booted without ${each}`,
      from: (host) =>
        withoutMount(`/sys/fs/cgroup/${each} `)(
          withText('/proc/cgroups', new RegExp(`^(${each.split(',')[0]}\\t\\d+\\t\\d+)\\t1$`, 'm'), '$1\t0')(host),
        ),
    }),
  ),
  ...['pid', 'ipc', 'mnt'].map((each) => ({
    what: `the kernel has no ${each} namespaces`,
    from: withFile(`/proc/1/ns/${each}`, false),
  })),
  ...['/usr/bin/docker', '/usr/bin/dvdcli'].map((path) => ({ what: `${path} is gone`, from: withFile(path, false) })),
  { what: 'the socket of docker is gone', from: (host) => ({ ...host, sockets: [] }) },
  { what: 'docker does not run', from: (host) => ({ ...host, processes: { ...host.processes, '900': null } }) },
  { what: 'the kernel counts more capabilities', from: withText('/proc/sys/kernel/cap_last_cap', '37', '40') },
  {
    what: 'the agent is not root',
    from: (host) =>
      withFile(
        '/etc/passwd',
        'root:x:0:0:root:/root:/bin/sh\nmesos:x:990:990::/:/bin/false\n',
      )(withText(UNIT, '[Service]\n', '[Service]\nUser=mesos\n')(host)),
  },
  {
    what: 'cgroups are of v2 alone',
    from: (host) => ({
      ...host,
      mounts: [
        ...(host.mounts ?? []).filter((line) => !line.includes('/sys/fs/cgroup')),
        'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0',
      ],
    }),
  },
];

const ISOLATED_ONLY: readonly CheckCode[] = [
  ...(['flags', 'docker', 'isolation', 'cgroups', 'images', 'user', 'address', 'folders', 'modules'] as const),
  ...(['containers', 'root-file-systems', 'lives'] as const),
];

describe('an agent whose isolation lacks what it needs', () => {
  it('has it all on the whole host', () => {
    const preflight = preflightOf(ISOLATED, ISOLATED_ONLY);
    expect(shown(preflight).filter((row) => !row.startsWith('ok'))).toEqual([]);
    expect(preflight.exitCode).toBe(0);
  });

  it.each(TAKEN_FROM_ISOLATED)('does not survive where $what', ({ from }) => {
    const preflight = preflightOf(from(ISOLATED), ISOLATED_ONLY);
    expect(preflight.exitCode, shown(preflight).join('\n')).not.toBe(0);
    expect(livingFor(preflight), shown(preflight).join('\n')).toBe(0);
  });

  it(randomly('survives no two or more of these', 30), () => {
    check(
      30,
      fc.property(
        fc.uniqueArray(fc.constantFrom(...TAKEN_FROM_ISOLATED), { minLength: 2, maxLength: 4 }),
        (takings) => {
          const preflight = preflightOf(
            takings.reduce((host, { from }) => from(host), ISOLATED),
            ISOLATED_ONLY,
          );
          expect(preflight.exitCode, takings.map(({ what }) => what).join('; ')).not.toBe(0);
          expect(livingFor(preflight), takings.map(({ what }) => what).join('; ')).toBe(0);
        },
      ),
    );
  });
});

describe('an agent that lacks what it needs', () => {
  it('has it all on the whole host', () => {
    const preflight = preflightOf(HOST);
    expect(shown(preflight).filter((row) => !row.startsWith('ok'))).toEqual([]);
    expect(preflight.exitCode).toBe(0);
  });

  it.each(TAKINGS)('does not survive where $what', ({ from }) => {
    const preflight = preflightOf(from(HOST));
    expect(preflight.exitCode, shown(preflight).join('\n')).not.toBe(0);
    expect(livingFor(preflight), shown(preflight).join('\n')).toBe(0);
  });

  it(randomly('survives no two or more of these', 30), () => {
    check(
      30,
      fc.property(fc.uniqueArray(fc.constantFrom(...TAKINGS), { minLength: 2, maxLength: 4 }), (takings) => {
        const preflight = preflightOf(takings.reduce((host, { from }) => from(host), HOST));
        expect(preflight.exitCode, takings.map(({ what }) => what).join('; ')).not.toBe(0);
        expect(livingFor(preflight), takings.map(({ what }) => what).join('; ')).toBe(0);
      }),
    );
  });
});

/** A host on which nothing but docker starts the agent, with files in volumes of its container. */
const kept = readHostFixture('container-kept');
const [CONFIG = ''] = Object.keys(kept.files ?? {}).filter((path) => path.endsWith('/config.v2.json'));
const CONTAINED: HostFixture = {
  ...kept,
  files: { ...kept.files, '/srv/agent/credential': '{"principal":"agent","secret":"s"}' },
};

/** The container's own file with something else in it. */
const configured =
  (change: (config: Record<string, unknown>) => Record<string, unknown>): Taking['from'] =>
  (host) => {
    const config = JSON.parse(textOf(host, CONFIG)) as Record<string, unknown>;
    return withFile(CONFIG, JSON.stringify({ ...config, ...change(config) }))(host);
  };
const withoutVolume = (inside: string): Taking['from'] =>
  configured(({ MountPoints }) => ({
    MountPoints: Object.fromEntries(Object.entries(MountPoints as object).filter(([at]) => at !== inside)),
  }));
const withEnv = (variable: string): Taking['from'] =>
  configured(({ Config }) => {
    const own = Config as { readonly Env: readonly string[] };
    return { Config: { ...own, Env: [...own.Env, variable] } };
  });

const TAKEN_FROM_CONTAINED: readonly Taking[] = [
  { what: 'the credential is gone from its volume', from: withFile('/srv/agent/credential', false) },
  { what: 'the credential in its volume is text', from: withFile('/srv/agent/credential', 'agent secret') },
  { what: 'the volume of the credential is gone', from: withoutVolume('/etc/mesos') },
  { what: 'the volume of the work_dir is gone', from: withoutVolume('/var/lib/mesos') },
  { what: 'its variables ask for a cleanup', from: withEnv('MESOS_RECOVER=cleanup') },
  { what: 'its variables name a folder that no volume has', from: withEnv('MESOS_MODULES_DIR=/opt/modules') },
  {
    what: 'a folder of manifests in a volume has a backup',
    from: (host) =>
      withFile('/srv/agent/modules/one.json~', '{')(withEnv('MESOS_MODULES_DIR=/etc/mesos/modules')(host)),
  },
  {
    what: 'a script in a volume removes the checkpoint',
    from: (host) =>
      withFile(
        '/srv/agent/start',
        '#!/bin/sh\nrm -f /var/lib/mesos/meta/slaves/latest\nexec mesos-slave "$@"\n',
      )(configured(() => ({ Path: '/etc/mesos/start' }))(host)),
  },
  {
    what: 'its user may not read the credential',
    from: (host) =>
      withOwner(
        '/srv/agent/credential',
        '0:0 0600',
      )(configured(({ Config }) => ({ Config: { ...(Config as object), User: '990:990' } }))(host)),
  },
  {
    what: 'its executors are in its own control group',
    from: (host) => ({
      ...host,
      processes: Object.fromEntries(
        Object.entries(host.processes ?? {}).map(([pid, each]) => {
          const isExecutor = each !== null && /^4\d{3}$/.test(pid);
          return [pid, isExecutor ? { ...each, cgroup: host.processes?.['812']?.cgroup ?? [] } : each];
        }),
      ),
    }),
  },
];

const CONTAINED_ONLY: readonly CheckCode[] = [
  ...(['flags', 'named-files', 'modules', 'user', 'recover', 'start-commands', 'work-dir', 'lives'] as const),
];

describe('an agent in a container that lacks what it needs', () => {
  it('has it all on the whole host', () => {
    const preflight = preflightOf(CONTAINED, CONTAINED_ONLY);
    expect(shown(preflight).filter((row) => !row.startsWith('ok'))).toEqual([]);
    expect(preflight.exitCode).toBe(0);
  });

  it.each(TAKEN_FROM_CONTAINED)('does not survive where $what', ({ from }) => {
    const preflight = preflightOf(from(CONTAINED), CONTAINED_ONLY);
    expect(preflight.exitCode, shown(preflight).join('\n')).not.toBe(0);
    expect(livingFor(preflight), shown(preflight).join('\n')).toBe(0);
  });
});
