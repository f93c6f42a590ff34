import { describe, expect, it } from 'vitest';
import type { Loader } from '../../src/checkpoint/load.ts';
import { openPath } from '../../src/checkpoint/open.ts';
import { FolderSource } from '../../src/source/folder.ts';
import { type Resolved, resolve } from '../../src/source/links.ts';
import { type MemoryNode, MemorySource } from '../../src/source/memory.ts';
import { AccessDenied } from '../../src/source/source.ts';
import type { Edit } from '../support/cases.ts';
import { applyEdits, HOME, loadTree, materialise } from '../support/trees.ts';
import { loadCheckpoint, startsOf } from '../support/verify.ts';
import { pathsOf } from '../support/walk.ts';

/** A folder of what is given: text is a file, `-> target` a link. */
const folder = (content: Readonly<Record<string, string | MemoryNode>>): MemoryNode & { kind: 'folder' } => ({
  kind: 'folder',
  children: new Map(
    Object.entries(content).map(([name, each]): [string, MemoryNode] => {
      if (typeof each !== 'string') return [name, each];
      return [
        name,
        each.startsWith('-> ') ? { kind: 'link', target: each.slice(3) } : { kind: 'file', bytes: Buffer.from(each) },
      ];
    }),
  ),
});

const source = new MemorySource(
  'links',
  folder({
    meta: folder({
      file: 'x',
      inner: folder({ deep: folder({ file: 'y' }), up: '-> ../file', out: '-> ../../../etc/passwd' }),
      relative: '-> inner/deep',
      dotted: '-> ./inner/./deep/../deep',
      absolute: `-> ${HOME}/meta/inner`,
      slashes: `-> ${HOME}//meta///inner/`,
      dots: `-> /.//var/./lib/././mesos/./meta/inner/.`,
      home: `-> ${HOME}`,
      homeSlash: `-> ${HOME}/`,
      outside: '-> /etc/passwd',
      beside: `-> ${HOME}-old/meta`,
      above: '-> /var/lib',
      chain: '-> chain1',
      chain1: '-> chain2',
      chain2: '-> absolute',
      self: '-> self',
      ping: '-> pong',
      pong: '-> ping',
      dangling: '-> nowhere',
      danglingAbsolute: `-> ${HOME}/meta/nowhere`,
      through: '-> file/below',
      empty: '-> ',
    }),
  }),
);
const tree = { source, home: HOME };
const found = (path: string, entry: 'file' | 'folder'): Resolved => ({ kind: 'found', path, entry });
const missing = (path: string, code: 'ENOENT' | 'ENOTDIR' = 'ENOENT'): Resolved => ({ kind: 'missing', path, code });

describe('resolve', () => {
  it.each<[string, Resolved]>([
    ['', found('', 'folder')],
    ['meta', found('meta', 'folder')],
    ['meta/file', found('meta/file', 'file')],
    ['meta//./inner', found('meta/inner', 'folder')],
    ['meta/none', missing('meta/none')],
    ['meta/none/below', missing('meta/none')],
    ['meta/file/below', missing('meta/file/below', 'ENOTDIR')],
    ['meta/file/..', missing('meta/file/..', 'ENOTDIR')],
    ['meta/file/', missing('meta/file', 'ENOTDIR')],
    ['meta/file/.', missing('meta/file/.', 'ENOTDIR')],
    ['meta/inner/', found('meta/inner', 'folder')],
    ['meta/relative', found('meta/inner/deep', 'folder')],
    ['meta/relative/file', found('meta/inner/deep/file', 'file')],
    ['meta/relative/../up', found('meta/file', 'file')],
    ['meta/dotted', found('meta/inner/deep', 'folder')],
    ['meta/absolute/deep/file', found('meta/inner/deep/file', 'file')],
    ['meta/slashes/deep', found('meta/inner/deep', 'folder')],
    ['meta/dots/deep', found('meta/inner/deep', 'folder')],
    ['meta/home/meta/file', found('meta/file', 'file')],
    ['meta/homeSlash/meta/home', found('', 'folder')],
    ['meta/inner/up', found('meta/file', 'file')],
    ['meta/absolute/up', found('meta/file', 'file')],
    ['meta/chain/deep', found('meta/inner/deep', 'folder')],
    ['meta/outside', { kind: 'outside', target: '/etc/passwd' }],
    ['meta/outside/below', { kind: 'outside', target: '/etc/passwd' }],
    ['meta/beside', { kind: 'outside', target: `${HOME}-old/meta` }],
    ['meta/above', { kind: 'outside', target: '/var/lib' }],
    ['meta/inner/out', { kind: 'outside', target: '../etc/passwd' }],
    ['..', { kind: 'outside', target: '..' }],
    ['meta/../../x', { kind: 'outside', target: '../x' }],
    ['meta/self', { kind: 'loop' }],
    ['meta/ping/x', { kind: 'loop' }],
    ['meta/dangling', missing('meta/nowhere')],
    ['meta/danglingAbsolute', missing('meta/nowhere')],
    ['meta/through', missing('meta/file/below', 'ENOTDIR')],
  ])('%j', (path, expected) => {
    expect(resolve(tree, path)).toEqual(expected);
  });

  it('follows 40 links, and no 41st, as Linux does', () => {
    const links = (count: number): MemorySource =>
      new MemorySource(
        'chain',
        folder({
          end: 'x',
          ...Object.fromEntries(
            Array.from({ length: count }, (_, i) => [`l${i}`, `-> ${i + 1 === count ? 'end' : `l${i + 1}`}`]),
          ),
        }),
      );
    expect(resolve({ source: links(40), home: HOME }, 'l0')).toEqual(found('end', 'file'));
    expect(resolve({ source: links(41), home: HOME }, 'l0')).toEqual({ kind: 'loop' });
  });

  it('looks below a work_dir that is the root of everything', () => {
    const root = new MemorySource('root', folder({ a: folder({ file: 'x' }), link: '-> /a/file' }));
    expect(resolve({ source: root, home: '/' }, 'link')).toEqual(found('a/file', 'file'));
  });
});

