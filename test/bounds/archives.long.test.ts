import { beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE } from '../support/hostile-archives.ts';
import { counted } from './counted.ts';

/** So many blocks of code a byte of an archive may run: its headers are looked at byte by byte. */
const MOST = 10;
/** Where two bytes of a name are a folder that has no member, up to a number of them: to make one takes a hundred and more. */
const MOST_OF_FOLDERS = 80;
const MAKE_FOLDERS: readonly string[] = ['deep folders that are not members'];

describe('what reading an archive takes grows as its bytes, whatever they are', () => {
  let costs: Readonly<Record<string, readonly number[]>> = {};

  beforeAll(() => {
    costs = counted('count-archives');
  });

  it.each(Object.keys(HOSTILE))('%s', (name) => {
    const [one, again, two, four] = costs[name] as readonly [number, number, number, number];
    expect(one).toBeGreaterThan(0);
    // The same bytes cost the same, but for what is done once in a process: it is counted, not timed.
    expect(again / one).toBeGreaterThan(0.99);
    expect(again).toBeLessThanOrEqual(one);
    expect(Math.max(one, two, four)).toBeLessThan(MAKE_FOLDERS.includes(name) ? MOST_OF_FOLDERS : MOST);
    expect(two).toBeLessThan(one * 1.3);
    expect(four).toBeLessThan(two * 1.3);
  });
});
