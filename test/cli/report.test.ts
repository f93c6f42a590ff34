import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TimeLineRecord as Row } from '../../src/report/page/document.ts';
import { PageData } from '../page/page-data.ts';
import { fileWith, tar } from '../support/archives.ts';
import { collect } from '../support/collect.ts';
import { makeHostOnDisk, readHostFixture } from '../support/fixture-hosts.ts';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { materialise, pathIn, temporaryFolder, treeNames } from '../support/trees.ts';
import { ackRecord, bytes, record, sub, updateRecord, uuid } from '../support/wire.ts';

const SAMPLE = 'fixtures/sample-agent';
const LOG = pathIn('marathon', /task\.updates$/);

const documentOf = async (...argv: readonly string[]) => {
  const { out, err, exitCode } = await run(['report', ...argv, '--json']);
  const json = JSON.parse(out);
  expect(complaintsOf('report', json), argv.join(' ')).toEqual([]);
  expect(json.exitCode).toBe(exitCode);
  return { json, err, exitCode };
};

const pageOf = async (
  ...argv: readonly string[]
): Promise<{ html: string; data: PageData; exitCode: number; out: string }> => {
  const file = path.join(temporaryFolder(), 'report.html');
  const { exitCode, err, out } = await run(['report', ...argv, '-o', file]);
  expect(err).toBe('');
  const html = fs.readFileSync(file, 'utf8');
  return { html, data: new PageData(html), exitCode, out };
};

const linesOf = async (...argv: readonly string[]) => JSON.parse((await run([...argv, '--json'])).out);
/** A document but for when it was made. */
const timeless = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, each) => (key === 'time' ? undefined : each)));

