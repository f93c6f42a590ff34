import type { Opened } from '../../src/checkpoint/open.ts';
import { verifyJson } from '../../src/report/json/verify.ts';
import type { Source } from '../../src/source/source.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { HEAD } from '../support/verify.ts';
import { outlineOf } from '../support/walk.ts';

/** All that is below `meta`: what a file is, its bytes, its target. */
const metaOf = (source: Source): readonly string[] | string =>
  source.kindOf('meta') === 'folder' ? outlineOf(source, 'meta') : String(source.kindOf('meta'));

/** What `verify` says of it, in all its words. */
const predicted = (opened: Opened, bootId: string): unknown =>
  JSON.parse(
    JSON.stringify(
      verifyJson('PATH', verifyCheckpoint(opened, { version: HEAD, bootId }), { mode: 'strict', withState: true }),
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
    ),
  );

/** All that can be told apart of an opened checkpoint. */
export const answersOf = (opened: Opened, bootId: string): unknown => ({
  meta: metaOf(opened.tree.source),
  verification: predicted(opened, bootId),
});
