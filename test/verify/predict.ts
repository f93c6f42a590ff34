import { DEFAULT_VERSION } from '../../src/agent/version.ts';
import { openSource } from '../../src/checkpoint/open.ts';
import type { Source } from '../../src/source/source.ts';
import type { Verification, VerifyOptions } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import type { Edit } from '../support/cases.ts';
import { applyEdits, HOME, loadTree } from '../support/trees.ts';
import { bootIdOf, version } from '../support/verify.ts';

/** What is known of the start; what is left out is as it is mostly, on the tree's own host. */
export interface Assumed extends Partial<Omit<VerifyOptions, 'version'>> {
  readonly version?: string;
}

/** What is predicted of a fixture tree with edits. */
export const predict = (tree: string, edits: readonly Edit[] = [], assumed: Assumed = {}): Verification =>
  predictSource(applyEdits(loadTree(tree), edits), { bootId: bootIdOf(tree), ...assumed });

/** What is predicted of any tree. */
export const predictSource = (source: Source, assumed: Assumed = {}): Verification =>
  verifyCheckpoint(openSource(source, { workDir: HOME }), {
    sandboxes: 'auto',
    launcher: 'linux',
    ...assumed,
    version: version(assumed.version ?? DEFAULT_VERSION),
  });

export const remove = (path: string): Edit => ({ op: 'remove', path });
export const truncate = (path: string, size = 0): Edit => ({ op: 'truncate', path, size });
export const mkdir = (path: string): Edit => ({ op: 'mkdir', path });
export const symlink = (path: string, target: string): Edit => ({ op: 'symlink', path, target });
export const rename = (path: string, to: string): Edit => ({ op: 'rename', path, to });
export const writeText = (path: string, text: string): Edit => ({
  op: 'write',
  path,
  hex: Buffer.from(text).toString('hex'),
});
export const writeBytes = (path: string, bytes: Buffer): Edit => ({ op: 'write', path, hex: bytes.toString('hex') });
export const appendBytes = (path: string, bytes: Buffer): Edit => ({ op: 'append', path, hex: bytes.toString('hex') });
/** A folder where there was a file: reading it fails. */
export const toFolder = (path: string): readonly Edit[] => [remove(path), mkdir(path)];

/** The bytes of a file of a fixture tree. */
export const bytesOf = (tree: string, path: string): Buffer => {
  const node = loadTree(tree).node(path);
  if (node?.kind !== 'file') throw new Error(`${tree}: ${path} is not a file`);
  return node.bytes;
};

/** The same file with every byte zero. */
export const zeros = (tree: string, path: string): Edit => writeBytes(path, Buffer.alloc(bytesOf(tree, path).length));
