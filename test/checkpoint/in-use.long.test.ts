import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/checkpoint/model.ts';
import type { Errno, Source } from '../../src/source/source.ts';
import { AccessDenied } from '../../src/source/source.ts';
import { loadTree, treeNames } from '../support/trees.ts';
import { loadCheckpoint, startsOf } from '../support/verify.ts';
import { filesOf, pathsOf } from '../support/walk.ts';

/** A source in which one path answers as after something happened to it; listings still show it. */
const failing = (source: Source, path: string, code: string): Source => {
  const orElse =
    <T>(read: (at: string) => T | Errno) =>
    (at: string): T | Errno =>
      at === path || at.startsWith(`${path}/`) ? { code } : read(at);
  return {
    name: source.name,
    list: orElse((at) => source.list(at)),
    kindOf: (at) => source.kindOf(at),
    linkTarget: orElse((at) => source.linkTarget(at)),
    modified: (at) => source.modified(at),
    open: orElse((at) => source.open(at)),
  };
};

/** How many files of a checkpoint were gone when they were opened. */
const vanished = (value: unknown): number => {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return 0;
  const own = (value as { vanished?: unknown }).vanished === true ? 1 : 0;
  return Object.values(value).reduce((sum: number, inner) => sum + vanished(inner), own);
};

/** The files that the agent reads below `meta`; the others are just seen to be there. */
const isRead = (path: string): boolean =>
  path.startsWith('meta/') && !/\/(http\.marker|executor\.sentinel)$|\/\.|\/resource_provider/.test(path);

const isSeenByAgent = (checkpoint: Checkpoint, path: string): boolean =>
  !checkpoint.otherAgents.some((id) => path.startsWith(`meta/slaves/${id}/`));

describe.each(treeNames)('%s in use', (name) => {
  const tree = loadTree(name);
  const intact = loadCheckpoint(tree);
  const files = [...filesOf(tree).keys()].filter((path) => isRead(path) && isSeenByAgent(intact, path));

  it('has files that vanish between listing and reading, which is a note', () => {
    expect(vanished(intact)).toBe(0);
    expect(files.length).toBeGreaterThan(0);
    for (const path of files) {
      for (const code of ['ENOENT', 'ENOTDIR']) {
        const checkpoint = loadCheckpoint(failing(tree, path, code));
        expect([path, vanished(checkpoint)]).toEqual([path, 1]);
        for (const strict of [true, false]) expect(startsOf(checkpoint, { strict }).length).toBeGreaterThan(0);
      }
    }
  });

  it('has folders and links that vanish, too', () => {
    for (const path of pathsOf(tree)) {
      const checkpoint = loadCheckpoint(failing(tree, path, 'ENOENT'));
      for (const strict of [true, false]) expect(startsOf(checkpoint, { strict }).length).toBeGreaterThan(0);
    }
  });

  it('has files on a bad disk, which cannot be read', () => {
    for (const path of files) {
      const checkpoint = loadCheckpoint(failing(tree, path, 'EIO'));
      expect(
        JSON.stringify(checkpoint, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
      ).toContain('"kind":"unreadable","code":"EIO","step":"open"');
      for (const strict of [true, false]) expect(startsOf(checkpoint, { strict }).length).toBeGreaterThan(0);
    }
  });

  it('has files that this program may not read: its own failure', () => {
    for (const path of files) {
      for (const code of ['EACCES', 'EPERM']) {
        expect(() => loadCheckpoint(failing(tree, path, code))).toThrow(new AccessDenied(path).message);
      }
    }
  });
});
