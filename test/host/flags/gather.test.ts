// biome-ignore-all lint/suspicious/noTemplateCurlyInString: units and shells write their variables so
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentFlags } from '../../../src/host/flags/agent-flags.ts';
import { gatherFlags } from '../../../src/host/flags/resolve.ts';
import { FolderHost } from '../../../src/host/folder.ts';
import { type HostFiles, makeHost, makeRoot, programs } from '../../support/hosts.ts';

const gather = (files: HostFiles, supposed: readonly string[] = []): AgentFlags =>
  gatherFlags(makeHost(files), { version: [1, 11, 0], supposed });

/** Each flag with its value and its place, `FILE:LINE`. */
const told = ({ flags }: AgentFlags): Record<string, readonly [string, string]> =>
  Object.fromEntries(
    [...flags.values()].map(({ name, value, origin }) => [
      name,
      [value, origin.line === undefined ? origin.place : `${origin.place}:${origin.line}`],
    ]),
  );

const UNIT = '/etc/systemd/system/mesos-agent.service';
const plain = (service: string): HostFiles => ({ [UNIT]: `[Unit]\nDescription=x\n[Service]\n${service}\n` });

const PACKAGE: HostFiles = {
  '/lib/systemd/system/mesos-slave.service':
    '[Unit]\nDescription=Mesos Slave\n[Service]\nRestart=always\nKillMode=process\nExecStart=/usr/bin/mesos-init-wrapper slave\n',
  '/etc/systemd/system/multi-user.target.wants/mesos-slave.service': {
    link: '/lib/systemd/system/mesos-slave.service',
  },
  '/usr/bin/mesos-init-wrapper':
    '#!/bin/bash\nset -o allexport\n. /etc/default/mesos\n. /etc/default/mesos-slave\nset +o allexport\n# /etc/mesos-slave\n',
  '/etc/mesos/zk': 'zk://z1:2181/mesos\n',
  '/etc/default/mesos': 'ULIMIT="-n 8192"\nLOGS=/var/log/mesos\n',
  '/etc/default/mesos-slave': 'MASTER=`cat /etc/mesos/zk`\n',
  '/etc/mesos-slave/work_dir': '/var/lib/mesos\n',
};

const proc = (pid: number, args: readonly string[], environment: readonly string[] = [], parent = 1): HostFiles => ({
  [`/proc/${pid}/cmdline`]: `${args.join('\0')}\0`,
  [`/proc/${pid}/environ`]: environment.map((each) => `${each}\0`).join(''),
  [`/proc/${pid}/stat`]: `${pid} (mesos) agent) S ${parent} 1 1 0`,
});

