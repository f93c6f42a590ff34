import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Folder } from '../../src/apply/folder.ts';
import { type Processes, takeLock } from '../../src/apply/lock.ts';
import { withTree } from '../../src/apply/tree.ts';
import { temporaryFolder } from '../support/trees.ts';
import { meeting, quickly } from './calls.ts';
import { apply, CHANGES, FakeProcesses, makeTree, planned, targetAt, undo } from './support.ts';

quickly();

const base = (): Folder => Folder.given(temporaryFolder());
const locks = (folder: Folder): readonly string[] => fs.readdirSync(folder.name);

describe('a lock', () => {
  it('is held against others, and leaves nothing behind', () => {
    const folder = base();
    const processes = new FakeProcesses();
    const first = processes.start();
    const lock = takeLock(folder, first);
    expect(() => takeLock(folder, processes.start())).toThrow(
      new RegExp(`another mesos-ckpt is changing this tree \\(process ${first.pid} on .*\\): wait until it is done`),
    );
    expect(locks(folder)).toHaveLength(1);
    lock.release();
    takeLock(folder, processes.start()).release();
    expect(locks(folder)).toEqual([]);
  });

  it('of a process that is gone is no obstacle, and is taken away', () => {
    const folder = base();
    const processes = new FakeProcesses();
    const dead = processes.start();
    takeLock(folder, dead);
    processes.kill(dead.pid);
    takeLock(folder, processes.start()).release();
    expect(locks(folder)).toEqual([]);
  });

  it.each<readonly [string, (stat: string) => string]>([
    ['whose pid another process has by now', (stat) => stat.replace('101000', '999999')],
    ['that waits for its parent', (stat) => stat.replace(') S ', ') Z ')],
  ])('of a process %s is none either', (_, change) => {
    const folder = base();
    const processes = new FakeProcesses();
    const dead = processes.start();
    takeLock(folder, dead);
    const stat = `${processes.folder}/${dead.pid}/stat`;
    fs.writeFileSync(stat, change(fs.readFileSync(stat, 'utf8')));
    takeLock(folder, processes.start()).release();
    expect(locks(folder)).toEqual([]);
  });

  it('that cannot be taken away on the way out is dead when its process has ended', async () => {
    const folder = base();
    const processes = new FakeProcesses();
    const own = processes.start();
    const lock = takeLock(folder, own);
    const failing = (name: string): void => {
      if (name === 'unlinkSync') throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'unlink' });
    };
    await meeting(failing, async () => lock.release());
    expect(locks(folder)).toHaveLength(1);
    processes.kill(own.pid);
    takeLock(folder, processes.start()).release();
    expect(locks(folder)).toEqual([]);
  });

  it('of before a reboot is none either', () => {
    const folder = base();
    const processes = new FakeProcesses();
    takeLock(folder, processes.start());
    fs.writeFileSync(`${processes.folder}/sys/kernel/random/boot_id`, 'another\n');
    takeLock(folder, processes.start()).release();
    expect(locks(folder)).toEqual([]);
  });

  it.each<readonly [string, (processes: FakeProcesses, own: Processes) => Processes]>([
    [
      'of another host',
      (processes, own) => {
        fs.writeFileSync(`${processes.folder}/sys/kernel/random/boot_id`, 'another\n');
        return { ...own, host: 'another' };
      },
    ],
    [
      'of another namespace of pids',
      (processes, own) => {
        fs.rmSync(`${processes.folder}/self/ns/pid`);
        fs.symlinkSync('pid:[2]', `${processes.folder}/self/ns/pid`);
        return own;
      },
    ],
    [
      'of a process that runs by other clocks, so that its start reads otherwise',
      (processes, own) => {
        const stat = `${processes.folder}/101/stat`;
        fs.writeFileSync(stat, fs.readFileSync(stat, 'utf8').replace('101000', '999999'));
        fs.symlinkSync('time:[2]', `${processes.folder}/self/ns/time`);
        return own;
      },
    ],
  ])('%s cannot be judged: it is named', (_, change) => {
    const folder = base();
    const processes = new FakeProcesses();
    takeLock(folder, processes.start());
    const [name] = locks(folder);
    expect(() => takeLock(folder, change(processes, processes.start()))).toThrow(
      new RegExp(`may be changing this tree .*: where it is not, remove .*/${name}$`),
    );
    expect(locks(folder)).toEqual([name]);
  });

  it('that nobody can read is named', () => {
    const folder = base();
    fs.writeFileSync(`${folder.name}/lock-1-2-3`, 'x');
    expect(() => takeLock(folder, new FakeProcesses().start())).toThrow(/somebody, which cannot be seen.*lock-1-2-3/);
  });

  it('that was not yet written when its process died is taken away', () => {
    const folder = base();
    fs.writeFileSync(`${folder.name}/.lock-5-6-abc`, '{"pid"');
    takeLock(folder, new FakeProcesses().start()).release();
    expect(locks(folder)).toEqual([]);
  });

  it('is held by one at most, whichever call of one another comes between', async () => {
    let isOver = false;
    for (let at = 0; !isOver; at++) {
      const folder = base();
      const processes = new FakeProcesses();
      const held: string[] = [];
      const take = (who: string): void => {
        try {
          takeLock(folder, processes.start());
          held.push(who);
        } catch {
          // The other one was there first.
        }
      };
      let count = 0;
      await meeting(
        () => {
          if (count++ === at) take('second');
        },
        async () => take('first'),
      );
      isOver = count <= at;
      expect(held.length, `before call ${at}: ${held}`).toBeLessThanOrEqual(1);
      folder.close();
    }
  });
});

it('leaves nothing of a lock that the disk has no room for', async () => {
  const folder = base();
  const processes = new FakeProcesses();
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write', errno: -1 });
  const taken = meeting(
    (name) => {
      if (name === 'writeSync') throw full;
    },
    async () => takeLock(folder, processes.start()),
  );
  await expect(taken).rejects.toThrow(
    /^nothing can be written in .*: no space left on device .*; nothing was changed$/,
  );
  expect(locks(folder)).toEqual([]);
});

it('makes the folder of journals again, where another run has just taken it away', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  for (let at = 0; at < 6; at++) {
    let count = 0;
    let isGone = false;
    const drop = (): void => {
      if (count++ !== at || !fs.existsSync(`${folder}/mesos-ckpt`)) return;
      try {
        fs.rmdirSync(`${folder}/mesos-ckpt`);
        isGone = true;
      } catch {
        // The lock is in it already.
      }
    };
    const held = await meeting(
      (name) => {
        if (['openSync', 'mkdirSync', 'fsyncSync'].includes(name)) drop();
      },
      () => withTree(targetAt(folder), processes.start(), async ({ base: { name } }) => fs.existsSync(name)),
    );
    expect(held, `before call ${at}, gone: ${isGone}`).toBe(true);
  }
});

it('keeps a second run off a tree', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  const steps = planned(folder, CHANGES);
  const errors: string[] = [];
  const { place } = await apply(folder, steps, processes.start(), {
    onStep: (done) => {
      if (done !== 5) return;
      void apply(folder, steps, processes.start()).catch((error: Error) => errors.push(error.message));
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(errors).toEqual([expect.stringMatching(/another mesos-ckpt is changing this tree/)]);
  await undo(place, processes.start());
});
