import { describe, expect, it } from 'vitest';
import { readDetected } from '../../src/host/detected.ts';
import type { Host } from '../../src/host/host.ts';
import { makeHost } from '../support/hosts.ts';

describe('what a host tells', () => {
  it('is in the kernel', () => {
    const facts = readDetected(
      makeHost({
        '/proc/cpuinfo': 'processor\t: 0\nmodel: x\nprocessor\t: 1\n',
        '/proc/meminfo': 'MemTotal:       16384000 kB\nMemFree: 1 kB\n',
        '/proc/driver/nvidia/gpus/0000:01:00.0/information': '',
      }),
      undefined,
    );
    expect(facts.cpus).toEqual({ known: true, value: 2, from: '/proc/cpuinfo' });
    expect(facts.memory).toEqual({ known: true, value: 16_384_000 * 1024, from: '/proc/meminfo' });
    expect(facts.gpus).toEqual({ known: true, value: 1, from: '/proc/driver/nvidia/gpus' });
    expect(readDetected(makeHost({ '/sys/devices/system/cpu/online': '0-3,8,10-11\n' }), undefined).cpus).toMatchObject(
      {
        value: 7,
      },
    );
  });

  it('is little on a copy of its disk', () => {
    const facts = readDetected(makeHost({}), '/var');
    expect([facts.cpus, facts.memory, facts.disk].map(({ known }) => known)).toEqual([false, false, false]);
    expect(facts.gpus).toMatchObject({ known: true, value: 0 });
  });

  it('is the size of the nearest folder that is there, where it is this host', () => {
    const space = { size: 7, free: 1, inodes: 1, freeInodes: 1 };
    const host: Host = { ...makeHost({}), isOwn: true, space: (path) => (path === '/var' ? space : undefined) };
    expect(readDetected(host, '/var/lib/mesos').disk).toEqual({
      known: true,
      value: 7,
      from: 'the file system of /var',
    });
  });
});
