import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { materialise, pathIn, temporaryFolder } from '../support/trees.ts';
import { tag, varint, WIRE } from '../support/wire.ts';

const MIB = 1024 ** 2;
/** MiB of objects that the program may have, in which a start alone takes some twenty. */
const HEAP = 64;
/** MiB that the whole process may have besides the records; Node and the program alone take some sixty. */
const MEMORY = 130;
/** Of more bytes no text can be made. */
const LARGE = 600 * MIB;

const COMMAND = path.resolve('bin/mesos-ckpt.js');
const USAGE = path.resolve('bench/usage.cjs');

const run = (argv: readonly string[]) => {
  const usage = path.join(temporaryFolder(), 'usage.json');
  const options = [`--max-old-space-size=${HEAP}`, '--require', USAGE, COMMAND];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, ...argv], {
    encoding: 'utf8',
    env: { ...process.env, BENCH_USAGE: usage },
  });
  const { memory } = JSON.parse(fs.readFileSync(usage, 'utf8')) as { readonly memory: number };
  return { status, out: stdout, error: stderr, memory: memory / 1024 };
};

/** Lets the record of a file end with a field of so many zeros, which no schema has; the system stores none of them. */
const grow = (file: string, size: number, last = 0): void => {
  const message = fs.readFileSync(file).subarray(4);
  const head = Buffer.concat([message, tag(500, WIRE.bytes), varint(size)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length + size);
  fs.writeFileSync(file, Buffer.concat([length, head]));
  fs.truncateSync(file, 4 + head.length + size);
  const handle = fs.openSync(file, 'r+');
  fs.writeSync(handle, Buffer.of(last), 0, 1, 4 + head.length + size - 1);
  fs.closeSync(handle);
};

const NAME = pathIn('marathon', /\/slave\.info$/);

const tree = (size: number, last: number): string => {
  const folder = materialise('marathon');
  grow(path.join(folder, NAME), size, last);
  return folder;
};

describe('a record with one field that is larger than a text can be', { timeout: 120_000 }, () => {
  it.each([
    ['as text', [], `# … ${LARGE - 64} more bytes, the first at byte `],
    ['as bytes', ['--format', 'hex'], ' more bytes\n'],
    ['as JSON', ['--json'], '"number":500'],
  ])('is decoded %s in its own memory', (_, options, said) => {
    const { status, out, error, memory } = run(['decode', ...options, path.join(tree(LARGE, 0), NAME)]);
    expect(error).toBe('');
    expect(status).toBe(0);
    expect(out).toContain(said);
    expect(out.length).toBeLessThan(20_000);
    expect(memory).toBeLessThan(LARGE / MIB + MEMORY);
  });
});

it('two large values that begin in the same way are told apart', { timeout: 120_000 }, () => {
  const size = 200 * MIB;
  const { status, out, memory } = run(['diff', tree(size, 0), tree(size, 1)]);
  expect(status).toBe(1);
  const lines = out
    .split('\n')
    .flatMap((line) => /^ +([-+])500: .* more bytes, SHA-256 ([0-9a-f]{64})$/.exec(line) ?? []);
  expect(lines).toHaveLength(6);
  expect(lines[1]).not.toBe(lines[4]);
  expect(lines[2]).not.toBe(lines[5]);
  // Both are in memory, each twice: where it was read, and where it is kept to be compared.
  expect(memory).toBeLessThan((4 * size) / MIB + MEMORY);
});
