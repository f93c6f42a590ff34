import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import { FolderSource } from '../../src/source/folder.ts';
import { isErrno, type Source } from '../../src/source/source.ts';
import { encodeEnd, encodeMember, type Written } from '../../src/source/tar/writer.ts';
import { fileMember, fileWith } from '../support/archives.ts';
import { check, randomly } from '../support/random.ts';
import { temporaryFolder } from '../support/trees.ts';

const RUNS = 150;

/** A member of a made-up archive; `target` is of links of either kind. */
interface Made {
  readonly kind: Written['kind'] | 'hard link';
  readonly name: string;
  readonly target: string;
}

const part = fc.constantFrom('a', 'b', 'c');
const below = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
/** Ways to write a path. */
const spelled = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('', './', '/', './/./'), arbitrary, fc.constantFrom('/', '//', '/./'))
    .map(([before, name, between]) => before + `meta/${name}`.split('/').join(between));

const relative = fc.oneof(below, fc.constantFrom('.', './a', 'a/', 'nowhere', ''));
const member: fc.Arbitrary<Made> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('file' as const), name: spelled(below), target: fc.constant('') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('folder' as const), name: spelled(below), target: fc.constant('') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('fifo' as const), name: spelled(below), target: fc.constant('') }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('link' as const), name: spelled(below), target: relative }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('hard link' as const), name: spelled(below), target: spelled(below) }),
  },
  // Links that tar makes at the end have names of their own: it finds them again by the name that they came with, and knows
  // them by their inode's number, which a file system may give to what replaces them.
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('link' as const),
      name: spelled(fc.constantFrom('k', 'd/k')),
      target: fc.constantFrom('/nowhere', '../a', 'a/../b', '/tmp'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('file' as const),
      name: spelled(fc.constantFrom('k/a', 'd/k/a', 'd/a')),
      target: fc.constant(''),
    }),
  },
);

const PLAIN = { content: Buffer.alloc(0), target: '', mode: 0o755, uid: 0, gid: 0, modifiedNs: 0n } as const;

const blocksOf = ({ kind, name, target }: Made, i: number): Buffer => {
  if (kind === 'file') return fileMember(name, `content ${i}`);
  const blocks = encodeMember({ ...PLAIN, name, target, kind: kind === 'hard link' ? 'link' : kind });
  if (kind !== 'hard link') return blocks;
  // The checksum is over the type, too.
  blocks.write('1', 156, 'latin1');
  const sum = Number.parseInt(blocks.toString('latin1', 148, 154), 8) - 1;
  blocks.write(sum.toString(8).padStart(6, '0'), 148, 'latin1');
  return blocks;
};

/** What is below `meta`, a line each. */
const treeOf = (source: Source, folder = 'meta'): readonly string[] => {
  const entries = source.list(folder);
  if (isErrno(entries)) return [`${folder}: ${entries.code}`];
  return entries.flatMap(({ name, kind }) => {
    const at = `${folder}/${name}`;
    switch (kind) {
      case 'folder':
        return [at, ...treeOf(source, at)];
      case 'link':
        return [`${at} -> ${source.linkTarget(at)}`];
      case 'file':
        return [`${at}: ${textIn(source, at)}`];
      default:
        return [`${at} (${kind})`];
    }
  });
};

const textIn = (source: Source, at: string): string => {
  const file = source.open(at);
  if (isErrno(file)) return file.code;
  const bytes = Buffer.alloc(64);
  const read = file.read(bytes, 0, bytes.length, 0);
  file.close();
  return isErrno(read) ? read.code : bytes.toString('latin1', 0, read);
};

it(randomly('an archive is read as GNU tar unpacks it', RUNS), () => {
  const folder = temporaryFolder();
  let run = 0;
  check(
    RUNS,
    fc.property(fc.array(member, { maxLength: 14 }), (members) => {
      const blocks = [fileMember('meta/boot_id', 'x'), ...members.map(blocksOf)];
      const bytes = Buffer.concat(blocks);
      const archive = fileWith(Buffer.concat([bytes, encodeEnd(bytes.length)]));
      const into = path.join(folder, String(run++));
      mkdirSync(into);
      const { stderr } = spawnSync('tar', ['-xpf', archive, '-C', into], { encoding: 'utf8' });
      const { tree, oddMembers = [] } = openPath(archive);
      expect(treeOf(tree.source)).toEqual(treeOf(new FolderSource(into)));
      const errors = stderr
        .split('\n')
        .filter((line) => /: (?:Cannot|Member name)/.test(line) && !line.includes('Cannot stat'));
      const isSilent = (why: string): boolean => why.endsWith('came before it, and stays');
      const leftOut = oddMembers.filter(({ outcome, why }) => outcome === 'left out' && !isSilent(why));
      // Of a folder on the way that cannot be made, tar may print a line of its own.
      expect(leftOut.length > 0, stderr).toBe(errors.length > 0);
      expect(leftOut.length, stderr).toBeLessThanOrEqual(errors.length);
    }),
  );
}, 60_000);