describe('the document of a report', () => {
  it.each(treeNames)('is as schema/report.json says: %s', async (tree) => {
    const { json } = await documentOf(materialise(tree));
    expect(json.reports).toHaveLength(1);
  });

  it.each(['a framework', 'an executor', 'a log'])(
    'has the time lines of tasks to which a link leads: %s',
    async (what) => {
      const tree = materialise('marathon');
      const { json: plain } = await documentOf(tree);
      const steps = { 'a framework': 5, 'an executor': 7, 'a log': 99 }[what] ?? 0;
      const linked = LOG.split('/').slice(0, steps).join('/');
      fs.renameSync(path.join(tree, linked), path.join(tree, 'elsewhere'));
      // As on the agent, where the work_dir has this path.
      fs.symlinkSync('/var/lib/mesos/elsewhere', path.join(tree, linked));
      const { json } = await documentOf(tree);
      const lines = json.reports[0].timeLines;
      expect(lines).toEqual(plain.reports[0].timeLines);
      expect(lines.map(({ path: at }: { path: string }) => at)).toContain(LOG);
    },
  );

  it('says what the other commands say, number for number', async () => {
    const { json, exitCode } = await documentOf(SAMPLE);
    expect(exitCode).toBe(2);
    const [report] = json.reports;
    const verify = await linesOf('verify', SAMPLE);
    expect(timeless(report.verify)).toEqual(timeless(verify));
    expect(timeless(report.prune)).toEqual(timeless(await linesOf('prune', SAMPLE)));
    expect(report.inspect).toEqual(await linesOf('inspect', SAMPLE));
    const { out } = await run(['verify', SAMPLE], { columns: 1000 });
    expect(out).toContain(`RESULT  ${report.said.result.strict}\n`);
    expect(out).toContain(`NEXT    ${report.said.next.join('\n')}\n`);
  });

  it('has the bytes of each damaged record, as decode has them', async () => {
    const { json } = await documentOf(SAMPLE);
    const [report] = json.reports;
    const about = report.evidence.map(({ finding }: { finding: number }) => report.verify.findings[finding].code);
    expect(about).toEqual(['executor-info-damaged', 'task-updates-bad-record']);
    const [torn, bad] = report.evidence;
    expect(torn.lines[0]).toMatch(/^00000000 {2}23 01 00 00 +length: 291 bytes$/);
    expect(torn.lines).toContain('>>> a record is truncated: its header says 291 bytes, 176 are present');
    expect(bad).toMatchObject({ record: 3, offset: 374, announced: 346, decodes: false });
    expect(bad.lines[1]).toBe('>>> the record does not parse: wire type 7 (at byte 378)');
  });

  it('has the time line of each task, with what is acknowledged and what is pending', async () => {
    const folder = materialise('marathon');
    const [one, two, three] = [uuid(1), uuid(2), uuid(3)];
    fs.writeFileSync(
      path.join(folder, LOG),
      Buffer.concat([
        updateRecord(one, { state: 0, timestamp: 1_700_000_000.25 }),
        ackRecord(one),
        updateRecord(two, { state: 1, timestamp: 1_700_000_001 }),
        updateRecord(three, { state: 3, timestamp: 1_700_000_002 }),
        Buffer.from('ffff', 'hex'),
      ]),
    );
    const { json } = await documentOf(folder);
    const line = json.reports[0].timeLines.find(({ path: at }: { path: string }) => at === LOG);
    expect(line.omitted).toBe(0);
    expect(
      line.records.map((each: Row) => [each.kind, each.time, each.state, each.acknowledgedBy, each.of, each.pending]),
    ).toEqual([
      ['update', '2023-11-14T22:13:20.250Z', 'TASK_STARTING', 2, null, false],
      ['acknowledgement', null, null, null, 1, false],
      ['update', '2023-11-14T22:13:21.000Z', 'TASK_RUNNING', null, null, true],
      ['update', '2023-11-14T22:13:22.000Z', 'TASK_FAILED', null, null, true],
      ['damaged', null, null, null, null, false],
    ]);
    const offsets = line.records.map(({ offset }: { offset: number }) => offset);
    const lengths = line.records.map(({ length }: { length: number }) => length);
    expect(offsets.slice(1)).toEqual(lengths.slice(0, -1).map((length: number, i: number) => offsets[i] + length));
  });

  it('leaves the middle of a long log out, and says how much', async () => {
    const folder = materialise('marathon');
    const log = Array.from({ length: 2500 }, (_, i) => updateRecord(uuid(i), { timestamp: 1_700_000_000 + i }));
    fs.writeFileSync(path.join(folder, LOG), Buffer.concat(log));
    const { json } = await documentOf(folder);
    const line = json.reports[0].timeLines.find(({ path: at }: { path: string }) => at === LOG);
    expect([line.records.length, line.omitted]).toEqual([2000, 500]);
    expect([line.records[999].record, line.records[1000].record]).toEqual([1000, 1501]);
  });

  it('reads archives, standard input and folders of several, and tells of a PATH that cannot be read', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'a.tar.gz'), tar(['-C', materialise('marathon'), '-zcf', '-', '.']));
    fs.writeFileSync(path.join(folder, 'b.tar'), 'no archive');
    const { json, exitCode } = await documentOf(folder);
    expect(exitCode).toBe(3);
    expect(json.reports.map(({ error }: { error?: string }) => error !== undefined)).toEqual([false, true]);
    expect(json.summary.counts).toMatchObject({ agents: 2, unknown: 1 });
  });

  it('reads an archive on standard input', () => {
    const input = tar(['-C', SAMPLE, '-zcf', '-', '.']);
    const { stdout, status } = spawnSync(process.execPath, ['bin/mesos-ckpt.js', 'report', '-', '--json'], {
      input,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    const json = JSON.parse(stdout);
    expect(complaintsOf('report', json)).toEqual([]);
    expect(json.reports[0].path).toBe('-');
  });

  it('has what preflight says of a host that was collected, or whose root is named', async () => {
    const root = makeHostOnDisk(readHostFixture('checkpoint'));
    const archive = fileWith(collect(root, { name: 'sh', shell: ['sh'], folder: undefined }).bytes);
    const { json } = await documentOf(archive);
    const { checks, lives } = await linesOf('preflight', archive);
    expect(json.reports[0].preflight).toMatchObject({ checks, lives });
    const named = (await documentOf('--root', root)).json.reports[0];
    expect(named.preflight.checks).toEqual((await linesOf('preflight', '--root', root)).checks);
    expect(named.path.startsWith(root)).toBe(true);
  });

  it('has what a plan changes, and what a journal has changed', async () => {
    const folder = materialise('marathon');
    fs.truncateSync(path.join(folder, pathIn('marathon', /task\.info$/)), 20);
    const plan = path.join(temporaryFolder(), 'plan.json');
    await run(['prune', folder, '--as-non-strict', '--plan', plan]);
    const planned = (await documentOf(folder, '--plan', plan)).json.reports[0].diff;
    expect(planned.same).toBe(false);
    expect([planned.a.strict.exitCode, planned.b.strict.exitCode]).toEqual([2, 1]);
    const { out } = await run(['prune', folder, '--as-non-strict', '--apply']);
    const journal = /^journal: (.*)$/m.exec(out)?.[1] ?? '';
    const { json } = await documentOf('--journal', journal);
    const applied = json.reports[0].diff;
    expect(applied).toEqual(await linesOf('diff', journal));
    expect(applied.differences).toEqual(planned.differences);
  });
});