describe('packages of Mesosphere', () => {
  it('have their layers: shell files, then a file a flag, which are arguments', () => {
    const found = gather({
      ...PACKAGE,
      '/etc/default/mesos': 'LOGS=/var/log/mesos\nexport MESOS_PORT=1\nMESOS_IP=1.1.1.1\nMESOS_WORK_DIR=/default\n',
      '/etc/default/mesos-slave': 'MASTER=`cat /etc/mesos/zk`\n\nMESOS_PORT=2\nISOLATION="cgroups/cpu,cgroups/mem"\n',
      '/etc/mesos-slave/hostname': 'h.example',
      '/etc/mesos-slave/?no-switch_user': '',
      '/etc/mesos-slave/?strict': 'what is in it is nothing',
      '/etc/mesos-slave/.hidden': 'x',
      '/etc/mesos-slave/attributes/rack': 'r1\n',
      '/etc/mesos-slave/attributes/zone': 'eu',
      '/etc/mesos-slave/attributes/empty': '',
      '/etc/mesos-slave/resources/cpus': '4',
      '/etc/mesos-slave/resources/ports': '[31000-32000]\n',
    });
    expect(found.distribution).toBe('mesosphere');
    expect(found.unit?.name).toBe('mesos-slave.service');
    expect(found.refusals).toEqual([]);
    expect(found.isComplete).toBe(true);
    expect(told(found)).toEqual({
      attributes: ['rack:r1;zone:eu', '/etc/mesos-slave/attributes/'],
      hostname: ['h.example', '/etc/mesos-slave/hostname'],
      ip: ['1.1.1.1', '/etc/default/mesos:3'],
      isolation: ['cgroups/cpu,cgroups/mem', '/etc/default/mesos-slave:4'],
      log_dir: ['/var/log/mesos', '/etc/default/mesos:1'],
      master: ['zk://z1:2181/mesos', '/etc/mesos/zk'],
      port: ['2', '/etc/default/mesos-slave:3'],
      resources: ['cpus:4;ports:[31000-32000]', '/etc/mesos-slave/resources/'],
      strict: ['true', '/etc/mesos-slave/?strict'],
      switch_user: ['false', '/etc/mesos-slave/?no-switch_user'],
      work_dir: ['/var/lib/mesos', '/etc/mesos-slave/work_dir'],
    });
    expect(found.flags.get('work_dir')?.overridden).toMatchObject([{ value: '/default', origin: { line: 4 } }]);
    expect(found.flags.get('port')?.overridden).toMatchObject([
      { value: '1', origin: { place: '/etc/default/mesos' } },
    ]);
  });

  it('do not start with a forgotten copy of a file, nor with a flag that is set twice', () => {
    const found = gather({
      ...PACKAGE,
      '/etc/mesos-slave/work_dir.bak': '/x',
      '/etc/mesos-slave/master': 'zk://other',
    });
    expect(found.refusals.map(({ message }) => message)).toEqual([
      "Flag 'master' is already loaded via name 'master'",
      "Failed to load unknown flag 'work_dir.bak'",
    ]);
    expect(found.flags.get('work_dir.bak')?.problem).toBe("Failed to load unknown flag 'work_dir.bak'");
  });

  it('pass on only what is exported, where their script is an old one', () => {
    const found = gather({
      ...PACKAGE,
      '/usr/bin/mesos-init-wrapper':
        '#!/bin/bash\n. /etc/default/mesos\n. /etc/default/mesos-slave\n# /etc/mesos-slave\n',
      '/etc/default/mesos-slave': 'MASTER=m:5050\nexport MESOS_PORT=1\nMESOS_IP=1.1.1.1\n',
    });
    expect(Object.keys(told(found)).sort()).toEqual(['log_dir', 'master', 'port', 'work_dir']);
    expect(found.remarks.map(({ text }) => text).join()).toContain('MESOS_IP is set and not exported');
  });

  it('have the environment of their unit below all', () => {
    const found = gather({
      ...PACKAGE,
      '/etc/systemd/system/mesos-slave.service.d/x.conf': '[Service]\nEnvironment=MESOS_PORT=9 MESOS_IP=9.9.9.9\n',
      '/etc/default/mesos-slave': 'MASTER=m:5050\nMESOS_PORT=1\n',
    });
    expect(told(found)).toMatchObject({
      port: ['1', '/etc/default/mesos-slave:2'],
      ip: ['9.9.9.9', '/etc/systemd/system/mesos-slave.service.d/x.conf:2'],
    });
  });

  it('are not started where a shell file ends the script', () => {
    const unset = gather({ ...PACKAGE, '/etc/default/mesos-slave': 'MASTER=m:5050\nMESOS_PORT=$NOWHERE\n' });
    expect(unset.refusals).toMatchObject([
      {
        message: expect.stringContaining('$NOWHERE is set nowhere'),
        origin: { place: '/etc/default/mesos-slave', line: 2 },
      },
    ]);
    const broken = gather({ ...PACKAGE, '/etc/default/mesos-slave': 'MASTER=m:5050\nMESOS_IP="1\n' });
    expect(broken.refusals[0]?.origin).toEqual({ place: '/etc/default/mesos-slave', line: 2 });
  });

  it('are known without a unit, as under an older init', () => {
    const { '/lib/systemd/system/mesos-slave.service': _unit, ...rest } = PACKAGE;
    const found = gather(rest);
    expect(found).toMatchObject({ distribution: 'mesosphere', unit: undefined, isKnown: true, isComplete: true });
    expect(told(found)['work_dir']).toEqual(['/var/lib/mesos', '/etc/mesos-slave/work_dir']);
  });

  it('tell what cannot be known', () => {
    const found = gather({ ...PACKAGE, '/etc/default/mesos-slave': 'MASTER=m:5050\nMESOS_HOSTNAME=$(hostname -f)\n' });
    expect(found.flags.get('hostname')).toMatchObject({
      value: '$(hostname -f)',
      unknown: '$(hostname -f) runs a program',
      problem: undefined,
    });
    expect(found.refusals).toEqual([]);
  });
});

