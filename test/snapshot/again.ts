import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';
import { openBytes, tar } from '../support/archives.ts';
import { HOME, materialise } from '../support/trees.ts';
import { bytesOfSnapshot, take } from './same.ts';

/** The snapshot of a snapshot, with what is asked for. */
export const again = async (snapshot: Snapshot, redact: boolean | 'all'): Promise<Snapshot> =>
  take(openBytes(await bytesOfSnapshot(snapshot)), { redact, host: { name: 'another', bootId: 'another' } });

/** A redacted snapshot of a tree's snapshot is the one that would have been made of the tree. */
export const expectSameAgain = async (tree: string): Promise<void> => {
  for (const workDir of [HOME, undefined]) {
    const opened = openPath(materialise(tree), { workDir });
    for (const redact of [true, 'all'] as const) {
      const made = await again(take(opened), redact);
      expect(await bytesOfSnapshot(made)).toEqual(await bytesOfSnapshot(take(opened, { redact })));
    }
  }
};

/** A snapshot of the tar of a tree is that of the tree. */
export const expectSameOfTar = (tree: string): void => {
  const folder = materialise(tree);
  fs.chmodSync(path.join(folder, 'meta'), 0o2751);
  fs.chownSync(path.join(folder, 'meta'), 1234, 5678);
  for (const [parts, at] of [
    [['.'], folder],
    [['meta'], path.join(folder, 'meta')],
  ] as const) {
    const archive = tar(['-C', folder, '--format=posix', '-cf', '-', ...parts]);
    const made = take(openBytes(archive, { workDir: HOME }), { redact: true });
    const wanted = take(openPath(at, { workDir: HOME }), { redact: true });
    expect(made.entries).toEqual(wanted.entries);
    // An archive of meta alone is one of a work_dir, and what else was beside it is not known.
    const { level: _level, hasMore: _hasMore, ...manifest } = wanted.manifest;
    expect(made.manifest).toMatchObject(manifest);
    if (at === folder) expect(made.sandboxes).toEqual(wanted.sandboxes);
  }
};