const AGENT = 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';
const FRAMEWORK = `${AGENT}/frameworks/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0000`;

/** The intact tree with a folder moved away, and a link in its place. */
const linked = (path: string, to: string, target: string): readonly Edit[] => [
  { op: 'rename', path, to },
  { op: 'symlink', path, target },
];

const intact = loadCheckpoint(loadTree('marathon'));

describe("a link in a folder's place", () => {
  it.each([
    ['framework, absolute', 'marathon', linked(FRAMEWORK, 'moved', `${HOME}/moved`)],
    ['framework, relative', 'marathon', linked(FRAMEWORK, 'moved', '../../../../moved')],
    ['frameworks', 'marathon', linked(`${AGENT}/frameworks`, 'moved', `${HOME}/moved`)],
    ['executors', 'marathon', linked(`${FRAMEWORK}/executors`, 'moved', '../../../../../moved')],
    ['resources', 'volumes', linked('meta/resources', 'moved', '../moved')],
    ['meta', 'marathon', linked('meta', 'moved', 'moved')],
  ])('is followed, and named as the agent names it: %s', (_what, name, edits) => {
    const checkpoint = loadCheckpoint(applyEdits(loadTree(name), edits));
    const intact = loadCheckpoint(loadTree(name));
    expect(checkpoint).toEqual({ ...intact, links: checkpoint.links });
    const [{ op, path }] = edits as readonly [Edit & { op: 'rename' }];
    expect([op, checkpoint.links.filter((link) => link.path === path)]).toEqual([
      'rename',
      [{ path, through: [path], to: 'moved' }],
    ]);
    expect(startsOf(checkpoint)).toEqual(startsOf(intact));
  });

  it('is followed on disk as in memory', () => {
    const edits = linked(FRAMEWORK, 'moved', `${HOME}/moved`);
    const onDisk = loadCheckpoint(new FolderSource(materialise('marathon', edits)));
    expect(onDisk.agent?.frameworks).toEqual(loadCheckpoint(applyEdits(loadTree('marathon'), edits)).agent?.frameworks);
  });

  it.each([
    ['leads nowhere', 'nowhere'],
    ['leads to itself', '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0000'],
    ['leads to a file', '../slave.info'],
  ])('is empty where it %s', (_what, target) => {
    const checkpoint = loadCheckpoint(applyEdits(loadTree('marathon'), linked(FRAMEWORK, 'moved', target)));
    expect(checkpoint.agent?.frameworks).toMatchObject([{ info: { kind: 'absent' }, executors: [] }]);
  });
});

describe("a link in a folder's place that leads out of the tree", () => {
  it('is said, because what is there decides, and is not looked at', () => {
    const source = applyEdits(loadTree('marathon'), linked(FRAMEWORK, 'moved', '/somewhere/else'));
    expect(() => loadCheckpoint(source)).toThrow(
      new AccessDenied(
        FRAMEWORK,
        'it is a link to /somewhere/else, out of the tree; give a PATH that holds it',
        'cannot follow',
      ),
    );
  });
});

describe("a link in a file's place", () => {
  const info = `${AGENT}/slave.info`;

  it.each([
    ['absolute', linked(info, 'moved', `${HOME}/moved`)],
    ['relative', linked(info, `${AGENT}/moved`, 'moved')],
    ['through another link', [...linked(info, 'moved', `${HOME}/link`), symlink('link', 'moved')]],
  ])('is followed: %s', (_what, edits) => {
    expect(loadCheckpoint(applyEdits(loadTree('marathon'), edits)).agent?.info).toEqual(intact.agent?.info);
  });

  it.each([
    ['outside', '/etc/hostname', { code: 'ENOENT', outside: '/etc/hostname' }],
    ['nowhere', 'nowhere', { code: 'ENOENT', outside: undefined }],
    ['itself', 'slave.info', { code: 'ELOOP' }],
    ['a folder', 'frameworks', { code: 'EISDIR' }],
  ])('cannot be read where it leads to %s', (_what, target, expected) => {
    const checkpoint = loadCheckpoint(applyEdits(loadTree('marathon'), linked(info, 'moved', target)));
    expect(checkpoint.agent?.info).toMatchObject({ kind: 'unreadable', ...expected });
  });
});

