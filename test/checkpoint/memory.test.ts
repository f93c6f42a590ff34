import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { UpdateLog } from '../../src/checkpoint/files.ts';
import { Window } from '../../src/format/window.ts';
import { FolderSource } from '../../src/source/folder.ts';
import type { Source } from '../../src/source/source.ts';
import { logSource, readLog } from '../support/logs.ts';
import { loadTree, materialise, temporaryFolder } from '../support/trees.ts';
import { loadCheckpoint, startsOf } from '../support/verify.ts';
import { ackRecord, record, updateRecord, uuid } from '../support/wire.ts';

/** What a window is at first. */
const SIZE = new Window().buffer.length;
const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** A source whose one file, `task.updates`, says the same records again and again: it is longer than memory need be. */
const endless = (records: Buffer, times: number): Source => ({
  ...bare,
  open: () => ({
    size: () => records.length * times,
    read: (target, at, length, position) => {
      let done = 0;
      while (done < length && position + done < records.length * times) {
        const from = (position + done) % records.length;
        done += records.copy(target, at + done, from, Math.min(records.length, from + length - done));
      }
      return done;
    },
    close: () => undefined,
  }),
});

const bare: Source = {
  name: 'bare',
  list: () => [{ name: 'task.updates', kind: 'file' }],
  kindOf: () => 'file',
  linkTarget: () => ({ code: 'EINVAL' }),
  modified: () => undefined,
  open: () => ({ code: 'ENOENT' }),
};

/** A length, with a few bytes behind it. */
const length = (announced: number): Buffer => record(Buffer.alloc(16), announced);

describe('the window over a log', () => {
  it('stays as it is over a log of many MiB', () => {
    const records = Buffer.concat([updateRecord(uuid(1), { padding: 60_000 }), ackRecord(uuid(1))]);
    const times = Math.ceil((40 * MIB) / records.length);
    const { log, reader } = readLog(endless(records, times));
    expect(log).toMatchObject({ size: records.length * times, end: records.length * times, ending: { kind: 'clean' } });
    expect([log.records, log.updates]).toEqual([2 * times, times]);
    expect(reader.window.buffer.length).toBe(SIZE);
  });

  it('grows to the largest record', () => {
    const large = updateRecord(uuid(2), { padding: 3 * MIB });
    const { log, reader } = readLog(logSource(Buffer.concat([updateRecord(uuid(1)), large, updateRecord(uuid(3))])));
    expect(log.updates).toBe(3);
    expect(reader.window.buffer.length).toBe(large.length);
  });

  it.each([4 * MIB, GIB, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])(
    'stays as it is before a length of %i that lies',
    (lie) => {
      const start = updateRecord(uuid(1));
      const { log, reader } = readLog(logSource(Buffer.concat([start, length(lie), updateRecord(uuid(2))])));
      expect(log).toMatchObject({
        updates: 1,
        end: start.length,
        ending: { kind: 'torn', offset: start.length, announced: lie },
      });
      expect(reader.window.buffer.length).toBe(SIZE);
    },
  );
});

/** A file on disk that is as long as it says, though most of it is a hole. */
const sparse = (file: string, head: Buffer, size: number): void => {
  fs.writeFileSync(file, head);
  fs.truncateSync(file, size);
};

const readSparse = (head: Buffer, size: number): { log: UpdateLog; buffer: Buffer } => {
  const folder = temporaryFolder();
  sparse(path.join(folder, 'task.updates'), head, size);
  const { log, reader } = readLog(new FolderSource(folder));
  return { log, buffer: reader.window.buffer };
};

describe('a vast file on disk', () => {
  it('is not read for a length of 4 GiB that lies', () => {
    const size = GIB + 5;
    const { log, buffer } = readSparse(length(2 ** 32 - 1), size);
    expect(log.size).toBe(size);
    expect(log.ending).toEqual({ kind: 'torn', offset: 0, announced: 2 ** 32 - 1, available: size - 4 });
    expect(buffer.length).toBe(SIZE);
  });

  it('is not read for a record that no parser takes', () => {
    const { log, buffer } = readSparse(length(2 ** 31), 3 * GIB);
    expect(log.ending).toEqual({ kind: 'oversized', offset: 0, announced: 2 ** 31 });
    expect(buffer.length).toBe(SIZE);
  });

  it('has what is before the lie', () => {
    const start = Buffer.concat([updateRecord(uuid(1)), ackRecord(uuid(1))]);
    const { log, buffer } = readSparse(Buffer.concat([start, length(2 ** 32 - 1)]), GIB);
    expect(log).toMatchObject({
      records: 2,
      end: start.length,
      ending: { kind: 'torn', available: GIB - start.length - 4 },
    });
    expect(buffer.length).toBe(SIZE);
  });

  it('in the place of any file of a checkpoint is damage like any other', () => {
    const tree = loadCheckpoint(loadTree('marathon'));
    const folder = materialise('marathon');
    const info = path.join(folder, tree.agent?.path ?? '', 'slave.info');
    sparse(info, length(2 ** 32 - 1), GIB);
    const checkpoint = loadCheckpoint(new FolderSource(folder));
    expect(checkpoint.agent?.info).toMatchObject({
      kind: 'torn',
      announced: 2 ** 32 - 1,
      available: GIB - 4,
      size: GIB,
    });
    expect(startsOf(checkpoint)[0]?.messages).toEqual([
      `Failed to read agent info from '/var/lib/mesos/${tree.agent?.path}/slave.info': ` +
        'Failed to read message of size 4294967295 bytes: hit EOF unexpectedly, possible corruption',
    ]);
  });

  it('of text is read in its beginning only', () => {
    const folder = materialise('marathon');
    sparse(path.join(folder, 'meta/boot_id'), Buffer.from('a boot id\n'), GIB);
    const { bootId } = loadCheckpoint(new FolderSource(folder));
    if (bootId.kind !== 'text') throw new Error(bootId.kind);
    expect(bootId.text.length).toBe(MIB);
    expect(bootId.text.startsWith('a boot id\n\0')).toBe(true);
  });
});