describe('the page of a report', () => {
  it('holds what the document says, in pieces', async () => {
    const { data, exitCode, out } = await pageOf(SAMPLE);
    expect(exitCode).toBe(2);
    expect(out).toContain('Wrote ');
    const { json } = await documentOf(SAMPLE);
    const [report] = json.reports;
    const { evidence: _, inspect, verify, ...head } = data.head() as unknown as Record<string, Record<string, unknown>>;
    expect(timeless(head)).toEqual(
      timeless({
        ...report,
        index: head['index'],
        verify: undefined,
        inspect: undefined,
        evidence: undefined,
        timeLines: undefined,
      }),
    );
    const { impact: pageImpact, ...pageVerify } = verify ?? {};
    const { impact, ...whole } = report.verify;
    expect(timeless(pageVerify)).toEqual(timeless(whole));
    expect(pageImpact).toEqual({ comesUp: impact.comesUp, counts: impact.counts });
    expect(data.evidence()).toEqual(report.evidence);
    expect(data.details().flatMap(({ executors }) => executors)).toEqual(report.inspect.agent.frameworks[0].executors);
    expect(data.details().flatMap(({ timeLines }) => Object.values(timeLines))).toEqual(report.timeLines);
    expect(inspect?.['workDir']).toBe(report.inspect.workDir);
  });

  it('has an index of all entries, with damage, findings and what is pending', async () => {
    const { data } = await pageOf(SAMPLE);
    const index = data.index();
    expect(index.kinds).toMatch(/^caf(er+t*)+/);
    const task = index.ids.findIndex(
      (id, i) => id.startsWith('shop_web') && index.kinds[i] === 't' && index.damaged[i] === 1,
    );
    expect(task).toBeGreaterThan(0);
    const numbers = Object.values(index.findings).flat();
    const { said, verify } = data.head();
    const counted = verify.findings.map((_, i) => i).filter((i) => !said.assumptions.includes(i));
    expect(numbers.sort((a, b) => a - b)).toEqual(counted);
    const { out } = await run(['verify', SAMPLE]);
    expect(out).toContain(`\n${counted.length} findings (`);
    const [pending] = index.pending.flatMap((number, i) => (number > 0 ? [i] : []));
    expect(index.updates[String(pending)]?.filter((_, i) => i % 3 === 2)).toContain(1);
    for (const column of [
      index.parents,
      index.ids,
      index.names,
      index.states,
      index.strict,
      index.blocks,
      index.places,
    ]) {
      expect(column).toHaveLength(index.kinds.length);
    }
  });

  it('may load and run nothing but itself', async () => {
    const { html } = await pageOf(SAMPLE);
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html)?.[1] ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'$/,
    );
    expect(html.indexOf(policy)).toBeLessThan(html.indexOf('<style>'));
    expect(html.match(/<script>/g)).toHaveLength(1);
    expect(html).not.toMatch(/<(?:img|iframe|object|embed|audio|video)\b|\son\w+=|https?:\/\/(?!www\.w3\.org\/)/i);
  });

  it('holds no secret, wherever damage has put one', async () => {
    const folder = materialise('marathon');
    const secret = 'hunter2-is-my-password';
    const variable = sub(1, bytes(1, 'TOKEN'), bytes(2, secret));
    const executor = Buffer.concat([
      sub(1, bytes(1, 'e')),
      sub(7, sub(2, variable), bytes(3, 'sleep 1')),
      sub(8, bytes(1, 'f')),
    ]);
    const info = pathIn('marathon', /executor\.info$/);
    const damages: readonly Buffer[] = [
      record(executor),
      // Cut behind the secret, and within the message that holds it.
      record(executor).subarray(0, 4 + executor.indexOf(secret) + secret.length),
      // The tag of the secret's field is another, which is not known.
      record(Buffer.from(executor.toString('latin1').replace(`\x12\x16${secret}`, `\x7a\x16${secret}`), 'latin1')),
      record(Buffer.concat([sub(1, bytes(1, 'e')), Buffer.from('0f', 'hex'), variable])),
      record(Buffer.concat([sub(1, bytes(1, 'e')), bytes(9, secret), Buffer.from('0f', 'hex')])),
    ];
    for (const damage of damages) {
      fs.writeFileSync(path.join(folder, info), damage);
      const { data } = await pageOf(folder);
      expect(data.text, damage.toString('latin1')).not.toContain(secret);
      expect(data.text).not.toContain(
        Buffer.from(secret.slice(0, 8))
          .toString('hex')
          .replace(/..(?!$)/g, '$& '),
      );
      const { out } = await run(['report', folder, '--json']);
      expect(out).not.toContain(secret);
    }
  });

  it('is written whole or not at all, never over a file, nor into the tree', async () => {
    const folder = materialise('marathon');
    const file = path.join(temporaryFolder(), 'r.html');
    fs.writeFileSync(file, 'mine');
    const taken = await run(['report', folder, '-o', file]);
    expect(taken).toMatchObject({ exitCode: 3, out: '' });
    expect(taken.err).toContain('the file exists; give another name, or --force to replace it');
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
    expect((await run(['report', folder, '-o', file, '--force'])).exitCode).toBe(1);
    expect(fs.readFileSync(file, 'utf8')).toContain('<!doctype html>');
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    const inside = await run(['report', folder, '-o', path.join(folder, 'meta/r.html')]);
    expect(inside).toMatchObject({ exitCode: 3 });
    expect(inside.err).toContain("in meta, which is the agent's");
    const missing = path.join(temporaryFolder(), 'r.html');
    const none = await run(['report', path.join(folder, 'none'), '-o', missing]);
    expect(none).toMatchObject({ exitCode: 3 });
    expect(fs.existsSync(missing)).toBe(false);
  });

  it('goes to standard output, and what is said of it to standard error', async () => {
    const written: Buffer[] = [];
    const { out, err } = await run(['report', SAMPLE, '-o', '-'], {
      bytes: (piece) => void written.push(Buffer.from(piece)),
    });
    expect(out).toBe('');
    expect(err).toContain('Wrote standard output');
    expect(new PageData(Buffer.concat(written).toString()).head().host).toBe('node7.example');
  });

  it('of many agents has each behind the table of all', async () => {
    const { data, exitCode } = await pageOf(SAMPLE, materialise('marathon'));
    expect(exitCode).toBe(2);
    expect(data.overview.agents).toHaveLength(2);
    expect(data.overview.summary.hosts).toHaveLength(2);
    expect(data.head(0).exitCode).toBe(2);
    expect(data.head(1).exitCode).toBe(1);
  });
});

describe('a report that is asked for wrongly', () => {
  it.each([
    [[SAMPLE], 'no file for the page: name one with -o'],
    [[SAMPLE, '-o', 'x.html', '--json'], '--json prints the data alone'],
    [['-o', 'x.html'], 'no PATH is given'],
    [[SAMPLE, 'x', '-o', 'x.html', '--root', '/'], '--root takes only one PATH'],
    [[SAMPLE, '-o', 'x.html', '--plan', 'a', '--journal', 'b'], '--plan and --journal cannot be used together'],
    [['-o', 'x.html', '--to', '1.11.0'], '--to and --scenario are for the host'],
    [[SAMPLE, '--json', '--force'], '--force needs --output'],
    [[SAMPLE, '-o', 'x.html', '--redact'], '(Secrets are redacted already; '],
    [[SAMPLE, '-o', 'x.html', '--redact=all'], '(Secrets are redacted already; '],
  ] as const)('is refused: %j', async (argv, message) => {
    const { out, err, exitCode } = await run(['report', ...argv]);
    expect([exitCode, out]).toEqual([3, '']);
    expect(err).toContain(message);
    expect(fs.existsSync('x.html')).toBe(false);
  });
});
