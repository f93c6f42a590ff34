import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import { type ExecutorsFolder, inspect, inspectGradually } from '../../src/inspect/inspect.ts';
import type { InspectedExecutor } from '../../src/inspect/inspected.ts';
import { type Selection, select } from '../../src/inspect/select.ts';
import { countsOf } from '../../src/inspect/walk.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import { inspectJson } from '../../src/report/inspect/json.ts';
import { inspectJsonPieces } from '../../src/report/inspect/json-pieces.ts';
import { jsonLine } from '../../src/text/escape.ts';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { HOME, materialise, treeNames } from '../support/trees.ts';
import { HEAD } from '../support/verify.ts';
import { bytes, record } from '../support/wire.ts';
import { AGENT, DAMAGES, EXECUTOR, FRAMEWORK, HOSTILE, RUN, TASK } from './trees.ts';

const ALL: Selection = { framework: [], executor: [], task: [], damaged: false };
const rules = rulesOf(HEAD);

const aboutOf = (selection: Selection) => ({
  path: 'PATH',
  workDir: HOME,
  inPlace: false,
  mesosVersion: '1.12',
  showSecrets: false,
  selection,
});

/** The document in pieces. */
const piecesOf = (path: string, selection: Selection): readonly string[] => {
  const all = inspectGradually(openPath(path), rules, 'whole');
  return [
    ...inspectJsonPieces(all, aboutOf(selection), (error) => {
      throw error;
    }),
  ].map(String);
};

/** The same by reading all of it first. */
const wholeOf = (path: string, selection: Selection): string => {
  const all = inspect(openPath(path), rules, 'whole');
  return `${jsonLine(inspectJson(select(all, selection), { ...aboutOf(selection), total: countsOf(all) }))}\n`;
};

