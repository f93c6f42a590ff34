import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { AccessDenied } from '../../src/source/source.ts';
import type { VerifyOptions } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { check, randomly } from '../support/random.ts';
import { applyEdits, HOME, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, VERSIONS, version } from '../support/verify.ts';
import { pathsOf } from '../support/walk.ts';
import { contradictions } from './contradictions.ts';

const RUNS = 1500;

/** Texts and bytes that some file could hold where another was meant. */
const CONTENTS = [
  '',
  '\n',
  '0',
  '1',
  '4711',
  '4711\n',
  '@0.0.0.0:0',
  'x@10.0.0.1:0',
  'x@host.example:1',
  'executor(1)@10.0.0.1:5051',
];
const RECORDS = ['00', '00000000', '0000000000', '01000000ff', '020000000801', 'ffffffff', '0400000012000a00'];

/** A part of the way through something, anywhere with the same chance. */
const part: fc.Arbitrary<number> = fc.noBias(fc.nat({ max: 999_999 })).map((number) => number / 1_000_000);

/** A change of whatever is at a path, or of the path itself. */
type Damage = (tree: MemorySource, path: string) => MemorySource;

const bytesAt = (tree: MemorySource, path: string): Buffer | undefined => {
  const node = tree.node(path);
  return node?.kind === 'file' ? node.bytes : undefined;
};

const write =
  (hex: string): Damage =>
  (tree, path) =>
    tree.node(path)?.kind === 'folder' ? tree : applyEdits(tree, [{ op: 'write', path, hex }]);

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.constant<Damage>((tree, path) => applyEdits(tree, [{ op: 'remove', path }])),
  fc.constant<Damage>((tree, path) =>
    applyEdits(tree, [
      { op: 'remove', path },
      { op: 'mkdir', path },
    ]),
  ),
  fc.constantFrom(...CONTENTS.map((text) => Buffer.from(text).toString('hex')), ...RECORDS).map(write),
  fc
    .constantFrom('.away', '[1]', '*')
    .map<Damage>((suffix) => (tree, path) => applyEdits(tree, [{ op: 'rename', path, to: `${path}${suffix}` }])),
  fc.constantFrom('/elsewhere/x', `${HOME}/meta`, `${HOME}/meta/nothing`, 'latest', '..').map<Damage>(
    (target) => (tree, path) =>
      applyEdits(tree, [
        { op: 'remove', path },
        { op: 'symlink', path, target },
      ]),
  ),
  part.map<Damage>((at) => (tree, path) => {
    const bytes = bytesAt(tree, path);
    return bytes === undefined
      ? tree
      : applyEdits(tree, [{ op: 'truncate', path, size: Math.floor(bytes.length * at) }]);
  }),
  fc.tuple(part, fc.integer({ min: 1, max: 255 })).map<Damage>(([at, mask]) => (tree, path) => {
    const bytes = bytesAt(tree, path);
    if (bytes === undefined || bytes.length === 0) return tree;
    return applyEdits(tree, [{ op: 'flip', path, offset: Math.floor(bytes.length * at), mask }]);
  }),
  fc.constant<Damage>((tree, path) => {
    const bytes = bytesAt(tree, path);
    return bytes === undefined ? tree : write('00'.repeat(bytes.length))(tree, path);
  }),
  fc.constant<Damage>((tree, path) => {
    const bytes = bytesAt(tree, path);
    return bytes === undefined ? tree : write(`${bytes.toString('hex')}${bytes.toString('hex')}`)(tree, path);
  }),
);

const damaged = (tree: MemorySource, at: number, change: Damage): MemorySource => {
  const paths = pathsOf(tree);
  const path = paths[Math.floor(paths.length * at)];
  return path === undefined ? tree : change(tree, path);
};

describe('any damage', () => {
  it(randomly('is found where the agent does not recover all', RUNS), () => {
    check(
      RUNS,
      fc.property(
        fc.constantFrom(...treeNames),
        fc.array(fc.tuple(part, damage), { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...VERSIONS),
        fc.boolean(),
        fc.boolean(),
        (name, changes, starting, isRebooted, isLinux) => {
          const tree = changes.reduce((each, [at, change]) => damaged(each, at, change), loadTree(name));
          const options: VerifyOptions = {
            version: version(starting),
            bootId: isRebooted ? 'another-boot' : bootIdOf(name),
            sandboxes: 'auto',
            launcher: isLinux ? 'linux' : 'posix',
          };
          try {
            expect(contradictions(verifyCheckpoint(openSource(tree, { workDir: HOME }), options))).toEqual([]);
          } catch (error) {
            // A folder that is a link out of the tree is not predicted, and that is said.
            if (!(error instanceof AccessDenied)) throw error;
            expect(error.message).toContain('out of the tree');
          }
        },
      ),
    );
  });
});
