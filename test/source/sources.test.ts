import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FolderSource } from '../../src/source/folder.ts';
import { MemorySource } from '../../src/source/memory.ts';
import { isErrno, type OpenFile, type Source } from '../../src/source/source.ts';
import { bytesOf } from '../../src/text/lossless.ts';
import { loadTree, materialise, temporaryFolder, treeNames, writeTree } from '../support/trees.ts';
import { loadCheckpoint, startsOf, version } from '../support/verify.ts';
import { outlineOf } from '../support/walk.ts';

const opened = (source: Source, file: string): OpenFile => {
  const answer = source.open(file);
  if (isErrno(answer)) throw new Error(`${file}: ${answer.code}`);
  onTestFinished(() => answer.close());
  return answer;
};

describe('a folder and a copy of it in memory', () => {
  it.each(treeNames)('show the same of %s', (name) => {
    const onDisk = new FolderSource(materialise(name));
    const outline = outlineOf(onDisk);
    expect(outline.length).toBeGreaterThan(5);
    expect(outlineOf(MemorySource.copyOf(onDisk))).toEqual(outline);
    expect(outlineOf(loadTree(name))).toEqual(outline);
  });

  it.each(treeNames)('give the same checkpoint of %s', (name) => {
    const onDisk = new FolderSource(materialise(name));
    const checkpoint = loadCheckpoint(onDisk);
    const copy = loadCheckpoint(MemorySource.copyOf(onDisk));
    expect(copy).toEqual(checkpoint);
    expect(startsOf(copy)).toEqual(startsOf(checkpoint));
  });

  it('give the same answers about what is not there, or is something else', () => {
    const folder = materialise('marathon', [{ op: 'symlink', path: 'meta/dangling', target: 'nowhere' }]);
    for (const source of [new FolderSource(folder), MemorySource.copyOf(new FolderSource(folder))]) {
      expect(source.kindOf('')).toBe('folder');
      expect(source.kindOf('meta')).toBe('folder');
      expect(source.kindOf('meta/boot_id')).toBe('file');
      expect(source.kindOf('meta/dangling')).toBe('link');
      expect(source.kindOf('meta/none')).toBeUndefined();
      expect(source.kindOf('meta/boot_id/none')).toBeUndefined();
      expect(source.linkTarget('meta/dangling')).toBe('nowhere');
      expect(source.linkTarget('meta/none')).toEqual({ code: 'ENOENT' });
      expect(source.linkTarget('meta/boot_id')).toEqual({ code: 'EINVAL' });
      expect(source.list('none')).toEqual({ code: 'ENOENT' });
      expect(source.list('meta/boot_id')).toEqual({ code: 'ENOTDIR' });
      expect(source.open('none')).toEqual({ code: 'ENOENT' });
      expect(source.open('meta/dangling')).toEqual({ code: 'ELOOP' });
      expect(source.modified('none')).toBeUndefined();
      expect(source.modified('meta/boot_id')).toBeGreaterThan(0);
    }
  });
});

describe('a folder reads a file at once', () => {
  const target = Buffer.alloc(8192);

  it.each([0, 1, 4095, 4096, 4097, 8191])('of %i bytes', (size) => {
    const folder = temporaryFolder();
    const bytes = Buffer.alloc(size, 'abc');
    fs.writeFileSync(path.join(folder, 'file'), bytes);
    expect(new FolderSource(folder).readInto('file', target)).toBe(size);
    expect(target.subarray(0, size).equals(bytes)).toBe(true);
  });

  it('but none that is not smaller than the room for it, a link, a folder, or not there', () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'large'), Buffer.alloc(8192));
    fs.writeFileSync(path.join(folder, 'file'), 'x');
    fs.symlinkSync('file', path.join(folder, 'link'));
    const source = new FolderSource(folder, 'meta');
    for (const name of ['large', 'link', 'none', 'file/none']) expect(source.readInto(`meta/${name}`, target)).toBe(-1);
    expect(source.readInto('meta', target)).toBe(-1);
    expect(source.readInto('elsewhere', target)).toBe(-1);
    expect(source.readInto('meta/file', target)).toBe(1);
  });
});

describe('a listing', () => {
  /** In the order of their bytes, which is neither that of UTF-16 nor of any language. */
  const names = ['+', '0', 'A', 'Z', '_', 'a', 'b', 'z', '\udc80', 'é', '\ufffd', '\u{10000}', '\udcff'];
  const shuffled = [...names].reverse();
  const inMemory = (): MemorySource =>
    new MemorySource('names', {
      kind: 'folder',
      children: new Map(shuffled.map((name) => [name, { kind: 'file', bytes: bytesOf(name) }])),
    });

  it("is in the order of the names' bytes", () => {
    const source = inMemory();
    const onDisk = new FolderSource(writeTree(source));
    for (const each of [source, onDisk]) {
      const entries = each.list('');
      if (isErrno(entries)) throw new Error(entries.code);
      expect(entries.map(({ name }) => name)).toEqual(names);
    }
  });

  it('has names that are not UTF-8, by which the files are opened', () => {
    const onDisk = new FolderSource(writeTree(inMemory()));
    for (const name of names) {
      expect(onDisk.kindOf(name)).toBe('file');
      const bytes = Buffer.alloc(16);
      const count = opened(onDisk, name).read(bytes, 0, 16, 0);
      expect(bytes.subarray(0, count as number)).toEqual(bytesOf(name));
    }
  });
});

