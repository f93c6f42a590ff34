import type { Captured } from '../../src/snapshot/captured.ts';
import type { MemoryNode, MemorySource } from '../../src/source/memory.ts';
import { join } from '../../src/source/source.ts';

/** What a snapshot would read of a tree in memory. */
export const entriesOf = (source: MemorySource): readonly Captured[] => {
  const entries: Captured[] = [];
  const common = { mode: 0o644, uid: 0, gid: 0, modifiedNs: 0n, failure: undefined };
  const visit = (path: string, node: MemoryNode): void => {
    const bytes = node.kind === 'file' ? node.bytes : Buffer.alloc(0);
    const target = node.kind === 'link' ? node.target : '';
    if (path !== '') entries.push({ ...common, path, kind: node.kind, bytes, size: bytes.length, target });
    if (node.kind !== 'folder') return;
    for (const [name, child] of node.children) if (path !== '' || name === 'meta') visit(join(path, name), child);
  };
  visit('', source.root);
  return entries;
};
