import { describe, expect, it } from 'vitest';
import { counted } from './counted.ts';

describe('what a value takes grows as its size, however many parts it has', () => {
  const costs = counted('count-values');

  it.each(Object.keys(costs))('%s', (name) => {
    const [one, two, four] = costs[name] as readonly [number, number, number];
    expect(one).toBeGreaterThan(0);
    expect(two).toBeLessThan(one * 1.3);
    expect(four).toBeLessThan(two * 1.3);
  });
});
