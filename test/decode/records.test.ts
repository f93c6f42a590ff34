import { describe, expect, it } from 'vitest';
import { type FileRecord, type Passed, recordsOf } from '../../src/decode/records.ts';
import { Window } from '../../src/format/window.ts';
import { messageType } from '../../src/schema/index.ts';
import { ackRecord, record, updateRecord, uuid } from '../support/wire.ts';

const TYPE = messageType('mesos.internal.StatusUpdateRecord');

const over = (bytes: Buffer): Window => {
  const window = new Window();
  window.over({
    size: () => bytes.length,
    read: (target, at, length, position) => bytes.copy(target, at, position, Math.min(position + length, bytes.length)),
  });
  return window;
};

const told = (piece: FileRecord | Passed): string =>
  piece.kind === 'passed'
    ? `${piece.isLookedAt ? 'no record' : 'behind'} ${piece.offset}+${piece.length}`
    : `${piece.number} ${piece.ending?.kind ?? 'whole'} ${piece.offset}+${piece.length}`;

const found = (bytes: Buffer, options: { resync?: boolean; one?: boolean; bare?: boolean } = {}): readonly string[] =>
  [...recordsOf(over(bytes), TYPE, { resync: false, one: false, bare: false, ...options })].map(told);

const update = updateRecord(uuid(1), { padding: 40 });
const ack = ackRecord(uuid(1));
const bad = record(Buffer.from([8, 0, 0xff, 0xff]));

describe('the records of a file', () => {
  it('are one after the other', () => {
    const end = update.length;
    expect(found(Buffer.concat([update, ack]))).toEqual([`1 whole 0+${end}`, `2 whole ${end}+${ack.length}`]);
    expect(found(Buffer.alloc(0))).toEqual([]);
  });

  it('end with one that does not decode', () => {
    const bytes = Buffer.concat([ack, bad, ack]);
    expect(found(bytes)).toEqual(['1 whole 0+24', '2 bad 24+8', 'behind 32+24']);
    expect(found(bytes.subarray(0, 30))).toEqual(['1 whole 0+24', '2 torn 24+6']);
    expect(found(bytes.subarray(0, 26))).toEqual(['1 whole 0+24', '2 torn 24+2']);
  });

  it('go on behind it where that is asked for: where its length says, or where records decode again', () => {
    const garbage = Buffer.from('00ffee'.repeat(7), 'hex');
    expect(found(Buffer.concat([ack, bad, ack]), { resync: true })).toEqual([
      '1 whole 0+24',
      '2 bad 24+8',
      '3 whole 32+24',
    ]);
    const torn = update.subarray(0, 30);
    expect(found(Buffer.concat([torn, ack, update]), { resync: true })).toEqual([
      `1 bad 0+${update.length}`,
      `2 whole 30+24`,
      `3 whole 54+${update.length}`,
    ]);
    expect(found(Buffer.concat([bad, garbage, ack, ack]), { resync: true })).toEqual([
      '1 bad 0+8',
      'no record 8+21',
      '2 whole 29+24',
      '3 whole 53+24',
    ]);
    expect(found(Buffer.concat([bad, Buffer.alloc(100_000), ack]), { resync: true })).toEqual([
      '1 bad 0+8',
      'no record 8+100000',
      '2 whole 100008+24',
    ]);
    expect(found(Buffer.concat([bad, garbage]), { resync: true })).toEqual(['1 bad 0+8', 'no record 8+21']);
  });

  it('are one where the agent reads no more, or the bytes are a bare message', () => {
    expect(found(Buffer.concat([ack, ack]), { one: true })).toEqual(['1 whole 0+24', 'behind 24+24']);
    expect(found(ack.subarray(4), { bare: true })).toEqual(['1 whole 0+20']);
    expect(found(ack.subarray(4, 10), { bare: true })).toEqual(['1 bad 0+6']);
  });

  it('cost no memory for a length that is not true', () => {
    const huge = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0x7f]), ack]);
    expect(found(huge)).toEqual(['1 torn 0+28']);
    expect(found(huge, { resync: true })).toEqual(['1 torn 0+28', '2 whole 4+24']);
  });
});
