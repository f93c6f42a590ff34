import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/trees.ts';

const at = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** A time before the compiled parts were kept, and one after it. */
const BEFORE = new Date('2026-01-01T00:00:00Z');
const SINCE = new Date('2026-01-02T00:00:00Z');
const LATER = new Date('2026-01-03T00:00:00Z');

/** A copy of the built command, in which each file has a known time, and the file of what was compiled of it. */
const copied = (): { readonly folder: string; readonly compiled: string } => {
  const folder = temporaryFolder();
  for (const name of ['bin', 'dist']) fs.cpSync(at(name), `${folder}/${name}`, { recursive: true });
  for (const name of fs.readdirSync(`${folder}/dist`)) fs.utimesSync(`${folder}/dist/${name}`, BEFORE, BEFORE);
  const [name = ''] = fs.readdirSync(`${folder}/dist/compiled`);
  const compiled = `${folder}/dist/compiled/${name}`;
  fs.utimesSync(compiled, SINCE, SINCE);
  return { folder, compiled };
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

const SAMPLE = at('fixtures/sample-agent');

/** What is told of the sample agent, by commands that were run when they were compiled. */
const TOLD = [
  ['verify', SAMPLE],
  ['inspect', '--json', SAMPLE],
  ['prune', SAMPLE],
];

describe('what was compiled when the command was built', () => {
  it('is taken, every part of what is used then', () => {
    const { folder } = copied();
    const taken = takenBy(folder, 'verify', SAMPLE);
    expect(taken.length).toBeGreaterThan(20);
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
    [
      'what another V8 compiled',
      (bytes: Buffer) => {
        // The list gives way to one by which each part begins a byte later.
        const end = 4 + bytes.readUInt32LE(0);
        const places: [string, [number, number]][] = JSON.parse(bytes.toString('latin1', 4, end));
        const list = JSON.stringify(places.map(([name, [start, length]]) => [name, [start + 1, length - 1]]));
        const head = Buffer.alloc(4);
        head.writeUInt32LE(list.length);
        return Buffer.concat([head, Buffer.from(list), bytes.subarray(end)]);
      },
    ],
  ] as const)('is no matter where the file has %s', (_, change) => {
    const { folder, compiled } = copied();
    const before = run(folder, 'verify', SAMPLE);
    fs.writeFileSync(compiled, change(fs.readFileSync(compiled)));
    fs.utimesSync(compiled, SINCE, SINCE);
    expect(run(folder, 'verify', SAMPLE)).toEqual(before);
  });

  it('is not taken of a part that somebody has changed', () => {
    const { folder } = copied();
    const [was, is] = ['show what is in a checkpoint', 'SHOW WHAT IS IN A CHECKPOINT'];
    expect(run(folder, '--help').stdout).toContain(was);
    const part = `${folder}/dist/cli.cjs`;
    const text = fs.readFileSync(part, 'utf8');
    const change = (time: Date) => {
      fs.writeFileSync(part, text.replace(was, is));
      fs.utimesSync(part, time, time);
    };
    change(LATER);
    expect(run(folder, '--help').stdout).toContain(is);
    // The same change at an earlier time is what V8 does not see, and the reason why times are looked at.
    change(BEFORE);
    expect(run(folder, '--help').stdout).toContain(was);
  });
});
