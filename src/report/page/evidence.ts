import { type RecordOfFile, withRecordAt } from '../../decode/damaged-record.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Tree } from '../../source/links.ts';
import { count } from '../../text/words.ts';
import { writeHex } from '../decode/hex.ts';
import type { Evidence } from './document.ts';
import { hiddenIn } from './hidden-bytes.ts';

/** In columns: offsets, bytes, and what they are. */
const WIDTH = 96;

/** Of a record with more rows, so many from its beginning and from its end are shown: it ends where it stops making sense. */
const MOST_ROWS = 500;

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
    lines: rowsOf(found, path),
  }));
};

const rowsOf = (found: RecordOfFile, path: string): readonly string[] => {
  const first: string[] = [];
  let last: string[] = [];
  let omitted = 0;
  const options = {
    width: WIDTH,
    colour: false,
    wide: false,
    allBytes: false,
    showSecrets: false,
    isHidden: hiddenIn(found, path),
  };
  writeHex(found.record, found.type, options, (piece) => {
    const rows = piece.trimEnd().split('\n');
    first.push(...rows.splice(0, MOST_ROWS - first.length));
    last = [...last, ...rows];
    omitted += Math.max(0, last.length - MOST_ROWS);
    last = last.slice(-MOST_ROWS);
  });
  const between = omitted === 0 ? [] : [`          … ${count(omitted, 'more row')}; decode --format hex prints all`];
  return [...first, ...between, ...last];
};
