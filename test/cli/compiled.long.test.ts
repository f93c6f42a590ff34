import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/trees.ts';

const at = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** A copy of the built command, and the file of what was compiled of it. */
const copied = (): { readonly folder: string; readonly compiled: string } => {
  const folder = temporaryFolder();
  for (const name of ['bin', 'dist']) fs.cpSync(at(name), `${folder}/${name}`, { recursive: true });
  const [name = ''] = fs.readdirSync(`${folder}/dist/compiled`);
  return { folder, compiled: `${folder}/dist/compiled/${name}` };
};

const run = (folder: string, ...argv: readonly string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [path.join(folder, 'bin/mesos-ckpt.js'), ...argv], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '80', NO_COLOR: '1' },
  });
  return { stdout, stderr, status };
};

/** Runs the command as it starts itself, and then says which of its parts V8 took as they were compiled. */
const TAKEN = `
const { loadPart, scripts } = require(process.env.START);
process.on('exit', () => {
  const taken = [...scripts].map(([name, { cachedDataRejected }]) => [name, cachedDataRejected]);
  require('node:fs').writeSync(2, JSON.stringify(taken));
});
process.argv.splice(1, 0, 'mesos-ckpt');
loadPart('cli.cjs');
`;

const takenBy = (folder: string, ...argv: readonly string[]): readonly (readonly [string, boolean?])[] => {
  const { stderr } = spawnSync(process.execPath, ['-e', TAKEN, '--', ...argv], {
    encoding: 'utf8',
    env: { ...process.env, START: `${folder}/dist/start.cjs` },
  });
  return JSON.parse(stderr);
};

/** Where what was compiled of a part is behind the list, its length, once more behind itself, and where the part's text is. */
type Place = readonly [number, number, number];

/** The list of what was compiled, and where it ends. */
const listIn = (bytes: Buffer): { readonly start: number; readonly places: readonly (readonly [string, Place])[] } => {
  const start = 4 + bytes.readUInt32LE(0);
  return { start, places: JSON.parse(bytes.toString('latin1', 4, start)) };
};

/** The file with another list, whose places are those that `change` makes of them. */
const withPlaces = (bytes: Buffer, change: (place: Place) => Place | null): Buffer => {
  const { start, places } = listIn(bytes);
  const list = JSON.stringify(places.map(([name, place]) => [name, change(place)]));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(list.length);
  return Buffer.concat([head, Buffer.from(list), bytes.subarray(start)]);
};

const SAMPLE = at('fixtures/sample-agent');

/** What is told of the sample agent, by commands that were run when they were compiled. */
const TOLD = [
  ['verify', SAMPLE],
  ['inspect', '--json', SAMPLE],
  ['prune', SAMPLE],
];

describe('the parts of the command', () => {
  it('lie each in a file of its own, or together with others in one', () => {
    const files = fs.readdirSync(at('dist')).filter((name) => name.endsWith('.cjs'));
    const required = files.flatMap((name) =>
      Array.from(
        fs.readFileSync(at(`dist/${name}`), 'utf8').matchAll(/require\("\.\/([\w-]+\.cjs)"\)/g),
        ([, part]) => part,
      ),
    );
    const { PACKS } = createRequire(import.meta.url)(at('dist/start.cjs')) as {
      PACKS: Readonly<Record<string, string>>;
    };
    expect(required.length).toBeGreaterThan(100);
    expect(required.filter((part = '') => files.includes(part) === Object.hasOwn(PACKS, part))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(Object.values(PACKS)));
  });
});

describe('what was compiled when the command was built', () => {
  it('is taken, every part of what is used then', () => {
    const { folder } = copied();
    const taken = takenBy(folder, 'verify', SAMPLE);
    expect(taken.map(([name]) => name)).toEqual(expect.arrayContaining(['common.cjs', 'verifying.cjs']));
    expect(taken.filter(([, isRejected]) => isRejected !== false)).toEqual([]);
  });

  it.each(TOLD)('changes nothing that is told by %s', (...argv) => {
    const { folder, compiled } = copied();
    const withIt = run(folder, ...argv);
    expect(withIt.stdout).not.toBe('');
    fs.rmSync(compiled);
    expect(run(folder, ...argv)).toEqual(withIt);
  });

  it.each([
    ['nothing', () => Buffer.alloc(0)],
    ['no list', () => Buffer.from('\xff\xff\xff\x7f', 'latin1')],
    ['a list of something else', () => Buffer.from('\x02\0\0\0{}')],
    ['half of it', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['a list without places', (bytes: Buffer) => withPlaces(bytes, () => null)],
    ['a list of places beyond all memory', (bytes: Buffer) => withPlaces(bytes, ([at, , text]) => [at, 2 ** 52, text])],
    ['a byte less of each part', (bytes: Buffer) => withPlaces(bytes, ([at, size, text]) => [at + 1, size - 1, text])],
  ] as const)('is no matter where the file has %s', (_, change) => {
    const { folder, compiled } = copied();
    const before = run(folder, 'verify', SAMPLE);
    fs.writeFileSync(compiled, change(fs.readFileSync(compiled)));
    expect(run(folder, 'verify', SAMPLE)).toEqual(before);
  });

  it.each([
    ['the last byte of what was compiled', ([at, size]: Place) => at + size - 1],
    ['its first byte, where it is once more', ([at, size]: Place) => at + size],
    ['its last byte, where it is once more', ([at, size]: Place) => at + 2 * size - 1],
    ['the first byte of the text', ([, , text]: Place) => text],
  ] as const)('is not taken of a part of which one bit is another: %s', (_, damaged) => {
    const { folder, compiled } = copied();
    const bytes = fs.readFileSync(compiled);
    const { start, places } = listIn(bytes);
    // Several share a text.
    for (const at of new Set(places.map(([, place]) => start + damaged(place)))) {
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    }
    fs.writeFileSync(compiled, bytes);
    const taken = takenBy(folder, 'verify', SAMPLE);
    expect(taken.length).toBeGreaterThan(2);
    expect(taken.filter(([, isRejected]) => isRejected === false)).toEqual([]);
  });

  it('is not taken of a part that somebody has changed', () => {
    const { folder } = copied();
    const [was, is] = ['show what is in a checkpoint', 'SHOW WHAT IS IN A CHECKPOINT'];
    expect(run(folder, '--help').stdout).toContain(was);
    const part = `${folder}/dist/common.cjs`;
    // Of the same length, and of the same time: V8 sees no change.
    const { atime, mtime } = fs.statSync(part);
    fs.writeFileSync(part, fs.readFileSync(part, 'utf8').replace(was, is));
    fs.utimesSync(part, atime, mtime);
    expect(run(folder, '--help').stdout).toContain(is);
  });

  it('and the text of such a part may have any characters', () => {
    const { folder } = copied();
    const [was, is] = ['show what is in a checkpoint', 'montre ce qui est là'];
    const part = `${folder}/dist/common.cjs`;
    fs.writeFileSync(part, fs.readFileSync(part, 'utf8').replace(was, is));
    expect(run(folder, '--help').stdout).toContain(is);
  });

  it('is no matter where something is in its place that never ends, or to which nobody writes', () => {
    const { folder, compiled } = copied();
    const before = run(folder, 'verify', SAMPLE);
    fs.rmSync(compiled);
    execFileSync('mkfifo', [compiled]);
    expect(run(folder, 'verify', SAMPLE)).toEqual(before);
    fs.rmSync(compiled);
    fs.symlinkSync('/dev/zero', compiled);
    expect(run(folder, 'verify', SAMPLE)).toEqual(before);
  });
});
