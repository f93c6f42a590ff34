import { afterEach, describe, expect, it } from 'vitest';
import { type Each, tellUnjudged } from '../../src/cli/many/one.ts';
import { sideBySide } from '../../src/cli/many/side-by-side.ts';
import type { Done } from '../../src/cli/many/work.ts';
import { progressTo } from '../../src/program/progress.ts';
import { fileWith } from '../support/archives.ts';

afterEach(() => progressTo());

/** A thread that ends over a PATH with `bad` in its name. */
const WORKER = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ number, path }) => {
  if (path.includes('bad')) throw new Error('ended');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 - (number % 5));
  parentPort.postMessage({ number, phases: [{ doing: 'reading', done: number, of: 99, since: 0 }] });
  parentPort.postMessage({ number, written: [], one: { exitCode: 0 } });
});
`;

describe('PATHs side by side', () => {
  it('are each told of once and in their order, also where threads end', async () => {
    const paths = Array.from({ length: 12 }, (_, i) => (i % 4 === 1 ? `bad${i}` : `good${i}`));
    const told = { each: 'nothing', isOneOfSeveral: true, isSummedUp: true, isPlanned: true } as const;
    const work = { command: 'verify', options: {}, told, layout: { columns: 80, colour: false }, isWatched: true };
    const taken: (readonly [string, number, number])[] = [];
    const take = ({ number, one }: Done, path: string): void => void taken.push([path, number, one.exitCode]);
    const bury = (_path: string, why: string, number: number): Done => {
      expect(why).toBe('internal error (please report it): ended');
      return { number, written: [], one: { exitCode: 3, report: undefined } };
    };
    const said: string[] = [];
    progressTo((phases) => said.push(phases.map(({ doing, done }) => `${doing} ${done}`).join(', ')));
    await sideBySide(fileWith(Buffer.from(WORKER), 'w.cjs'), 2, work, paths, take, bury);
    expect(taken).toEqual(paths.map((path, i) => [path, i, path.startsWith('bad') ? 3 : 0]));
    // Of the one that all wait for, it is said how far it is.
    expect(said).toContain('verifying agents 0, reading 0');
    for (const text of said) expect(text).toMatch(/^$|^verifying agents (\d+)(, reading \1)?$/);
  });
});

describe('a PATH of which nothing is known', () => {
  it.each<[Each, RegExp, RegExp]>([
    ['json', /^\{.*"path":"\/x".*"error":"\/x: gone"\}\n$/, /^$/],
    ['junit', /<error type="unreadable" message="\/x: gone">/, /^$/],
    ['screen', /^$/, /^mesos-ckpt: \/x: gone\n$/],
    ['nothing', /^$/, /^mesos-ckpt: \/x: gone\n$/],
  ])('is told of in the form that is asked for: %s', (each, onOut, onErr) => {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      out: (text: string): void => void out.push(text),
      err: (text: string): void => void err.push(text),
    };
    const told = { each, isOneOfSeveral: true, isSummedUp: true, isPlanned: true };
    const one = tellUnjudged('verify', '/x', '/x: gone', told, io);
    expect(out.join('')).toMatch(onOut);
    expect(err.join('')).toMatch(onErr);
    expect(one).toMatchObject({ exitCode: 3, report: { exitCode: 3, error: '/x: gone' } });
  });
});
