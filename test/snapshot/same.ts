import { expect } from 'vitest';
import type { Opened } from '../../src/checkpoint/open.ts';
import { verifyJson } from '../../src/report/json/verify.ts';
import { pack } from '../../src/snapshot/pack.ts';
import { type Snapshot, type SnapshotOptions, takeSnapshot } from '../../src/snapshot/snapshot.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { openBytes } from '../support/archives.ts';
import { HEAD } from '../support/verify.ts';
import { outlineOf } from '../support/walk.ts';

export const OPTIONS: SnapshotOptions = {
  path: 'PATH',
  host: { name: 'n1', bootId: 'boot' },
  version: HEAD,
  now: () => Date.UTC(2026, 1, 2, 3, 4, 5),
};

export const take = (opened: Opened, options: Partial<SnapshotOptions> = {}): Snapshot =>
  takeSnapshot(opened, { ...OPTIONS, ...options });
export const bytesOfSnapshot = async (snapshot: Snapshot): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of pack(snapshot)) pieces.push(piece);
  return Buffer.concat(pieces);
};

/** What `verify` says of it on a machine with a boot id, in all its words. */
const predicted = (opened: Opened, ownBootId: string): unknown =>
  JSON.parse(
    JSON.stringify(
      verifyJson('PATH', verifyCheckpoint(opened, { version: HEAD, ownBootId }), { mode: 'strict', withState: true }),
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
    ),
  );

/** The same of the tree on its host, and of its snapshot on another. */
export const expectSame = async (opened: Opened, bootId: string): Promise<void> => {
  const wanted = predicted(opened, bootId);
  const snapshot = openBytes(await bytesOfSnapshot(take(opened, { host: { name: 'n1', bootId } })));
  expect(predicted(snapshot, 'of another machine')).toEqual(wanted);
  if (opened.tree.source.kindOf('meta') === 'folder') {
    expect(outlineOf(snapshot.tree.source, 'meta')).toEqual(outlineOf(opened.tree.source, 'meta'));
  }
};
