import { describe, expect, it } from 'vitest';
import { Environment } from '../../../src/agent/flags/environment.ts';
import { known } from '../../../src/host/known.ts';
import { readRemovals } from '../../../src/host/start/removals.ts';
import { commandsPulledIn } from '../../../src/host/systemd/pulled-in.ts';
import { startOf } from '../../../src/host/systemd/service.ts';
import { readUnit } from '../../../src/host/systemd/unit.ts';
import type { WorkDir } from '../../../src/host/work-dir.ts';
import { type HostFiles, makeHost } from '../../support/hosts.ts';

const WORK_DIR = {
  path: '/var/lib/mesos',
  real: '/data/mesos',
  inside: '/var/lib/mesos',
  mount: known({ device: '/dev/sdb1', path: '/var/lib/mesos', type: 'xfs', options: [] }),
} as unknown as WorkDir;

/** What a line of `[Service]` takes away, and whether that is sure. */
const removalsOf = (line: string, files: HostFiles = {}): readonly string[] => {
  const host = makeHost({
    '/data/mesos/meta/slaves/S7/slave.info': 'x',
    '/data/mesos/meta/slaves/latest': { link: 'S7' },
    '/var/lib/mesos': { link: '/data/mesos' },
    '/etc/systemd/system/a.service': `[Service]\n${line}\nExecStart=/usr/sbin/mesos-agent --work_dir=/var/lib/mesos\n`,
    ...files,
  });
  const unit = readUnit(host, 'a.service');
  if (unit === undefined) throw new TypeError('no unit');
  const commands = [...commandsPulledIn(host, unit), ...startOf(host, unit).commands];
  const removals = readRemovals(host, { commands, environment: new Environment() }, WORK_DIR);
  return removals.map(({ kind, doubt }) => `${kind}${doubt === undefined || kind === 'untold' ? '' : '?'}`);
};

it('scripts that start each other are followed so far, and then said to be untold', () => {
  const [a, b] = ['/usr/bin/a', '/usr/bin/b'];
  const text = (other: string): string => `#!/bin/sh\n${`${other}\n. ${other}\n`.repeat(4)}exec ${other}\n`;
  const found = removalsOf(`ExecStartPre=${a}`, { [a]: text(b), [b]: text(a) });
  expect(new Set(found)).toEqual(new Set(['untold']));
});

