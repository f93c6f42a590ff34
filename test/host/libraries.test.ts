import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { linkedWith } from '../../src/host/elf.ts';
import type { AgentFlags } from '../../src/host/flags/agent-flags.ts';
import { missingLibraries } from '../../src/host/libraries.ts';
import { type HostFiles, makeHost } from '../support/hosts.ts';

/** A program of ELF: a segment that holds all of it, and one with what the loader asks. */
const elf = (needed: readonly string[], runpath?: string): Buffer => {
  const strings = Buffer.from(`\0${[...needed, runpath ?? ''].join('\0')}\0`);
  const index = (text: string): number => strings.indexOf(`\0${text}\0`) + 1;
  const rows: (readonly [number, number])[] = [
    ...needed.map((name) => [1, index(name)] as const),
    ...(runpath === undefined ? [] : [[29, index(runpath)] as const]),
    [5, 0x400000 + 176],
    [0, 0],
  ];
  const dynamic = 176 + strings.length;
  const bytes = Buffer.alloc(dynamic + 16 * rows.length);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(2, 56);
  const segment = (at: number, type: number, offset: number, size: number): void => {
    bytes.writeUInt32LE(type, at);
    bytes.writeBigUInt64LE(BigInt(offset), at + 8);
    bytes.writeBigUInt64LE(BigInt(0x400000 + offset), at + 16);
    bytes.writeBigUInt64LE(BigInt(size), at + 32);
  };
  segment(64, 1, 0, bytes.length);
  segment(120, 2, dynamic, 16 * rows.length);
  bytes.set(strings, 176);
  rows.forEach(([tag, value], i) => {
    bytes.writeBigUInt64LE(BigInt(tag), dynamic + 16 * i);
    bytes.writeBigUInt64LE(BigInt(value), dynamic + 16 * i + 8);
  });
  return bytes;
};

const AGENT = '/usr/sbin/mesos-agent';
const missing = (program: Buffer | string, files: HostFiles = {}, environment: Record<string, string> = {}) => {
  const host = makeHost({ '/proc/1': null, '/lib/x86_64-linux-gnu/libc.so.6': '', [AGENT]: program, ...files });
  const origin = { place: '/unit', line: 1 };
  const variables = new Map(Object.entries(environment).map(([name, value]) => [name, { value, origin }]));
  return missingLibraries(host, { program: AGENT, environment: variables } as unknown as AgentFlags)?.names;
};

describe('what a program is linked with', () => {
  it('is read from it', () => {
    expect(linkedWith(elf(['libssl.so.3', 'libc.so.6'], '/opt/lib:$ORIGIN/../lib'))).toEqual({
      needed: ['libssl.so.3', 'libc.so.6'],
      folders: ['/opt/lib', '$ORIGIN/../lib'],
    });
    expect(linkedWith(fs.readFileSync(process.execPath))?.needed).toContain('libc.so.6');
  });

  it('is not known of anything else', () => {
    expect(linkedWith(Buffer.from('#!/bin/sh\n'))).toBeUndefined();
    const whole = elf(['libc.so.6']);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => linkedWith(whole.subarray(0, length))).not.toThrow();
    }
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = 0xff;
      expect(() => linkedWith(damaged)).not.toThrow();
    }
  });
});

describe('libraries', () => {
  const NEEDED = ['libevent-2.0.so.5', 'libc.so.6'];
  it('that the loader does not find are missing', () => {
    expect(missing(elf(NEEDED))).toEqual(['libevent-2.0.so.5']);
    expect(missing(elf(NEEDED), { '/usr/lib/libevent-2.1.so.7': '' })).toEqual(['libevent-2.0.so.5']);
    // The cache may be older than what was removed.
    const cache = { '/etc/ld.so.cache': 'glibc-ld.so.cache1.1\0libevent-2.0.so.5\0/opt/x/libevent-2.0.so.5\0' };
    expect(missing(elf(NEEDED), cache)).toEqual(['libevent-2.0.so.5']);
  });

  it.each<[string, HostFiles, Record<string, string>, string?]>([
    ['/usr/lib64', { '/usr/lib64/libevent-2.0.so.5': '' }, {}],
    [
      'a folder of the machine',
      { '/usr/lib/x86_64-linux-gnu/libevent-2.0.so.5': { link: 'x' }, '/usr/lib/x86_64-linux-gnu/x': '' },
      {},
    ],
    ['LD_LIBRARY_PATH', { '/opt/mesosphere/lib/libevent-2.0.so.5': '' }, { LD_LIBRARY_PATH: '/opt/mesosphere/lib' }],
    ['its own path', { '/usr/lib-own/libevent-2.0.so.5': '' }, {}, '$ORIGIN/../lib-own'],
    [
      'ld.so.conf',
      {
        '/etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n',
        '/etc/ld.so.conf.d/a.conf': '/opt/a\n',
        '/opt/a/libevent-2.0.so.5': '',
      },
      {},
    ],
    ['the cache', { '/etc/ld.so.cache': 'x\0/opt/x/libevent-2.0.so.5\0', '/opt/x/libevent-2.0.so.5': '' }, {}],
  ])('are found in %s', (_where, files, environment, runpath) => {
    expect(missing(elf(NEEDED, runpath), files, environment)).toEqual([]);
  });

  it('are not judged where a root has none, or is a copy, or the program is none', () => {
    const host = makeHost({ [AGENT]: elf(NEEDED), '/lib/libc.so.6': '' });
    expect(missingLibraries(host, { program: AGENT, environment: new Map() } as unknown as AgentFlags)).toBeUndefined();
    const empty = makeHost({ '/proc/1': null, [AGENT]: elf(NEEDED) });
    expect(
      missingLibraries(empty, { program: AGENT, environment: new Map() } as unknown as AgentFlags),
    ).toBeUndefined();
    expect(missing('#!/bin/sh\n')).toBeUndefined();
  });
});
