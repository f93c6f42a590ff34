import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { openSource } from '../../../src/checkpoint/open.ts';
import { progressTo } from '../../../src/program/progress.ts';
import { planJson, readPlan } from '../../../src/repair/plan/codec.ts';
import {
  fingerprintOf,
  glanceAt,
  isSameFingerprint,
  UNREAD,
  Unreadable,
} from '../../../src/repair/plan/fingerprint.ts';
import { planRepair } from '../../../src/repair/plan-repair.ts';
import { compareWays } from '../../../src/repair/ways/compare.ts';
import { FolderSource } from '../../../src/source/folder.ts';
import { MemorySource } from '../../../src/source/memory.ts';
import type { Edit } from '../../support/cases.ts';
import { applyEdits, HOME, loadTree, materialise, pathIn } from '../../support/trees.ts';
import { pathsOf } from '../../support/walk.ts';

const TREE = 'sandboxed';
const FOLDER = 'meta/slaves';

it('names what is there', () => {
  const folder = materialise(TREE);
  const source = new FolderSource(folder);
  fs.utimesSync(`${folder}/meta/boot_id`, 1, 1_700_000_000.123);
  const bytes = fs.readFileSync(`${folder}/meta/boot_id`);
  expect(fingerprintOf(source, 'meta/boot_id')).toEqual({
    kind: 'file',
    size: bytes.length,
    modified: String(fs.statSync(`${folder}/meta/boot_id`, { bigint: true }).mtimeNs),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect(fingerprintOf(source, 'meta/slaves/latest')).toEqual({
    kind: 'link',
    target: fs.readlinkSync(`${folder}/meta/slaves/latest`),
  });
  expect(fingerprintOf(source, 'meta/boot_id/below')).toEqual({ kind: 'absent' });
  expect(fingerprintOf(source, 'meta/nothing')).toEqual({ kind: 'absent' });
});

it('is the same for a tree in memory and on disk', () => {
  const source = applyEdits(loadTree(TREE), [{ op: 'write', path: `${FOLDER}/\udcff\n`, hex: '00' }]);
  const copy = MemorySource.copyOf(source);
  for (const path of ['', ...pathsOf(source)]) {
    expect(isSameFingerprint(fingerprintOf(source, path), fingerprintOf(copy, path))).toBe(true);
  }
  const disk = new FolderSource(materialise(TREE, [{ op: 'write', path: `${FOLDER}/\udcff\n`, hex: '00' }]));
  expect(fingerprintOf(disk, FOLDER)).toEqual(fingerprintOf(source, FOLDER));
});

it.each<readonly [string, Edit]>([
  ['a name more', { op: 'mkdir', path: `${FOLDER}/x` }],
  ['a file instead of a folder', { op: 'write', path: `${FOLDER}/x`, hex: '' }],
  ['a name less', { op: 'remove', path: `${FOLDER}/latest` }],
  ['bytes more, far below', { op: 'append', path: '', hex: '00' }],
])('of a folder tells %s', (_, edit) => {
  const tree = loadTree(TREE);
  const path = edit.path === '' ? (pathsOf(tree).find((each) => each.endsWith('/task.info')) ?? '') : edit.path;
  const changed = applyEdits(tree, [{ ...edit, path } as Edit]);
  expect(isSameFingerprint(fingerprintOf(tree, FOLDER), fingerprintOf(changed, FOLDER))).toBe(false);
  expect(isSameFingerprint(fingerprintOf(tree, 'meta/boot_id'), fingerprintOf(changed, 'meta/boot_id'))).toBe(true);
});

it('of a file tells its bytes, size and time apart', () => {
  const folder = materialise(TREE);
  const source = new FolderSource(folder);
  const path = 'meta/boot_id';
  const first = fingerprintOf(source, path);
  const { atime, mtime } = fs.statSync(`${folder}/${path}`);
  const content = fs.readFileSync(`${folder}/${path}`);
  content[0] = (content[0] ?? 0) ^ 1;
  fs.writeFileSync(`${folder}/${path}`, content);
  fs.utimesSync(`${folder}/${path}`, atime, mtime);
  const second = fingerprintOf(source, path);
  fs.utimesSync(`${folder}/${path}`, atime, new Date(0));
  const third = fingerprintOf(source, path);
  expect([
    isSameFingerprint(first, second),
    isSameFingerprint(second, third),
    isSameFingerprint(third, fingerprintOf(source, path)),
  ]).toEqual([false, false, true]);
});

it('says what may not be read', () => {
  const source = loadTree(TREE);
  const blind = Object.assign(Object.create(source), { open: () => ({ code: 'EACCES' }) });
  expect(() => fingerprintOf(blind, 'meta/boot_id')).toThrow(Unreadable);
  expect(() => fingerprintOf(blind, FOLDER)).toThrow(/no permission to read meta\/slaves\/.*: run as the user/);
});

/** A tree whose log has much behind its last record, the log's size, and how many bytes of it were read since that was asked last. */
const counted = (): { readonly source: MemorySource; readonly size: number; readonly bytesRead: () => number } => {
  const path = pathIn(TREE, /\/task\.updates$/);
  const source = applyEdits(loadTree(TREE), [{ op: 'append', path, hex: '00'.repeat(100_000) }]);
  let bytes = 0;
  const open = (opened: string) => {
    const file = source.open(opened);
    if (opened !== path || 'code' in file) return file;
    const read: typeof file.read = (...wanted) => {
      const count = file.read(...wanted);
      bytes += typeof count === 'number' ? count : 0;
      return count;
    };
    return { read, size: () => file.size(), close: () => file.close() };
  };
  const opened = source.open(path);
  if ('code' in opened) throw new Error(opened.code);
  const bytesRead = () => {
    const all = bytes;
    bytes = 0;
    return all;
  };
  return { source: Object.assign(Object.create(source), { open }), size: opened.size(), bytesRead };
};

it('a file is not read for its sum while ways are compared, and once when that is asked for', () => {
  const { source, size, bytesRead } = counted();
  const plan = compareWays(openSource(source, { workDir: HOME })).planned['as-non-strict'].plan;
  bytesRead();
  expect(plan?.touched).toMatchObject([{ before: { kind: 'file', size } }]);
  const sum = () => plan?.touched.map(({ before }) => before.kind === 'file' && before.sha256);
  expect(bytesRead()).toBe(0);
  expect([sum(), bytesRead()]).toEqual([[expect.stringMatching(/^[0-9a-f]{64}$/)], size]);
  expect([sum(), bytesRead()]).toEqual([sum(), 0]);

  const made = planRepair(openSource(source, { workDir: HOME })).plan;
  bytesRead();
  expect(made?.touched).toEqual(plan?.touched);
  expect(bytesRead()).toBe(0);
});

it('a file that changed before its sum was asked for is not as the plan found it', () => {
  const folder = materialise(TREE);
  const source = new FolderSource(folder);
  const path = pathIn(TREE, /\/task\.updates$/);
  fs.utimesSync(`${folder}/${path}`, 1, 1);
  const changes: readonly (() => void)[] = [
    () => fs.writeFileSync(`${folder}/${path}`, Buffer.alloc(fs.statSync(`${folder}/${path}`).size, 1)),
    () => fs.appendFileSync(`${folder}/${path}`, 'x'),
    () => fs.rmSync(`${folder}/${path}`),
  ];
  for (const change of changes) {
    const [whole, glance] = [fingerprintOf(source, path), glanceAt(source, path)];
    expect(glance).toEqual(whole);
    const late = glanceAt(source, path);
    change();
    expect(isSameFingerprint(late, fingerprintOf(source, path))).toBe(false);
    expect(isSameFingerprint(whole, fingerprintOf(source, path))).toBe(false);
  }
});

it('who waits is told how much of a large file is read for its sum, and of a small one nothing', () => {
  const told: (string | number | undefined)[][] = [];
  progressTo((phases) => told.push(phases.flatMap(({ doing, done, of }) => [doing, done, of])));
  onTestFinished(() => progressTo());
  const size = 64 * 1024 ** 2;
  const children = new Map([
    ['large', { kind: 'file' as const, bytes: Buffer.alloc(size) }],
    ['small', { kind: 'file' as const, bytes: Buffer.alloc(size - 1) }],
  ]);
  const source = new MemorySource('two files', { kind: 'folder', children });
  fingerprintOf(source, 'small');
  expect(told).toEqual([]);
  fingerprintOf(source, 'large');
  expect([told[0], told.at(-2), told.at(-1)]).toEqual([
    ['computing a checksum', 0, size],
    ['computing a checksum', size, size],
    [],
  ]);
});

/** A tree on a disk that fails on some paths, from the beginning or behind the first byte. */
const failing = (fails: (path: string) => boolean, isOpened: boolean): MemorySource => {
  const source = loadTree(TREE);
  const open = (path: string) => {
    const file = source.open(path);
    if (!fails(path) || 'code' in file) return file;
    return isOpened
      ? { ...file, size: () => 7, close: () => undefined, read: () => ({ code: 'EIO' }) }
      : { code: 'EIO' };
  };
  return Object.assign(Object.create(source), { open });
};

it.each([false, true])('tells a file that the disk fails on by its size and time (opened: %s)', (isOpened) => {
  const blind = failing(() => true, isOpened);
  const found = fingerprintOf(blind, 'meta/boot_id');
  expect(found).toMatchObject({ kind: 'file', size: isOpened ? 7 : 0, sha256: UNREAD });
  expect(isSameFingerprint(found, fingerprintOf(blind, 'meta/boot_id'))).toBe(true);
  expect(isSameFingerprint(found, fingerprintOf(loadTree(TREE), 'meta/boot_id'))).toBe(false);
  expect(fingerprintOf(blind, FOLDER).kind).toBe('folder');
});

const DAMAGED = ['slave.info', 'framework.info', 'framework.pid', 'executor.info', 'task.info', 'task.updates'];

it.each(DAMAGED.flatMap((name) => [false, true].map((isOpened) => [name, isOpened] as const)))(
  'a %s that the disk fails on is set aside (opened: %s)',
  (name, isOpened) => {
    const [path = ''] = pathsOf(loadTree(TREE)).filter((each) => each.endsWith(`/${name}`));
    const blind = failing((each) => each === path, isOpened);
    const { plan, after } = planRepair(openSource(blind, { workDir: HOME }), { acceptNewAgent: true });
    expect(plan?.steps.map(({ changes }) => changes[0])).toEqual([{ kind: 'set-aside', path }]);
    expect(plan?.touched).toMatchObject([{ path, before: { sha256: UNREAD } }]);
    expect(after.strict.starts).toHaveLength(1);
    expect(plan && readPlan(JSON.stringify(planJson(plan)))).toEqual(plan);
  },
);
