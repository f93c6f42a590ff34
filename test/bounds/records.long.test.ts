import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { materialise, pathIn, temporaryFolder } from '../support/trees.ts';
import { bytes, double, int, record, tag, varint, WIRE } from '../support/wire.ts';

/** What makes the trees of benchmarks. */
interface Trees {
  readonly writeTree: (workDir: string, size: { readonly executors: number }) => readonly string[];
}

const MIB = 1024 ** 2;
/** MiB of objects that the program may have, in which a start alone takes some twenty. */
const HEAP = 64;
/** MiB that the whole process may have besides the records; Node and the program alone take some sixty. */
const MEMORY = 130;
/** Of more bytes no text can be made. */
const LARGE = 600 * MIB;

const COMMAND = path.resolve('bin/mesos-ckpt.js');
const USAGE = path.resolve('bench/usage.cjs');

const run = (argv: readonly string[], { heap = HEAP, stdout: to = 'pipe' as 'pipe' | 'ignore' } = {}) => {
  const usage = path.join(temporaryFolder(), 'usage.json');
  const options = [`--max-old-space-size=${heap}`, '--require', USAGE, COMMAND];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, ...argv], {
    encoding: 'utf8',
    stdio: ['ignore', to, 'pipe'],
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

it('large records of logs are in memory one after the other, with small logs between them', {
  timeout: 120_000,
}, async () => {
  const { writeTree }: Trees = await import(new URL('../../bench/tree.mjs', import.meta.url).href);
  const size = 150 * MIB;
  const folder = temporaryFolder();
  const executors = [...writeTree(folder, { executors: 61 })].sort();
  for (const each of [0, 20, 40, 60]) {
    const executor = executors[each] as string;
    const [log] = fs
      .readdirSync(executor, { recursive: true, encoding: 'utf8' })
      .filter((at) => at.endsWith('task.updates'));
    const file = path.join(executor, log as string);
    const content = fs.readFileSync(file);
    const first = content.subarray(4, 4 + content.readUInt32LE(0));
    fs.writeFileSync(file, record(Buffer.concat([first, bytes(500, Buffer.alloc(size, 1))])));
  }
  const { error, memory } = run(['verify', folder]);
  expect(error).toBe('');
  expect(memory).toBeLessThan(size / MIB + MEMORY);
});

describe('a text whose JSON is longer than a text can be', { timeout: 120_000 }, () => {
  const size = 100 * MIB;
  const withName = (): string => {
    const folder = materialise('marathon');
    const file = path.join(folder, pathIn('marathon', /\/executor\.info$/));
    const message = Buffer.concat([fs.readFileSync(file).subarray(4), bytes(9, Buffer.alloc(size, 1))]);
    fs.writeFileSync(file, record(message));
    return folder;
  };

  it('is printed by inspect --json', () => {
    const { status, error, memory } = run(['inspect', '--json', withName()], { heap: 450, stdout: 'ignore' });
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(memory).toBeLessThan((4 * size) / MIB + MEMORY);
  });

  it('is in a page by its beginning', () => {
    const page = path.join(temporaryFolder(), 'page.html');
    const { error, status } = run(['report', withName(), '-o', page], { heap: 450 });
    expect({ status, error }).toEqual({ status: expect.toBeOneOf([0, 1, 2]), error: '' });
    expect(fs.statSync(page).size).toBeLessThan(MIB);
  });
});

describe('a record of millions of fields, of which the last does not parse', { timeout: 120_000 }, () => {
  const FIELDS = 10_000_000;
  const withFields = (): string => {
    const folder = materialise('marathon');
    const file = path.join(folder, pathIn('marathon', /\/task\.info$/));
    const message = Buffer.alloc(3 * FIELDS + 1, int(500, 1));
    message[3 * FIELDS] = 0xff;
    fs.writeFileSync(file, record(message));
    return folder;
  };

  it('is redacted', () => {
    const to = path.join(temporaryFolder(), 'redacted.tar');
    const { status, memory } = run(['snapshot', '--redact', withFields(), '-o', to], { heap: 1000 });
    expect(status).toBe(0);
    expect(memory).toBeLessThan(1000);
  });

  it('is evidence by its beginning and its end', () => {
    const page = path.join(temporaryFolder(), 'page.html');
    const { status, error, memory } = run(['report', withFields(), '-o', page], { heap: 1000 });
    expect({ status, error }).toEqual({ status: 2, error: '' });
    expect(fs.statSync(page).size).toBeLessThan(MIB);
    expect(memory).toBeLessThan(1000);
  });
});

describe('a record or a file of millions of values', { timeout: 120_000 }, () => {
  const VALUES = 8_000_000;

  /** An info with attributes that have nothing in them, of two bytes each. */
  const withAttributes = (): string => {
    const folder = materialise('marathon');
    const file = path.join(folder, NAME);
    const message = Buffer.alloc(2 * VALUES, bytes(5, Buffer.alloc(0)));
    fs.writeFileSync(file, record(Buffer.concat([fs.readFileSync(file).subarray(4), message])));
    return folder;
  };

  /** Resources as small as they can be, each in a record of its own. */
  const withResources = (): string => {
    const folder = materialise('marathon');
    const scalar = bytes(3, Buffer.concat([tag(1, WIRE.fixed64), Buffer.alloc(8)]));
    const resource = record(Buffer.concat([bytes(1, Buffer.from('a')), int(2, 0), scalar]));
    const file = path.join(folder, 'meta/resources/resources.info');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.rmSync(path.join(path.dirname(file), 'resources_and_operations.state'), { force: true });
    fs.writeFileSync(file, Buffer.alloc((resource.length * VALUES) / 8, resource));
    return folder;
  };

  it.each([
    ['an info', withAttributes],
    ['resources', withResources],
  ])('%s, which is said', (_what, make) => {
    const folder = make();
    const packed = path.join(temporaryFolder(), 'packed.tar.gz');
    expect(spawnSync('tar', ['-czf', packed, '-C', folder, '.']).status).toBe(0);
    const page = path.join(temporaryFolder(), 'page.html');
    for (const argv of [
      ['verify', folder],
      ['verify', packed],
      ['inspect', folder],
      ['prune', folder],
      ['prune', folder, '--salvage'],
      ['diff', folder, materialise('marathon')],
      ['snapshot', folder, '-o', path.join(temporaryFolder(), 'snapshot.tar')],
      ['report', folder, '-o', page],
    ]) {
      const { status, error, out, memory } = run(argv, { heap: 500 });
      expect(`${error}${out}`.replace(/\s+/g, ' ')).toContain('with more values than are brought into memory');
      expect(status).toBe(3);
      expect(memory).toBeLessThan(500);
    }
  });
});

describe('resources of which each is compared with each', { timeout: 120_000 }, () => {
  const COUNT = 20_000;
  const scalar = bytes(3, double(1, 1));
  const range = (begin: bigint): Buffer => bytes(4, bytes(1, Buffer.concat([int(1, begin), int(2, begin)])));
  const reserved = (number: number): Buffer =>
    bytes(13, Buffer.concat([bytes(1, `p${number}`), bytes(3, `r${number}`), int(4, 2)]));
  const label = (number: number): Buffer => bytes(1, Buffer.concat([bytes(1, `k${number}`), bytes(2, 'v')]));
  const LAST = 2n ** 64n - 1n;

  it.each<[string, 'told' | 'predicted', (number: number) => readonly Buffer[]]>([
    [
      'ranges that are taken off one by one',
      'predicted',
      (i) => [bytes(1, 'ports'), int(2, 1), range(2n * BigInt(i)), reserved(0)],
    ],
    [
      'ranges beside the last number that there is',
      'told',
      (i) => [bytes(1, 'ports'), int(2, 1), range(i === 0 ? LAST : 2n * BigInt(i)), reserved(0)],
    ],
    [
      'labels that occur twice',
      'told',
      (i) => [
        ...[bytes(1, 'cpus'), int(2, 0), scalar],
        bytes(
          13,
          Buffer.concat([bytes(1, 'p'), bytes(3, 'r'), int(4, 2), bytes(2, Buffer.concat([label(i), label(i)]))]),
        ),
      ],
    ],
    [
      'volumes that are shared, of one id and other amounts',
      'told',
      (i) => [
        ...[bytes(1, 'disk'), int(2, 0), reserved(0), bytes(10, '')],
        bytes(3, double(1, 1 + i)),
        bytes(7, Buffer.concat([bytes(1, bytes(1, 'v')), bytes(2, Buffer.concat([bytes(1, 'p'), int(3, 1)]))])),
      ],
    ],
  ])('%s are %s', async (_what, outcome, resource) => {
    const { writeTree }: Trees = await import(new URL('../../bench/tree.mjs', import.meta.url).href);
    const folder = path.join(temporaryFolder(), 'work_dir');
    writeTree(folder, { executors: 1 });
    const file = path.join(folder, 'meta/resources/resources.info');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const records = Array.from({ length: COUNT }, (_, i) => record(Buffer.concat(resource(i))));
    fs.writeFileSync(file, Buffer.concat(records));
    for (const argv of [
      ['verify', folder],
      ['prune', folder],
    ]) {
      const { status, error, memory } = run(argv, { heap: 300 });
      // To find which do not fit takes too long: then all of them go.
      if (outcome === 'predicted') expect({ status, error }).toEqual({ status: expect.toBeOneOf([0, 2]), error: '' });
      else expect(error).toContain('its resources are too many, or in too many ranges or items');
      if (outcome === 'told') expect(status).toBe(3);
      expect(memory).toBeLessThan(300);
    }
    // What else is wrong with this machine as an agent's host may be worse.
    const { status, out } = run(['preflight', '--', `--work_dir=${folder}`], { heap: 300 });
    expect(status).toBeOneOf([2, 3]);
    const said = out.replace(/\s+/g, ' ');
    expect(said.includes('its resources are too many')).toBe(outcome === 'told');
  });
});
