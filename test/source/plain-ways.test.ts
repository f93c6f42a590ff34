import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ARCHIVE_LAYOUT } from '../../src/checkpoint/archive.ts';
import { ArchiveSource } from '../../src/source/archive.ts';
import { ArchiveBelow } from '../../src/source/archive-below.ts';
import { foundIn } from '../../src/source/below.ts';
import { Collector } from '../../src/source/collect.ts';
import { contentOf, type Extent } from '../../src/source/extents.ts';
import { KnownFolders } from '../../src/source/known-folders.ts';
import { Names } from '../../src/source/names.ts';
import { Slabs } from '../../src/source/slabs.ts';
import { AccessDenied, type Entry, isErrno, type OpenFile, type Spot } from '../../src/source/source.ts';
import { Checksums } from '../../src/source/tar/header.ts';
import type { Member, MemberKind } from '../../src/source/tar/reader.ts';
import { ArchiveTree, type NewNode } from '../../src/source/tree/tree.ts';
import { bytesOf, textOf } from '../../src/text/lossless.ts';
import { anyBytes, check, randomly } from '../support/random.ts';

/** What is clever about reading archives for the sake of speed says what the plain way says. */

const memberOf = (name: string, kind: MemberKind, target: string, at: number): Member => {
  const bytes = bytesOf(name);
  const part = { bytes, start: 0, end: bytes.length };
  const targetBytes = { bytes: bytesOf(target), start: 0, end: bytesOf(target).length };
  return {
    bytes: part,
    name,
    kind,
    target,
    targetBytes,
    size: 3,
    at,
    mode: 0o644,
    uid: 0,
    gid: 0,
    modifiedNs: BigInt(at),
  };
};

/** Names that meet one another: in and out of a checkpoint, through links, with `/` and dots where nobody puts them. */
const part = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'latest', 'meta', 'slaves', 'é', '\udcff') },
  { weight: 1, arbitrary: fc.constantFrom('frameworks', 'boot_id', '.', '..', '') },
);
const above = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('./meta/slaves/', './meta/slaves/a/', './meta/slaves/a/b/') },
  { weight: 1, arbitrary: fc.constantFrom('meta/slaves/', './meta/', './', '') },
);
const name = fc.tuple(above, fc.array(part, { maxLength: 3 })).map(([first, parts]) => first + parts.join('/'));
const member = fc.tuple(
  name,
  fc.constantFrom<MemberKind>('file', 'folder', 'folder', 'folder', 'link', 'hard link', 'other'),
  fc.oneof(name, fc.constantFrom('', '.', 'a', '../b', '/meta')),
);

/** All that a tree says of a node, and of what is in it. */
const shown = (tree: ArchiveTree, node: number): unknown => {
  const kind = tree.kindOf(node);
  const said = { kind, attributes: tree.attributesOf(node) };
  switch (kind) {
    case 'folder': {
      const children = tree.children(node).map((child) => [child.name, shown(tree, child.node)]);
      return { ...said, children, isPartial: tree.isPartial(node) };
    }
    case 'file': {
      const content = contentOf({ size: tree.sizeOf(node), extents: tree.extentsOf(node) }).toString('latin1');
      return { ...said, size: tree.sizeOf(node), content: tree.isKept(node) ? content : undefined };
    }
    case 'link':
      return { ...said, target: tree.targetOf(node) };
    case 'other':
      return { ...said, special: tree.specialOf(node) };
  }
};

/** What becomes of members, each with three bytes. */
const collected = (members: readonly (readonly [string, MemberKind, string])[]) => {
  const collector = new Collector(ARCHIVE_LAYOUT);
  try {
    for (const [at, [path, kind, target]] of members.entries()) {
      collector.member(memberOf(path, kind, target, at))?.(Buffer.from(`-${String(at).padStart(3, '0')}`), 1, 4, 0);
    }
    const { tree, ...found } = collector.finish();
    return { ...found, tree, shown: shown(tree, tree.root) };
  } catch (error) {
    return (error as Error).message;
  }
};

/** Of what was collected, all but the numbers of nodes. */
const told = (found: ReturnType<typeof collected>): unknown =>
  typeof found === 'string' ? found : { ...found, tree: undefined };

afterEach(() => {
  vi.restoreAllMocks();
});

