import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goNear } from '../../src/cli/working-folder.ts';
import { FolderSource } from '../../src/source/folder.ts';
import type { Entry } from '../../src/source/source.ts';

let folder: string;
const before = process.cwd();

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mesos-ckpt-near-')));
  mkdirSync(join(folder, 'tree', 'a', 'b', 'c'), { recursive: true });
  writeFileSync(join(folder, 'tree', 'a', 'b', 'c', 'file'), 'near');
  writeFileSync(join(folder, 'tree', 'a', 'b', 'name'), 'beside');
  writeFileSync(join(folder, 'tree', 'far'), 'far');
  symlinkSync('../far', join(folder, 'tree', 'a', 'link'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

const contentOf = (source: FolderSource, path: string): string | number => {
  const target = Buffer.alloc(64);
  const size = source.readInto(path, target);
  return size < 0 ? size : target.toString('utf8', 0, size);
};

/** What is told of a tree, wherever the process is. */
const told = (source: FolderSource): object => ({
  contents: ['a/b/c/file', 'a/b/name', 'far', 'a/b/', 'a/b//far', 'a/b/gone', 'a/b'].map((path) =>
    contentOf(source, path),
  ),
  lists: ['', 'a', 'a/b', 'a/b/c', 'a/bc'].map((path) => source.list(path)),
  link: source.linkTarget('a/link'),
  kinds: ['a/b', 'a/b/c', 'a/b/name', 'a/b/gone'].map((path) => source.kindOf(path)),
});

/** Goes there, and returns what leaves it, and whether the threads were told. */
const go = (source: FolderSource, path: string) => {
  const counters = new Int32Array(new SharedArrayBuffer(8));
  return { leave: goNear(source, { path, counters, at: 1 }), isNear: () => counters[1] === 1 && counters[0] === 0 };
};

describe('a source from near by', () => {
  it.each(['tree', './tree', '../NAME/tree', 'ABSOLUTE'])('tells the same of %s', (given) => {
    const name = folder.slice(folder.lastIndexOf('/') + 1);
    const source = new FolderSource(given.replace('NAME', name).replace('ABSOLUTE', join(folder, 'tree')));
    const far = told(source);
    const { leave, isNear } = go(source, 'a/b');
    expect(isNear()).toBe(true);
    expect(process.cwd()).toBe(join(folder, 'tree/a/b'));
    expect(source.locate('a/b/c/file')).toBe('c/file');
    expect(told(source)).toEqual(far);
    leave();
    expect(isNear()).toBe(false);
    expect(process.cwd()).toBe(folder);
    expect(source.locate('a/b/c/file')).toBe(`${source.folder}/a/b/c/file`);
    expect(told(source)).toEqual(far);
  });

  it('is left for the root where there is nowhere to return to', () => {
    mkdirSync('own');
    process.chdir('own');
    const { leave, isNear } = go(new FolderSource('../tree'), 'a/b');
    expect(isNear()).toBe(true);
    rmSync(join(folder, 'own'), { recursive: true });
    leave();
    expect(process.cwd()).toBe('/');
  });

  it('tells names that are no UTF-8', () => {
    const odd = Buffer.concat([Buffer.from(join(folder, 'tree/a/b/')), Buffer.from([0xff])]);
    writeFileSync(odd, 'odd');
    const source = new FolderSource('tree');
    const { leave } = go(source, 'a/b');
    const [name] = (source.list('a/b') as readonly Entry[])
      .map((entry) => entry.name)
      .filter((each) => !/^[\w.]+$/.test(each));
    expect(contentOf(source, `a/b/${name}`)).toBe('odd');
    leave();
  });

  it('stays where it is when the folder is none, or its own has gone', () => {
    const source = new FolderSource(join(folder, 'tree'));
    expect(go(source, 'far').isNear()).toBe(false);
    expect(go(source, 'a/gone').isNear()).toBe(false);
    expect(process.cwd()).toBe(folder);
    mkdirSync('own');
    process.chdir('own');
    process.cwd();
    renameSync(join(folder, 'own'), join(folder, 'other'));
    // Another folder has the name now: that would be another place to return to.
    mkdirSync(join(folder, 'own'));
    expect(go(source, 'a/b').isNear()).toBe(false);
    rmSync(join(folder, 'own'), { recursive: true });
    expect(go(source, 'a/b').isNear()).toBe(false);
    expect(contentOf(source, 'a/b/c/file')).toBe('near');
  });
});