describe('a command beside the agent', () => {
  it.each<[string, readonly string[]]>([
    ['ExecStartPre=/bin/rm -f /var/lib/mesos/meta/slaves/latest', ['removes']],
    ['ExecStartPre=-/usr/bin/rm -rf /var/lib/mesos/meta', ['removes']],
    ['ExecStartPre=/bin/rm -fr -- /var/lib/mesos/meta/', ['removes']],
    ['ExecStartPre=/bin/rm --recursive --force "/var/lib/mesos"', ['removes']],
    ['ExecStartPre=/bin/rm -r /data/mesos/meta/slaves/S7', ['removes']],
    ['ExecStopPost=/bin/rm -rf /var/lib/mesos/meta/slaves/S7/frameworks', ['removes']],
    [`ExecStartPre=/bin/sh -c 'rm -rf /var/lib/mesos/*'`, ['removes']],
    [`ExecStartPre=/bin/sh -c 'rm -rf /var/lib/mesos/{meta,slaves}'`, ['removes']],
    [
      `ExecStartPre=/bin/bash -c 'for d in meta slaves; do rm -rf "/var/lib/mesos/$$d"; done'`,
      ['removes', 'sandboxes'],
    ],
    [`ExecStartPre=/bin/sh -c 'W=/var/lib/mesos; cd $$W/meta && rm -r slaves'`, ['removes']],
    [`ExecStartPre=/bin/sh -c 'case x in x) rm -rf /data/mesos/meta;; esac'`, ['removes']],
    [`ExecStartPre=/bin/sh -c '(cd /var/lib/mesos; sudo -u root rm -rf meta) &'`, ['removes']],
    ['ExecStartPre=/bin/mv /var/lib/mesos/meta /var/lib/mesos/meta.old', ['removes']],
    ['ExecStartPre=/bin/mv -t /tmp /var/lib/mesos/meta/slaves/latest', ['removes']],
    ['ExecStartPre=/usr/bin/find /var/lib/mesos/meta -delete', ['removes']],
    ['ExecStartPre=/usr/bin/find /var/lib/mesos -name latest -exec rm {} \\;', ['removes']],
    ['ExecStartPre=/usr/bin/find /var/lib/mesos/meta -mtime +7 -delete', ['removes?']],
    [`ExecStartPre=/bin/sh -c 'find /var/lib/mesos/meta -type l | xargs rm -f'`, ['removes']],
    ['ExecStartPre=/sbin/mkfs.ext4 -F /dev/sdb1', ['removes']],
    ['ExecStartPre=/bin/mount -t tmpfs tmpfs /var/lib/mesos', ['removes']],
    ['ExecStartPre=/bin/rm -rf /var/lib/mesos/slaves', ['sandboxes']],
    [`ExecStartPre=/bin/sh -c '[ -e /reset ] && rm -rf /var/lib/mesos/meta; true'`, []],
    [`ExecStartPre=/bin/sh -c 'grep -q x /y && rm -rf /var/lib/mesos/meta'`, ['removes?']],
    [`ExecStartPre=/bin/sh -c 'rm -rf $$(cat /etc/hostname-of-it)/x'`, []],
    [`ExecStartPre=/bin/sh -c 'rm -rf $$(what-to-remove)'`, ['untold']],
    ['ExecStartPre=/usr/sbin/mesos-agent --work_dir=/var/lib/mesos --recover=cleanup', ['cleans-up']],
    ['ExecStop=/bin/kill -USR1 $MAINPID', ['ends']],
    [`ExecStop=/bin/kill -s SIGUSR1 $\{MAINPID}`, ['ends']],
    [`ExecStop=/bin/sh -c 'kill -10 $$MAINPID'`, ['ends']],
    ['ExecStop=/bin/kill -USR1 4711', ['ends?']],
    ['ExecStop=/usr/bin/pkill mesos', ['ends']],
    ['ExecStop=/usr/bin/pkill -f mesos-executor', ['ends']],
    ['ExecStop=/usr/bin/pkill -P 1 mesos-executor', ['ends?']],
    ['ExecStop=/usr/bin/pkill --signal USR1 mesos-agent', ['ends']],
    ['ExecStop=/usr/bin/killall -9 mesos-executor', ['ends']],
    ['ExecStop=/usr/bin/systemctl kill -s USR1 mesos-agent', ['ends']],
    ['ExecStartPre=-/usr/bin/systemctl stop mesos_executors.slice', ['ends']],
    [`ExecStartPre=-/bin/sh -c 'docker rm -f $$(docker ps -aq)'`, ['ends?']],
    [`ExecStartPre=-/bin/sh -c 'docker ps -q | xargs docker kill'`, ['ends?']],
    ['ExecStartPre=/usr/local/bin/anything --fast', ['untold']],
    ['ExecStartPre=/bin/ln -sfn /nowhere /var/lib/mesos/meta/slaves/latest', ['removes']],
    ['ExecStartPre=/bin/ln -s /nowhere /var/lib/mesos/meta/slaves/latest', []],
    ['ExecStartPre=/usr/bin/truncate -s 0 /var/lib/mesos/meta/slaves/S7/slave.info', ['removes']],
    ['ExecStartPre=/bin/umount /var/lib/mesos/', ['removes?']],
    ['ExecStartPre=/bin/umount /mnt', []],
    ['ExecStartPre=/usr/bin/numactl --interleave=all rm -rf /var/lib/mesos/meta', ['removes']],
    [`ExecStartPre=/bin/su -c 'rm -rf /var/lib/mesos/meta' root`, ['removes']],
    [`ExecStartPre=/bin/sh -c 'MESOS_RECOVER=cleanup mesos-agent --work_dir=/var/lib/mesos'`, ['cleans-up']],
    [`ExecStartPre=/bin/sh -c 'export MESOS_RECOVER=cleanup; mesos-agent --recover=reconnect'`, []],
    [
      `ExecStartPre=/usr/bin/docker run --rm -v /data/mesos:/var/lib/mesos busybox sh -c 'rm -rf /var/lib/mesos/meta'`,
      ['removes'],
    ],
    ['ExecStartPre=/usr/bin/docker run --entrypoint rm busybox -f /var/lib/mesos/meta/slaves/latest', ['removes']],
    [`ExecStartPre=/bin/sh -c 'while true; do rm -rf /var/lib/mesos/meta; break; done'`, ['removes']],
    [`ExecStartPre=/bin/sh -c 'for d in a b; do break; rm -rf /var/lib/mesos/meta; done'`, []],
    [`ExecStartPre=/bin/sh -c 'until test -d /data; do rm -rf /var/lib/mesos/meta; done'`, []],
  ])('%s', (line, expected) => {
    expect(removalsOf(line)).toEqual(expected);
  });

  it.each([
    'ExecStartPre=/bin/mkdir -p /var/lib/mesos',
    'ExecStartPre=/bin/rm -f /var/lib/mesos/meta',
    'ExecStartPre=/bin/rm -rf /var/lib/mesos/provisioner /var/lib/mesosphere /tmp/x',
    'ExecStartPre=/bin/rm -rf /var/lib/mesos/slaves/S7/frameworks/old/executors/e',
    'ExecStartPre=/usr/bin/find /var/lib/mesos -name *.log -delete',
    'ExecStartPre=/sbin/mkfs.ext4 /dev/sdc1',
    'ExecStartPre=-/usr/bin/docker rm -f mesos-agent',
    'ExecStartPre=/opt/mesosphere/bin/bootstrap dcos-mesos-slave',
    'ExecStartPre=/bin/ping -c1 ready.spartan',
    'ExecStop=/bin/kill -TERM $MAINPID',
    'ExecStop=/usr/bin/pkill -x mesos-agent',
    'ExecStop=/usr/bin/pkill -0 mesos',
    'ExecStop=/usr/bin/killall mesos-agent',
    `ExecStartPre=-/bin/sh -c 'docker rm $$(docker ps -aqf status=exited)'`,
  ])('takes nothing away: %s', (line) => {
    expect(removalsOf(line)).toEqual([]);
  });

  it('is of another service that systemd starts along with it', () => {
    const along = (line: string, type: string) =>
      removalsOf('', {
        '/etc/systemd/system/a.service': `[Unit]\n${line}\n[Service]\nExecStart=/usr/sbin/mesos-agent --work_dir=/var/lib/mesos\n`,
        '/usr/lib/systemd/system/b.service': `[Service]\n${type}\nEnvironment=W=/var/lib/mesos\nExecStart=/bin/rm -rf \${W}/meta\nExecStart=/opt/any\n`,
      });
    expect(along('Requires=x.target b.service', 'Type=oneshot')).toEqual(['removes']);
    expect(along('Wants=b.service', 'Type=oneshot\nRemainAfterExit=yes')).toEqual(['removes?']);
    expect(along('BindsTo=b.service', 'Type=simple')).toEqual(['removes?']);
    expect(along('After=b.service', 'Type=oneshot')).toEqual([]);
    // An empty assignment takes no dependency back.
    expect(along('Wants=b.service\nWants=', 'Type=oneshot')).toEqual(['removes']);
  });

  it('is followed into scripts that are given its variables, and that lie beside it', () => {
    const line = 'ExecStartPre=/usr/local/bin/prepare';
    const script = (text: string) =>
      removalsOf(line, {
        '/usr/local/bin/prepare': `#!/bin/sh\n${text}\n`,
        '/usr/local/bin/inner': '#!/bin/sh\nrm -rf "$STATE/meta"\n',
      });
    expect(script('export STATE=/var/lib/mesos; /usr/local/bin/inner')).toEqual(['removes']);
    expect(script('STATE=/var/lib/mesos /usr/local/bin/inner')).toEqual(['removes']);
    expect(script('STATE=/var/lib/mesos; /usr/local/bin/inner')).toEqual([]);
    expect(script('export STATE=/var/lib/mesos; cd "$(dirname "$0")"; ./inner')).toEqual(['removes']);
    expect(script('export STATE=/var/lib/mesos; sh "$(what-folder)/inner"')).toEqual(['untold']);
  });

  it('may be one of a trap', () => {
    const script = (text: string) =>
      removalsOf('ExecStartPre=/usr/local/bin/prepare', { '/usr/local/bin/prepare': `#!/bin/sh\n${text}\n` });
    expect(script("trap 'pkill -f mesos-executor' EXIT")).toEqual(['ends?']);
    expect(script('clean() { rm -rf /var/lib/mesos/meta; }; trap clean TERM INT')).toEqual(['removes?']);
    expect(script(`trap 'kill -TERM $PID; wait $PID; /opt/any' TERM; trap - INT; trap '' HUP; trap`)).toEqual([]);
    expect(script('trap "kill -USR1 $PID" TERM')).toEqual(['ends?']);
  });

  it('is followed into its scripts', () => {
    const line = 'ExecStartPre=/usr/local/bin/prepare /var/lib/mesos';
    const script = (text: string) => removalsOf(line, { '/usr/local/bin/prepare': text });
    expect(script('#!/bin/sh\nrm -rf "$1/meta"\n')).toEqual(['removes']);
    expect(script('#!/bin/sh\nclean() { rm -rf "$1"/meta/slaves/*; }\nfor w; do :; done\nclean "$1"\n')).toContain(
      'removes',
    );
    expect(script('#!/bin/sh\nexit 0\nrm -rf /var/lib/mesos/meta\n')).toEqual([]);
    const wrapper = 'ExecStartPre=/usr/bin/mesos-init-wrapper agent';
    expect(removalsOf(wrapper, { '/etc/default/mesos-agent': 'MASTER=x\nrm -rf /var/lib/mesos/meta\n' })).toEqual([
      'removes',
    ]);
    expect(removalsOf(wrapper, { '/usr/bin/mesos-init-wrapper': '#!/bin/bash\nread x\nfoo\n' })).toEqual([]);
    expect(script('#!/usr/bin/python3\nimport os\n')).toEqual(['untold']);
  });
});
