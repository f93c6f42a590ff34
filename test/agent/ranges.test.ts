import { describe, expect, test } from 'vitest';
import {
  addRanges,
  coalesceRanges,
  rangesEqual,
  rangesInclude,
  rangesText,
  subtractRanges,
} from '../../src/agent/ranges.ts';
import { type Pair, rangesOf } from './samples.ts';

const LARGEST = 2n ** 64n - 1n;

const textOf = (...pairs: Pair[]): string => rangesText(coalesceRanges(rangesOf(...pairs)));

describe('coalesceRanges', () => {
  test('puts in order and joins what overlaps or touches', () => {
    expect(textOf([5, 9], [1, 4])).toBe('[1-9]');
    expect(textOf([1, 10], [2, 3], [4, 12])).toBe('[1-12]');
    expect(textOf([1, 3], [5, 6])).toBe('[1-3, 5-6]');
    expect(textOf([1, 3], [1, 7], [1, 2])).toBe('[1-7]');
    expect(textOf()).toBe('[]');
  });

  test('the successor of the largest number is zero, so nothing touches its end', () => {
    expect(textOf([1, LARGEST], [5, 6])).toBe('[1-18446744073709551615, 5-6]');
    expect(textOf([LARGEST - 1n, LARGEST - 1n], [LARGEST, LARGEST])).toBe(
      '[18446744073709551614-18446744073709551615]',
    );
  });

  test('leaves its input alone', () => {
    const input = rangesOf([5, 9], [1, 4]);
    coalesceRanges(input);
    expect(rangesText(input)).toBe('[5-9, 1-4]');
  });
});

test('equal however they are cut', () => {
  expect(rangesEqual(rangesOf([1, 5]), rangesOf([4, 5], [1, 3]))).toBe(true);
  expect(rangesEqual(rangesOf([1, 5]), rangesOf([1, 4]))).toBe(false);
  expect(rangesEqual(rangesOf([1, 2], [8, 9]), rangesOf([1, 2]))).toBe(false);
});

test('inclusion', () => {
  expect(rangesInclude(rangesOf([1, 5], [6, 9]), rangesOf([4, 7]))).toBe(true);
  expect(rangesInclude(rangesOf([1, 5], [7, 9]), rangesOf([4, 7]))).toBe(false);
  expect(rangesInclude(rangesOf(), rangesOf())).toBe(true);
});

test('addition coalesces', () => {
  expect(rangesText(addRanges(rangesOf([5, 9]), rangesOf([1, 4], [20, 21])))).toBe('[1-9, 20-21]');
});

describe('subtractRanges', () => {
  const difference = (left: Pair[], right: Pair[]): string =>
    rangesText(subtractRanges(rangesOf(...left), rangesOf(...right)));

  test.each<[string, Pair[], Pair[], string]>([
    ['the middle', [[1, 10]], [[4, 6]], '[1-3, 7-10]'],
    [
      'several pieces',
      [[1, 10]],
      [
        [2, 2],
        [5, 6],
        [10, 12],
      ],
      '[1-1, 3-4, 7-9]',
    ],
    [
      'across two ranges',
      [
        [1, 5],
        [8, 12],
      ],
      [[4, 9]],
      '[1-3, 10-12]',
    ],
    ['everything', [[3, 4]], [[1, 9]], '[]'],
    ['what is not there', [[3, 4]], [[6, 9]], '[3-4]'],
    ['up to the largest number', [[0, LARGEST]], [[10, LARGEST]], '[0-9]'],
    [
      'nothing',
      [
        [5, 6],
        [1, 2],
      ],
      [],
      '[5-6, 1-2]',
    ],
  ])('%s', (_what, left, right, expected) => {
    expect(difference(left, right)).toBe(expected);
  });
});
