import fc from 'fast-check';
import type { MemorySource } from '../../src/source/memory.ts';
import { join } from '../../src/source/source.ts';
import type { Edit } from './cases.ts';
import { applyEdits, HOME } from './trees.ts';
import { pathsOf } from './walk.ts';

/** Something that goes wrong with a tree; which path it is about is a number, whatever the tree is. */
export interface Fault {
  readonly kind: (typeof KINDS)[number];
  readonly at: number;
  readonly to: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const KINDS = [
  'change bytes',
  'cut',
  'add bytes',
  'other bytes',
  'zeros',
  'false length',
  'remove',
  'folder',
  'file',
  'link',
  'rename',
  'other name',
  'copy of another file',
  'swap',
  'link to its like',
  'link to a folder',
  'copy of a folder',
] as const;

/** Up to six faults. */
export const faults: fc.Arbitrary<readonly Fault[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    at: fc.nat(),
    to: fc.nat(),
    offset: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 24 }),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Names that nobody expects: some are those of special files, at places where these are not. */
const NAMES = [
  ...[
    '*',
    '[a',
    'a[1]-b',
    '.hidden',
    'latest',
    '__proto__',
    'a\\b',
    '\u202e',
    '\udcff',
    '\n',
    ' ',
    'Ab3xYz',
    'x'.repeat(255),
  ],
  ...[
    'runs',
    'tasks',
    'slave.info',
    'task.updates',
    'executor.sentinel',
    'resources.target',
    'drain.config',
    'operations',
  ],
];
const LENGTHS = [0, 1, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** A tree with faults, and the edits that they come to. */
export const damageTree = (
  tree: MemorySource,
  all: readonly Fault[],
): { readonly source: MemorySource; readonly edits: readonly Edit[] } => {
  let source = tree;
  const edits: Edit[] = [];
  for (const fault of all) {
    const made = editsOf(source, fault);
    source = applyEdits(source, made);
    edits.push(...made);
  }
  return { source, edits };
};

const editsOf = (source: MemorySource, { kind, at, to, offset, bytes }: Fault): readonly Edit[] => {
  const paths = pathsOf(source);
  const path = paths[at % paths.length];
  const other = paths[to % paths.length];
  if (path === undefined || other === undefined) return [{ op: 'mkdir', path: 'meta' }];
  const node = source.node(path);
  const content = node?.kind === 'file' ? node.bytes : Buffer.alloc(0);
  const hex = Buffer.from(bytes).toString('hex');
  const write = (of: Uint8Array): Edit => ({ op: 'write', path, hex: Buffer.from(of).toString('hex') });
  const instead = (edit: Edit): readonly Edit[] => [{ op: 'remove', path }, edit];
  const inFile = node?.kind === 'file' && content.length > 0;
  switch (kind) {
    case 'change bytes':
      return inFile
        ? [...bytes].map((mask, i) => ({ op: 'flip', path, offset: (offset * (i + 1)) % content.length, mask }))
        : [];
    case 'cut':
      return inFile ? [{ op: 'truncate', path, size: offset % content.length }] : [];
    case 'add bytes':
      return node?.kind === 'file' ? [{ op: 'append', path, hex }] : [];
    case 'other bytes':
      return node?.kind === 'file' ? [write(bytes)] : [];
    case 'zeros':
      return inFile ? [write(Buffer.alloc(content.length))] : [];
    case 'false length': {
      if (!inFile || content.length < 4) return [];
      const changed = Buffer.from(content);
      changed.writeUInt32LE(LENGTHS[offset % LENGTHS.length] ?? 0, to % 3 === 0 ? to % (content.length - 3) : 0);
      return [write(changed)];
    }
    case 'remove':
      return [{ op: 'remove', path }];
    case 'folder':
      return instead({ op: 'mkdir', path });
    case 'file':
      return instead({ op: 'write', path, hex });
    case 'link':
      return instead({ op: 'symlink', path, target: targetOf(offset, path, other) });
    case 'rename':
    case 'other name': {
      const name = NAMES[offset % NAMES.length] ?? 'x';
      const target = kind === 'rename' ? join(other, name) : path.replace(/[^/]*$/, () => name);
      const isFree = source.kindOf(target) === undefined && !`${target}/`.startsWith(`${path}/`);
      const parent = target.slice(0, Math.max(0, target.lastIndexOf('/')));
      return isFree && source.kindOf(parent) === 'folder' ? [{ op: 'rename', path, to: target }] : [];
    }
    case 'copy of another file': {
      const from = source.node(other);
      return from?.kind === 'file' && node?.kind === 'file' ? [write(from.bytes)] : [];
    }
    case 'swap': {
      const like = likeOf(source, paths, path, to);
      const own = like === undefined ? undefined : source.node(like);
      if (like === undefined || own?.kind !== 'file' || node?.kind !== 'file') return [];
      return [write(own.bytes), { op: 'write', path: like, hex: content.toString('hex') }];
    }
    case 'link to its like': {
      const like = likeOf(source, paths, path, to);
      return like === undefined ? [] : instead({ op: 'symlink', path, target: `${HOME}/${like}` });
    }
    case 'link to a folder': {
      const folders = paths.filter((each) => source.kindOf(each) === 'folder');
      const folder = folders[to % folders.length];
      if (folder === undefined || node?.kind !== 'folder' || `${folder}/`.startsWith(`${path}/`)) return [];
      return instead({ op: 'symlink', path, target: `${HOME}/${folder}` });
    }
    case 'copy of a folder': {
      const target = join(path.slice(0, Math.max(0, path.lastIndexOf('/'))), NAMES[offset % NAMES.length] ?? 'x');
      return node?.kind === 'folder' && source.kindOf(target) === undefined ? copying(source, paths, path, target) : [];
    }
  }
};

/** Another path of the same name and kind. */
const likeOf = (source: MemorySource, paths: readonly string[], path: string, choice: number): string | undefined => {
  const name = path.slice(path.lastIndexOf('/'));
  const alike = paths.filter(
    (each) => each !== path && each.endsWith(name) && source.kindOf(each) === source.kindOf(path),
  );
  return alike[choice % Math.max(1, alike.length)];
};

const copying = (source: MemorySource, paths: readonly string[], from: string, to: string): readonly Edit[] => [
  { op: 'mkdir', path: to },
  ...paths
    .filter((path) => path.startsWith(`${from}/`))
    .flatMap((path): readonly Edit[] => {
      const at = to + path.slice(from.length);
      const node = source.node(path);
      if (node?.kind === 'file') return [{ op: 'write', path: at, hex: node.bytes.toString('hex') }];
      return [node?.kind === 'link' ? { op: 'symlink', path: at, target: node.target } : { op: 'mkdir', path: at }];
    }),
];

const targetOf = (choice: number, path: string, other: string): string => {
  const targets = [
    `${HOME}/${other}`,
    `${HOME}/${path}`,
    path.slice(path.lastIndexOf('/') + 1),
    '..',
    '.',
    '',
    '/etc/passwd',
    `/elsewhere/${other}`,
    `${HOME}`,
    'nowhere',
    '../'.repeat(20),
  ];
  return targets[choice % targets.length] ?? 'nowhere';
};
