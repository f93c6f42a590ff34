import { describe, expect, it } from 'vitest';
import type { Mode } from '../../src/findings/finding.ts';
import type { ExecutorRef, Impact, TaskRef } from '../../src/verify/impact.ts';

import type { Edit } from '../support/cases.ts';
import {
  type ExecutorPlace,
  INFO,
  MARATHON,
  OPERATIONS,
  PODS,
  SLAVE_INFO,
  STATE,
  STATE_TARGET,
  TARGET,
  VOLUMES,
} from './places.ts';
import {
  type Assumed,
  appendBytes,
  bytesOf,
  predict,
  remove,
  rename,
  toFolder,
  truncate,
  writeText,
  zeros,
} from './predict.ts';

const impactOf = (tree: string, edits: readonly Edit[] = [], assumed: Assumed = {}, mode: Mode = 'strict'): Impact =>
  predict(tree, edits, assumed)[mode].impact;

const ref = ({ framework, id }: ExecutorPlace): ExecutorRef => ({ framework, executor: id });

const taskRef = (place: ExecutorPlace, task = place.id): TaskRef => ({ ...ref(place), task });

/** How many there are of each, but for what there is none of. */
const countsOf = (part: object): object =>
  Object.fromEntries(
    Object.entries(part)
      .map(([name, value]) => [name, Array.isArray(value) ? value.length : value])
      .filter(([, count]) => count > 0),
  );

const { web, webBefore, api, nightly, cache } = MARATHON;
const FORKED = 'pids/forked.pid';
const LIBPROCESS = 'pids/libprocess.pid';

describe('executors and tasks', () => {
  it('live where they can be reached, by pid or over HTTP', () => {
    const impact = impactOf('pods');
    expect(impact.comesUp).toBe(true);
    expect(countsOf(impact.executors)).toEqual({ reconnected: 1, awaited: 1 });
    expect(impact.executors.reconnected).toEqual([ref(PODS.pid)]);
    expect(impact.executors.awaited).toEqual([ref(PODS.http)]);
    // Of the three tasks of the first, one has failed and one has finished.
    expect(countsOf(impact.tasks)).toEqual({ live: 2, finished: 2, running: 2, ended: 2 });
    expect(impact.tasks.live).toEqual([
      taskRef(PODS.http, 'node-0-server__a1'),
      taskRef(PODS.pid, 'node-1-server__b1'),
    ]);
  });

  it('are killed where nothing tells how to reach them', () => {
    const impact = impactOf('marathon');
    expect(countsOf(impact.executors)).toEqual({ reconnected: 3, killed: 1 });
    expect(impact.executors.killed).toEqual([ref(cache)]);
    expect(countsOf(impact.tasks)).toEqual({ live: 2, killed: 1, finished: 1, running: 3, ended: 1 });
    expect(impact.tasks.killed).toEqual([taskRef(cache)]);
  });

  it.each<[string, readonly Edit[]]>([
    ['no forked.pid', [remove(`${web.run}/${FORKED}`)]],
    ['an empty forked.pid', [truncate(`${web.run}/${FORKED}`)]],
    ['no libprocess.pid', [remove(`${web.run}/${LIBPROCESS}`)]],
    ['an empty libprocess.pid', [truncate(`${web.run}/${LIBPROCESS}`)]],
    ['a libprocess.pid that is none', [writeText(`${web.run}/${LIBPROCESS}`, 'executor')]],
    ['a libprocess.pid with port 0', [writeText(`${web.run}/${LIBPROCESS}`, 'executor(1)@10.0.1.2:0')]],
    [
      'a libprocess.pid that DNS is asked for',
      [writeText(`${web.run}/${LIBPROCESS}`, 'executor(1)@node7.example:5051')],
    ],
  ])('are killed with %s', (_, edits) => {
    const { executors, tasks } = impactOf('marathon', edits);
    expect(executors.killed).toContainEqual(ref(web));
    expect(tasks.killed).toContainEqual(taskRef(web));
    expect(countsOf(executors)).toEqual({ reconnected: 2, killed: 2 });
  });

  it.each<[string, readonly Edit[]]>([
    ['executor.info', [remove(`${web.path}/executor.info`)]],
    ['runs/latest', [remove(`${web.path}/runs/latest`)]],
    ['a name that the agent sees', [rename(web.path, `${MARATHON.framework}/executors/.${web.id}`)]],
  ])('are forgotten without %s', (_, edits) => {
    const { executors } = impactOf('marathon', edits);
    expect(countsOf(executors)).toEqual({ reconnected: 2, killed: 1, forgotten: 1 });
    expect(executors.forgotten[0]?.executor).toContain(web.id);
  });

  it('are forgotten with their framework', () => {
    const impact = impactOf('marathon', [remove(`${MARATHON.framework}/framework.pid`)]);
    expect(countsOf(impact.executors)).toEqual({ forgotten: 4 });
    expect(countsOf(impact.tasks)).toEqual({ forgotten: 3, finished: 1, running: 3, ended: 1 });
    expect(impact.tasks.forgotten).toContainEqual(taskRef(web));
  });

  it('are forgotten by a new agent, which comes up', () => {
    const impact = impactOf('marathon', [remove(SLAVE_INFO)]);
    expect(impact.comesUp).toBe(true);
    expect(countsOf(impact.executors)).toEqual({ forgotten: 4 });
    expect(countsOf(impact.tasks)).toEqual({ forgotten: 3, finished: 1, running: 3, ended: 1 });
  });

  it('a task alone is forgotten without its task.info, and its executor lives', () => {
    const impact = impactOf('marathon', [remove(`${web.task}/task.info`)]);
    expect(countsOf(impact.executors)).toEqual({ reconnected: 3, killed: 1 });
    expect(impact.tasks.forgotten).toEqual([taskRef(web)]);
    expect(countsOf(impact.tasks)).toEqual({ live: 1, killed: 1, forgotten: 1, finished: 1, running: 3, ended: 1 });
  });

  it('are gone after a reboot', () => {
    const impact = impactOf('marathon', [], { rebooted: true });
    expect(countsOf(impact.executors)).toEqual({ gone: 4 });
    expect(countsOf(impact.tasks)).toEqual({ gone: 3, finished: 1, running: 3, ended: 1 });
  });

  it('are gone after a reboot for an agent that does not come up, too', () => {
    const impact = impactOf('marathon', toFolder(SLAVE_INFO), { rebooted: true });
    expect(impact.comesUp).toBe(false);
    expect(countsOf(impact.executors)).toEqual({ gone: 4 });
    expect(countsOf(impact.tasks)).toEqual({ gone: 3, finished: 1, running: 3, ended: 1 });
  });

  it('are at stake where no start comes up', () => {
    const impact = impactOf('pods', toFolder(`${PODS.framework}/framework.info`));
    expect(impact.comesUp).toBe(false);
    expect(countsOf(impact.executors)).toEqual({ atStake: 2 });
    expect(impact.executors.atStake).toEqual([ref(PODS.http), ref(PODS.pid)]);
    expect(countsOf(impact.tasks)).toEqual({ atStake: 2, finished: 2, running: 2, ended: 2 });
    expect(impact.tasks.atStake).toEqual([
      taskRef(PODS.http, 'node-0-server__a1'),
      taskRef(PODS.pid, 'node-1-server__b1'),
    ]);
  });

  it('are another matter in the other mode', () => {
    const impact = impactOf('pods', toFolder(`${PODS.framework}/framework.info`), {}, 'nonStrict');
    expect(impact.comesUp).toBe(true);
    expect(countsOf(impact.executors)).toEqual({ forgotten: 2 });
  });

  it('are over where the latest run has ended', () => {
    const impact = impactOf('marathon', [writeText(`${web.run}/executor.sentinel`, '')]);
    expect(countsOf(impact.executors)).toEqual({ reconnected: 2, killed: 1, completed: 1 });
    expect(countsOf(impact.tasks)).toEqual({ live: 1, killed: 1, finished: 1, running: 2, ended: 2 });
  });

  it('are counted once, by their latest run', () => {
    const impact = impactOf('marathon', [remove(`${webBefore.run}/executor.sentinel`)]);
    expect(countsOf(impact.executors)).toEqual({ reconnected: 3, killed: 1 });
  });
});

