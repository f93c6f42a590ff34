import type { CollectedNode } from '../source/collected/node.ts';
import { codeOf } from '../source/collected/reasons.ts';
import { CollectedSource } from '../source/collected/source.ts';
import type { CollectedTree, FoundNode } from '../source/collected/tree.ts';
import { OpenExtents } from '../source/extents.ts';
import { isErrno } from '../source/source.ts';
import { sortTexts } from '../text/lossless.ts';
import type { Host, HostStat, Space, Unseen } from './host.ts';

/** What is read of a file at most, as on a host itself. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A host as `contrib/collect.sh` saw it. What it did not look at is not known, and never taken for absent. */
export const collectedHost = (name: string, tree: CollectedTree): Host => {
  const ask = <T>(path: string, answer: (found: FoundNode) => T, last?: 'itself'): T | Unseen | undefined => {
    const found = tree.follow(path, last);
    return found === undefined || isErrno(found) ? found : answer(found);
  };
  const real = (path: string): string | undefined => {
    const found = tree.follow(path);
    return found === undefined || isErrno(found) ? undefined : found.path || '/';
  };
  return {
    root: name,
    isOwn: tree.about.isLive,
    about: tree.about,
    read: (path) => ask(path, ({ node }) => contentOf(node)),
    list: (path) => ask(path, ({ node }) => namesIn(node)),
    stat: (path) => ask(path, ({ node }): HostStat | Unseen => node.stat ?? unseen(node)),
    link: (path) =>
      ask(path, ({ node }) => (node.kind === 'link' ? (node.target ?? unseen(node)) : undefined), 'itself'),
    real,
    // It is nowhere on this machine.
    local: () => undefined,
    sourceAt: (path) => {
      const found = tree.follow(path);
      return found === undefined || isErrno(found) ? undefined : new CollectedSource(`${name}:${path}`, found.node);
    },
    isNoScript: (path) => {
      const found = tree.follow(path);
      return found !== undefined && !isErrno(found) && found.node.isNoScript;
    },
    space: (path): Space | Unseen | undefined => {
      const at = real(path);
      return at === undefined ? undefined : tree.spaceAt(at);
    },
  };
};

const unseen = ({ reason }: CollectedNode): Unseen => ({ code: codeOf(reason ?? 'not collected') });

const contentOf = (node: CollectedNode): Buffer | Unseen => {
  const { kind, content } = node;
  if (kind === 'folder') return { code: 'EISDIR' };
  if (kind !== 'file') return { code: 'EINVAL' };
  if (content === undefined || node.reason !== undefined) return unseen(node);
  const bytes = Buffer.alloc(Math.min(content.size, MAX_BYTES));
  const read = new OpenExtents(content).read(bytes, 0, bytes.length, 0);
  return isErrno(read) ? read : bytes;
};

const namesIn = (node: CollectedNode): readonly string[] | Unseen | undefined => {
  if (node.kind !== 'folder') return undefined;
  if (!node.isListed) return unseen(node);
  return sortTexts([...node.children].flatMap(([name, { isNothing }]) => (isNothing ? [] : [name])));
};
