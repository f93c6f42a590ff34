import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/recovery/simulate.ts';
import type { Edit } from '../support/cases.ts';
import { bytes, int, record, sub, uuid } from '../support/wire.ts';
import { AGENT, OPERATIONS, STATE, STATE_TARGET, TARGET } from './places.ts';
import { type Assumed, bytesOf, mkdir, predict, rename, writeBytes } from './predict.ts';

const LOG = `${OPERATIONS.pending}/operation.updates`;
const STATES = { pending: 1, finished: 2 };

/** The record of an operation's update, and that of an acknowledgement. */
const update = (state: number): Buffer => {
  const status = sub(3, int(2, state), sub(5, bytes(1, uuid(7))));
  return record(Buffer.concat([int(1, 0), sub(2, status, sub(5, bytes(1, OPERATION)))]));
};
const ack = record(Buffer.concat([int(1, 1), sub(3, bytes(1, uuid(7)))]));
const OPERATION = Buffer.from('1f7a2b3c111142228333444455556662', 'hex');

const log = (...records: readonly Buffer[]): Edit => writeBytes(LOG, Buffer.concat(records));
const finished = update(STATES.finished);
const BAD = Buffer.from('01000000ff', 'hex');

const verdictsOf = (edits: readonly Edit[], assumed: Assumed = {}): readonly (readonly Verdict[])[] => {
  const { strict, nonStrict } = predict('operations', edits, assumed);
  return [strict, nonStrict].map(({ starts }) => starts.map(({ verdict }) => verdict));
};

describe('an operation that is pending in the resource state', () => {
  it.each<readonly [string, readonly Edit[], readonly Verdict[], readonly Verdict[]]>([
    ['has no log yet', [], ['recovers'], ['recovers']],
    ['has a folder, and no log in it yet', [mkdir(OPERATIONS.pending)], ['recovers'], ['recovers']],
    ['has a log without an update, which is removed', [log()], ['recovers'], ['recovers']],
    ['has an update', [log(finished)], ['aborts', 'aborts'], ['aborts', 'aborts']],
    [
      'has an update that is not its last',
      [log(update(STATES.pending), ack)],
      ['aborts', 'aborts'],
      ['aborts', 'aborts'],
    ],
    ['has several', [log(finished, ack.subarray(0, 9))], ['aborts', 'aborts'], ['aborts', 'aborts']],
    // The agent drops such an operation before it looks at those that are left.
    ['was acknowledged to its end', [log(finished, ack)], ['recovers'], ['recovers']],
    ['refuses first over a damaged log', [log(finished, BAD)], ['refuses', 'aborts', 'aborts'], ['aborts', 'aborts']],
    ['refuses over one acknowledgement too many', [log(finished, ack, ack)], ['refuses', 'refuses'], ['recovers']],
  ])('%s', (_, edits, strict, nonStrict) => {
    expect(verdictsOf(edits)).toEqual([strict, nonStrict]);
  });

  it('aborts in the words of the check', () => {
    const { strict } = predict('operations', [log(finished)]);
    expect(strict.starts[0]).toMatchObject({
      stage: 'agent',
      messages: ['Check failed: !state->streams.contains(operationUuid) || state->streams.at(operationUuid).isNone() '],
    });
  });

  it('is reported at its log', () => {
    const { findings } = predict('operations', [log(finished)]);
    expect(findings.find(({ severity }) => severity.strict === 'fatal')).toMatchObject({
      code: 'operation-pending-with-updates',
      path: LOG,
    });
  });

  it('is none to a version that knows no operations of agents', () => {
    expect(verdictsOf([log(finished)], { version: '1.7.3' })).toEqual([['recovers'], ['recovers']]);
  });

  it('is found in the target, where there is one', () => {
    const target = [
      rename(STATE, STATE_TARGET),
      writeBytes(STATE, Buffer.alloc(4)),
      writeBytes(TARGET, bytesOf('operations', 'meta/resources/resources.info')),
    ];
    expect(verdictsOf([log(finished), ...target])).toEqual([
      ['aborts', 'aborts'],
      ['aborts', 'aborts'],
    ]);
  });
});

it('an operation that has finished may have any log', () => {
  const path = `${AGENT}/operations/1f7a2b3c-1111-4222-8333-444455556661/operation.updates`;
  for (const records of [[finished], [finished, ack], []]) {
    expect(verdictsOf([writeBytes(path, Buffer.concat(records))])).toEqual([['recovers'], ['recovers']]);
  }
});
