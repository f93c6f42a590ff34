import { describe, expect, it } from 'vitest';
import { fileWith, tar } from '../support/archives.ts';
import { run } from '../support/session.ts';
import { materialise } from '../support/trees.ts';
import { TASK } from './trees.ts';

const LOG = `${TASK}/task.updates`;

/** The lines of the time line, from its title on. */
const linesOf = (out: string): readonly string[] => {
  const lines = out.split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith('Time line')));
};

describe('the time line of a task', () => {
  it('has the offset, size and time of each record, and which record acknowledges which', async () => {
    const { out } = await run(['inspect', `${materialise('marathon')}/${TASK}`], { columns: 120 });
    expect(linesOf(out).slice(0, 7)).toEqual([
      'Time line: task.info has 292 bytes, task.updates 1119 bytes in 5 records',
      'RECORD  BYTE  SIZE  TIME                  WHAT                   UUID',
      '     1     0   350  2017-07-14T02:40:01Z  STARTING               7849ff5f-43db-4e99-a453-65e8486eece0',
      '     2   350    24                        acknowledges record 1  7849ff5f-43db-4e99-a453-65e8486eece0',
      '     3   374   350  2017-07-14T02:40:02Z  RUNNING                78bb85f4-6d8b-42b4-b43f-7caa5d3d85b6',
      '     4   724    24                        acknowledges record 3  78bb85f4-6d8b-42b4-b43f-7caa5d3d85b6',
      '     5   748   371  2017-07-14T02:40:03Z  RUNNING  PENDING       78645436-9b58-45bb-9597-daeef930f151',
    ]);
  });

  it('has the time zone of who reads beside UTC, unless UTC alone is asked for', async () => {
    const path = `${materialise('marathon')}/${TASK}`;
    const { out } = await run(['inspect', path], { columns: 120, zone: 'Asia/Kolkata' });
    expect(out).toContain('2017-07-14T02:40:03Z (08:10:03+05:30)  RUNNING  PENDING');
    const { out: utc } = await run(['inspect', path, '--utc'], { columns: 120, zone: 'Asia/Kolkata' });
    expect(utc).toContain('2017-07-14T02:40:03Z  RUNNING  PENDING');
  });

  it('comes behind the table where --task finds one task, and not where it finds several', async () => {
    const path = materialise('marathon');
    const { out } = await run(['inspect', path, '--task', 'nightly_*']);
    expect(out).toContain('FINISHED  PENDING');
    expect(linesOf(out)[0]).toMatch(/^Time line: /);
    const { out: several } = await run(['inspect', path, '--task', 'shop_*']);
    expect(several).not.toContain('Time line');
  });

  it('says from where on the agent reads nothing', async () => {
    const path = materialise('marathon', [{ op: 'truncate', path: LOG, size: 1000 }]);
    const { out } = await run(['inspect', `${path}/${TASK}`]);
    expect(linesOf(out).join(' ').replaceAll(/ +/g, ' ')).toContain(
      'byte 748: a record is truncated: its header says 367 bytes, 248 are present; the agent reads nothing from there on',
    );
  });

  it('is there for an empty log, and not where there is none', async () => {
    const empty = materialise('marathon', [{ op: 'truncate', path: LOG, size: 0 }]);
    const { out } = await run(['inspect', `${empty}/${TASK}`]);
    expect(linesOf(out)[0]).toBe('Time line: task.info has 292 bytes, task.updates 0 bytes in 0 records');
    const none = materialise('marathon', [{ op: 'remove', path: LOG }]);
    const { out: without, exitCode } = await run(['inspect', `${none}/${TASK}`]);
    expect(exitCode).toBe(0);
    expect(without).not.toContain('Time line');
  });

  it('follows no link that leaves the tree', async () => {
    const path = materialise('marathon', [
      { op: 'remove', path: LOG },
      { op: 'symlink', path: LOG, target: '/etc/passwd' },
    ]);
    const { out } = await run(['inspect', `${path}/${TASK}`]);
    expect(out).not.toContain('Time line');
  });

  it('is read from an archive, too', async () => {
    const archive = fileWith(tar(['-C', materialise('marathon'), '-zcf', '-', '.']));
    const { out } = await run(['inspect', archive, '--task', 'nightly_*']);
    expect(linesOf(out).length).toBeGreaterThan(4);
  });
});
