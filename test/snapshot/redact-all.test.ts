import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPath, openSource } from '../../src/checkpoint/open.ts';
import { planRepair } from '../../src/repair/plan-repair.ts';
import type { Captured } from '../../src/snapshot/captured.ts';
import { redact } from '../../src/snapshot/redact/redact.ts';
import { gistOf, sourceOf } from '../../src/snapshot/snapshot.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { seed } from '../support/random.ts';
import { run } from '../support/session.ts';
import { HOME, loadTree, materialise, temporaryFolder, treeNames } from '../support/trees.ts';
import { HEAD } from '../support/verify.ts';
import { entriesOf } from './entries.ts';
import { leaksIn, planted } from './planted.ts';

const contents = (entries: readonly Captured[]): Buffer => Buffer.concat(entries.map(({ bytes }) => bytes));

/** What is predicted of entries. */
const gist = (entries: readonly Captured[]): string => {
  const source = sourceOf('', entries, { folders: [], count: 0 }, false);
  return gistOf(verifyCheckpoint(openSource(source, { workDir: HOME }), { version: HEAD, bootId: 'x' }));
};

const all = planted('telling');

it('people put secrets into many places of every file', () => {
  const names = [
    'uris.value',
    'labels.labels.value',
    'volume_context.value',
    'command.value',
    'arguments',
    'http.path',
  ];
  for (const name of names)
    expect(
      all.some(({ label }) => label.endsWith(name)),
      name,
    ).toBe(true);
  expect(all.length).toBeGreaterThan(100);
});

/** All take a while: some of them, others at each run. */
const some = all.filter((_, i) => i % 8 === seed % 8).map((each) => [`${each.label} (seed ${seed})`, each] as const);

describe('what people put secrets into is blanked with all, and stays without', () => {
  it.each(some)('%s', (_label, { source, secrets }) => {
    const before = entriesOf(source);
    const { entries, unsure } = redact(before, 'all');
    expect(leaksIn(contents(entries), secrets)).toEqual([]);
    expect(unsure).toEqual([]);
    expect(gist(entries)).toEqual(gist(before));
    expect(leaksIn(contents(redact(before).entries), secrets)).not.toEqual([]);
    for (const [i, entry] of entries.entries()) expect(entry.bytes.length).toBe(before[i]?.bytes.length);
  });
});

it.each(treeNames)('verdicts of %s are kept', (name) => {
  const before = entriesOf(loadTree(name));
  expect(gist(redact(before, 'all').entries)).toEqual(gist(before));
});

describe('mesos-ckpt snapshot --redact=all', () => {
  it('says so, and --redact takes no word behind it', async () => {
    const [tree, folder] = [materialise('marathon'), temporaryFolder()];
    const [secrets, everything] = [path.join(folder, 'secrets.tar.gz'), path.join(folder, 'all.tar.gz')];
    const plain = await run(['snapshot', '--redact', tree, '-o', secrets]);
    expect(plain.exitCode, plain.err).toBe(0);
    expect(plain.out.replace(/\s+/g, ' ')).toContain(
      'commands, labels and URIs are not (--redact=all), so look at them',
    );
    const more = await run(['snapshot', '--redact=all', tree, '-o', everything]);
    expect(more.exitCode, more.err).toBe(0);
    expect(more.out.replace(/\s+/g, ' ')).toContain('names, paths, images and messages are not, so look at them');
    expect(openPath(secrets).manifest?.redacted).toMatchObject({ scope: 'secrets', verdictsKept: true });
    expect(openPath(everything).manifest?.redacted).toMatchObject({ scope: 'all', verdictsKept: true });
    const wrong = await run(['snapshot', '--redact=some', tree, '-o', path.join(folder, 'x')]);
    expect([wrong.exitCode, wrong.err]).toEqual([3, expect.stringContaining("'some' is invalid. Allowed choices are")]);
  });
});

describe('a copy in which something was blanked', () => {
  it.each(['packed', 'unpacked', 'unpacked, its meta alone'])('is no source of a plan: %s', async (how) => {
    const { execFileSync } = await import('node:child_process');
    const [tree, folder] = [materialise('marathon'), temporaryFolder()];
    const file = path.join(folder, 'n1.tar.gz');
    await run(['snapshot', tree, '-o', file, '--redact']);
    execFileSync('tar', ['-xzf', file, '-C', folder]);
    const given = how === 'packed' ? file : how === 'unpacked' ? folder : path.join(folder, 'meta');
    const salvage = { copies: [openPath(given).tree] };
    const why = 'this snapshot was made with --redact, so nothing is taken from it';
    expect(() => planRepair(openPath(tree), { salvage })).toThrow(why);
    const { err, exitCode } = await run(['prune', tree, '--salvage', '--from', given]);
    expect([exitCode, err]).toEqual([3, expect.stringContaining(why)]);
  });
});
