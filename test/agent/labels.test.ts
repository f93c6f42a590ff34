import { expect, test } from 'vitest';
import { labelsEqual, labelsText } from '../../src/agent/labels.ts';

test('the order does not count, and no value equals an empty one', () => {
  const left = { labels: [{ key: 'a', value: '1' }, { key: 'b' }] };
  expect(
    labelsEqual(left, {
      labels: [
        { key: 'b', value: '' },
        { key: 'a', value: '1' },
      ],
    }),
  ).toBe(true);
  expect(labelsEqual(left, { labels: [{ key: 'a', value: '1' }] })).toBe(false);
  expect(labelsEqual(left, { labels: [{ key: 'a', value: '2' }, { key: 'b' }] })).toBe(false);
});

test('labelsText', () => {
  expect(labelsText({ labels: [{ key: 'a', value: '1' }, { key: 'b' }] })).toBe('{a: 1, b}');
  expect(labelsText({ labels: [] })).toBe('{}');
});
