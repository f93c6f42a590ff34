import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { checkOutput, madeAhead, writeOutput } from '../../src/cli/output-file.ts';
import { temporaryFolder } from '../support/trees.ts';

const NO_IO = { out: () => {}, err: () => {}, columns: 80, colour: false };

it.each([
  ['all of it fits', 100, [0, 0, 0, 0]],
  ['the rest is made while it is written', 15, [0, 0, 1, 1]],
])('what is made ahead is made before there is a file, and before signals wait: %s', async (_what, most, names) => {
  const folder = temporaryFolder();
  const seen: number[] = [];
  const listeners: boolean[] = [];
  const before = process.listenerCount('SIGINT');
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for (const text of ['one.......', 'two.......', 'three']) {
      seen.push(fs.readdirSync(folder).length);
      listeners.push(process.listenerCount('SIGINT') > before);
      yield Buffer.from(text);
    }
    seen.push(fs.readdirSync(folder).length);
    listeners.push(process.listenerCount('SIGINT') > before);
  };
  const file = path.join(folder, 'page');
  const ready = await madeAhead(pieces(), most);
  const size = await writeOutput(file, ready, {}, NO_IO);
  expect(fs.readFileSync(file, 'utf8')).toBe('one.......two.......three');
  expect(size).toBe(25);
  expect(seen).toEqual(names);
  expect(listeners).toEqual(names.map((count) => count > 0));
});

it('a file that can be written nowhere is said before anything is made', () => {
  const folder = temporaryFolder();
  expect(() => checkOutput(path.join(folder, 'no/page'), false)).toThrow('no such folder to write it to');
});
