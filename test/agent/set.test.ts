import { expect, test } from 'vitest';
import { addSets, setIncludes, setsEqual, setText, subtractSets } from '../../src/agent/set.ts';

const of = (...item: string[]) => ({ item });

test('equal only in the same order', () => {
  expect(setsEqual(of('a', 'b'), of('a', 'b'))).toBe(true);
  expect(setsEqual(of('a', 'b'), of('b', 'a'))).toBe(false);
  expect(setsEqual(of('a'), of('a', 'b'))).toBe(false);
});

test('inclusion in any order', () => {
  expect(setIncludes(of('c', 'a', 'b'), of('a', 'c'))).toBe(true);
  expect(setIncludes(of('a', 'b'), of('a', 'd'))).toBe(false);
  expect(setIncludes(of('a'), of('a', 'a'))).toBe(false);
});

test('sums and differences keep the order', () => {
  expect(setText(addSets(of('b', 'a'), of('a', 'c', 'c')))).toBe('{b, a, c}');
  expect(setText(subtractSets(of('b', 'a', 'b'), of('b', 'd')))).toBe('{a, b}');
  expect(setText(of())).toBe('{}');
});