describe('DC/OS', () => {
  const FILES: HostFiles = {
    '/opt/mesosphere/packages/mesos--1/dcos-mesos-slave.service': [
      '[Service]\nKillMode=control-group\nDelegate=true',
      'EnvironmentFile=/opt/mesosphere/environment',
      'EnvironmentFile=/opt/mesosphere/etc/mesos-slave-common',
      'EnvironmentFile=-/var/lib/dcos/mesos-slave-common',
      'EnvironmentFile=-/var/lib/dcos/mesos-resources',
      'EnvironmentFile=-/run/dcos/etc/mesos-slave',
      'ExecStart=/opt/mesosphere/packages/mesos--1/bin/start_mesos.sh /opt/mesosphere/packages/mesos--1/bin/mesos-agent\n',
    ].join('\n'),
    '/etc/systemd/system/dcos-mesos-slave.service': {
      link: '/opt/mesosphere/packages/mesos--1/dcos-mesos-slave.service',
    },
    '/opt/mesosphere/packages/mesos--1/bin/start_mesos.sh':
      '#!/bin/bash\nset -euo pipefail\nexport LIBPROCESS_IP=1.2.3.4\nexec "$@"\n',
    '/opt/mesosphere/packages/mesos--1/bin/mesos-agent': '',
    '/opt/mesosphere/environment': 'PATH=/opt/mesosphere/bin\n',
    '/opt/mesosphere/etc/mesos-slave-common':
      'MESOS_MASTER=zk://leader.mesos:2181/mesos\nMESOS_WORK_DIR=/var/lib/mesos/slave\nMESOS_RESOURCES=cpus:1\n',
    '/var/lib/dcos/mesos-resources': "# Generated\nMESOS_RESOURCES='[]'\n",
  };

  it('has its files of environment, and a script that passes all on', () => {
    const found = gather({ ...FILES, '/run/dcos/etc/mesos-slave': 'MESOS_PORT=5051\n' });
    expect(found).toMatchObject({ distribution: 'dcos', isComplete: true, refusals: [] });
    expect(found.program).toBe('/opt/mesosphere/packages/mesos--1/bin/mesos-agent');
    expect(told(found)).toEqual({
      master: ['zk://leader.mesos:2181/mesos', '/opt/mesosphere/etc/mesos-slave-common:1'],
      port: ['5051', '/run/dcos/etc/mesos-slave:1'],
      resources: ['[]', '/var/lib/dcos/mesos-resources:2'],
      work_dir: ['/var/lib/mesos/slave', '/opt/mesosphere/etc/mesos-slave-common:2'],
    });
    expect(found.environment.get('LIBPROCESS_IP')?.value).toBe('1.2.3.4');
  });

  it('makes some of them at its start: what is not there yet may set more', () => {
    const found = gather(FILES);
    expect(found.isComplete).toBe(false);
    expect(found.remarks.map(({ text }) => text).join()).toContain(
      '/run/dcos/etc/mesos-slave is made when the unit starts',
    );
  });

  it('is known by its files alone', () => {
    const { '/etc/systemd/system/dcos-mesos-slave.service': _unit, ...rest } = FILES;
    const found = gather(rest);
    expect(found).toMatchObject({ distribution: 'dcos', unit: undefined, isComplete: false });
    expect(told(found)['resources']).toEqual(['[]', '/var/lib/dcos/mesos-resources:2']);
  });
});

