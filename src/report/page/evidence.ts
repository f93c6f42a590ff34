import { withRecordAt } from '../../decode/damaged-record.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Tree } from '../../source/links.ts';
import { hexRows } from '../decode/hex.ts';
import type { Evidence } from './document.ts';
import { hiddenIn } from './hidden-bytes.ts';

/** In columns: offsets, bytes, and what they are. */
const WIDTH = 96;

/** The record that a finding is about, byte by byte, as `decode --format hex` shows it; undefined where no bytes tell more. */
export const evidenceOf = (tree: Tree, finding: Finding, number: number): Evidence | undefined => {
  const { path, offset, record } = finding;
  if (offset === undefined && record === undefined) return undefined;
  return withRecordAt(tree, path, { offset, record }, (found) => ({
    finding: number,
    path,
    record: found.record.number,
    offset: found.record.offset,
    length: found.record.length,
    announced: found.record.announced ?? null,
    type: found.type.name,
    decodes: found.record.ending === undefined,
    lines: hexRows(found.record, found.type, {
      width: WIDTH,
      colour: false,
      wide: false,
      allBytes: false,
      showSecrets: false,
      isHidden: hiddenIn(found, path),
    })
      .trimEnd()
      .split('\n'),
  }));
};
