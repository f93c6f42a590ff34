import { describe, expect, it } from 'vitest';
import { FolderSource } from '../../src/source/folder.ts';
import { RememberingSource } from '../../src/source/remembered.ts';
import { type Entry, type Errno, isErrno, type OpenFile, type Source } from '../../src/source/source.ts';
import { applyEdits, loadTree, materialise, treeNames } from '../support/trees.ts';
import { outlineOf } from '../support/walk.ts';

const LARGE = 'meta/large';
const hex = (text: string): string => Buffer.from(text).toString('hex');

/** A source that counts what it is asked for, and whose files can be made to fail. */
class Counting implements Source {
  readonly name = 'counting';
  readonly #base: Source;
  asked: string[] = [];
  failing = '';

  constructor(base: Source) {
    this.#base = base;
  }

  list(folder: string): readonly Entry[] | Errno {
    this.asked.push(`list ${folder}`);
    return this.#base.list(folder);
  }

  kindOf(path: string): ReturnType<Source['kindOf']> {
    this.asked.push(`kind ${path}`);
    return this.#base.kindOf(path);
  }

  linkTarget(path: string): string | Errno {
    this.asked.push(`link ${path}`);
    return this.#base.linkTarget(path);
  }

  modified(path: string): number | undefined {
    this.asked.push(`modified ${path}`);
    return this.#base.modified(path);
  }

  open(path: string): OpenFile | Errno {
    this.asked.push(`open ${path}`);
    const file = this.#base.open(path);
    if (isErrno(file) || path !== this.failing) return file;
    return { size: () => file.size(), read: () => ({ code: 'EIO' }), close: () => file.close() };
  }
}

const sizes = [0, 1, 4095, 4096, 4097, 65_535, 65_536, 65_537, 300_000, 2_000_000];
const treeOf = (sizes: readonly number[]): Source =>
  applyEdits(
    loadTree('marathon'),
    sizes.map((size) => ({ op: 'write', path: `meta/of ${size}`, hex: hex('x'.repeat(size)) })),
  );

describe('a source that remembers', () => {
  it.each(treeNames)('shows %s as it is, each time', (name) => {
    for (const base of [loadTree(name), new FolderSource(materialise(name))]) {
      const source = new RememberingSource(base);
      for (let round = 0; round < 3; round++) {
        expect(outlineOf(source)).toEqual(outlineOf(base));
        if (round === 1) source.forget();
      }
    }
  });

  it('shows files of any size as they are', () => {
    const base = treeOf(sizes);
    const source = new RememberingSource(base);
    for (let round = 0; round < 2; round++) expect(outlineOf(source)).toEqual(outlineOf(base));
  });

  it('asks for each answer once, until it is told to forget it', () => {
    const base = new Counting(loadTree('marathon'));
    const source = new RememberingSource(base);
    const once = (): readonly string[] => {
      base.asked = [];
      for (const each of [source.list('meta'), source.linkTarget('meta/slaves/latest')])
        expect(isErrno(each)).toBe(false);
      const file = source.open('meta/boot_id');
      if (!isErrno(file)) file.close();
      return base.asked;
    };
    const all = ['list meta', 'link meta/slaves/latest', 'open meta/boot_id'];
    expect(once()).toEqual(all);
    source.note();
    expect(once()).toEqual([]);
    expect(source.answersAs(base)).toBe(true);
    source.forget();
    expect(once()).toEqual(all);
    expect(source.answersAs(base)).toBe(false);
  });

  it('gives the bytes that were there, whatever becomes of the file', () => {
    const before = applyEdits(loadTree('marathon'), [{ op: 'write', path: 'meta/a', hex: hex('before') }]);
    const node = before.node('meta/a') as { bytes: Buffer };
    const source = new RememberingSource(before);
    const read = (): string => {
      const file = source.open('meta/a') as OpenFile;
      const bytes = Buffer.alloc(file.size());
      file.read(bytes, 0, bytes.length, 0);
      return bytes.toString();
    };
    expect(read()).toBe('before');
    node.bytes = Buffer.from('behind');
    expect(read()).toBe('before');
    source.forget();
    expect(read()).toBe('behind');
  });

  it('keeps no failure, and no large file', () => {
    const base = new Counting(
      applyEdits(loadTree('marathon'), [{ op: 'write', path: LARGE, hex: '00'.repeat(1_100_000) }]),
    );
    const source = new RememberingSource(base);
    base.failing = 'meta/boot_id';
    for (let round = 0; round < 2; round++) {
      base.asked = [];
      source.note();
      expect(source.list('meta/none')).toEqual({ code: 'ENOENT' });
      expect(source.linkTarget('meta/none')).toEqual({ code: 'ENOENT' });
      expect(source.open('meta/none')).toEqual({ code: 'ENOENT' });
      const failing = source.open('meta/boot_id') as OpenFile;
      expect(failing.read(Buffer.alloc(9), 0, 9, 0)).toEqual({ code: 'EIO' });
      expect((source.open(LARGE) as OpenFile).size()).toBe(1_100_000);
      expect(base.asked).toHaveLength(5);
      expect(source.answersAs(base)).toBe(false);
    }
  });

  it('knows whether another would have said the same of what it was asked', () => {
    const [one, other] = [loadTree('marathon'), applyEdits(loadTree('marathon'), [{ op: 'mkdir', path: 'meta/more' }])];
    const source = new RememberingSource(one);
    source.note();
    source.kindOf('meta/boot_id');
    expect(source.answersAs(other)).toBe(true);
    source.kindOf('meta/more');
    expect(source.answersAs(other)).toBe(false);
    expect(source.answersAs(one)).toBe(true);
  });
});
