import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/text/width.ts';
import { fileWith, tar } from '../support/archives.ts';
import { run } from '../support/session.ts';
import { HOME, materialise, temporaryFolder, treeNames } from '../support/trees.ts';
import { AGENT } from '../verify/places.ts';

/** The lines that may be wider than the screen: what an operator copies, a path or the agent's message, is not broken. */
const isCopied = (line: string): boolean => {
  const words = line.trim().split(' ');
  return (
    line.startsWith('  mesos-ckpt ') ||
    /^ {2}meta\//.test(line) ||
    /^ {2}slaves\//.test(line) ||
    words.some((word) => word.length > 60)
  );
};

const bootIdOf = (root: string): string => fs.readFileSync(path.join(root, 'meta/boot_id'), 'utf8').trim();
const SAMPLE = path.resolve('fixtures/sample-agent');
const TASK =
  'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7/frameworks/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0002/' +
  'executors/db-docker.1/runs/8f1c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e21/tasks/db-docker.1';
const EXECUTOR = TASK.slice(0, TASK.indexOf('/runs/'));
const AGENT_ID = '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';

describe('the screen', () => {
  it('is six lines at most where all is well', async () => {
    const root = materialise('volumes');
    const ran = await run(['verify', root, '--boot-id', bootIdOf(root), '--sandboxes', 'ignore']);
    expect(ran).toEqual({
      out: `Agent ${AGENT_ID} on node7.example: 2 executors, 2
  tasks
strict: recovers
non-strict: recovers
For Mesos 1.11.0, a copy of /var/lib/mesos, not rebooted
RESULT  RECOVERS (strict)
`,
      err: '',
      exitCode: 0,
    });
  });

  it('says what a bad record costs, and that the second try succeeds', async () => {
    // The last record's first tag becomes one of wire type 7.
    const root = materialise('volumes', [{ op: 'flip', path: `${TASK}/task.updates`, offset: 4, mask: 0x07 }]);
    const ran = await run(['verify', root, '--boot-id', bootIdOf(root), '--sandboxes', 'ignore']);
    expect(ran.exitCode).toBe(2);
    expect(ran.out.split('\n').slice(2, 6)).toEqual([
      "strict: refuses once, having cut db-docker.1's log; starts at the second try, 2",
      '  updates lost',
      'non-strict: recovers, 2 updates lost, 1 error counted',
      '',
    ]);
    expect(ran.out).toContain("  …/task.updates': Failed to deserialize message\n");
    const whole = await run(['verify', root, '--boot-id', bootIdOf(root), '--sandboxes', 'ignore', '--log']);
    expect(whole.out).toContain(
      `Failed to read status updates file  '${HOME}/${TASK}/task.updates': Failed to deserialize message`,
    );
    expect(ran.out).toMatch(/\nRESULT {2}REFUSES \(strict, starts at try 2\): 1 fatal\n/);
    expect(ran.out).toContain('slave/recovery_errors: strict 0, non-strict 1');
    expect(ran.out).toContain(`${TASK}/task.updates (byte 0, `);
    expect(ran.out).toMatch(/set back: task db-docker\.1/);
  });

  it('says that it refuses again and again', async () => {
    const root = materialise('volumes', [{ op: 'truncate', path: `${EXECUTOR}/executor.info`, size: 9 }]);
    const { out, exitCode } = await run(['verify', root, '--boot-id', bootIdOf(root), '--sandboxes', 'ignore']);
    expect(exitCode).toBe(2);
    expect(out).toContain('\nstrict: refuses to start, and again at every start\n');
    expect(out).toMatch(
      /\nRESULT {2}REFUSES \(strict, every start\): 1 fatal\nNEXT {4}\S.*\n {2}mesos-ckpt prune \S+ .*\n$/,
    );
    expect(out).toContain('non-strict: recovers, 1 executor and 1 task lost, 1 error counted\n');
    expect(out).toContain('forgotten: db-docker.1 (1 task)');
  });

  it('keeps to its width at 60, 80 and 132 columns, but for what is copied from it', async () => {
    let lines = 0;
    const roots = treeNames.map((name) => materialise(name));
    for (const columns of [60, 80, 132]) {
      const { out } = await run(['verify', ...roots, SAMPLE], { columns });
      for (const line of out.split('\n')) {
        if (isCopied(line)) continue;
        lines++;
        expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
      }
    }
    expect(lines).toBeGreaterThan(1000);
  });

  it('has colours where they are asked for, and says the same without them', async () => {
    const plain = await run(['verify', SAMPLE]);
    const coloured = await run(['verify', SAMPLE], { colour: true });
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    expect(coloured.out).toMatch(escapes);
    expect(coloured.out.replace(escapes, '')).toBe(plain.out);
    expect(plain.out).not.toMatch(escapes);
  });
});

