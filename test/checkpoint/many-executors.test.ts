import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMany } from '../../src/checkpoint/many-executors.ts';

let folder: string;
let tree: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesos-ckpt-many-'));
  tree = join(folder, 'tree');
  const executors = join(tree, 'meta/slaves/S0/frameworks/F0/executors');
  for (let number = 0; number < 12; number++) mkdirSync(join(executors, `e${number}`), { recursive: true });
  writeFileSync(join(executors, 'file'), '');
  symlinkSync('/var/lib/mesos/meta/slaves/S0', join(tree, 'meta/slaves/latest'));
  mkdirSync(join(folder, 'empty/meta/slaves'), { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('whether there are many executors', () => {
  it('is told of a work_dir and of its meta', () => {
    expect(hasMany(tree, 12)).toBe(true);
    expect(hasMany(join(tree, 'meta'), 12)).toBe(true);
    expect(hasMany(tree, 13)).toBe(false);
  });

  it('is not said of what is no checkpoint, or not there', () => {
    const others = ['', folder, join(folder, 'gone'), join(folder, 'empty'), join(tree, 'meta/slaves/latest'), 'a\0b'];
    expect(others.filter((path) => hasMany(path, 0))).toEqual([]);
  });
});
