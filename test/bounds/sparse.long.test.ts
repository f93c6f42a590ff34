import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { materialise, pathIn, temporaryFolder } from '../support/trees.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** MiB that the whole process may have; Node and the program alone take some sixty. */
const MEMORY = 130;

const COMMAND = path.resolve('bin/mesos-ckpt.js');
const USAGE = path.resolve('bench/usage.cjs');

/** The length of a record, in its four bytes. */
const lengthOf = (bytes: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(bytes);
  return buffer;
};

/** A tree with one file that has so many bytes, of which the system stores those that it begins with, and no more. */
const sparse = (pattern: RegExp, size: number, begin?: Buffer): { readonly folder: string; readonly name: string } => {
  const folder = materialise('marathon');
  const name = pathIn('marathon', pattern);
  const file = path.join(folder, name);
  if (begin !== undefined) fs.writeFileSync(file, begin);
  fs.truncateSync(file, size);
  return { folder, name };
};

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
  /** MiB of memory that the process had at most. */
  readonly memory: number;
}

const run = (argv: readonly string[]): Ran => {
  const usage = path.join(temporaryFolder(), 'usage.json');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', USAGE, COMMAND, ...argv], {
    encoding: 'utf8',
    env: { ...process.env, BENCH_USAGE: usage },
  });
  const { memory } = JSON.parse(fs.readFileSync(usage, 'utf8')) as { readonly memory: number };
  return { status, out: stdout, error: stderr, memory: memory / 1024 };
};

const AGENT = /\/slave\.info$/;
const LOG = /\/task\.updates$/;

describe('what is not stored costs nothing', { timeout: 120_000 }, () => {
  it.each([
    ['an info with zeros behind its record', AGENT, 4 * GIB, undefined, 'trailing-bytes'],
    ['an info of zeros', AGENT, 4 * GIB, Buffer.alloc(0), 'agent-info-damaged'],
    ['an info whose length is true', AGENT, 2 * GIB, lengthOf(GIB), 'agent-info-damaged'],
    ['an info whose length is more than is there', AGENT, GIB / 2, lengthOf(GIB), 'agent-info-damaged'],
    ['an info whose length no agent takes', AGENT, 4 * GIB, lengthOf(2 ** 32 - 10), 'record-oversized'],
    ['a log with zeros behind its records', LOG, 300 * MIB, undefined, 'task-updates-bad-record'],
    ['a log of zeros', LOG, 150 * MIB, Buffer.alloc(0), 'task-updates-bad-record'],
    ['a log whose record is as long as it says', LOG, GIB / 4, lengthOf(GIB / 4 - 4), 'task-updates-bad-record'],
  ] as const)('%s', (_what, pattern, size, begin, code) => {
    const { folder, name } = sparse(pattern, size, begin);
    const verified = run(['verify', '--json', folder]);
    expect(verified.error).toBe('');
    const { findings } = JSON.parse(verified.out) as { findings: readonly { code: string; path: string }[] };
    expect(findings.some((finding) => finding.code === code && finding.path === name)).toBe(true);
    const others = [
      ['prune', folder],
      ['inspect', '--json', folder],
    ].map(run);
    for (const { error, memory, status } of [verified, ...others]) {
      expect({ error, status }).toEqual({ error: '', status: expect.toBeOneOf([0, 1, 2]) });
      expect(memory).toBeLessThan(MEMORY);
    }
  });

  it('a record that is larger than may be read, which is said', () => {
    const { folder, name } = sparse(AGENT, 2 * GIB, lengthOf(GIB + 1));
    const { status, error, memory } = run(['verify', folder]);
    expect(status).toBe(3);
    expect(error).toBe(
      `mesos-ckpt: cannot read ${name}: it has a record of ${GIB + 1} bytes, and --max-record is ${GIB}\n`,
    );
    expect(memory).toBeLessThan(MEMORY);
  });

  it('a text that is longer than any can be here, which is said', () => {
    const folder = materialise('marathon');
    const name = pathIn('marathon', /\/executor\.info$/);
    const file = path.join(folder, name);
    const message = fs.readFileSync(file).subarray(4);
    // The executor's name (field 9), of 540 MiB, which are zeros.
    const length = 540 * MIB;
    const varint = Buffer.from([0, 7, 14, 21, 28].map((bits) => ((length >>> bits) & 0x7f) | (bits < 28 ? 0x80 : 0)));
    const field = Buffer.concat([Buffer.of((9 << 3) | 2), varint]);
    const size = message.length + field.length + length;
    fs.writeFileSync(file, Buffer.concat([lengthOf(size), message, field]));
    fs.truncateSync(file, 4 + size);
    for (const argv of [
      ['verify', folder],
      ['inspect', folder],
      ['prune', folder],
      ['preflight', '--', `--work_dir=${folder}`],
      ['diff', folder, materialise('marathon')],
    ]) {
      const { status, error, out } = run(argv);
      const said = `${error}${out.replace(/\s+/g, ' ')}`;
      expect(said).toContain(`it has a record of ${size} bytes, with a text that is longer than any can be here`);
      // What else is wrong with this machine as an agent's host may be worse.
      expect(argv[0] === 'preflight' ? [2, 3] : [3]).toContain(status);
    }
  });
});
