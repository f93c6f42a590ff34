import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Opened } from '../../src/checkpoint/open.ts';
import { FolderHost } from '../../src/host/folder.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';

/** What is begun with before many processes are read is what is asked for afterwards. */

const bench = (name: string): Promise<Record<string, (...given: unknown[]) => string[]>> =>
  import(new URL(`../../bench/${name}.mjs`, import.meta.url).href);

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesos-ckpt-ahead-'));
  const [{ writeTree }, { writeHost }] = [await bench('tree'), await bench('host')];
  for (const [name, executors] of Object.entries({ many: 1000, few: 10 })) {
    const root = join(folder, name);
    writeHost?.(root, writeTree?.(join(root, 'var/lib/mesos'), { executors }));
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What is begun with, and what is asked for, in that order. */
const opened = (name: string, workDir?: string): readonly { readonly when: string; readonly of: Opened }[] => {
  const all: { when: string; of: Opened }[] = [];
  gatherFacts(new FolderHost(join(folder, name)), {
    workDir,
    readAhead: (of) => all.push({ when: 'ahead', of }),
    readersFor: (of) => {
      all.push({ when: 'then', of });
      return undefined;
    },
  });
  return all;
};

it('is the checkpoint of the flags, or that of --work-dir', () => {
  for (const workDir of [undefined, '/var/lib/mesos']) {
    const [ahead, then, ...more] = opened('many', workDir);
    expect([ahead?.when, then?.when, more]).toEqual(['ahead', 'then', []]);
    expect(ahead?.of.tree.home).toBe('/var/lib/mesos');
    expect(ahead?.of).toEqual(then?.of);
  }
});

it('is nothing where there are few processes, or no such work_dir', () => {
  expect(opened('few').map(({ when }) => when)).toEqual(['then']);
  expect(opened('many', '/nowhere')).toEqual([]);
});

it('is begun anew where the agent has another work_dir than is usual', () => {
  const usual = join(folder, 'many/var/lib/mesos/meta');
  const slave = join(folder, 'many/var/lib/mesos/slave');
  cpSync(usual, join(slave, 'meta'), { recursive: true });
  try {
    const [first, second, then, ...more] = opened('many');
    expect([first?.when, second?.when, then?.when, more]).toEqual(['ahead', 'ahead', 'then', []]);
    expect(first?.of).not.toEqual(then?.of);
    expect(second?.of).toEqual(then?.of);
  } finally {
    rmSync(slave, { recursive: true });
  }
});
