import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { Edit } from '../support/cases.ts';
import { randomly, seed } from '../support/random.ts';
import { HOME, materialise, pathIn } from '../support/trees.ts';
import { inMemory } from './calls.ts';
import { fingerprint, outline } from './support.ts';

/** The built command itself, as processes that signals reach. */
let folder = '';

inMemory();
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-test-'));
  for (const name of ['bin', 'dist']) {
    fs.cpSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), `${folder}/${name}`, { recursive: true });
  }
  fs.writeFileSync(`${folder}/signal.mjs`, SIGNALLING);
  // Somebody else runs it too.
  fs.chmodSync(folder, 0o755);
  fs.writeFileSync(`${folder}/count`, '');
  fs.chmodSync(`${folder}/count`, 0o666);
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Sends the process a signal before its changing call number AT, from 1; writes how many there were. */
const SIGNALLING = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const at = Number(process.env.AT);
let count = 0;
for (const name of ['writeSync', 'renameSync', 'linkSync', 'unlinkSync', 'mkdirSync', 'rmdirSync', 'fchmodSync',
  'futimesSync', 'fsyncSync', 'fdatasyncSync']) {
  const original = fs[name];
  fs[name] = (...args) => {
    if (name === 'writeSync' && args[0] < 3) return original(...args);
    if (++count === at) process.kill(process.pid, process.env.SIGNAL);
    return original(...args);
  };
}
syncBuiltinESMExports();
process.on('exit', () => fs.writeFileSync(process.env.COUNT, String(count)));
`;

const run = (argv: readonly string[], signal = 'SIGKILL', at = 0, uid?: number): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, ['--import', `${folder}/signal.mjs`, `${folder}/bin/mesos-ckpt.js`, ...argv], {
    encoding: 'utf8',
    ...(uid === undefined ? {} : { uid, gid: uid }),
    env: { ...process.env, SIGNAL: signal, AT: String(at), COUNT: `${folder}/count` },
  });

const counted = (): number => Number(fs.readFileSync(`${folder}/count`, 'utf8'));

const pathTo = (end: RegExp): string => pathIn('marathon', end);

/** Three faults, each of which another kind of step mends. */
const damaged = (): string => {
  const edits: readonly Edit[] = [
    { op: 'append', path: pathTo(/shop_web.*forked\.pid$/), hex: '0a' },
    { op: 'truncate', path: pathTo(/shop_cache.*executor\.info$/), size: 3 },
    { op: 'append', path: pathTo(/shop_web.*02\/tasks.*task\.updates$/), hex: '03000000ffffff' },
  ];
  return materialise('marathon', edits);
};

const prune = (at: string): readonly string[] => ['prune', at, '--apply', '--work-dir', HOME];

const journalOf = (at: string): string => {
  const [name] = fs.readdirSync(`${at}/mesos-ckpt`);
  return `${at}/mesos-ckpt/${name}`;
};

/** Numbers from 1 to `most`, by the seed. */
const sample = (most: number, size: number): readonly number[] => {
  let state = seed % 2147483647 || 1;
  return Array.from({ length: size }, () => {
    state = (state * 48271) % 2147483647;
    return 1 + (state % most);
  });
};

const KILLS = 6;

it(randomly('killed at random, it goes on at the next run, or back', KILLS), () => {
  const tree = damaged();
  const before = fingerprint(tree);
  expect(run(prune(tree)).status).toBe(0);
  const applyCalls = counted();
  const after = outline(tree);
  expect(run(['undo', journalOf(tree)]).status).toBe(0);
  const undoCalls = counted();
  expect(fingerprint(tree)).toEqual(before);
  expect(Math.min(applyCalls, undoCalls)).toBeGreaterThan(10);
  for (const [i, at] of sample(applyCalls, KILLS).entries()) {
    fs.rmSync(`${tree}/mesos-ckpt`, { recursive: true });
    expect(run(prune(tree), 'SIGKILL', at).signal).toBe('SIGKILL');
    // Every second time it goes back from where it was killed, where it had begun at all.
    const isBegun = fs.existsSync(`${tree}/mesos-ckpt`) && /Z$/.test(journalOf(tree)) && i % 2 === 1;
    if (!isBegun || !fs.existsSync(`${journalOf(tree)}/journal.jsonl`)) {
      expect(run(prune(tree)).stderr).toBe('');
      expect(outline(tree), `killed before call ${at}`).toEqual(after);
    }
    for (const name of fs.readdirSync(`${tree}/mesos-ckpt`)) {
      if (/Z(-\d)?$/.test(name)) expect(run(['undo', `${tree}/mesos-ckpt/${name}`]).stderr).toBe('');
    }
    expect(fingerprint(tree), `killed before call ${at}`).toEqual(before);
  }
  for (const at of sample(undoCalls, KILLS / 2)) {
    fs.rmSync(`${tree}/mesos-ckpt`, { recursive: true });
    run(prune(tree));
    // A lock that a killed run leaves lies beside it.
    const journal = journalOf(tree);
    expect(run(['undo', journal], 'SIGKILL', at).signal).toBe('SIGKILL');
    expect(run(['undo', journal]).stderr).toBe('');
    expect(fingerprint(tree), `killed before call ${at}`).toEqual(before);
  }
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s stops it between two steps, and it says how to go on', (signal, exitCode) => {
  const tree = damaged();
  const before = fingerprint(tree);
  run(prune(tree));
  const after = outline(tree);
  const calls = counted();
  run(['undo', journalOf(tree)]);
  fs.rmSync(`${tree}/mesos-ckpt`, { recursive: true });
  const stopped = run(prune(tree), signal, Math.floor(calls * 0.6));
  expect(stopped.signal).toBe(null);
  expect(stopped.status).toBe(exitCode);
  expect(stopped.stdout).toMatch(/Stopped: \d of 3 steps are done\. The next prune --apply goes on/);
  expect(outline(tree)).not.toEqual(after);
  const undo = ['undo', journalOf(tree)];
  expect(run(['undo', '--list', tree]).stdout).toMatch(/stopped at \d of 3 +yes/);
  const next = run(prune(tree));
  expect(next.stdout).toMatch(/^An earlier run had ended too early\. What was left of it has been applied:/);
  expect(outline(tree)).toEqual(after);
  expect(run(undo).status).toBe(0);
  expect(fingerprint(tree)).toEqual(before);
});

it('a signal while a snapshot is written leaves nothing of it', () => {
  const tree = damaged();
  const out = `${folder}/out`;
  fs.mkdirSync(out);
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const { status, stderr } = run(['snapshot', tree, '-o', `${out}/n1.tar.gz`], signal, 1);
    expect(stderr).toBe(`mesos-ckpt: ${out}/n1.tar.gz: stopped; nothing of it is left\n`);
    expect(status).toBe(exitCode);
    expect(fs.readdirSync(out)).toEqual([]);
    const { stdout } = run(['snapshot', tree, '-o', `${out}/n1.tar.gz`, '--json'], signal, 1);
    const line = JSON.parse(stdout);
    expect(line).toEqual({ path: `${out}/n1.tar.gz`, error: `${out}/n1.tar.gz: stopped; nothing of it is left` });
  }
});

describe('who is not root', () => {
  const NOBODY = 54_321;
  const asNobody = (context: TestContext): string => {
    const why = process.getuid?.() === 0 ? undefined : 'it takes root to become somebody else';
    if (why !== undefined) {
      process.stderr.write(`\nNOT TESTED: ${context.task.name}: ${why}\n`);
      context.skip(why);
    }
    const tree = damaged();
    fs.chmodSync(tree, 0o755);
    const give = (at: string): void => {
      fs.lchownSync(at, NOBODY, NOBODY);
      if (!fs.lstatSync(at).isDirectory()) return;
      for (const name of fs.readdirSync(at)) give(`${at}/${name}`);
    };
    give(tree);
    return tree;
  };

  it('changes what is their own, and takes it back', (context) => {
    const tree = asNobody(context);
    const before = fingerprint(tree);
    const applied = run(prune(tree), undefined, undefined, NOBODY);
    expect(applied.status).toBe(0);
    expect(applied.stderr).toMatch(/could not be looked into.*run as root/);
    expect(fs.statSync(`${journalOf(tree)}/kept/1`).uid).toBe(NOBODY);
    expect(run(['undo', journalOf(tree)], undefined, undefined, NOBODY).status).toBe(0);
    expect(fingerprint(tree)).toEqual(before);
  });

  it('is told what they may not change, before anything is', (context) => {
    const tree = asNobody(context);
    fs.chownSync(`${tree}/${path.dirname(pathTo(/shop_cache.*executor\.info$/))}`, 0, 0);
    const before = fingerprint(tree);
    const refused = run(prune(tree), undefined, undefined, NOBODY);
    expect(refused.status).toBe(3);
    expect(refused.stderr).toMatch(
      /shop_cache\S* cannot be changed: permission denied \(run as the user that the agent/,
    );
    expect(fingerprint(tree)).toEqual(before);
    expect(fs.existsSync(`${tree}/mesos-ckpt`)).toBe(false);
  });

  it('takes all back but the times of folders that are not their own', (context) => {
    const tree = asNobody(context);
    const shared = `${tree}/${path.dirname(pathTo(/shop_cache.*executor\.info$/))}`;
    fs.chownSync(shared, 0, 0);
    fs.chmodSync(shared, 0o777);
    fs.chownSync(tree, 0, 0);
    fs.chmodSync(tree, 0o777);
    const before = outline(tree);
    const times = fingerprint(tree);
    expect(run(prune(tree), undefined, undefined, NOBODY).status).toBe(0);
    const undone = run(['undo', journalOf(tree)], undefined, undefined, NOBODY);
    expect(undone.status).toBe(0);
    expect(undone.stdout.replaceAll('\n', ' ')).toMatch(
      /Note: 1 of the folders did not get back the time .*: only their owner, or root, may give it/,
    );
    expect(outline(tree)).toEqual(before);
    expect(fingerprint(tree).filter((line) => !times.includes(line))).toHaveLength(1);
  });
});
