import { describe, expect, it } from 'vitest';
import type { CheckCode } from '../../src/preflight/checks/index.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { runChecks } from '../../src/preflight/preflight.ts';
import { type HostFixture, hostsInMemory, NOW, readHostFixture } from '../support/fixture-hosts.ts';

const makeHost = hostsInMemory();

const plain = readHostFixture('plain');

/** What one check says of the plain host with some flags, and some things otherwise. */
const judge = (
  code: CheckCode,
  version: string,
  flags: readonly string[],
  changed: Partial<HostFixture> = {},
): readonly string[] => {
  const fixture = { ...plain, ...changed, files: { ...plain.files, ...changed.files } };
  const supposed = ['--work_dir=/var/lib/mesos', ...flags];
  const facts = gatherFacts(makeHost(fixture), { to: version, from: '1.11.0', supposed, now: NOW });
  const [result] = runChecks(facts, { only: [code] }).results;
  return (result?.rows ?? []).map(({ verdict, found }) => `${verdict}: ${found}`);
};

/** The mounts of the plain host without those that hold a word. */
const without = (word: string): readonly string[] => (plain.mounts ?? []).filter((line) => !line.includes(word));

const V2 = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0';

describe('isolation', () => {
  it.each<[version: string, isolation: string, flags: readonly string[], found: string]>([
    ['1.8.1', 'linux/nnp', [], "fail: 1.8.1 has no isolator 'linux/nnp' built in, only versions from 1.9.0 on"],
    ['1.9.0', 'linux/nnp', [], 'ok: 1 isolator: linux/nnp'],
    ['1.5.3', 'posix/disk', [], 'ok: 1 isolator: posix/disk'],
    ['1.11.0', 'posix/disk', [], 'ok: 1 isolator: disk/du'],
    ['1.4.3', 'process,disk/du', [], "fail: 1.4.3 has no isolator 'process' built in"],
    ['1.6.2', 'process,disk/du', [], 'ok: 3 isolators: posix/cpu, posix/mem, disk/du'],
    ['1.10.0', 'volume/csi,filesystem/linux', [], "fail: 1.10.0 has no isolator 'volume/csi' built in"],
    ['1.11.0', 'volume/csi,filesystem/linux', [], "fail: 'volume/csi' needs --csi_plugin_config_dir, which is not set"],
    ['1.8.1', 'namespaces/ipc', [], 'ok: 1 isolator: namespaces/ipc'],
    ['1.9.0', 'namespaces/ipc', [], "fail: 'namespaces/ipc' needs 'filesystem/linux' beside it"],
    ['1.4.3', 'filesystem/linux', ['--launcher=posix'], 'ok: 1 isolator: filesystem/linux'],
    ['1.5.3', 'filesystem/linux', ['--launcher=posix'], "fail: 'filesystem/linux' needs the Linux launcher"],
    ['1.11.0', 'cgroups/cpu', ['--launcher=posix'], 'ok: 1 isolator: cgroups/cpu'],
    ['1.12', 'cgroups/cpu', ['--launcher=posix'], "fail: 'cgroups/cpu' needs the Linux launcher"],
    ['1.6.2', 'cgroups', [], 'ok: 2 isolators: cgroups/cpu, cgroups/mem'],
    ['1.7.3', 'cgroups', [], 'fail: --isolation=cgroups is an old name that 1.7.3 knows by half: it aborts'],
    ['1.6.2', 'cgroups/perf_event', [], "fail: 'cgroups/perf_event' needs --perf_events, which is not set"],
    ['1.7.3', 'cgroups/perf_event', [], 'ok: 1 isolator: cgroups/perf_event'],
    ['1.11.0', 'com_example', ['--modules_dir=/etc/modules'], "unknown: 1.11.0 has no isolator 'com_example' built in"],
    ['1.11.0', 'docker/volume', [], "fail: 'docker/volume' runs dvdcli, which is not in the agent's PATH"],
    ['1.11.0', 'cgroups/net_cls', ['--cgroups_net_cls_primary_handle=0xffff'], 'ok: 1 isolator: cgroups/net_cls'],
    [
      '1.11.0',
      'cgroups/net_cls',
      ['--cgroups_net_cls_primary_handle=0x10000'],
      'fail: --cgroups_net_cls_primary_handle=',
    ],
  ])('%s judges %s %j', (version, isolation, flags, found) => {
    const [row] = judge('isolation', version, [`--isolation=${isolation}`, ...flags]);
    expect(row?.slice(0, found.length)).toBe(found);
  });
});