describe('the document in pieces is that of the whole', () => {
  it.each(treeNames)('%s', (name) => {
    const path = materialise(name);
    expect(piecesOf(path, ALL).join('')).toBe(wholeOf(path, ALL));
  });

  it.each([
    ['what is damaged', { ...ALL, damaged: true }],
    ['an executor', { ...ALL, executor: ['shop_web*'] }],
    ['a task of a framework', { ...ALL, framework: ['marathon'], task: ['*cache*'] }],
    ['what is not there', { ...ALL, executor: ['nobody'] }],
    ['a framework that is not there', { ...ALL, framework: ['nobody'] }],
    ['damaged tasks', { ...ALL, task: ['*web*'], damaged: true }],
  ] as const)('of %s', (_, selection) => {
    for (const edits of [[], DAMAGES, HOSTILE]) {
      const path = materialise('marathon', edits);
      expect(piecesOf(path, selection).join('')).toBe(wholeOf(path, selection));
    }
  });

  it('of a folder in the tree', () => {
    const path = materialise('marathon', DAMAGES);
    for (const part of [AGENT, FRAMEWORK, EXECUTOR, RUN, TASK]) {
      expect(piecesOf(`${path}/${part}`, ALL).join('')).toBe(wholeOf(`${path}/${part}`, ALL));
    }
  });

  it.each([true, false])('of a long log, of which no piece has much (uuids: %s)', (uuids) => {
    const path = materialise('marathon');
    const log = join(path, TASK, 'task.updates');
    const records = readFileSync(log);
    writeFileSync(log, Buffer.concat(Array<Buffer>(1500).fill(records)));
    const gradual = inspectGradually(openPath(path), rules, 'whole', uuids);
    const pieces = [...inspectJsonPieces(gradual, aboutOf(ALL), String)].map(String);
    const withUuids = wholeOf(path, ALL);
    const whole = uuids ? withUuids : withUuids.replace(/"uuid":"[^"]*","acknowledged"/g, '"acknowledged"');
    expect(pieces.join('') === whole).toBe(true);
    expect(whole.length).toBeGreaterThan(2 ** 17);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2 ** 16);
  });

  it('of long texts, of which no piece has much', () => {
    const path = materialise('marathon');
    const info = join(path, EXECUTOR, 'executor.info');
    const name = Buffer.alloc(17 * 2 ** 20 + 1, '\u{1f600}a\u202eb\u0001\xff', 'latin1');
    name.write('\u{1f600}\u202e', 2 ** 20, 'utf8');
    writeFileSync(info, record(Buffer.concat([readFileSync(info).subarray(4), bytes(9, name)])));
    const pieces = piecesOf(path, ALL);
    expect(pieces.join('') === wholeOf(path, ALL)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2 ** 23);
  });

  it('gives of a long log what was asked for, as an array would', () => {
    const path = materialise('marathon');
    const log = join(path, TASK, 'task.updates');
    const one = inspect(openPath(`${path}/${TASK}`), rules, 'whole').task?.updates.slice() ?? [];
    writeFileSync(log, Buffer.concat(Array<Buffer>(1500).fill(readFileSync(log))));
    const updates = inspect(openPath(`${path}/${TASK}`), rules, 'whole').task?.updates;
    expect(updates?.length).toBe(1500 * one.length);
    const all = updates?.slice() ?? [];
    expect(all.slice(0, one.length).map(({ uuid }) => uuid)).toEqual(one.map(({ uuid }) => uuid));
    for (const [from, to] of [[], [2], [-2], [1, 4], [-3, -1], [5, 2], [0, 1e9], [-1e9, 1]]) {
      expect(updates?.slice(from, to)).toEqual(all.slice(from, to));
    }
    expect(JSON.parse(JSON.stringify(updates))).toEqual(all);
  });

  it('and an executor is read when its piece is asked for', () => {
    const all = inspectGradually(openPath(materialise('marathon')), rules, 'whole');
    expect(all.executors).toBe(4);
    let read = 0;
    const counting = {
      ...all,
      folderOf: (framework: Parameters<typeof all.folderOf>[0]) => {
        const folder = all.folderOf(framework) as ExecutorsFolder;
        const counted = (number: number): InspectedExecutor => {
          read++;
          return folder.read(number);
        };
        return { ...folder, read: counted };
      },
    };
    const seen = [];
    for (const piece of inspectJsonPieces(counting, aboutOf(ALL), String))
      if (String(piece).includes('"runs":[')) seen.push(read);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('ends where reading fails, and is still one document, which says why', () => {
    const all = inspectGradually(openPath(materialise('marathon')), rules, 'whole');
    const failing = {
      ...all,
      folderOf: (framework: Parameters<typeof all.folderOf>[0]) => {
        const folder = all.folderOf(framework) as ExecutorsFolder;
        const failingSecond = (number: number): InspectedExecutor => {
          if (number > 0) throw new TypeError('a test');
          return folder.read(number);
        };
        return { ...folder, read: failingSecond };
      },
    };
    const value = JSON.parse([...inspectJsonPieces(failing, aboutOf(ALL), String)].join(''));
    expect(value).toMatchObject({ error: 'TypeError: a test', counts: { frameworks: 1, executors: 1 } });
    expect(value.agent.frameworks[0].executors).toHaveLength(1);
    expect(complaintsOf('inspect', value)).toEqual([]);
  });
});

it('updates come without uuids where they are not wanted', async () => {
  const path = materialise('marathon');
  const { out } = await run(['inspect', path, '--json', '--no-uuids']);
  const whole = await run(['inspect', path, '--json']);
  const value = JSON.parse(out);
  expect(complaintsOf('inspect', value)).toEqual([]);
  expect(out).not.toContain('"uuid"');
  const without = JSON.parse(whole.out, (key, each) => (key === 'uuid' ? undefined : each));
  expect(value).toEqual(without);
  expect((await run(['inspect', path, '--no-uuids'])).exitCode).toBe(3);
});
