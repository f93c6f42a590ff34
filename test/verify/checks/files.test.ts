import { describe, expect, it } from 'vitest';
import { checkFiles } from '../../../src/verify/checks/files.ts';
import { withSpecial } from '../../findings/special.ts';
import { loadTree } from '../../support/trees.ts';
import { ackRecord, record, updateRecord, uuid } from '../../support/wire.ts';
import { AGENT, BOOT_ID, INFO, PODS, SLAVE_INFO, STATE, STATE_TARGET, VOLUMES } from '../places.ts';
import { appendBytes, bytesOf, remove, symlink, toFolder, truncate, writeBytes, zeros } from '../predict.ts';
import { brief, checked, reportOf } from './run-check.ts';

const { first } = VOLUMES;
const EMPTY_MESSAGE = Buffer.alloc(4);

describe('checkFiles', () => {
  it.each(['volumes', 'marathon', 'pods', 'operations', 'targets', 'legacy', 'ids', 'fresh'])(
    'finds nothing in %s',
    (tree) => {
      expect(brief(checked(checkFiles, tree))).toEqual([]);
    },
  );

  it('tells what vanished from what was never there', () => {
    const path = `${AGENT}/drain.config`;
    const vanishing = withSpecial(loadTree('pods'), { kind: 'vanishes', path });
    expect(brief(reportOf(checkFiles, vanishing))).toEqual([`vanished ${path}`]);
    expect(brief(checked(checkFiles, 'pods', [remove(path)]))).toEqual([]);
  });

  it.each([`${first.task}/task.updates`, `${first.run}/pids/forked.pid`, `${first.path}/executor.info`, INFO, BOOT_ID])(
    'finds that %s vanished',
    (path) => {
      const vanishing = withSpecial(loadTree('volumes'), { kind: 'vanishes', path });
      expect(brief(reportOf(checkFiles, vanishing))).toEqual([`vanished ${path}`]);
    },
  );

  it('finds links that leave the tree, and no others', () => {
    const target = '/elsewhere/x';
    const away = checked(checkFiles, 'volumes', [remove(SLAVE_INFO), symlink(SLAVE_INFO, target)]);
    expect(brief(away)).toEqual([`link-leaves-tree ${SLAVE_INFO}`]);
    expect(away[0]?.message).toContain(target);
    const within = [remove(SLAVE_INFO), symlink(SLAVE_INFO, '../latest/slave.info')];
    expect(brief(checked(checkFiles, 'volumes', within))).toEqual([]);
    expect(brief(checked(checkFiles, 'volumes', toFolder(SLAVE_INFO)))).toEqual([]);
  });
});

describe('zeros', () => {
  it.each([
    SLAVE_INFO,
    BOOT_ID,
    INFO,
    `${first.path}/executor.info`,
    `${first.task}/task.updates`,
    `${first.run}/pids/libprocess.pid`,
  ])('are found in %s, all of it', (path) => {
    const size = bytesOf('volumes', path).length;
    const found = checked(checkFiles, 'volumes', [zeros('volumes', path)]);
    expect(found).toMatchObject([{ code: 'zero-filled-file', path, offset: 0, length: size }]);
  });

  it('are an empty message, where they are four', () => {
    expect(brief(checked(checkFiles, 'volumes', [writeBytes(STATE, EMPTY_MESSAGE)]))).toEqual([]);
    expect(brief(checked(checkFiles, 'targets', [writeBytes(STATE_TARGET, EMPTY_MESSAGE)]))).toEqual([]);
  });

  it('are none where the message cannot be empty', () => {
    const found = checked(checkFiles, 'volumes', [writeBytes(SLAVE_INFO, EMPTY_MESSAGE)]);
    expect(brief(found)).toEqual([`zero-filled-file ${SLAVE_INFO}`]);
  });

  it('have a code of their own in the resource state, where that is read', () => {
    const edits = [zeros('volumes', STATE)];
    expect(brief(checked(checkFiles, 'volumes', edits))).toEqual([]);
    expect(brief(checked(checkFiles, 'volumes', edits, '1.7.3'))).toEqual([`zero-filled-file ${STATE}`]);
  });

  it('are not trailing bytes too', () => {
    const found = checked(checkFiles, 'targets', [zeros('targets', STATE_TARGET)]);
    expect(brief(found)).toEqual([`zero-filled-file ${STATE_TARGET}`]);
  });

  it('are not found where one byte is another', () => {
    const path = `${first.run}/pids/libprocess.pid`;
    expect(brief(checked(checkFiles, 'volumes', [writeBytes(path, Buffer.from('\0\0\0x'))]))).toEqual([]);
  });
});

describe('an empty file', () => {
  it.each([
    BOOT_ID,
    SLAVE_INFO,
    STATE,
    `${first.path}/executor.info`,
    `${first.run}/pids/forked.pid`,
    `${first.task}/task.updates`,
  ])('has a code of its own: %s', (path) => {
    expect(brief(checked(checkFiles, 'volumes', [truncate(path)]))).toEqual([]);
  });
});

describe('trailing bytes', () => {
  it.each([SLAVE_INFO, STATE, `${first.path}/executor.info`, `${first.task}/task.info`])(
    'are found behind the record of %s',
    (path) => {
      const size = bytesOf('volumes', path).length;
      const found = checked(checkFiles, 'volumes', [appendBytes(path, Buffer.from('\0\0\n'))]);
      expect(found).toMatchObject([{ code: 'trailing-bytes', path, offset: size, length: 3 }]);
      expect(found[0]?.message).toContain('3 bytes');
    },
  );

  it('are counted in words', () => {
    const [found] = checked(checkFiles, 'volumes', [appendBytes(SLAVE_INFO, Buffer.from('\n'))]);
    expect(found?.message).toMatch(/^1 byte after/);
  });

  it('are records in a sequence, and in a log', () => {
    const edits = [
      appendBytes(INFO, bytesOf('volumes', INFO)),
      appendBytes(`${first.task}/task.updates`, ackRecord(uuid(1))),
    ];
    expect(brief(checked(checkFiles, 'volumes', edits))).toEqual([]);
  });

  it('are none behind a record that does not parse', () => {
    const bad = Buffer.concat([record(Buffer.from([0xff])), Buffer.from('more')]);
    expect(brief(checked(checkFiles, 'volumes', [writeBytes(SLAVE_INFO, bad)]))).toEqual([]);
  });
});

describe('updates out of the order of time', () => {
  const log = `${PODS.pid.task}/task.updates`;

  it('are found at the first that is older than one before it', () => {
    const before = bytesOf('pods', log);
    // The update of `updateRecord` is of 1970.
    const late = updateRecord(uuid(1), { task: 'node-1-server__b1' });
    const found = checked(checkFiles, 'pods', [appendBytes(log, late), appendBytes(log, late)]);
    expect(found).toMatchObject([
      { code: 'updates-out-of-order', path: log, offset: before.length, length: late.length, record: 3 },
    ]);
  });

  it('are in order where they are of the same time', () => {
    const twice = updateRecord(uuid(1), { task: 'node-1-server__b1' });
    expect(brief(checked(checkFiles, 'pods', [writeBytes(log, Buffer.concat([twice, twice]))]))).toEqual([]);
  });
});
