import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Search } from '../../src/format/in-vain.ts';
import { shapeOf } from '../../src/format/shape.ts';
import { salvageLog } from '../../src/repair/salvage/log.ts';
import { messageType } from '../../src/schema/index.ts';
import { run } from '../support/session.ts';
import { temporaryFolder } from '../support/trees.ts';
import { int, record, updateRecord, uuid } from '../support/wire.ts';

const MIB = 1024 ** 2;

/**
 * A log of which every sixth byte begins what looks like a record of millions of bytes, all of them fields: 1 MB of it has as much
 * to be looked at as 700 GB.
 */
const hostileLog = (unit: readonly number[]): Buffer =>
  Buffer.concat([updateRecord(uuid(1)), record(Buffer.alloc(9, 0xff)), Buffer.alloc(6 * MIB, Buffer.from(unit))]);

/** A length whose bytes are fields, as is what is behind it: its type, or another. */
const ACKNOWLEDGING = [0x48, 0x01, 0x50, 0x00, 0x08, 0x01];
const INCOMPLETE = [0x48, 0x01, 0x38, 0x00, 0x48, 0x01];

describe('a search for records looks at so many bytes in vain, and no more', { timeout: 60_000 }, () => {
  it('of what a damaged log may still hold', () => {
    const bytes = hostileLog(ACKNOWLEDGING);
    const from = updateRecord(uuid(1)).length;
    const place = { agent: 'a', framework: 'f', executor: 'e', run: 'r', task: 't' };
    expect(salvageLog(bytes, { size: bytes.length, from }, place, undefined)).toBeUndefined();
  });

  it('of what is behind a record that does not decode, and says so', async () => {
    const file = path.join(temporaryFolder(), 'task.updates');
    fs.writeFileSync(file, hostileLog(INCOMPLETE));
    const { out, exitCode } = await run(['decode', '--resync', file]);
    expect(out).toMatch(/were not decoded: too many places in them look like records\n$/);
    expect(exitCode).toBe(1);
  });

  it.each([
    ['that end where they are no field', [int(9, 1), Buffer.of(0xff)], 2],
    ['that lack a field', [int(9, 1), int(9, 1)], 4],
  ])('counts bytes %s', (_, fields, spent) => {
    const bytes = Buffer.concat(fields);
    const search = new Search(0);
    const shape = shapeOf(messageType('mesos.internal.StatusUpdateRecord'), {});
    search.inVain(64 * MIB - spent);
    expect(search.at(shape, bytes, 0, bytes.length)).toBeUndefined();
    expect(search.isOver).toBe(false);
    search.inVain(1);
    expect(search.isOver).toBe(true);
  });

  it('finds what is there before that', () => {
    const bytes = int(1, 1);
    const shape = shapeOf(messageType('mesos.internal.StatusUpdateRecord'), {});
    const search = new Search(10);
    expect(search.at(shape, bytes, 0, bytes.length)).toEqual({});
    search.inVain(64 * MIB + 160);
    expect(search.at(shape, bytes, 0, bytes.length)).toEqual({});
    search.inVain(1);
    expect(search.at(shape, bytes, 0, bytes.length)).toBeUndefined();
  });
});
