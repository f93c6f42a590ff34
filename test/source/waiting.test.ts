import { describe, expect, it } from 'vitest';
import { atOnce, inTurns, type Waiting } from '../../src/source/waiting.ts';

/** Work that notes what it does, and waits for what it is given. */
function* work(notes: string[], waits: readonly (Promise<void> | undefined)[]): Waiting<number> {
  for (const [number, wait] of waits.entries()) {
    try {
      yield wait;
      notes.push(`${number} is done`);
    } catch (error) {
      notes.push(`${number}: ${(error as Error).message}`);
      if (number > 1) throw error;
    }
  }
  return waits.length;
}

describe('work that may wait', () => {
  it('is done at once where it waits for nothing', () => {
    const notes: string[] = [];
    expect(atOnce(work(notes, [undefined, undefined]))).toBe(2);
    expect(notes).toEqual(['0 is done', '1 is done']);
    expect(() => atOnce(work([], [Promise.resolve()]))).toThrow(TypeError);
  });

  it('is told of what fails meanwhile, and goes on if it can', async () => {
    const notes: string[] = [];
    const failing = [0, 1, 2].map(() => undefined as Promise<void> | undefined);
    failing[1] = Promise.reject(new Error('one'));
    expect(await inTurns(work(notes, failing))).toBe(3);
    expect(notes).toEqual(['0 is done', '1: one', '2 is done']);
    failing[1] = undefined;
    failing[2] = Promise.reject(new Error('two'));
    await expect(inTurns(work([], failing))).rejects.toThrow('two');
  });
});