describe('status updates', () => {
  it('are sent again where they were not acknowledged', () => {
    // The last update of the web task, and the end of the nightly one.
    expect(impactOf('marathon').updates).toEqual({ sentAgain: 2, lost: 0, lostBytes: 0 });
    expect(impactOf('fresh').updates.sentAgain).toBe(0);
  });

  it('are sent again once more where the acknowledgement is torn off', () => {
    const log = `${api.task}/task.updates`;
    const size = bytesOf('marathon', log).length;
    const { updates, tasks } = impactOf('marathon', [truncate(log, size - 1)]);
    expect(updates).toEqual({ sentAgain: 3, lost: 0, lostBytes: 23 });
    expect(tasks.setBack).toEqual([]);
  });

  it('are lost, and counted, from the record on that does not parse', () => {
    const log = `${web.task}/task.updates`;
    // The third record of five: an update, its acknowledgement, and one more update.
    const flip: Edit = { op: 'flip', path: log, offset: 378, mask: 0xff };
    for (const mode of ['strict', 'nonStrict'] as const) {
      const { updates } = impactOf('marathon', [flip], {}, mode);
      expect(updates).toEqual({ sentAgain: 1, lost: 2, lostBytes: 1119 - 374 });
    }
  });

  it('are not made up where a log ends in zeros', () => {
    const log = `${web.task}/task.updates`;
    const { updates } = impactOf('marathon', [appendBytes(log, Buffer.alloc(16))]);
    expect(updates).toEqual({ sentAgain: 2, lost: 0, lostBytes: 16 });
  });

  it('are not counted where a length cannot be believed: bytes say it', () => {
    const log = `${web.task}/task.updates`;
    const { updates } = impactOf('marathon', [{ op: 'flip', path: log, offset: 377, mask: 0x7f }]);
    expect(updates).toEqual({ sentAgain: 1, lost: 0, lostBytes: 1119 - 374 });
  });

  it('set a task back where all of its log is cut off', () => {
    const log = `${web.task}/task.updates`;
    const impact = impactOf('marathon', [truncate(log, 100)]);
    expect(impact.tasks.setBack).toEqual([taskRef(web)]);
    expect(impact.tasks.live).toContainEqual(taskRef(web));
    expect(impact.updates).toEqual({ sentAgain: 1, lost: 0, lostBytes: 100 });
  });

  it('do not set a task back that has not reported yet', () => {
    expect(impactOf('marathon', [truncate(`${web.task}/task.updates`)]).tasks.setBack).toEqual([]);
    expect(impactOf('marathon', [remove(`${web.task}/task.updates`)]).tasks.setBack).toEqual([]);
  });

  it('are not lost by a start that ends before it cuts', () => {
    const edits = [...toFolder(SLAVE_INFO), truncate(`${web.task}/task.updates`, 100)];
    expect(impactOf('marathon', edits).updates).toEqual({ sentAgain: 0, lost: 0, lostBytes: 0 });
  });

  it('of a task that has finished are still to be sent', () => {
    const { updates } = impactOf('marathon', [truncate(`${nightly.task}/task.updates`, 392)]);
    expect(updates).toEqual({ sentAgain: 1, lost: 0, lostBytes: 0 });
  });
});

