import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { progressText, showProgress } from '../../src/cli/progress-line.ts';
import { advance, during, progressTo } from '../../src/program/progress.ts';
import { run } from '../support/session.ts';
import { temporaryFolder } from '../support/trees.ts';
import { ackRecord, uuid } from '../support/wire.ts';

const COMMAND = path.resolve('bin/mesos-ckpt.js');

afterEach(() => progressTo());

/** A terminal that keeps what is written, with a clock that stands still until it is set. */
const terminal = (columns = 80) => {
  const written: string[] = [];
  const clock = { now: 1_000_000 };
  const line = showProgress(
    (text) => void written.push(text),
    { columns },
    () => clock.now,
  );
  return { line, clock, shown: () => stripVTControlCharacters(written.join('')), written };
};

describe('the line', () => {
  it('is not there in the first two seconds, nor more often than ten times in one', () => {
    const { clock, shown } = terminal();
    during('reading executors', 10, () => {
      clock.now += 1999;
      advance();
      expect(shown()).toBe('');
      clock.now += 1;
      advance();
      expect(shown()).toContain('reading executors: 2 of 10');
      clock.now += 99;
      advance();
      expect(shown()).not.toContain('3 of 10');
      clock.now += 1;
      advance();
      expect(shown()).toContain('4 of 10');
    });
  });

  it('is taken away when the work ends, also where it fails, and before anything is written', () => {
    const { clock, line, written } = terminal();
    const show = () => {
      clock.now += 3000;
      advance();
    };
    const isAway = () => written.at(-1)?.includes('\u{1b}[2K') === true;
    during('reading', 2, show);
    expect(isAway()).toBe(true);
    expect(() =>
      during('reading', 2, () => {
        show();
        throw new TypeError('a test');
      }),
    ).toThrow('a test');
    expect(isAway()).toBe(true);
    during('reading', 2, () => {
      show();
      expect(isAway()).toBe(false);
      line.clear();
      expect(isAway()).toBe(true);
    });
  });

  it('is there where nothing goes on, as where a pipe is slow', async () => {
    vi.useFakeTimers();
    try {
      const { clock, shown, written } = terminal();
      const reading = during(
        'reading the archive',
        undefined,
        () => new Promise((resolve) => setTimeout(resolve, 3000)),
      );
      for (let waited = 0; waited < 1500; waited += 500) {
        clock.now += 500;
        await vi.advanceTimersByTimeAsync(500);
      }
      expect(shown()).toBe('');
      clock.now += 500;
      await vi.advanceTimersByTimeAsync(500);
      expect(shown()).toContain('reading the archive');
      await vi.advanceTimersByTimeAsync(1000);
      await reading;
      expect(written.at(-1)).toContain('\u{1b}[2K');
    } finally {
      vi.useRealTimers();
    }
  });

  it('lasts as long as a promise', async () => {
    const { clock, shown } = terminal();
    const packing = during('packing', 2, async () => {
      await Promise.resolve();
      clock.now += 3000;
      advance();
    });
    await packing;
    expect(shown()).toContain('packing: 1 of 2');
    advance();
    expect(shown()).not.toContain('2 of 2');
  });

  it('fits the terminal', () => {
    const { clock, shown } = terminal(20);
    during('comparing the ways out', 5, () => {
      clock.now += 3000;
      advance();
    });
    expect(shown()).toBe('comparing …: 1 of 5\n');
  });
});

describe('what it says', () => {
  const phase = { doing: 'reading', done: 0, of: undefined, since: 0 };
  it.each([
    ['what is done', [phase], 'reading'],
    ['how much, where the end is not known', [{ ...phase, done: 1234 }], 'reading: 1,234'],
    ['of how much', [{ ...phase, done: 10, of: 20_000 }], 'reading: 10 of 20,000'],
    ['never more than all', [{ ...phase, done: 7, of: 5 }], 'reading: 5 of 5'],
    ['bytes', [{ ...phase, done: 3_000_000, of: 5e9, isBytes: true }], 'reading: 2.9 MiB of 4.7 GiB'],
    ['the rest', [{ ...phase, done: 250, of: 1000 }], 'reading: 250 of 1,000, about 18 seconds left'],
    ['one within the other, and then no rest', [{ ...phase, done: 1, of: 4 }, phase], 'reading: 1 of 4, reading'],
  ])('%s', (_, phases, text) => {
    expect(progressText(phases, 6000)).toBe(text);
  });
});

describe('a command that prints while it reads', () => {
  const log = (): string => {
    const file = path.join(temporaryFolder(), 'task.updates');
    fs.writeFileSync(file, Buffer.concat(Array.from({ length: 20 }, () => ackRecord(uuid(1)))));
    return file;
  };

  it.each([
    ['goes on with the line where what it prints goes elsewhere', true],
    ['takes the line away where it prints to the terminal', false],
  ])('%s', async (_what, wide) => {
    let now = 1_000_000;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += 500));
    const all: string[] = [];
    const out = (): void => void all.push('RECORD');
    await run(['decode', log()], { terminal: { columns: 80 }, wide, err: (text) => void all.push(text), out });
    clock.mockRestore();
    expect(stripVTControlCharacters(all.join(''))).toMatch(/decoding: \d+ bytes of 480 bytes/);
    // What is written last before a record is the line, or what takes it away.
    const drawn = all.filter((text, i) => text.includes('decoding: ') && all[i + 1] === 'RECORD');
    expect(drawn.length > 0).toBe(wide);
  });
});

it.each(['SIGINT', 'SIGTERM'] as const)('a command that reads ends at once by %s', async (signal) => {
  const child = spawn(process.execPath, [COMMAND, 'verify', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
  // It has begun to read when the pipe has been drained.
  await new Promise<void>((resolve) => child.stdin.write(Buffer.alloc(1024 * 1024), () => resolve()));
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([null, signal]);
});
