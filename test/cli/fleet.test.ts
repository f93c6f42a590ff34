import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileWith } from '../support/archives.ts';
import { makeFixtureHost, readHostFixture } from '../support/fixture-hosts.ts';
import { anyText, checkAsync, randomly } from '../support/random.ts';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { materialise, pathIn, temporaryFolder } from '../support/trees.ts';

/** Lines of every command that judges, of made-up hosts. */
const gathered = async (): Promise<string> => {
  const broken = materialise('marathon', [{ op: 'truncate', path: pathIn('marathon', /executor\.info$/), size: 3 }]);
  const { root } = makeFixtureHost(readHostFixture('kill-mode'));
  const lines = await Promise.all([
    run(['verify', broken, materialise('legacy'), '/nowhere', '--json']),
    run(['prune', broken, '--json']),
    run(['preflight', '--root', root, '--json']),
  ]);
  return lines.map(({ out }) => out).join('');
};

describe('fleet', () => {
  it('sums up what every command printed, also pretty-printed', async () => {
    const text = await gathered();
    const pretty = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.stringify(JSON.parse(line), null, 2))
      .join('\n');
    const answers = await Promise.all(
      [text, pretty].map((each) => run(['fleet', fileWith(Buffer.from(each), 'r.json'), '--json'])),
    );
    const [one, other] = answers.map(({ out }) => JSON.parse(out));
    expect(one).toEqual(other);
    expect(complaintsOf('fleet', one)).toEqual([]);
    expect(complaintsOf('fleet', { ...one, more: 1 })).not.toEqual([]);
    expect(one).toMatchObject({ command: 'fleet', exitCode: 3, reports: { read: 5 }, noReports: { count: 0 } });
    expect(answers[0]?.exitCode).toBe(3);
    for (const by of ['host', 'finding', 'version', 'cause']) {
      const { out } = await run(['fleet', fileWith(Buffer.from(text)), '--json', '--by', by]);
      const line = JSON.parse(out);
      expect(complaintsOf('fleet', line)).toEqual([]);
      expect(['hosts', 'findings', 'versions', 'causes'].filter((key) => key in line)).toEqual([`${by}s`]);
      expect(line[`${by}s`]).toEqual(one[`${by}s`]);
    }
  });

  it('reads what older versions printed', async () => {
    const text = (await gathered())
      .trimEnd()
      .split('\n')
      .map((line) => {
        const { host: _h, hostFrom: _f, time: _t, takenAt: _a, agentId: _i, judgedOn: _j, ...old } = JSON.parse(line);
        return JSON.stringify('error' in old ? { path: old.path, error: old.error } : old);
      });
    const { out } = await run(['fleet', fileWith(Buffer.from(text.join('\n')))]);
    expect(out).toContain('5 agents: ');
    expect(out.replace(/\s+/g, ' ')).toContain('5 reports do not name the host, so each counts as an agent of its own');
  });

  it('reads folders, names lines that are no report, and fails over none', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'b.json'), 'ssh: connect to host n7: timed out\n');
    fs.writeFileSync(path.join(folder, 'a.jsonl'), await gathered());
    fs.writeFileSync(path.join(folder, 'notes.txt'), 'x');
    const { out, err, exitCode } = await run(['fleet', folder, '/nowhere.json']);
    expect(exitCode).toBe(3);
    expect(err).toBe(
      `mesos-ckpt: ${folder}: not read, because not called .json, .jsonl or .ndjson: notes.txt\n` +
        'mesos-ckpt: /nowhere.json: No such file or directory; expected a file of what verify, preflight, prune or snapshot printed with --json\n',
    );
    expect(out).toMatch(/^\d agents: /);
    expect(out).toContain(`1 line is not a report:\n  ${folder}/b.json:1: it is not JSON\n`);
    expect(out).not.toContain('nowhere.json');
    const csv = await run(['fleet', folder, '--csv']);
    expect(csv.err).toContain(`${folder}/b.json:1: not a report: it is not JSON\n`);
  });

  it('says what a file is that cannot be read, and nothing else where none can', async () => {
    const { out, err, exitCode } = await run(['fleet', '/nowhere.json', '/neither.json']);
    expect(out).toBe('');
    expect(err.match(/^mesos-ckpt: \/(?:nowhere|neither)\.json: No such file or directory; expected /gm)).toHaveLength(
      2,
    );
    expect(exitCode).toBe(3);
    const { out: json } = await run(['fleet', '/nowhere.json', '--json']);
    expect(complaintsOf('fleet', JSON.parse(json))).toEqual([]);
    expect(JSON.parse(json).noReports).toEqual({
      count: 1,
      lines: [{ file: '/nowhere.json', line: 0, why: 'it cannot be read: No such file or directory' }],
    });
  });

  it('leaves no host out silently whose file is empty, because it did not answer', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'a.json'), (await run(['verify', materialise('legacy'), '--json'])).out);
    fs.writeFileSync(path.join(folder, 'gone.json'), '');
    const { out, exitCode } = await run(['fleet', folder]);
    expect(exitCode).toBe(3);
    expect(out).toContain(
      `1 line is not a report:\n  ${folder}/gone.json:1: the file is empty: nothing was reported\n`,
    );
  });

  it.each(['\n', ' \n\n', '[]\n'])('nor whose file holds %j', async (text) => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'a.json'), (await run(['verify', materialise('legacy'), '--json'])).out);
    fs.writeFileSync(path.join(folder, 'gone.json'), text);
    const { out, exitCode } = await run(['fleet', folder]);
    expect(exitCode).toBe(3);
    expect(out).toContain(`${folder}/gone.json:1: the file holds nothing: nothing was reported\n`);
  });

  it('does not wait for a pipe in a folder', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'a.json'), (await run(['verify', materialise('legacy'), '--json'])).out);
    execFileSync('mkfifo', [path.join(folder, 'b.json')]);
    const { out, err } = await run(['fleet', folder]);
    expect(out).toContain('1 agent: ');
    expect(err).toBe(`mesos-ckpt: ${folder}: not read, because a pipe: b.json\n`);
  });

  it('counts a host once of which a copy was looked at and a snapshot taken', async () => {
    const tree = materialise('legacy');
    const snapshot = ['snapshot', tree, '-o', path.join(temporaryFolder(), 'n1.tar.gz'), '--json'];
    const taken = (await run(snapshot)).out;
    const verified = JSON.parse((await run(['verify', tree, '--json'])).out);
    const counted = async (...lines: readonly object[]): Promise<string | undefined> => {
      const text = [...lines.map((line) => JSON.stringify(line)), taken].join('\n');
      return /^\d+ agents?/.exec((await run(['fleet', fileWith(Buffer.from(text))])).out)?.[0];
    };
    expect(verified.hostFrom).toBe('slave.info');
    const collected = { ...verified, hostFrom: 'manifest' };
    expect(await counted(verified)).toBe('1 agent');
    expect(await counted(collected)).toBe('1 agent');
    expect(await counted({ ...collected, agentId: 'another-S1' })).toBe('2 agents');
    expect(await counted({ ...collected, host: 'another' })).toBe('2 agents');
  });

  it('counts no agents and sums nothing up where no line is a report', async () => {
    const { out, exitCode } = await run(['fleet', fileWith(Buffer.from('hello\n'), 'r.json')]);
    const [first, second, third] = out.split('\n');
    expect(`${first} ${second}`).toBe(
      'There is no report here: a report is a line that verify, preflight, prune or snapshot prints with --json.',
    );
    expect(third).toBe('');
    expect(out).toContain('1 line is not a report:\n');
    expect(out).not.toContain('agent');
    expect(exitCode).toBe(3);
  });

  it('shows 80 columns, with who does not come up first', async () => {
    const { out } = await run(['fleet', fileWith(Buffer.from(await gathered()))]);
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(out).toMatch(/^\d agents: 1 fails, 1 is unknown/);
    for (const title of ['Look at these first', 'By cause', 'By finding', 'By version'])
      expect(out).toContain(`\n${title}\n`);
  });

  it('counts running and finished tasks apart, whichever command judged', async () => {
    const folder = materialise('marathon', [{ op: 'truncate', path: pathIn('marathon', /executor\.info$/), size: 3 }]);
    for (const command of ['verify', 'prune']) {
      const { out: line } = await run([command, folder, '--json']);
      const { out } = await run(['fleet', fileWith(Buffer.from(line))]);
      expect(out.replaceAll('\n', ' ')).toMatch(
        / costs 4 of 4 executors and 3 of 3 running tasks \(1 finished task is not counted\)\. Judged by /,
      );
      const { out: json } = await run(['fleet', fileWith(Buffer.from(line)), '--json']);
      expect(JSON.parse(json).upgrade).toMatchObject({ tasks: { of: 3 }, finished: 1 });
    }
  });

  it('shows codes whole, and hosts that differ differently, at 80 columns', async () => {
    const hosts = ['mesos-agent-of-the-shop-01.dc1', 'mesos-agent-of-the-shop-02.dc1'];
    const code = 'unallocated-resources';
    const lines = hosts.map((host) =>
      JSON.stringify({
        ...{ command: 'verify', host, hostFrom: 'host', path: '/', exitCode: 2, mesosVersion: '1.11.0', strict: true },
        modes: { strict: { exitCode: 2, starts: [{ verdict: 'refuses' }, { verdict: 'recovers' }] } },
        findings: [{ code, severity: { strict: 'fatal' } }],
        impact: { counts: { executors: { atStake: 4 }, tasks: { atStake: 3 } } },
        next: { way: 'as-non-strict' },
      }),
    );
    const { out } = await run(['fleet', fileWith(Buffer.from(lines.join('\n')))]);
    const [, table = ''] = out.split('Look at these first\n');
    const [, one, other] = table.split('\n').map((line) => line.split(' ')[0]);
    expect(one).not.toBe(other);
    for (const title of ['By cause', 'By finding']) expect(out.split(`${title}\n`)[1]).toContain(`\n${code} `);
  });

  const cells = (csv: string): readonly (readonly string[])[] =>
    [...csv.matchAll(/(?:(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n))/g)]
      .reduce<string[][]>(
        (rows, [, quoted, plain, end]) => {
          rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
          if (end !== ',') rows.push([]);
          return rows;
        },
        [[]],
      )
      .slice(0, -1);

  const hostile = fc.oneof(
    anyText({ maxLength: 20 }),
    fc
      .array(
        fc.constantFrom(
          '=1+1',
          '@SUM',
          '-2',
          '+3',
          '\t=',
          '"',
          ',',
          '\r\n',
          ';',
          "'",
          '|',
          '\u001b[2J',
          '\u202e',
          '\ud800',
          '＝',
        ),
        { maxLength: 5 },
      )
      .map((parts) => parts.join('')),
  );

  it(randomly('is safe on a screen and in a spreadsheet, whatever hosts say', 60), async () => {
    await checkAsync(
      60,
      fc.asyncProperty(
        fc.array(
          fc.record({
            host: hostile,
            code: hostile,
            path: hostile,
            version: hostile,
            error: fc.option(hostile.filter((text) => text !== '')),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        async (hosts) => {
          const lines = hosts.map(({ host, code, path: given, version, error }) =>
            JSON.stringify({
              command: 'verify',
              host,
              hostFrom: 'host',
              path: given,
              mesosVersion: version,
              ...(error === null ? {} : { error }),
              exitCode: 2,
              strict: true,
              findings: [{ code, severity: { strict: 'fatal' } }],
            }),
          );
          const file = fileWith(Buffer.from(lines.join('\n')));
          const screen = await run(['fleet', file]);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
          expect(screen.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
          expect(screen.out.isWellFormed()).toBe(true);
          for (const by of ['host', 'finding', 'version', 'cause']) {
            const { out } = await run(['fleet', file, '--csv', '--by', by]);
            const rows = cells(out);
            expect(out.isWellFormed()).toBe(true);
            expect(new Set(rows.map((row) => row.length)).size).toBe(1);
            // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
            for (const each of rows.flat()) expect(each).not.toMatch(/^[\s"]*[=+\-@\u{ff1d}]|[\u0000-\u001f]/u);
          }
        },
      ),
    );
  });
});