const RESERVATION = 'cpus(reservations: [(DYNAMIC,db,cassandra)]):2';
const VOLUME = 'disk(reservations: [(DYNAMIC,db,cassandra)])[cassandra-data-0:data]:2048';
const KEPT = { reservations: { kept: [RESERVATION], lost: [] }, volumes: { kept: [VOLUME], lost: [] } };
const LOST = { reservations: { kept: [], lost: [RESERVATION] }, volumes: { kept: [], lost: [VOLUME] } };
const volumePath = (id: string): string => `/var/lib/mesos/volumes/roles/db/${id}`;

describe('reservations and volumes', () => {
  it.each<[string, string, readonly Edit[], Mode, object]>([
    ['are kept', 'volumes', [], 'strict', KEPT],
    ['are lost with an empty state', 'volumes', [truncate(STATE)], 'strict', LOST],
    ['are lost with a state of zeros', 'volumes', [zeros('volumes', STATE)], 'strict', LOST],
    ['are lost with a torn state, by a non-strict agent', 'volumes', [truncate(STATE, 100)], 'nonStrict', LOST],
    ['are kept by resources.info without a state', 'volumes', [remove(STATE)], 'strict', KEPT],
    [
      'are lost where neither file can be read',
      'volumes',
      [remove(STATE), truncate(INFO)],
      'strict',
      { ...LOST, reservations: { kept: [], lost: [] }, volumes: { kept: [], lost: [] } },
    ],
    ['are kept by a new agent', 'volumes', [remove(SLAVE_INFO)], 'strict', KEPT],
  ])('%s', (_, tree, edits, mode, expected) => {
    const { reservations, volumes } = impactOf(tree, edits, {}, mode);
    const { created, deleted, ...split } = volumes;
    expect({ reservations, volumes: split }).toEqual(expected);
    expect([...created, ...deleted]).toEqual([]);
  });

  it('a pending change makes a volume', () => {
    const { volumes } = impactOf('targets');
    expect(volumes).toMatchObject({ created: [volumePath('cassandra-data-1')], deleted: [], lost: [] });
    expect(volumes.kept).toHaveLength(2);
  });

  it('a target full of zeros deletes them all from disk', () => {
    const { volumes, reservations } = impactOf('targets', [zeros('targets', STATE_TARGET)]);
    expect(volumes).toEqual({ kept: [], lost: [], created: [], deleted: [volumePath('cassandra-data-0')] });
    expect(reservations).toEqual({ kept: [], lost: [] });
  });

  it('an incomplete change is made all the same, at the first start', () => {
    const { volumes, comesUp } = impactOf('targets', [remove(TARGET)]);
    expect(comesUp).toBe(true);
    expect(volumes.kept).toHaveLength(2);
  });

  it('are neither kept nor lost where there are none', () => {
    expect(countsOf(impactOf('marathon').volumes)).toEqual({});
  });
});

describe('operations', () => {
  it('are counted', () => {
    expect(impactOf('operations').operations).toBe(2);
    expect(impactOf('operations', [remove(STATE)]).operations).toBe(0);
    expect(impactOf('operations', [], { version: '1.7.3' }).operations).toBe(0);
  });

  it('of a log that is damaged are known all the same', () => {
    const log = `${OPERATIONS.finished}/operation.updates`;
    const damaged = [appendBytes(log, Buffer.from('01000000ff', 'hex'))];
    expect(impactOf('operations', damaged, {}, 'nonStrict').operations).toBe(2);
  });
});

it('an executor of whose runs none is left is not counted', () => {
  const edits = [remove(VOLUMES.first.run), remove(`${VOLUMES.first.path}/runs/latest`)];
  expect(countsOf(impactOf('volumes', edits).executors)).toEqual({ reconnected: 1 });
});
