import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { isTraced } from '../../src/program/trace.ts';
import { run } from '../support/session.ts';
import { temporaryFolder } from '../support/trees.ts';

const SAMPLE = 'fixtures/sample-agent';

/** The lines of a trace without their times. */
const traceOf = (err: string): readonly string[] =>
  err.split('\n').flatMap((line) => /^debug: +\d+\.\d ms {2}(.*)$/.exec(line)?.[1] ?? []);

describe('--debug', () => {
  it('tells what was read, assumed and found, on standard error, and changes nothing else', async () => {
    const plain = await run(['verify', SAMPLE]);
    const { out, err, exitCode } = await run(['verify', SAMPLE, '--debug']);
    expect({ out, exitCode }).toEqual({ out: plain.out, exitCode: plain.exitCode });
    expect(plain.err).toBe('');
    const lines = traceOf(err);
    expect(lines[0]).toMatch(/^start version=\S+ node=v\S+ platform=\S+ user=\d+ arguments=verify,.*,--debug$/);
    expect(lines).toContainEqual(
      expect.stringMatching(/^opened given=fixtures\/sample-agent from=folder level=work_dir /),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^link path=meta\/slaves\/latest target=/));
    expect(lines).toContainEqual(expect.stringMatching(/^open path=meta\/slaves\/\S+\/slave\.info bytes=\d+$/));
    expect(lines).toContainEqual(expect.stringMatching(/^assumed version=1\.11\.0 .*launcher=linux .*rebooted=false/));
    expect(lines).toContainEqual(expect.stringMatching(/^finding code=executor-info-damaged path=meta\//));
    expect(lines).toContainEqual('verdict mode=strict starts=refuses,refuses exitCode=2');
    expect(lines.at(-1)).toBe('end exitCode=2');
    expect(isTraced()).toBe(false);
  });

  it('tells how a plan came to be', async () => {
    const lines = traceOf((await run(['prune', SAMPLE, '--debug'])).err);
    expect(lines).toContainEqual('attempt salvage=false leavesOut=""');
    expect(lines).toContainEqual(expect.stringMatching(/^round round=0 findings="executor-info-damaged meta/));
    expect(lines).toContainEqual(expect.stringMatching(/^step id=1 certainty=exact changes="set-aside meta\//));
  });

  it('tells no content of a file, and no value of a flag', async () => {
    const { err } = await run(['prune', SAMPLE, '--salvage', '--debug', '--', '--credential=hunter2']);
    expect(err).toContain('--credential=...');
    expect(err).not.toContain('hunter2');
    // What the checkpoint says of its tasks: commands, and their environment.
    const bytes = (file: string): string => fs.readFileSync(file, 'latin1');
    const commands = fs
      .readdirSync(SAMPLE, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.info'))
      .flatMap((name) => bytes(`${SAMPLE}/${name}`).match(/[\x20-\x7e]{24,}/g) ?? []);
    const written = commands.filter((text) => !/^[\w.:/-]+$/.test(text));
    expect(written.length).toBeGreaterThan(0);
    for (const text of written) expect(err).not.toContain(text);
  });

  it('shows where an error comes from, whose message is all that is told without it', async () => {
    const missing = `${temporaryFolder()}/missing`;
    expect((await run(['inspect', missing])).err.split('\n')).toHaveLength(2);
    const lines = traceOf((await run(['inspect', missing, '--debug'])).err);
    expect(lines).toContainEqual(expect.stringMatching(/^error at="unusable-path: .*no such folder/));
    expect(lines).toContainEqual(expect.stringMatching(/^error at="at .*open\.ts/));
  });

  it('is asked for by a variable too', async () => {
    let err = '';
    const io = { out: () => {}, err: (text: string) => (err += text), columns: 80, colour: false, debug: true };
    await main(['inspect', SAMPLE], io);
    expect(traceOf(err)[0]).toMatch(/^start /);
  });
});

describe('a mistake of the program', () => {
  it('is one line, with how to get the trace', async () => {
    let err = '';
    const io = { out: () => {}, err: (text: string) => (err += text), columns: 80, colour: false };
    const world = {
      open: () => {
        throw new TypeError('x is not a function');
      },
      now: () => 0,
    };
    expect(await main(['preflight'], io, world)).toBe(3);
    expect(err).toBe(
      'mesos-ckpt: /: internal error (please report it, with what the same command prints with --debug): ' +
        'TypeError: x is not a function\n',
    );
  });
});
