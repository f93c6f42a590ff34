import { knownVersion } from '../../src/agent/version.ts';
import { contentOf } from '../../src/decode/content.ts';
import { recordsOf } from '../../src/decode/records.ts';
import type { Example, Judged } from '../../src/findings/example.ts';
import { Window } from '../../src/format/window.ts';
import { hexRows } from '../../src/report/decode/hex.ts';
import { messageType } from '../../src/schema/index.ts';
import { isErrno, type Source } from '../../src/source/source.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { MODES } from './contradictions.ts';
import { type Fixture, openFixture, optionsOf } from './fixture.ts';

/** The releases at which a rule of the agent's recovery changes, and the first and the last that are known. */
const RELEASES = [
  '1.4.0',
  '1.4.3',
  '1.5.0',
  '1.5.2',
  '1.6.0',
  '1.6.2',
  '1.7.0',
  '1.7.1',
  '1.7.3',
  '1.8.0',
  '1.8.1',
  '1.9.0',
  '1.10.0',
  '1.11.0',
  '1.12.0',
];

/** What `explain` shows of a code besides its row: made from its fixture. */
export const exampleOf = (code: string, fixture: Fixture): Example => {
  const opened = openFixture(fixture);
  return {
    about: fixture.about,
    path: fixture.path,
    bytes: bytesAt(opened.tree.source, fixture),
    versions: versionsOf(code, fixture),
  };
};

/** What each version makes of it, those that make the same of it together. */
const versionsOf = (code: string, fixture: Fixture): readonly Judged[] => {
  const found: Judged[] = [];
  for (const release of RELEASES) {
    const { versions: _, ...judged } = { versions: [release, release], ...judgedBy(code, fixture, release) };
    const last = found.at(-1);
    if (
      last !== undefined &&
      JSON.stringify([last.strict, last.nonStrict]) === JSON.stringify([judged.strict, judged.nonStrict])
    )
      continue;
    found.push({ since: release, ...judged });
  }
  return found;
};

const judgedBy = (code: string, fixture: Fixture, release: string): Omit<Judged, 'since'> => {
  const verification = verifyCheckpoint(openFixture(fixture), {
    ...optionsOf(fixture.tree, fixture.options),
    version: knownVersion(release),
  });
  const finding = verification.findings.find((each) => each.code === code && each.path === fixture.path);
  const [strict, nonStrict] = MODES.map((mode) => ({
    severity: finding?.severity[mode] ?? null,
    verdict: verification[mode].starts[0]?.verdict ?? null,
  }));
  if (strict === undefined || nonStrict === undefined) throw new TypeError('there are two modes');
  return { strict, nonStrict };
};

/** Rows of one record before and behind where it is damaged. */
const BEFORE = 6;
const BEHIND = 3;

/** The bytes of the record that the finding is about; null where it is about none. */
const bytesAt = (source: Source, { path, offset, record }: Fixture): string | null => {
  const known = contentOf(path);
  if (offset === undefined || record === undefined || known?.content.form !== 'records') return null;
  const file = source.open(path);
  if (isErrno(file)) return null;
  const type = messageType(known.content.message);
  const window = new Window();
  window.over(file);
  for (const piece of recordsOf(window, type, { bare: false, one: false, resync: true })) {
    if (piece.kind !== 'record' || piece.offset !== offset) continue;
    const rows = hexRows(piece, type, { width: 78, colour: false, allBytes: false, showSecrets: false })
      .trimEnd()
      .split('\n');
    const stop = rows.findIndex((row) => row.startsWith('>>>'));
    return excerptOf(rows, stop < 0 ? Math.min(rows.length, BEFORE) : stop).join('\n');
  }
  return null;
};

const excerptOf = (rows: readonly string[], stop: number): readonly string[] => {
  const from = Math.max(1, stop - BEFORE);
  return [...rows.slice(0, 1), ...(from > 1 ? ['...'] : []), ...rows.slice(from, stop + 1 + BEHIND)];
};