describe('cgroups', () => {
  it.each<[name: string, version: string, flags: readonly string[], changed: Partial<HostFixture>, verdict: string]>([
    ['v1', '1.11.0', [], {}, 'ok: v1; the Linux launcher'],
    ['v1 and its default isolation', '1.12', [], {}, 'fail: 1.12.0 aborts on cgroups v1'],
    ['v1 and an isolator of control groups', '1.12', ['--isolation=cgroups/mem'], {}, 'ok: v1; the Linux launcher'],
    ['v1 and the posix launcher', '1.12', ['--launcher=posix'], {}, 'ok: v1; the posix launcher'],
    [
      'v2 beside v1',
      '1.11.0',
      [],
      { mounts: [...(plain.mounts ?? []), V2.replace('cgroup ', 'cgroup/unified ')] },
      'ok: v1 and v2',
    ],
    [
      'v2 beside v1',
      '1.12',
      [],
      { mounts: [...(plain.mounts ?? []), V2.replace('cgroup ', 'cgroup/unified ')] },
      'fail: 1.12.0 takes cgroups v2 at',
    ],
    ['v2 alone', '1.4.3', [], { mounts: [...without('cgroup'), V2] }, "fail: systemd's control groups are not at"],
    ['v2 alone', '1.12', [], { mounts: [...without('cgroup'), V2] }, "fail: systemd's control groups are not at"],
    [
      'v2 alone, without systemd',
      '1.12',
      ['--systemd_enable_support=false'],
      { mounts: [...without('cgroup'), V2] },
      'ok: v2; the Linux launcher',
    ],
    [
      'v2 alone, with ports',
      '1.12',
      ['--systemd_enable_support=false', '--isolation=network/ports'],
      { mounts: [...without('cgroup'), V2] },
      "fail: 'network/ports' needs the subsystem freezer",
    ],
    [
      'v2 alone, with a limit of swap',
      '1.12',
      ['--cgroups_limit_swap=true'],
      { mounts: [...without('cgroup'), V2] },
      'fail: --cgroups_limit_swap does not go',
    ],
    ['no mounts', '1.10.0', [], { mounts: null }, 'unknown: what is mounted is not known'],
    [
      'no freezer',
      '1.10.0',
      ['--launcher=linux'],
      { mounts: without('freezer') },
      'fail: the Linux launcher needs the subsystem freezer',
    ],
    [
      'no memory',
      '1.10.0',
      ['--isolation=cgroups/mem'],
      { mounts: without('memory') },
      "fail: 'cgroups/mem' needs the subsystem memory",
    ],
    [
      'no swap accounting',
      '1.10.0',
      ['--isolation=cgroups/mem', '--cgroups_limit_swap=true'],
      {},
      'fail: --cgroups_limit_swap needs',
    ],
  ])('%s, %s, %j', (_, version, flags, changed, found) => {
    const [row] = judge('cgroups', version, flags, changed);
    expect(row?.slice(0, found.length)).toBe(found);
  });
});

describe('images', () => {
  it.each<[version: string, flags: readonly string[], changed: Partial<HostFixture>, found: string]>([
    ['1.11.0', [], {}, 'ok: none is provisioned'],
    [
      '1.11.0',
      ['--image_providers=docker', '--isolation=docker/runtime'],
      {},
      "fail: --image_providers needs 'filesystem/linux'",
    ],
    [
      '1.11.0',
      ['--image_providers=docker', '--isolation=filesystem/linux'],
      {},
      "fail: docker in --image_providers needs 'docker/runtime'",
    ],
    ['1.11.0', ['--image_providers=appc', '--isolation=filesystem/linux'], {}, 'ok: --image_providers=appc'],
    ['1.11.0', ['--image_provisioner_backend=overlay'], {}, 'ok: none is provisioned'],
    ['1.11.0', ['--image_provisioner_backend=aufs'], {}, 'fail: --image_provisioner_backend=aufs'],
    [
      '1.11.0',
      ['--image_provisioner_backend=overlay'],
      { files: { '/proc/filesystems': false } },
      'unknown: which file systems',
    ],
  ])('%s judges %j', (version, flags, changed, found) => {
    const [row] = judge('images', version, flags, changed);
    expect(row?.slice(0, found.length)).toBe(found);
  });
});
