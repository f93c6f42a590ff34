import { expect, it } from 'vitest';
import { nulEnded } from '../../src/host/nul-ended.ts';

it.each([
  ['', []],
  ['\0', ['']],
  ['a\0', ['a']],
  ['a\0b', ['a', 'b']],
  ['a\0\0b\0', ['a', '', 'b']],
])('%j holds %j', (text, words) => {
  expect(nulEnded(text)).toEqual(words);
});

it('has no more words than the kernel lets a program have', () => {
  expect(nulEnded('\0'.repeat(2_000_000))).toHaveLength(1_000_000);
});