describe('a plain unit', () => {
  it('has flags in its command, which count more than its environment', () => {
    const found = gather(
      plain(
        'Environment=MESOS_PORT=1 MESOS_MASTER=m:5050\nExecStart=/usr/sbin/mesos-agent \\\n  --work_dir=/w \\\n  --port=2',
      ),
    );
    expect(told(found)).toEqual({
      master: ['m:5050', `${UNIT}:4`],
      port: ['2', `${UNIT}:7`],
      work_dir: ['/w', `${UNIT}:6`],
    });
    expect(found).toMatchObject({ distribution: 'plain', program: '/usr/sbin/mesos-agent', isComplete: true });
  });

  it('refuses a flag whose value stands behind a blank', () => {
    const found = gather(plain('ExecStart=/usr/sbin/mesos-agent --master=m:1 --work_dir /w'));
    expect(found.refusals.map(({ message }) => message)).toEqual([
      "Failed to load non-boolean flag 'work_dir': Missing value",
    ]);
    expect(found.remarks.map(({ text }) => text).join()).toContain("'/w' is not a flag");
  });

  it.each<[string, string]>([
    ['through env', 'ExecStart=/usr/bin/env MESOS_PORT=7 /usr/sbin/mesos-agent --work_dir=/w --master=m:1'],
    ['through a shell', `ExecStart=/bin/sh -c 'P=7; exec /usr/sbin/mesos-agent --port=$$P --work_dir=/w --master=m:1'`],
    [
      'through another program',
      'ExecStart=/usr/bin/nice -n 5 /usr/sbin/mesos-agent --port=7 --work_dir=/w --master=m:1',
    ],
    [
      'with words of a variable',
      'Environment="OPTS=--port=7 --work_dir=/w"\nExecStart=/usr/sbin/mesos-agent --master=m:1 $OPTS',
    ],
    [
      'with a variable in a word',
      'Environment=P=7\nExecStart=/usr/sbin/mesos-agent --master=m:1 --work_dir=/w --port=${P}',
    ],
  ])('is looked through: %s', (_how, service) => {
    const found = gather(plain(service));
    expect(found.refusals).toEqual([]);
    expect(told(found)).toMatchObject({ port: ['7', expect.any(String)], work_dir: ['/w', expect.any(String)] });
  });

  it('is looked through: a script of its own, with the lines of the script', () => {
    const found = gather({
      ...plain('ExecStart=/opt/start-agent --port=7'),
      '/opt/start-agent':
        '#!/bin/sh\nset -e\n. /etc/agent.conf\nexec mesos-agent \\\n  --work_dir="$DIR" --master=m:1 "$@"\n',
      '/etc/agent.conf': 'DIR="/w"\nexport MESOS_IP=1.1.1.1\n',
    });
    expect(found.refusals).toEqual([]);
    expect(told(found)).toMatchObject({
      port: ['7', expect.anything()],
      work_dir: ['/w', '/opt/start-agent:4'],
      ip: ['1.1.1.1', '/etc/agent.conf:2'],
    });
  });

  it.each<[string, string, string]>([
    [
      'given to a shell as a file',
      '/bin/bash -e /opt/start',
      'exec /usr/sbin/mesos-agent --port=7 --work_dir=/w --master=m:1',
    ],
    ['behind nice', '/usr/bin/nice -n 5 /opt/start', '#!/bin/sh\nexec mesos-agent --port=7 --work_dir=/w --master=m:1'],
    [
      'as another user',
      '/opt/start',
      `#!/bin/sh\nexec su -s /bin/sh -c 'mesos-agent --port=7 --work_dir=/w --master=m:1' u`,
    ],
    [
      'by an older init',
      '/opt/start',
      '#!/bin/sh\nstart-stop-daemon --start -x /usr/sbin/mesos-agent -- --port=7 --work_dir=/w --master=m:1',
    ],
    [
      'again and again',
      '/opt/start',
      '#!/bin/sh\nwhile :; do\n mesos-agent --port=7 --work_dir=/w --master=m:1\n sleep 1\ndone',
    ],
    [
      'once something answers',
      '/opt/start',
      '#!/bin/sh\nuntil ping m; do sleep 1; done\nmkdir -p /w && exec mesos-agent --port=7 --work_dir=/w --master=m:1',
    ],
    [
      'with what its arguments say',
      '/opt/start -p 7 -w /w',
      '#!/bin/sh\nwhile [ $# -gt 0 ]; do\n case "$1" in\n -p) P=$2; shift 2;;\n -w) W=$2; shift 2;;\n esac\ndone\nexec mesos-agent --port=$P --work_dir=$W --master=m:1',
    ],
    [
      'with a file beside it',
      '/opt/start',
      '#!/bin/sh\nHERE=$(cd "$(dirname "$0")" && pwd)\n. "$HERE/start.env"\nexec mesos-agent --port=$P --work_dir=/w --master=m:1',
    ],
    [
      'in its own folder',
      '/opt/start',
      '#!/bin/bash\ncd "$(dirname "${BASH_SOURCE[0]}")"\nsource ./start.env\nexec mesos-agent --port=$P --work_dir=/w --master=m:1',
    ],
    [
      'in either way alike',
      '/opt/start',
      '#!/bin/sh\nif ping m; then exec mesos-agent --port=7 --work_dir=/w --master=m:1; else exec /opt/mesos-agent --port=7 --work_dir=/w --master=m:1; fi',
    ],
  ])('is looked through: a script, %s', (_how, command, script) => {
    const found = gather({ ...plain(`ExecStart=${command}`), '/opt/start': script, '/opt/start.env': 'P=7\n' });
    expect(found.refusals).toEqual([]);
    expect(told(found)).toMatchObject({ port: ['7', expect.any(String)], work_dir: ['/w', expect.any(String)] });
    expect(found.isComplete).toBe(true);
  });

  it('does not know what one of several commands has, and another has not', () => {
    const script =
      '#!/bin/sh\nif ping m; then exec mesos-agent --port=7 --work_dir=/w --master=m:1; fi\nls && exec mesos-agent --port=8 --work_dir=/w --master=m:1';
    const found = gather({ ...plain('ExecStart=/opt/start'), '/opt/start': script });
    expect(found.flags.get('work_dir')).toMatchObject({ value: '/w', unknown: undefined });
    expect(found.flags.get('port')?.unknown).toContain('which of several commands');
    expect(found.isComplete).toBe(false);
  });

  it('is not started where a variable is missing that its script asks for', () => {
    const script = (text: string) => {
      const files = {
        ...plain('ExecStart=/opt/start'),
        '/opt/start': `#!/bin/bash\n${text}\nexec mesos-agent --work_dir=/w --master=m:1`,
      };
      return gather(files).refusals.map(({ message, origin }) => `${message} ${origin?.line}`);
    };
    expect(script('cd "${WORK:?}"')).toEqual(['$WORK is not set, and has to be: the script ends there 2']);
    expect(script('set -eu\ncd "$WORK"')).toEqual(['$WORK is set nowhere before: the script ends there 3']);
    expect(script('set -u; set +u; cd "$WORK"')).toEqual([]);
    expect(script('set -u; printf -v WORK /w; cd "$WORK"')).toEqual([]);
    expect(script('set -u; (( N = 1 )); echo $N; cd "$BASH_SUBSHELL" "$INVOCATION_ID"')).toEqual([]);
    expect(script('eval "$(any)"; cd "${WORK:?}"')).toEqual([]);
    expect(script('ping m && cd "${WORK:?}"')).toEqual([]);
  });

  it('is not started where its script ends before it', () => {
    const script = (text: string, first = '#!/bin/bash', others: HostFiles = programs()) => {
      const files = {
        ...plain('ExecStart=/opt/start'),
        ...others,
        '/etc/there': 'x',
        '/opt/start': `${first}\n${text}\nexec mesos-agent --work_dir=/w --master=m:1`,
      };
      return gather(files).refusals.map(({ message, origin }) => `${message} ${origin?.line}`);
    };
    const fails = (test: string) => `'${test}' fails under set -e: the script ends there`;
    expect(script('[ -f /etc/gone ] || exit 1')).toEqual(['it exits with 1: the script ends there 2']);
    expect(script('if [ ! -f /etc/gone ]; then echo no; exit 2; fi')).toEqual([
      'it exits with 2: the script ends there 2',
    ]);
    expect(script('set -e\ntest -d /mnt/gone')).toEqual([`${fails('test -d /mnt/gone')} 3`]);
    expect(script('set -euo pipefail\n[ -s /etc/gone ]')).toEqual([`${fails('[ -s /etc/gone ]')} 3`]);
    expect(script('[[ -d /mnt/gone ]]', '#!/bin/bash -e')).toEqual([`${fails('[[ -d /mnt/gone ]]')} 2`]);
    expect(script('set -e; f() { [ -d /gone ]; }; f')).toEqual([`${fails('[ -d /gone ]')} 2`]);
    for (const ok of [
      'set -e; [ -f /gone ] && echo; if [ -d /gone ]; then :; fi; ! [ -d /gone ]; while [ -d /gone ]; do :; done',
      'set -e; f() { [ -d /gone ]; }; if f; then :; fi; f || true; [ -f /etc/there ]',
      'set -e; set +e; [ -d /gone ]',
      'set -e; ( [ -d /gone ] ) | cat',
      '[ -d /gone ]',
      'ping m || exit 1',
    ])
      expect(script(ok), ok).toEqual([]);
    // Of a part of a host, what a script looks for may be on the host.
    expect(script('[ -f /etc/gone ] || exit 1', undefined, {})).toEqual([]);
    expect(script('set -e\ntest -d /mnt/gone', undefined, {})).toEqual([]);
    // What is not followed may have been the agent.
    expect(script('/opt/any; exit 1')).toEqual([]);
    expect(script('eval "$(any)"; exit 1')).toEqual([]);
  });

  it('does not know what a command exports', () => {
    const script = '#!/bin/sh\nexport $(xargs < /opt/env)\nexec mesos-agent --work_dir=/w --master=m:1';
    expect(gather({ ...plain('ExecStart=/opt/start'), '/opt/start': script }).isComplete).toBe(false);
  });

  it('of docker is looked for behind a script in a volume, and behind an entry point', () => {
    const inContainer = (run: string) =>
      gather({
        ...plain(`ExecStart=/usr/bin/docker run -v /srv/bin:/opt/bin -v data:/w ${run}`),
        '/srv/bin/start': '#!/bin/sh\nexec mesos-agent --port=7 --work_dir=/w --master=m:1',
        '/opt/bin/start': '#!/bin/sh\nexec mesos-agent --port=8',
        '/etc/docker/daemon.json': '{"data-root": "/data/docker"}',
      });
    for (const run of ['image /opt/bin/start', '--entrypoint /opt/bin/start image', 'image sh /opt/bin/start']) {
      expect(told(inContainer(run))).toMatchObject({ port: ['7', '/opt/bin/start:2'] });
    }
    const found = inContainer('image /of/image --port=7 --work_dir=/w --master=m:1');
    expect(told(found)).toMatchObject({ port: ['7', `${UNIT}:4`] });
    expect(found.container?.volumes).toContainEqual({ host: '/data/docker/volumes/data/_data', inside: '/w' });
  });

  it('says what it cannot look through', () => {
    const found = gather(plain('ExecStart=/opt/binary --x'));
    expect(found).toMatchObject({ isComplete: false, refusals: [] });
    expect(found.remarks[0]?.text).toContain('/opt/binary');
  });

  it('under another name is found by what it starts', () => {
    const found = gather({
      '/etc/systemd/system/cluster.service': '[Service]\nExecStart=/usr/sbin/mesos-agent --work_dir=/w --master=m:1\n',
    });
    expect(found.unit?.name).toBe('cluster.service');
  });

  it('that is masked starts nothing', () => {
    const found = gather({ ...plain('ExecStart=/usr/sbin/mesos-agent'), [UNIT]: { link: '/dev/null' } });
    expect(found.refusals[0]?.message).toContain('masked');
    expect(found.isComplete).toBe(false);
  });

  it('is preferred where it is enabled, and others are told', () => {
    const found = gather({
      ...PACKAGE,
      ...plain('ExecStart=/usr/sbin/mesos-agent --work_dir=/w --master=m:1'),
    });
    expect(found.unit?.name).toBe('mesos-slave.service');
    expect(found.remarks[0]?.text).toContain('mesos-agent.service starts an agent too');
  });

  it('of docker has the flags of the container', () => {
    const found = gather({
      ...plain(
        'ExecStart=/usr/bin/docker run --rm --name=agent --net host -v /var/lib/mesos:/var/lib/mesos -v logs:/l ' +
          '-e MESOS_PORT=7 --mount type=bind,source=/data,target=/w --volume=/run:/run:ro --env-file /etc/agent.env --pid=host mesosphere/mesos-slave:1.11.0 --work_dir=/w --master=m:1',
      ),
      '/etc/agent.env': '# x\nMESOS_IP=1.1.1.1\n',
    });
    expect(told(found)).toMatchObject({
      port: ['7', `${UNIT}:4`],
      ip: ['1.1.1.1', '/etc/agent.env:2'],
      work_dir: ['/w', `${UNIT}:4`],
    });
    expect(found.isComplete).toBe(false);
    expect(found.container).toEqual({
      image: 'mesosphere/mesos-slave:1.11.0',
      hasHostPids: true,
      hasHostNetwork: true,
      user: undefined,
      volumes: [
        { host: '/var/lib/mesos', inside: '/var/lib/mesos' },
        { host: '/var/lib/docker/volumes/logs/_data', inside: '/l' },
        { host: '/data', inside: '/w' },
        { host: '/run', inside: '/run' },
      ],
      origin: { place: UNIT, line: 4 },
    });
  });
});