describe('members of a folder that is known', () => {
  it(randomly('go where they go when each is looked for from the root', 3000), () => {
    let known = 0;
    check(
      3000,
      fc.property(fc.array(member, { maxLength: 30 }), (members) => {
        const find = vi.spyOn(KnownFolders.prototype, 'find');
        const fast = collected([['./meta/slaves/', 'folder', ''], ...members]);
        known += find.mock.results.filter(({ value }) => value !== undefined).length;
        find.mockReturnValue(undefined);
        expect(told(fast)).toEqual(told(collected([['./meta/slaves/', 'folder', ''], ...members])));
        find.mockRestore();
      }),
    );
    expect(known).toBeGreaterThan(1000);
  });
});

describe('a folder that was known', () => {
  it('is none where something else has taken its place, by another path', () => {
    const found = collected([
      ['./meta/slaves/', 'folder', ''],
      ['./meta/slaves/a/', 'folder', ''],
      ['./meta/slaves/l', 'link', '.'],
      ['./meta/slaves/a/b', 'link', ''],
      ['./meta/slaves/l/a', 'file', ''],
      ['./meta/slaves/a/c', 'file', ''],
    ]);
    expect(found).toMatchObject({ odd: [{ outcome: 'left out' }, { outcome: 'replaced' }, { outcome: 'left out' }] });
  });
});

describe('what is asked of an archive', () => {
  it(randomly('is found whatever was asked before', 1000), () => {
    const paths = fc.array(name, { minLength: 1, maxLength: 30 });
    check(
      1000,
      fc.property(fc.array(member, { maxLength: 30 }), paths, (members, asked) => {
        const found = collected([['./meta/slaves/a/', 'folder', ''], ['./meta/boot_id', 'file', ''], ...members]);
        if (typeof found === 'string') return;
        const { tree } = found;
        const answer = (source: ArchiveSource, path: string): unknown => {
          try {
            return [source.list(path), source.kindOf(path), source.linkTarget(path)];
          } catch (error) {
            return (error as Error).message;
          }
        };
        const source = new ArchiveSource('', tree);
        for (const path of asked) expect(answer(source, path)).toEqual(answer(new ArchiveSource('', tree), path));
      }),
    );
  });
});

describe('the sum of a header', () => {
  it(randomly('is that of its bytes, wherever it begins', 300), () => {
    const plain = (block: Buffer): number =>
      block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
    check(
      300,
      fc.property(fc.nat(9), fc.nat(9), fc.nat(2), anyBytes(), (before, at, more, bytes) => {
        const chunk = Buffer.alloc(before + at + 512 + more, 0xff).subarray(before);
        bytes.copy(chunk, at);
        const block = chunk.subarray(at, at + 512);
        const write = (sum: number): void => void block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
        write(plain(block));
        const sums = new Checksums();
        expect(sums.isHeader(chunk, at)).toBe(true);
        write(plain(block) + 1);
        expect(sums.isHeader(chunk, at)).toBe(false);
      }),
    );
  });
});

describe('names that come again', () => {
  it(randomly('are the texts of their bytes', 1000), () => {
    check(
      1000,
      fc.property(fc.array(anyBytes(60), { maxLength: 20 }), (all) => {
        const names = new Names();
        for (const bytes of [...all, ...all, ...all.map((each) => each.map((byte) => byte ^ 0x80) as Buffer)]) {
          expect(names.textOf(bytes, 0, bytes.length)).toBe(textOf(bytes));
        }
      }),
    );
  });
});

describe('the names in an archive', () => {
  const names = (count: number): readonly string[] =>
    Array.from(
      { length: count },
      (_, i) => `${i % 3 === 0 ? 'é' : i % 3 === 1 ? '\udcff' : 'x'}${(i * 7919) % 10_007}`,
    );

  /** A folder with these names, each of a link that leads to it, and that folder's number. */
  const treeOf = (all: readonly string[]): { readonly tree: ArchiveTree; readonly folder: number } => {
    const tree = new ArchiveTree();
    const folder = tree.add({ kind: 'folder' });
    tree.set(tree.root, 'f', folder);
    for (const name of all) tree.set(folder, name, tree.add({ kind: 'link', target: name }));
    return { tree, folder };
  };

  it('are found, and are the same, however many there are', () => {
    const all = names(9000);
    const { tree, folder } = treeOf(all);
    for (const name of all) expect(tree.targetOf(tree.child(folder, name) as number)).toBe(name);
    expect(tree.children(folder).map(({ name }) => name)).toEqual(all);
    expect(tree.child(folder, 'none')).toBeUndefined();
  });

  it.each([0, 1, 2, 7, 8, 9, 100])('are listed in the order of their bytes where they are %i', (count) => {
    const { tree } = treeOf([...names(count), 'removed']);
    tree.remove(tree.child(tree.root, 'f') as number, 'removed');
    const source = new ArchiveSource('', tree);
    const sorted = names(count).toSorted((a, b) => bytesOf(a).compare(bytesOf(b)));
    expect(source.list('f')).toEqual(sorted.map((name) => ({ name, kind: 'link' })));
    for (const name of sorted) expect(source.linkTarget(`f/${name}`)).toBe(name);
  });
});