describe('names that are not UTF-8', () => {
  it('are the ids of frameworks like others', () => {
    const tree = loadTree('marathon');
    const framework = '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0000';
    const agent = 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';
    const folder = materialise('marathon');
    const at = (name: string): Buffer => bytesOf(`${folder}/${agent}/frameworks/${name}`);
    fs.renameSync(at(framework), at('caf\udce9\udcff'));
    const checkpoint = loadCheckpoint(new FolderSource(folder));
    const ids = checkpoint.agent?.frameworks.map(({ id }) => id);
    expect(ids).toEqual(['caf\udce9\udcff']);
    const executors = (source: Source) =>
      loadCheckpoint(source).agent?.frameworks[0]?.executors.map(({ info }) => info);
    expect(executors(new FolderSource(folder))).toEqual(executors(tree));
    // The links to the latest runs lead to the framework's old name.
    const [start] = startsOf(checkpoint, { version: version('1.11.0') });
    expect(start?.messages[0]).toMatch(/^Failed to recover framework caf\udce9\udcff: .*No such file or directory$/);
  });

  it('are the targets of links like others', () => {
    const folder = temporaryFolder();
    fs.symlinkSync(Buffer.from([0x61, 0xff]), path.join(folder, 'link'));
    expect(new FolderSource(folder).linkTarget('link')).toBe('a\udcff');
  });
});

describe('what is no file', () => {
  const updates =
    'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7/frameworks/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0000/executors/' +
    'nightly_report.3b0e0a52-aaaa-11ed-9b7e-0242ac110002/runs/7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e04/tasks/' +
    'nightly_report.3b0e0a52-aaaa-11ed-9b7e-0242ac110002/task.updates';

  it('does not hang the reader: a FIFO', () => {
    const folder = materialise('marathon', [{ op: 'remove', path: updates }]);
    execFileSync('mkfifo', [path.join(folder, updates)]);
    const source = new FolderSource(folder);
    expect(source.kindOf(updates)).toBe('other');
    expect(source.specialKind(updates)).toBe('fifo');
    expect(startsOf(loadCheckpoint(source))[0]).toMatchObject({ verdict: 'refuses', stage: 'state' });
    // Even where it took the file's place after the listing.
    const file = opened(source, updates);
    expect(file.read(Buffer.alloc(10), 0, 10, 0)).toEqual({ code: 'ESPIPE' });
  });

  it('does not hang the reader: a socket', async () => {
    const folder = temporaryFolder();
    const server = createServer();
    await new Promise<void>((done) => server.listen(path.join(folder, 'socket'), done));
    const source = new FolderSource(folder);
    expect(source.list('')).toEqual([{ name: 'socket', kind: 'other' }]);
    expect(source.open('socket')).toEqual({ code: 'ENXIO' });
    await new Promise((done) => server.close(done));
  });

  it('does not hang the reader: a link to a device', () => {
    const folder = materialise('marathon', [
      { op: 'remove', path: updates },
      { op: 'symlink', path: updates, target: '/dev/zero' },
    ]);
    const checkpoint = loadCheckpoint(new FolderSource(folder));
    const [start] = startsOf(checkpoint);
    expect(start?.messages[0]).toMatch(/^Failed to recover framework .*Failed to open status updates file/);
  });

  it('is not read: a folder', () => {
    const file = new FolderSource(materialise('marathon')).open('meta');
    if (!isErrno(file)) {
      expect(file.read(Buffer.alloc(10), 0, 10, 0)).toEqual({ code: 'EISDIR' });
      file.close();
    } else expect(file.code).toBe('EISDIR');
  });
});

describe('a copy in memory', () => {
  it('leaves out what is neither file, folder nor link', () => {
    const folder = temporaryFolder();
    execFileSync('mkfifo', [path.join(folder, 'fifo')]);
    fs.writeFileSync(path.join(folder, 'file'), 'x');
    expect(MemorySource.copyOf(new FolderSource(folder)).list('')).toEqual([{ name: 'file', kind: 'file' }]);
  });

  it('is not changed with what it was copied from', () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'file'), 'x');
    const copy = MemorySource.copyOf(new FolderSource(folder));
    fs.writeFileSync(path.join(folder, 'file'), 'changed');
    expect(opened(copy, 'file').size()).toBe(1);
  });
});