describe('an agent that runs', () => {
  it('tells all where no file does', () => {
    const found = gather(
      proc(812, ['/usr/sbin/mesos-agent', '--work_dir=/w', '--port=2'], ['MESOS_PORT=1', 'MESOS_MASTER=m:1']),
    );
    expect(found).toMatchObject({ distribution: 'unknown', isKnown: true, refusals: [] });
    expect(told(found)).toEqual({
      master: ['m:1', 'environment of pid 812'],
      port: ['2', 'command line of pid 812'],
      work_dir: ['/w', 'command line of pid 812'],
    });
  });

  it('is compared where files tell all: its next start takes them', () => {
    const found = gather({
      ...PACKAGE,
      ...proc(812, ['mesos-slave', '--work_dir=/var/lib/mesos', '--port=2', '--master=zk://z1:2181/mesos']),
    });
    expect(told(found)['port']).toBeUndefined();
    expect(found.running?.differences).toEqual([
      { name: 'log_dir', now: undefined, next: '/var/log/mesos' },
      { name: 'port', now: '2', next: undefined },
    ]);
  });

  it('tells what files leave unknown', () => {
    const found = gather({
      ...PACKAGE,
      '/etc/default/mesos-slave': 'MASTER=m:5050\nMESOS_HOSTNAME=$(hostname -f)\n',
      ...proc(812, ['mesos-slave'], ['MESOS_HOSTNAME=h.example']),
    });
    expect(found.flags.get('hostname')).toMatchObject({
      value: 'h.example',
      unknown: undefined,
      origin: { place: 'environment of pid 812' },
    });
  });

  it('is the parent where a child looks like it, and no zombie', () => {
    const found = gather({
      ...proc(90, ['mesos-agent', '--work_dir=/child'], [], 812),
      ...proc(812, ['mesos-agent', '--work_dir=/w']),
      ...proc(900, ['mesos-executor']),
      '/proc/7/cmdline': '',
      '/proc/8/cmdline': 'mesos-agent\0',
      '/proc/8/stat': '8 (mesos-agent) Z 1 1',
    });
    expect(found.running?.pid).toBe(812);
  });

  it('whose environment may not be read is compared by its command line alone', () => {
    const root = makeRoot({ ...PACKAGE, ...proc(812, ['mesos-slave', '--port=2']) });
    fs.rmSync(path.join(root, 'proc/812/environ'));
    fs.mkdirSync(path.join(root, 'proc/812/environ'));
    const found = gatherFlags(new FolderHost(root), { version: [1, 11, 0] });
    expect(found.looked).toContainEqual({ place: 'environment of pid 812', outcome: 'unseen' });
    expect(found.running?.differences).toEqual([{ name: 'port', now: '2', next: undefined }]);
  });
});

describe('nothing at all', () => {
  it('is not the same as all at their defaults', () => {
    expect(gather({})).toMatchObject({ isKnown: false, distribution: 'unknown', isComplete: false, refusals: [] });
  });

  it('and flags that are supposed are known', () => {
    const found = gather({}, ['--work_dir=/w', '--no-strict']);
    expect(found.isKnown).toBe(true);
    expect(told(found)).toEqual({ work_dir: ['/w', 'arguments'], strict: ['false', 'arguments'] });
  });
});
