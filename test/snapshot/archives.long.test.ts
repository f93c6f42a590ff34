import { describe, it } from 'vitest';
import { treeNames } from '../support/trees.ts';
import { expectSameAgain, expectSameOfTar } from './again.ts';

describe('a redacted snapshot of a snapshot', () => {
  it.each(treeNames)('is the one that would have been made at first: %s', expectSameAgain);
});

describe('a snapshot of a tar', () => {
  it.each(treeNames)('is that of what tar packed: %s', expectSameOfTar);
});
