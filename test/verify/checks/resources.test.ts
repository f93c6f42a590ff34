import { describe, expect, it } from 'vitest';
import { checkLegacyResources } from '../../../src/verify/checks/resources.ts';
import { withSpecial } from '../../findings/special.ts';
import type { Edit } from '../../support/cases.ts';
import { applyEdits, loadTree } from '../../support/trees.ts';
import { INFO, STATE, TARGET } from '../places.ts';
import { appendBytes, bytesOf, remove, toFolder, truncate, writeBytes } from '../predict.ts';
import { brief, checked, reportOf } from './run-check.ts';

const WRITTEN = Date.parse('2024-03-01T12:00:00Z');
const SECOND_RECORD = 83;
/** Without its second reservation. */
const CHANGED = truncate(INFO, SECOND_RECORD);

/** What is found where `resources.info` was written so many ms after the state. */
const writtenLater = (ms: number, edits: readonly Edit[], version?: string): readonly string[] => {
  const times = { [STATE]: new Date(WRITTEN).toISOString(), [INFO]: new Date(WRITTEN + ms).toISOString() };
  return brief(
    reportOf(
      checkLegacyResources,
      withSpecial(applyEdits(loadTree('volumes'), edits), { kind: 'modified', times }),
      version,
    ),
  );
};

const STALE = [`resource-state-stale ${STATE}`];

describe('a resource state that is out of date', () => {
  it('is older than resources.info, which holds something else', () => {
    expect(writtenLater(60_000, [CHANGED])).toEqual(STALE);
    expect(writtenLater(60_000, [truncate(INFO)])).toEqual(STALE);
  });

  it('is told with what resources.info holds', () => {
    const tree = applyEdits(loadTree('volumes'), [CHANGED]);
    const times = { [STATE]: '2024-03-01T12:00:00Z', [INFO]: '2024-03-01T12:01:00Z' };
    const [found] = reportOf(checkLegacyResources, withSpecial(tree, { kind: 'modified', times }));
    expect(found?.message).toContain('disk(reservations: [(DYNAMIC,db,cassandra)])[cassandra-data-0:data]:2048');
    expect(found?.severity).toEqual({ strict: 'loss', nonStrict: 'loss' });
  });

  it('is told of a long list without adding it up', () => {
    const records = bytesOf('volumes', INFO);
    const longer = Buffer.concat(Array.from({ length: 600 }, () => records));
    const tree = applyEdits(loadTree('volumes'), [writeBytes(INFO, longer)]);
    const times = { [STATE]: '2024-03-01T12:00:00Z', [INFO]: '2024-03-01T12:01:00Z' };
    const [found] = reportOf(checkLegacyResources, withSpecial(tree, { kind: 'modified', times }));
    expect(found?.message).toMatch(
      /^it is older than resources\.info, which holds other resources \(\d{4,}, and here \d\)$/,
    );
  });

  it.each<[string, number, readonly Edit[]]>([
    ['of the same time', 0, [CHANGED]],
    ['written a moment before, as one write does', 2000, [CHANGED]],
    ['newer', -60_000, [CHANGED]],
    ['older, with the same resources', 60_000, []],
    ['older than a file that is not whole', 60_000, [truncate(INFO, SECOND_RECORD + 5)]],
    ['not there', 60_000, [remove(STATE), CHANGED]],
    ['not whole', 60_000, [truncate(STATE, 50), CHANGED]],
  ])('is not one that is %s', (_, ms, edits) => {
    expect(writtenLater(ms, edits).filter((line) => line.startsWith('resource-state-stale'))).toEqual([]);
  });

  it('does not matter to a version that does not read it', () => {
    expect(writtenLater(60_000, [CHANGED], '1.7.3')).toEqual([]);
    expect(writtenLater(60_000, [CHANGED], '1.8.0')).toEqual(STALE);
  });

  it('is not known without times', () => {
    const tree = applyEdits(loadTree('volumes'), [CHANGED, writeBytes(STATE, bytesOf('volumes', STATE))]);
    expect(brief(reportOf(checkLegacyResources, tree))).toEqual([]);
  });
});

describe('damage that is not read', () => {
  it.each<[string, readonly Edit[], readonly string[]]>([
    ['no damage', [], []],
    ['a torn resources.info', [truncate(INFO, 100)], [`resources-unused-damage ${INFO}`]],
    ['a folder', toFolder(INFO), [`resources-unused-damage ${INFO}`]],
    [
      'a record that does not parse',
      [appendBytes(INFO, Buffer.from('01000000ff', 'hex'))],
      [`resources-unused-damage ${INFO}`],
    ],
    ['a torn resources.target', [writeBytes(TARGET, Buffer.from('00', 'hex'))], [`resources-unused-damage ${TARGET}`]],
    [
      'both',
      [truncate(INFO, 100), writeBytes(TARGET, Buffer.from('00', 'hex'))],
      [`resources-unused-damage ${INFO}`, `resources-unused-damage ${TARGET}`],
    ],
    ['none, of a file that is empty', [truncate(INFO)], []],
    ['none, of a file that is gone', [remove(INFO)], []],
    ['none, where it is read', [remove(STATE), truncate(INFO, 100)], []],
  ])('%s', (_, edits, expected) => {
    expect(brief(checked(checkLegacyResources, 'volumes', edits))).toEqual(expected);
  });

  it('is at the first byte that is not part of a whole record', () => {
    const [found] = checked(checkLegacyResources, 'volumes', [truncate(INFO, 100)]);
    expect(found).toMatchObject({ offset: SECOND_RECORD, length: 100 - SECOND_RECORD });
  });

  it('is read by a version that does not read the state', () => {
    expect(brief(checked(checkLegacyResources, 'volumes', [truncate(INFO, 100)], '1.7.3'))).toEqual([]);
  });
});
