import * as fs from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import { openBytes, pathsBelow, tar } from '../support/archives.ts';
import { HOME, materialise, treeNames } from '../support/trees.ts';
import { bootIdOf } from '../support/verify.ts';
import { answersOf } from './answers.ts';

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