describe('an agent that nothing names', () => {
  it('is counted as forgotten, and the place of the tree is known from its runs', async () => {
    const root = materialise('marathon', [{ op: 'remove', path: 'meta/slaves/latest' }]);
    const { out } = await run(['verify', root]);
    expect(out).toContain('strict: comes up as a new agent, and forgets 4 executors and 3 tasks\n');
    const json = JSON.parse((await run(['verify', root, '--json'])).out);
    expect(json).toMatchObject({ workDir: HOME, inPlace: false, rebooted: false, exitCode: 2 });
    expect(json.impact.counts.tasks).toMatchObject({ live: 0, forgotten: 3, ended: 1 });
    const agent = '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';
    expect(json.findings[0].message).toContain(`ln -sfn ${HOME}/meta/slaves/${agent} ${HOME}/meta/slaves/latest`);
  });

  it('waits where the link leads nowhere, because the agent does not come up', async () => {
    const link = { op: 'symlink', path: 'meta/slaves/latest', target: `${HOME}/meta/slaves/gone` } as const;
    const root = materialise('marathon', [{ op: 'remove', path: 'meta/slaves/latest' }, link]);
    const json = JSON.parse((await run(['verify', root, '--json'])).out);
    expect(json.impact.counts.executors).toMatchObject({ forgotten: 0, atStake: 4 });
  });
});

describe('the exit code', () => {
  const codes = async (args: readonly string[]): Promise<number> => (await run(['verify', ...args])).exitCode;

  it('is that of the mode that is asked for', async () => {
    expect(await codes([SAMPLE])).toBe(2);
    expect(await codes([SAMPLE, '--strict'])).toBe(2);
    expect(await codes([SAMPLE, '--no-strict'])).toBe(1);
  });

  it('is 0 for an agent that is fresh', async () => {
    expect(await codes([materialise('fresh')])).toBe(0);
  });

  it('is 2 for a new agent that forgets what was there', async () => {
    const latest = 'meta/slaves/latest';
    expect(await codes([materialise('marathon', [{ op: 'remove', path: latest }])])).toBe(2);
  });

  it('is 3 where no checkpoint is', async () => {
    const empty = temporaryFolder();
    const { out, exitCode } = await run(['verify', empty]);
    expect(exitCode).toBe(3);
    expect(out).toContain('meta-missing');
  });

  it('is the worst of several', async () => {
    expect(await codes([materialise('fresh'), SAMPLE])).toBe(2);
    expect(await codes([path.join(SAMPLE, 'nowhere'), SAMPLE])).toBe(3);
  });
});

describe('a path that cannot be used', () => {
  it('is one line on standard error, and the others are still done', async () => {
    const missing = path.join(SAMPLE, 'nowhere');
    const { out, err, exitCode } = await run(['verify', missing, SAMPLE]);
    expect(exitCode).toBe(3);
    expect(err).toBe(
      `mesos-ckpt: ${missing}: no such folder; expected the agent's work_dir, its meta, or the folder of an agent, ` +
        'framework, executor, run or task\n',
    );
    expect(out).toContain('strict: refuses to start');
  });

  it('is a line of JSON with --json', async () => {
    const file = path.resolve('package.json');
    const { out, err } = await run(['verify', file, SAMPLE, '--json']);
    const [first, second, last] = out.split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      path: file,
      command: 'verify',
      hostFrom: 'path',
      error: expect.stringContaining('neither a folder nor'),
    });
    expect(JSON.parse(second ?? '')).toMatchObject({ path: SAMPLE, command: 'verify', exitCode: 2 });
    expect(last).toBe('');
    expect(err).toBe('');
  });

  it('is so where it is the folder of a part, of which no more is there', async () => {
    const root = materialise('marathon');
    const { err, exitCode } = await run(['verify', path.join(root, 'meta/slaves/latest')]);
    expect([exitCode, err]).toEqual([1, expect.stringContaining(`a checkpoint, which is read whole: ${root}\n`)]);
    fs.renameSync(`${root}/${AGENT}`, `${root}/agent`);
    const part = await run(['verify', path.join(root, 'agent')]);
    expect([part.exitCode, part.err]).toEqual([3, expect.stringContaining('the folder of one agent')]);
  });
});

