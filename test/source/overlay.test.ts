import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/source/memory.ts';
import { OverlayConflict, OverlaySource, originOf } from '../../src/source/overlay.ts';
import type { Source } from '../../src/source/source.ts';
import { check, randomly } from '../support/random.ts';
import { applyEdits } from '../support/trees.ts';
import { filesOf, outlineOf } from '../support/walk.ts';

const hex = (text: string): string => Buffer.from(text).toString('hex');
const base = applyEdits(new MemorySource('base'), [
  { op: 'write', path: 'meta/a', hex: hex('0123456789') },
  { op: 'write', path: 'meta/folder/b', hex: hex('b') },
  { op: 'write', path: 'meta/folder/deep/c', hex: hex('c') },
  { op: 'symlink', path: 'meta/link', target: '/elsewhere' },
]);

/** The overlay's tree, which must look the same from each of its sides. */
const copyOf = (overlay: OverlaySource): MemorySource => {
  const copy = MemorySource.copyOf(overlay);
  expect(outlineOf(overlay)).toEqual(outlineOf(copy));
  return copy;
};

const pathsIn = (overlay: OverlaySource): readonly string[] => [...filesOf(copyOf(overlay)).keys()];

describe('an overlay', () => {
  it('without changes is the tree itself', () => {
    expect(outlineOf(new OverlaySource(base))).toEqual(outlineOf(base));
  });

  it('tells of what it has not changed which source has it, however many lie between', () => {
    const lower = new OverlaySource(base);
    lower.cut('meta/a', [{ offset: 1, length: 2 }]);
    const upper = new OverlaySource(lower);
    upper.remove('meta/folder');
    const told = (source: Source) =>
      ['meta/a', 'meta/folder/deep/c', 'meta/link'].map((path) => originOf(source, path));
    expect(told(base)).toEqual([base, base, base]);
    expect(told(lower)).toEqual([undefined, base, base]);
    expect(told(upper)).toEqual([undefined, undefined, base]);
  });

  it('takes a folder away with all below it', () => {
    const overlay = new OverlaySource(base);
    overlay.remove('meta/folder');
    expect(pathsIn(overlay)).toEqual(['meta/a']);
    for (const path of ['meta/folder', 'meta/folder/b', 'meta/folder/deep', 'meta/folder/deep/c']) {
      expect(overlay.kindOf(path)).toBeUndefined();
      expect(overlay.open(path)).toEqual({ code: 'ENOENT' });
      expect(overlay.list(path)).toEqual({ code: 'ENOENT' });
      expect(overlay.linkTarget(path)).toEqual({ code: 'ENOENT' });
    }
  });

  it('shows nothing of a folder in one that takes its place', () => {
    const overlay = new OverlaySource(base);
    overlay.createFile('meta/folder/new', Buffer.from('n'));
    overlay.remove('meta/folder');
    overlay.createFolder('meta/folder');
    overlay.createFile('meta/folder/other', Buffer.from('o'));
    expect(pathsIn(overlay)).toEqual(['meta/a', 'meta/folder/other']);
    expect(overlay.kindOf('meta/folder/deep/c')).toBeUndefined();
  });

  it('makes files, links and folders, in the order of the names', () => {
    const overlay = new OverlaySource(base);
    overlay.createFolder('meta/new');
    overlay.createFile('meta/new/file', Buffer.from('f'));
    overlay.remove('meta/link');
    overlay.createLink('meta/link', '/here');
    expect(overlay.list('meta')).toEqual([
      { name: 'a', kind: 'file' },
      { name: 'folder', kind: 'folder' },
      { name: 'link', kind: 'link' },
      { name: 'new', kind: 'folder' },
    ]);
    expect(overlay.linkTarget('meta/link')).toBe('/here');
    expect(copyOf(overlay).node('meta/new/file')).toMatchObject({ bytes: Buffer.from('f') });
  });

  it('changes nothing below it', () => {
    const before = outlineOf(base);
    const overlay = new OverlaySource(base);
    overlay.remove('meta/folder');
    overlay.cut('meta/a', [{ offset: 0, length: 5 }]);
    expect(outlineOf(base)).toEqual(before);
  });

  it.each<[string, (overlay: OverlaySource) => void]>([
    ['nothing is there to be taken away', (overlay) => overlay.remove('meta/none')],
    ['something is there already', (overlay) => overlay.createFile('meta/a', Buffer.alloc(1))],
    ['something is there already', (overlay) => overlay.createLink('meta/folder', '/x')],
    ['meta/none is not a folder', (overlay) => overlay.createFolder('meta/none/x')],
    ['meta/a is not a folder', (overlay) => overlay.createFile('meta/a/x', Buffer.alloc(1))],
    ['no file is there to be cut', (overlay) => overlay.cut('meta/folder', [{ offset: 0, length: 1 }])],
    ['bytes 9 to 11 of 10 cannot be cut', (overlay) => overlay.cut('meta/a', [{ offset: 9, length: 2 }])],
    [
      'bytes 2 to 3 of 10 cannot be cut',
      (overlay) =>
        overlay.cut('meta/a', [
          { offset: 0, length: 3 },
          { offset: 2, length: 1 },
        ]),
    ],
    ['bytes 3 to 3 of 10 cannot be cut', (overlay) => overlay.cut('meta/a', [{ offset: 3, length: 0 }])],
  ])('refuses what does not fit: %s', (problem, change) => {
    const overlay = new OverlaySource(base);
    expect(() => change(overlay)).toThrow(OverlayConflict);
    expect(() => change(overlay)).toThrow(problem);
    expect(outlineOf(overlay)).toEqual(outlineOf(base));
  });

  it(randomly('reads a cut file as one without these bytes, however it is read', 500), () => {
    check(
      500,
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.array(fc.nat({ max: 9 }), { maxLength: 8 }),
        fc.nat({ max: 70 }),
        fc.nat({ max: 70 }),
        (bytes, gaps, position, length) => {
          const holes: { offset: number; length: number }[] = [];
          let at = 0;
          for (const [i, gap] of gaps.entries()) {
            const hole = { offset: at + gap + (i > 0 ? 1 : 0), length: 1 + (gap % 4) };
            at = hole.offset + hole.length;
            if (at <= bytes.length) holes.push(hole);
          }
          const left = Buffer.from(
            bytes.filter((_, i) => !holes.some((h) => i >= h.offset && i < h.offset + h.length)),
          );
          const source = applyEdits(new MemorySource('m'), [
            { op: 'write', path: 'f', hex: Buffer.from(bytes).toString('hex') },
          ]);
          const overlay = new OverlaySource(source);
          overlay.cut('f', holes);
          const file = overlay.open('f');
          if ('code' in file) throw new Error(file.code);
          expect(file.size()).toBe(left.length);
          const target = Buffer.alloc(200, 0xee);
          const count = file.read(target, 3, length, position);
          expect(count).toBe(Math.max(0, Math.min(length, left.length - position)));
          expect(target.subarray(3, 3 + Number(count))).toEqual(left.subarray(position, position + Number(count)));
        },
      ),
    );
  });
});
