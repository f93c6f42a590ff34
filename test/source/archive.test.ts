import * as fs from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Opened, openPath } from '../../src/checkpoint/open.ts';
import { verifyJson } from '../../src/report/json/verify.ts';
import type { Source } from '../../src/source/source.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { openBytes, pathsBelow, tar } from '../support/archives.ts';
import { readCases } from '../support/cases.ts';
import { HOME, materialise, treeNames } from '../support/trees.ts';
import { bootIdOf, HEAD } from '../support/verify.ts';
import { outlineOf } from '../support/walk.ts';

/** All that is below `meta`: what a file is, its bytes, its target. */
const metaOf = (source: Source): readonly string[] | string =>
  source.kindOf('meta') === 'folder' ? outlineOf(source, 'meta') : String(source.kindOf('meta'));

/** What `verify` says of it, in all its words. */
const foretold = (opened: Opened, bootId: string): unknown =>
  JSON.parse(
    JSON.stringify(
      verifyJson('PATH', verifyCheckpoint(opened, { version: HEAD, bootId }), { mode: 'strict', withState: true }),
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
    ),
  );

/** All that can be told apart of an opened checkpoint. */
const answersOf = (opened: Opened, bootId: string): unknown => ({
  meta: metaOf(opened.tree.source),
  verification: foretold(opened, bootId),
});

/** The ways in which people pack a work_dir. */
const WAYS: Readonly<Record<string, (folder: string) => Buffer>> = {
  'the work_dir as .': (folder) => tar(['-C', folder, '-cf', '-', '.']),
  'its contents': (folder) => tar(['-C', folder, '-cf', '-', ...fs.readdirSync(folder)]),
  'the work_dir with its own name': (folder) => tar(['-C', path.dirname(folder), '-cf', '-', path.basename(folder)]),
  'with whole names': (folder) => tar(['-P', '--transform=s,^[^/]*/[^/]*/[^/]*,/var/lib/mesos,S', '-cf', '-', folder]),
  'in deeper folders': (folder) => tar(['--transform=s,^,backup/meta/n1/,S', '-C', folder, '-cf', '-', '.']),
  'in the format of POSIX': (folder) => tar(['--format=posix', '-C', folder, '-cf', '-', '.']),
  'in the old format of GNU': (folder) => tar(['--format=oldgnu', '-C', folder, '-cf', '-', '.']),
  'what is in a folder before the folder': (folder) =>
    tar(['-C', folder, '-cf', '-', '--no-recursion', '-T', '-'], pathsBelow(folder).join('\n')),
  'with sparse files': (folder) => tar(['-S', '-C', folder, '-cf', '-', '.']),
  'meta with its name': (folder) => tar(['-C', folder, '-cf', '-', 'meta']),
  'meta with ./ before its name': (folder) => tar(['-C', folder, '-cf', '-', './meta']),
  'meta as .': (folder) => tar(['-C', path.join(folder, 'meta'), '-cf', '-', '.']),
  'meta with another name': (folder) => tar(['--transform=s,^meta,n1/yesterday,S', '-C', folder, '-cf', '-', 'meta']),
};

/** Trees that are packed in every way; the others take turns. */
const RICH = new Set(['ids', 'sandboxed']);

describe('an archive', () => {
  it.each(treeNames)('is read like the tree, however it was packed: %s', (tree) => {
    const folder = materialise(tree);
    const bootId = bootIdOf(tree);
    const whole = answersOf(openPath(folder, { workDir: HOME }), bootId);
    const alone = answersOf(openPath(path.join(folder, 'meta'), { workDir: HOME }), bootId);
    Object.entries(WAYS).forEach(([way, pack], i) => {
      if (!RICH.has(tree) && (i + treeNames.indexOf(tree)) % 5 !== 0) return;
      const bytes = pack(folder);
      const opened = openBytes(i % 2 === 0 ? bytes : gzipSync(bytes, { level: 1 }), { workDir: HOME });
      expect(answersOf(opened, bootId), way).toEqual(way.startsWith('meta') ? alone : whole);
    });
  });
});

/** Every so many cases: each takes a tree on disk, and tar. */
const EVERY = 9;

describe('a case of the conformance data', () => {
  const some = readCases().filter((_, i) => i % EVERY === 0);

  const trees = treeNames.filter((name) => some.some(({ tree }) => tree === name));

  it.each(trees)('gives the same as an archive: %s', (tree) => {
    const own = some.filter((each) => each.tree === tree);
    for (const { edits, rebooted } of own) {
      const folder = materialise(tree, edits);
      const bootId = rebooted ? 'another-boot' : bootIdOf(tree);
      const archive = openBytes(tar(['-cf', '-', '-C', folder, '.']), { workDir: HOME });
      expect(answersOf(archive, bootId)).toEqual(answersOf(openPath(folder, { workDir: HOME }), bootId));
    }
  });
});