describe('usage', () => {
  it.each([
    [['verify'], 'no PATH is given'],
    [['verify', SAMPLE, '--mesos-version', 'soon'], "--mesos-version: 'soon' is not a version"],
    [['verify', SAMPLE, '--mesos-version', '1.3.2'], 'older than 1.4.0'],
    [['verify', SAMPLE, '--work-dir', 'mesos'], "'mesos' is not an absolute path"],
    [['verify', SAMPLE, '--boot-id', ' '], 'it is empty'],
    [['verify', SAMPLE, '--state'], '--state needs --json'],
    [['verify', SAMPLE, '--rebooted', '--boot-id', 'x'], 'cannot be used with'],
    [['verify', SAMPLE, '--launcher', 'docker'], 'Allowed choices are posix, linux'],
    [['verfy', SAMPLE], 'Did you mean verify?'],
  ])('%j ends with 3 and says what is wrong', async (argv, message) => {
    const { out, err, exitCode } = await run(argv);
    expect(exitCode).toBe(3);
    expect(err).toContain(message);
    expect(out).toBe('');
  });

  it('shows the exit codes in every help', async () => {
    for (const argv of [['--help'], ['verify', '--help'], ['inspect', '--help']]) {
      const { out, exitCode } = await run(argv);
      expect(exitCode).toBe(0);
      expect(out).toContain('3  the command could not do its work');
    }
  });
});

describe('what comes from frameworks', () => {
  it('is escaped on the screen and valid in JSON', async () => {
    const evil = 'a\u001b[2Jb\u202ec\u009b31m';
    const root = materialise('volumes', [{ op: 'rename', path: EXECUTOR, to: `${path.dirname(EXECUTOR)}/${evil}` }]);
    const screen = await run(['verify', root]);
    const json = await run(['verify', root, '--json', '--state']);
    const hostile = new RegExp(`[${String.fromCharCode(27, 0x202e, 0x9b)}]`);
    expect(screen.out).not.toMatch(hostile);
    expect(screen.out).toContain('a\\x1b[2Jb\\u202ec\\u009b31m');
    expect(json.out).not.toMatch(hostile);
    expect(JSON.stringify(JSON.parse(json.out))).toContain(JSON.stringify(evil).slice(1, -1));
  });
});

describe('an archive with a leading folder', () => {
  it('is read without a word about it, but for a part of a checkpoint', async () => {
    const folder = materialise('marathon');
    const name = path.basename(folder);
    const whole = fileWith(tar(['-C', path.dirname(folder), '-cf', '-', name]));
    expect((await run(['verify', whole])).err).toBe('');
    const part = fileWith(tar(['-C', folder, `--transform=s,^meta/slaves,${name},`, '-cf', '-', AGENT]));
    expect((await run(['inspect', part])).err).toContain(`: the folder of one agent in it is read: ${name}/`);
  });
});

describe('links of a copy', () => {
  it('give the same answers wherever it is, and whatever it is called', async () => {
    const at = async (root: string): Promise<object> => {
      const { out } = await run(['verify', root, '--json', '--state', '--boot-id', 'x']);
      const { path: _path, time: _time, ...rest } = JSON.parse(out);
      return rest;
    };
    const [one, other] = [materialise('marathon'), materialise('marathon')];
    const moved = path.join(path.dirname(other), `${path.basename(other)} (moved)`);
    fs.renameSync(other, moved);
    expect(await at(moved)).toEqual(await at(one));
    fs.renameSync(moved, other);
  });
});
