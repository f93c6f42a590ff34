import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAcknowledged, isTerminalState, type Replayed, replay, stateOf } from '../../src/recovery/startup/replay.ts';
import { logOf } from '../support/logs.ts';
import { check, randomly } from '../support/random.ts';
import { ackRecord, updateRecord, uuid } from '../support/wire.ts';

const RUNNING = 1;
const FINISHED = 2;

/** Updates by their numbers, a finished one as `[number, FINISHED]`, and acknowledgements behind them. */
const replayed = (updates: readonly (number | readonly [number, number])[], acks: readonly number[]): Replayed => {
  const pairs = updates.map((each) => (typeof each === 'number' ? ([each, RUNNING] as const) : each));
  return replay(
    logOf(
      ...pairs.map(([number, state]) => updateRecord(uuid(number), { state })),
      ...acks.map((number) => ackRecord(uuid(number))),
    ),
  );
};

describe('a log', () => {
  it.each<[string, readonly (number | readonly [number, number])[], readonly number[], Replayed]>([
    ['without records', [], [], { pending: 0, ended: false, acknowledged: 0, outOfOrder: undefined }],
    [
      'of which nothing is acknowledged',
      [1, 2],
      [],
      { pending: 2, ended: false, acknowledged: 0, outOfOrder: undefined },
    ],
    ['of which the first is', [1, 2, 3], [1], { pending: 2, ended: false, acknowledged: 1, outOfOrder: undefined }],
    ['of which all is', [1, 2], [1, 2], { pending: 0, ended: false, acknowledged: 2, outOfOrder: undefined }],
    [
      'of which all is, in another order',
      [1, 2],
      [2, 1],
      { pending: 0, ended: false, acknowledged: 2, outOfOrder: undefined },
    ],
    [
      'of which the second is: the first is popped',
      [1, 2],
      [2],
      { pending: 1, ended: false, acknowledged: 1, outOfOrder: 1 },
    ],
    [
      'of which the first and third are',
      [1, 2, 3],
      [1, 3],
      { pending: 1, ended: false, acknowledged: 2, outOfOrder: 2 },
    ],
    ['with an update twice', [1, 1, 2], [1], { pending: 1, ended: false, acknowledged: 2, outOfOrder: undefined }],
    [
      'with an acknowledgement twice',
      [1, 2],
      [1, 1],
      { pending: 1, ended: false, acknowledged: 1, outOfOrder: undefined },
    ],
    [
      'with an acknowledgement of nothing',
      [1],
      [9],
      { pending: 1, ended: false, acknowledged: 0, outOfOrder: undefined },
    ],
    [
      'whose end is acknowledged',
      [1, [2, FINISHED]],
      [1, 2],
      { pending: 0, ended: true, acknowledged: 2, outOfOrder: undefined },
    ],
    ['whose end is not', [1, [2, FINISHED]], [1], { pending: 1, ended: false, acknowledged: 1, outOfOrder: undefined }],
    ['whose end alone is', [1, [2, FINISHED]], [2], { pending: 0, ended: true, acknowledged: 1, outOfOrder: 1 }],
    [
      'that goes on behind its end',
      [[1, FINISHED], 2],
      [1],
      { pending: 0, ended: true, acknowledged: 1, outOfOrder: undefined },
    ],
  ])('%s', (_what, updates, acks, expected) => {
    expect(replayed(updates, acks)).toEqual(expected);
  });

  it('may hold an acknowledgement before its update', () => {
    const log = logOf(ackRecord(uuid(2)), updateRecord(uuid(1)), updateRecord(uuid(2)));
    expect(replay(log)).toMatchObject({ pending: 1, acknowledged: 1, outOfOrder: 1 });
  });

  it('has updates whose uuid is too short, which nothing acknowledges', () => {
    const short = Buffer.alloc(15, 0x44);
    const log = logOf(updateRecord(short), updateRecord(uuid(0)), ackRecord(uuid(0)));
    expect([isAcknowledged(log, 0), isAcknowledged(log, 1)]).toEqual([false, true]);
    expect(log.otherUuids?.get(0)?.equals(short)).toBe(true);
  });
});

describe('states', () => {
  it.each([
    [0, 'TASK_STARTING', false],
    [1, 'TASK_RUNNING', false],
    [2, 'TASK_FINISHED', true],
    [3, 'TASK_FAILED', true],
    [4, 'TASK_KILLED', true],
    [5, 'TASK_LOST', true],
    [6, 'TASK_STAGING', false],
    [7, 'TASK_ERROR', true],
    [8, 'TASK_KILLING', false],
    [9, 'TASK_DROPPED', true],
    [10, 'TASK_UNREACHABLE', false],
    [11, 'TASK_GONE', true],
    [12, 'TASK_GONE_BY_OPERATOR', true],
    [13, 'TASK_UNKNOWN', false],
  ])('%i is %s, and an end: %s', (number, name, terminal) => {
    const state = stateOf(logOf(updateRecord(uuid(1), { state: number })), 0);
    expect([state, isTerminalState(state)]).toEqual([name, terminal]);
  });
});

/** The queue of the agent, as its facts tell it. */
const queued = (
  updates: readonly (readonly [number, number])[],
  acks: ReadonlySet<number>,
): Omit<Replayed, 'outOfOrder'> => {
  const queue: number[] = [];
  let acknowledged = 0;
  let ended = false;
  for (const [number, state] of updates) {
    queue.push(number);
    if (!acks.has(number)) continue;
    queue.shift();
    acknowledged++;
    ended ||= state === FINISHED;
  }
  return { pending: ended ? 0 : queue.length, ended, acknowledged };
};

describe('any log', () => {
  const update = fc.tuple(fc.nat(25), fc.constantFrom(RUNNING, RUNNING, RUNNING, FINISHED));

  it(randomly('is replayed as a queue, whether there is little to compare or much', 600), () => {
    let [few, many] = [0, 0];
    check(
      600,
      fc.property(
        fc.array(update, { maxLength: 40, size: 'max' }),
        fc.array(fc.nat(25), { maxLength: 40, size: 'max' }),
        (updates, acks) => {
          if (updates.length * acks.length <= 256) few++;
          else many++;
          const { outOfOrder, ...result } = replayed(updates, acks);
          expect(result).toEqual(queued(updates, new Set(acks)));
          if (outOfOrder !== undefined) expect(acks).toContain(updates[outOfOrder]?.[0]);
        },
      ),
    );
    expect(Math.min(few, many)).toBeGreaterThan(20);
  });

  it(randomly('knows the same acknowledgements by either way of comparing', 200), () => {
    const others = Array.from({ length: 300 }, (_, i) => ackRecord(uuid(1000 + i)));
    check(
      200,
      fc.property(fc.array(update, { maxLength: 15 }), fc.array(fc.nat(25), { maxLength: 15 }), (updates, acks) => {
        const records = updates.map(([number, state]) => updateRecord(uuid(number), { state }));
        const known = acks.map((number) => ackRecord(uuid(number)));
        const small = logOf(...records, ...known);
        const large = logOf(...records, ...known, ...others);
        for (const i of updates.keys()) expect(isAcknowledged(large, i)).toBe(isAcknowledged(small, i));
      }),
    );
  });
});