function symlink(path: string, target: string): Edit {
  return { op: 'symlink', path, target };
}

describe('slaves/latest', () => {
  const latest = (target: string, home?: string): ReturnType<Loader['checkpoint']>['latest'] => {
    const edits: readonly Edit[] = [
      { op: 'remove', path: 'meta/slaves/latest' },
      symlink('meta/slaves/latest', target),
    ];
    const edited = applyEdits(loadTree('marathon'), edits);
    return loadCheckpoint(edited, 'facts', home).latest;
  };
  const id = '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';

  it.each([
    ['absolute', `${HOME}/${AGENT}`],
    ['relative', id],
    ['with a slash at its end', `${HOME}/${AGENT}/`],
    ['by way of its parent', `../slaves/${id}`],
  ])('%s', (_what, target) => {
    expect(latest(target)).toMatchObject({ kind: 'found', name: id, path: AGENT });
  });

  it.each([
    ['the same place in another work_dir', `/srv/old/${AGENT}`],
    ['the same, with a slash at its end', `/srv/old/${AGENT}/`],
    ['a place of another kind', `/srv/${id}`],
    ['a place above', `../../../${id}`],
  ])('out of the work_dir, to %s, knows what is beside it', (_what, target) => {
    expect(latest(target)).toMatchObject({ kind: 'outside', name: id, target, beside: true });
  });

  it.each([
    ['nothing', `${HOME}/meta/slaves/S0`, { kind: 'dangling' }],
    ['nothing, elsewhere', '/srv/old/meta/slaves/S0', { kind: 'dangling' }],
    ['itself', 'latest', { kind: 'unresolvable', code: 'ELOOP' }],
    ['something elsewhere', '/srv/S0', { kind: 'outside', name: 'S0', beside: false }],
  ])('to %s', (_what, target, expected) => {
    expect(latest(target)).toMatchObject(expected);
  });

  it('leads out of a work_dir that was moved', () => {
    expect(latest(`${HOME}/${AGENT}`, '/srv/mesos')).toMatchObject({ kind: 'outside', name: id, beside: true });
  });
});

describe('meta alone', () => {
  it('is read as that of its work_dir, wherever it is', () => {
    const whole = materialise('marathon');
    const { tree: meta, level, path } = openPath(`${whole}/meta`);
    expect([level, path, meta.home]).toEqual(['meta', 'meta', HOME]);
    expect(meta.source.list('')).toEqual([{ name: 'meta', kind: 'folder' }]);
    expect(meta.source.kindOf('')).toBe('folder');
    expect(meta.source.kindOf('slaves')).toBeUndefined();
    expect(meta.source.kindOf('metadata')).toBeUndefined();
    expect(meta.source.open('slaves/x')).toEqual({ code: 'ENOENT' });
    expect(meta.source.linkTarget('slaves')).toEqual({ code: 'ENOENT' });
    expect(loadCheckpoint(meta.source)).toEqual(loadCheckpoint(new FolderSource(whole)));
  });

  it('has no sandboxes, though its work_dir does', () => {
    const whole = materialise('sandboxed');
    expect(loadCheckpoint(new FolderSource(whole)).hasSandboxes).toBe(true);
    expect(loadCheckpoint(openPath(`${whole}/meta`).tree.source).hasSandboxes).toBe(false);
  });

  it('has links that lead out of it and back in', () => {
    const whole = materialise('marathon', linked(FRAMEWORK, 'meta/moved', `${HOME}/meta/moved`));
    const checkpoint = loadCheckpoint(openPath(`${whole}/meta`).tree.source);
    expect(checkpoint.agent?.frameworks).toHaveLength(1);
    expect(checkpoint.agent?.frameworks[0]?.executors).toHaveLength(4);
  });
});

it('a latest that leads to the work_dir itself names that', () => {
  const [path = ''] = pathsOf(loadTree('marathon')).filter((each) => each.endsWith('/runs/latest'));
  const edits: Edit[] = [
    { op: 'remove', path },
    { op: 'symlink', path, target: HOME },
  ];
  const [first] = startsOf(loadCheckpoint(applyEdits(loadTree('marathon'), edits)));
  expect(first).toMatchObject({ verdict: 'aborts', stage: 'agent' });
  expect(first?.messages[0]).toMatch(/^Cannot find latest run mesos for executor /);
});
