import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageNames } from '../../src/schema/index.ts';
import { fileWith, tar } from '../support/archives.ts';
import { checkAsync, randomly } from '../support/random.ts';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { materialise, pathIn, temporaryFolder } from '../support/trees.ts';
import { ackRecord, bytes, double, int, record, sub, updateRecord, uuid } from '../support/wire.ts';

const COMMAND = fileURLToPath(new URL('../../bin/mesos-ckpt.js', import.meta.url));

const written = (name: string, content: Buffer): string => {
  const file = path.join(temporaryFolder(), name);
  fs.writeFileSync(file, content);
  return file;
};

const jsonOf = (out: string): readonly Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const SECRET = 'hunter2-hunter2';
/** The info of an executor with a variable of its environment. */
const withSecret = record(
  Buffer.concat([
    sub(1, bytes(1, 'e')),
    sub(7, sub(2, sub(1, bytes(1, 'PASSWORD'), bytes(2, SECRET))), bytes(3, 'run\u001b[31m')),
  ]),
);

describe('decode', () => {
  it('says how a file of a copy is reached to which only a link of the agent leads', async () => {
    const tree = materialise('marathon');
    const file = 'meta/slaves/latest/slave.info';
    const { err, exitCode } = await run(['decode', path.join(tree, file)]);
    expect(exitCode).toBe(3);
    expect(err).toContain(`in a copy, latest leads nowhere; give --in ${tree} ${file}, which follows it\n`);
    expect((await run(['decode', '--in', tree, file])).exitCode).toBe(0);
    expect((await run(['decode', path.join(tree, 'meta/slaves/slave.info')])).err).toContain(
      'No such file or directory\n',
    );
  });

  it('shows a log record by record, and one of them alone', async () => {
    const log = written('task.updates', Buffer.concat([updateRecord(uuid(1)), ackRecord(uuid(1))]));
    const { out, exitCode } = await run(['decode', log]);
    expect(exitCode).toBe(0);
    expect(out.match(/^# record .*/gm)).toEqual([
      '# record 1 at byte 0, 49 bytes: mesos.internal.StatusUpdateRecord',
      '# record 2 at byte 49, 24 bytes: mesos.internal.StatusUpdateRecord',
    ]);
    const second = await run(['decode', log, '--record', '2']);
    expect(second.out).toBe(
      'type: ACK\nuuid: "\\000\\000\\000\\001\\000\\000@\\000\\000\\000\\000\\000\\000\\000\\000\\000"\n',
    );
    expect((await run(['decode', log, '--record', '3'])).err).toBe(
      `mesos-ckpt: cannot decode ${log}: there is no record 3: the last that decodes, or is begun, is record 2\n`,
    );
  });

  it('annotates bytes, and says beside them where they stop making sense', async () => {
    const torn = written(
      'task.info',
      record(Buffer.concat([bytes(1, 'sleep'), sub(2, bytes(1, 'task'))])).subarray(0, 15),
    );
    const { out, exitCode } = await run(['decode', torn, '--format', 'hex']);
    expect(exitCode).toBe(1);
    expect(out).toBe(`00000000  0f 00 00 00              length: 15 bytes
00000004  0a 05 73 6c 65 65 70     1 name: "sleep"
0000000b  12 06                    2 task_id: 6 bytes
>>> a record is truncated: its header says 15 bytes, 11 are present
0000000d  0a 04                    ..
`);
  });

  it('prints the JSON mapping, and the bytes of a message', async () => {
    const update = Buffer.concat([
      sub(1, bytes(1, 'f')),
      sub(4, sub(1, bytes(1, 't')), int(2, 1)),
      double(5, 1.5),
      bytes(6, uuid(7)),
    ]);
    const log = written('task.updates', record(Buffer.concat([int(1, 0), sub(2, update)])));
    expect(JSON.parse((await run(['decode', log, '--format', 'json'])).out)).toEqual({
      type: 'UPDATE',
      update: {
        frameworkId: { value: 'f' },
        status: { taskId: { value: 't' }, state: 'TASK_RUNNING' },
        timestamp: 1.5,
        uuid: uuid(7).toString('base64'),
      },
    });
    const raw: Uint8Array[] = [];
    await run(['decode', log, '--format', 'raw'], { bytes: (chunk) => raw.push(Buffer.from(chunk)) });
    expect(Buffer.concat(raw).toString('hex')).toBe(fs.readFileSync(log).subarray(4).toString('hex'));
  });

  it.each(['text', 'json', 'hex'])(
    'shows no secret unasked, and no text of a framework as it is: %s',
    async (format) => {
      const file = written('executor.info', withSecret);
      const { out } = await run(['decode', file, '--format', format, '--wide']);
      expect(out).toContain('PASSWORD');
      expect(out).toContain('<redacted>');
      expect(out).not.toContain(SECRET);
      expect(out).not.toContain('\u001b');
      expect(out.replaceAll(/\s/g, '')).not.toContain(Buffer.from(SECRET).subarray(0, 6).toString('hex'));
      expect((await run(['decode', file, '--format', format, '--wide', '--show-secrets'])).out).toContain(SECRET);
    },
  );

  it('reads standard input, and a file in an archive or a tree', async () => {
    const folder = materialise('marathon');
    const inTree = pathIn('marathon', /slave\.info$/);
    const wanted = await run(['decode', path.join(folder, inTree)]);
    expect(wanted.out).toContain('hostname: ');
    const archive = fileWith(tar(['-C', folder, '-zcf', '-', '.']));
    expect(await run(['decode', '--in', archive, inTree])).toEqual(wanted);
    expect((await run(['decode', '--in', folder, `/var/lib/mesos/${inTree}`])).out).toBe(wanted.out);
    const input = fs.readFileSync(path.join(folder, inTree));
    const { stdout, status } = spawnSync(
      process.execPath,
      [COMMAND, 'decode', '-', '--type', 'SlaveInfo', '--record', '1'],
      {
        input,
        encoding: 'utf8',
      },
    );
    expect({ stdout, status }).toEqual({ stdout: wanted.out, status: 0 });
  });

  it('follows the links on the way as the agent does, and none out of the tree', async () => {
    const wanted = await run(['decode', '--in', materialise('marathon'), pathIn('marathon', /slave\.info$/)]);
    const folder = materialise('marathon', [
      { op: 'symlink', path: 'meta/slaves/out', target: '/etc' },
      { op: 'symlink', path: 'meta/slaves/round', target: 'round' },
    ]);
    const archive = fileWith(tar(['-C', folder, '-zcf', '-', '.']));
    for (const tree of [folder, archive]) {
      expect((await run(['decode', '--in', tree, 'meta/slaves/latest/slave.info'])).out).toBe(wanted.out);
      const out = await run(['decode', '--in', tree, 'meta/slaves/out/passwd', '--type', 'Task']);
      expect([out.exitCode, out.err]).toEqual([
        3,
        expect.stringContaining('it is a link that leaves the tree, to /etc'),
      ]);
      const round = await run(['decode', '--in', tree, 'meta/slaves/round/slave.info']);
      expect([round.exitCode, round.err]).toEqual([
        3,
        expect.stringContaining('cannot decode meta/slaves/round/slave.info'),
      ]);
      const none = await run(['decode', '--in', tree, 'meta/slaves/latest/nothing', '--type', 'Task']);
      expect([none.exitCode, none.err]).toEqual([3, expect.stringContaining('there is no such file in it')]);
    }
  });

  it('reads standard input once', async () => {
    const { err, exitCode } = await run(['decode', '-', '-', '--type', 'Task']);
    expect([err, exitCode]).toEqual(['mesos-ckpt: standard input (-) is asked for more than once\n', 3]);
  });

  it('knows text, markers and links by their place', async () => {
    const folder = materialise('marathon');
    expect((await run(['decode', path.join(folder, 'meta/boot_id')])).out).toMatch(/^[0-9a-f-]{36}\n$/);
    const { out } = await run(['decode', path.join(folder, 'meta/boot_id'), '--json']);
    expect(complaintsOf('decode', JSON.parse(out))).toEqual([]);
    expect(jsonOf(out)[0]).toMatchObject({ kind: 'boot_id', type: null });
  });

  it.each([
    [['/nowhere/task.info'], 'cannot decode /nowhere/task.info: No such file or directory'],
    [['/tmp'], 'cannot decode /tmp: it is a folder; inspect shows what is in one'],
    [['README.md'], 'its name does not tell what is in it; --type does, such as --type mesos.Task'],
    [['README.md', '--type', 'Tsak'], "'Tsak' is not a message that a checkpoint holds"],
    [['README.md', '--type', 'status'], "'status' is not a message; did you mean "],
    [['README.md', '--type', 'Label'], "'Label' is the name of several: "],
    [['README.md', '--bare'], '--bare needs --type'],
    [['README.md', '--json', '--format', 'hex'], '--json is a format of its own'],
    [['README.md', '--record', '0'], 'Records are counted from 1.'],
    [[''], 'a FILE is empty: is a variable not set?'],
    [['--in', '/nowhere', 'meta/boot_id'], '/nowhere: no such folder'],
  ])('says what is wrong with %j', async (argv, message) => {
    const { err, exitCode } = await run(['decode', ...argv]);
    expect(err).toContain(message);
    expect(exitCode).toBe(3);
  });

  it(randomly('never fails on any bytes, in any format, and its JSON is as its schema says', 200), async () => {
    const file = path.join(temporaryFolder(), 'record');
    await checkAsync(
      200,
      fc.asyncProperty(
        fc.constantFrom(...messageNames),
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }).map((each) => Buffer.from(each)),
          fc
            .array(
              fc.uint8Array({ maxLength: 30 }).map((each) => record(Buffer.from(each))),
              { maxLength: 4 },
            )
            .map(Buffer.concat),
          fc.nat(withSecret.length).map((length) => withSecret.subarray(0, length)),
        ),
        fc.constantFrom('text', 'json', 'hex'),
        fc.subarray(['--resync', '--bare', '--wide', '--show-secrets']),
        async (type, content, format, flags) => {
          fs.writeFileSync(file, content);
          const argv = ['decode', file, '--type', type, ...flags];
          const { exitCode } = await run([...argv, '--format', format]);
          expect([0, 1]).toContain(exitCode);
          const { out } = await run([...argv, '--json']);
          for (const line of out === '' ? [] : jsonOf(out)) expect(complaintsOf('decode', line)).toEqual([]);
        },
      ),
    );
  });
});