describe('where the links of an archive lead', () => {
  it(randomly('is what was said, however many begin alike', 300), () => {
    // The part that two have in common may end within a character.
    const target = fc.tuple(
      fc.constantFrom('/a', 'b'),
      fc.nat(80),
      fc.constantFrom('é', 'è', '\udcff', '\u{10000}', 'x', ''),
    );
    check(
      300,
      fc.property(fc.array(target, { maxLength: 20 }), (all) => {
        const tree = new ArchiveTree();
        const targets = all.map(([begin, count, end]) => `${begin}${'c'.repeat(count)}${end}`);
        const links = targets.map((each) => tree.add({ kind: 'link', target: each }));
        expect(links.map((link) => tree.targetOf(link))).toEqual(targets);
      }),
    );
  });
});

describe('what lies below a folder of an archive', () => {
  const file = (size: number, isKept = true): NewNode => ({
    kind: 'file',
    size,
    isKept,
    attributes: { mode: 0o644, uid: 0, gid: 0, modifiedNs: 0n },
  });
  const target = Buffer.alloc(1024);

  /** An answer; what may not be looked at is an errno. */
  const answer = (ask: () => unknown): unknown => {
    try {
      return ask();
    } catch (error) {
      expect(error).toBeInstanceOf(AccessDenied);
      return { code: 'EACCES' };
    }
  };

  /** The bytes of a file; undefined of what is none that can be read. */
  const read = (source: ArchiveSource, path: string): unknown => {
    const file = source.kindOf(path) === 'file' ? answer(() => source.open(path)) : undefined;
    if (file === undefined || isErrno(file)) return undefined;
    return target.toString('latin1', 0, (file as OpenFile).read(target, 0, target.length, 0) as number);
  };

  const readBelow = ({ below }: ArchiveSource, spot: Spot): unknown => {
    const size = below.readInto(spot, target);
    return size < 0 ? undefined : target.toString('latin1', 0, size);
  };

  it(randomly('is what the tree says of it, whatever was asked before', 1000), () => {
    let found = 0;
    const paths = fc.array(fc.tuple(above, fc.array(part, { maxLength: 3 })), { minLength: 1, maxLength: 30 });
    check(
      1000,
      fc.property(fc.array(member, { maxLength: 30 }), paths, (members, all) => {
        const collection = collected([['./meta/slaves/a/', 'folder', ''], ['./meta/boot_id', 'file', ''], ...members]);
        if (typeof collection === 'string') return;
        const source = new ArchiveSource('', collection.tree);
        for (const folder of ['meta/slaves', 'meta/slaves/a', 'meta/slaves/a/b', 'meta/boot_id', 'meta/none']) {
          const spot = source.spotOf(folder);
          expect(spot === undefined).toBe(source.kindOf(folder) !== 'folder');
          if (spot === undefined) continue;
          for (const [, parts] of all) {
            const below = parts.filter((each) => each !== '' && each !== '.' && each.isWellFormed());
            const path = [folder, ...below].join('/');
            const near = below.reduce((within, name) => source.below.in(within, name), spot);
            const entries = source.below.list(near);
            expect(entries).toEqual(answer(() => source.list(path)));
            if (!isErrno(entries)) {
              const usual = fc.sample(fc.shuffledSubarray([...entries, { name: 'n', kind: 'file' as const }]), {
                numRuns: 1,
                seed: found,
              });
              expect(source.below.found(near, usual[0] as Entry[])).toBe(foundIn(entries, usual[0] as Entry[]));
            } else expect(source.below.found(near, [])).toBe(0);
            expect(source.below.linkTarget(near)).toEqual(answer(() => source.linkTarget(path)));
            expect(readBelow(source, near)).toEqual(read(source, path));
            found += source.kindOf(path) === undefined ? 0 : 1;
          }
        }
      }),
    );
    expect(found).toBeGreaterThan(1000);
  });

  it('may be a folder with many names', () => {
    const tree = new ArchiveTree();
    const names = Array.from({ length: 100 }, (_, i) => `n${100 + i}`);
    for (const name of names) tree.set(tree.root, name, tree.add({ kind: 'link', target: name }));
    const below = new ArchiveBelow(tree);
    expect(below.list(tree.root)).toEqual(names.map((name) => ({ name, kind: 'link' })));
    for (const name of names) expect(below.linkTarget(below.in(tree.root, name))).toBe(name);
  });

  it('is not what was below another folder', () => {
    const tree = new ArchiveTree();
    const [one, other] = [tree.add({ kind: 'folder' }), tree.add({ kind: 'folder' })];
    tree.set(one, 'name', tree.add({ kind: 'link', target: 'one' }));
    tree.set(other, 'name', tree.add({ kind: 'link', target: 'other' }));
    const below = new ArchiveBelow(tree);
    for (const [folder, said] of [
      [one, 'one'],
      [other, 'other'],
      [one, 'one'],
    ] as const) {
      expect(below.list(folder)).toEqual([{ name: 'name', kind: 'link' }]);
      expect(below.linkTarget(below.in(folder, 'name'))).toBe(said);
    }
  });

  it.each([0, 1, 200, 1023])('may be a file of %i bytes', (size) => {
    const tree = new ArchiveTree();
    tree.set(tree.root, 'file', tree.add(file(size)));
    const bytes = Buffer.alloc(size, 'abc');
    tree.keep(bytes, 0, size, 0, () => {});
    const below = new ArchiveBelow(tree);
    expect(below.readInto(below.in(tree.root, 'file'), target)).toBe(size);
    expect(target.subarray(0, size).equals(bytes)).toBe(true);
  });

  it('may be a file with zeros that are not kept', () => {
    const tree = new ArchiveTree();
    tree.set(tree.root, 'file', tree.add(file(1000)));
    tree.keep(Buffer.from('abc'), 0, 3, 500, () => {});
    target.fill('x');
    const below = new ArchiveBelow(tree);
    expect(below.readInto(below.in(tree.root, 'file'), target)).toBe(1000);
    const expected = Buffer.alloc(1000);
    expected.write('abc', 500);
    expect(target.subarray(0, 1000).equals(expected)).toBe(true);
  });

  it('is not read at once where it is not smaller than the room for it, or not in the tree', () => {
    const tree = new ArchiveTree();
    tree.set(tree.root, 'large', tree.add(file(1024)));
    tree.set(tree.root, 'given', tree.addGiven({ size: 0, extents: [], modifiedNs: 0n }));
    tree.set(tree.root, 'passed-over', tree.add(file(3, false)));
    const below = new ArchiveBelow(tree);
    for (const name of ['large', 'given', 'passed-over', 'missing']) {
      expect(below.readInto(below.in(tree.root, name), target)).toBe(-1);
    }
  });
});

describe('pieces in buffers that are shared', () => {
  it('are what was copied', () => {
    const slabs = new Slabs();
    const lengths = [0, 1, 5000, 12_000, 4096, 4097, 16_384, 16_385, 100_000, 3, 2_000_000, ...Array(99).fill(4000)];
    const all = lengths.map((length, i) => Buffer.alloc(length + 2, i));
    let taken = 0;
    const files = all.map((bytes, i) => {
      const extents: Extent[] = [];
      slabs.keep(extents, bytes, 1, bytes.length - 1, 0, (more) => {
        taken += more;
      });
      return { size: lengths[i] as number, extents };
    });
    for (const [i, file] of files.entries()) expect(contentOf(file).equals(Buffer.alloc(file.size, i))).toBe(true);
    expect(taken).toBeGreaterThan(lengths.reduce((sum, length) => sum + length, 0));
  });

  it('do not keep zeros', () => {
    const slabs = new Slabs();
    const extents: Extent[] = [];
    slabs.keep(extents, Buffer.alloc(10_000_000), 0, 10_000_000, 5, () => expect.unreachable());
    expect(extents).toEqual([]);
  });
});
