import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { checkCodes } from '../../src/preflight/checks/index.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { hostsInMemory, makeFixtureHost, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { run as runCommand } from '../support/session.ts';
import { materialise, temporaryFolder } from '../support/trees.ts';

interface Ran {
  readonly out: string;
  readonly exitCode: number;
}

const makeHost = hostsInMemory();

const run = async (name: string, ...argv: readonly string[]): Promise<Ran> => {
  const host = makeHost({ ...readHostFixture(name), argv: [] });
  let out = '';
  const say = (text: string): void => {
    out += text;
  };
  const world = { open: () => host, now: () => NOW, isRoot: () => true };
  const exitCode = await main(['preflight', ...argv], { out: say, err: say, columns: 80, colour: false }, world);
  return { out, exitCode };
};

const codesIn = ({ out }: Ran): readonly string[] =>
  (JSON.parse(out).checks as { code: string }[]).map(({ code }) => code);

describe('--only and --skip', () => {
  it('choose checks, in the order of the list', async () => {
    const ran = await run('plain', '--json', '--only', 'timers,flags', '--only', 'boot', '--skip', 'boot');
    expect(codesIn(ran)).toEqual(['flags', 'timers']);
  });

  it('leave all where nothing is said', async () => {
    expect(codesIn(await run('plain', '--json'))).toEqual(checkCodes);
  });

  it.each([
    [['--only', 'timer'], "--only: 'timer' is not a check"],
    [['--skip', '\u{1b}[31m'], "--skip: '\\x1b[31m' is not a check"],
    [['--fail-on', 'timers'], "--fail-on: 'timers' is not CHECK=VERDICT"],
    [['--fail-on', 'timers=ok'], "--fail-on: 'timers=ok' is not CHECK=VERDICT"],
    [['--fail-on', 'timer=warn'], "--fail-on: 'timer' is not a check"],
    [['--to', 'latest'], "--to: 'latest' is not a version"],
    [['--from', ''], "--from: '' is not a version"],
    [['--work-dir', 'lib'], "--work-dir: 'lib' is not an absolute path"],
    [['--scenario', 'party'], 'party'],
    [['--only', 'lives', '--skip', 'lives'], '--only and --skip leave no check to be made'],
    [['--', 'recover=cleanup'], "'recover=cleanup' is not a flag of an agent"],
  ])('%j is a mistake that is named', async (argv, message) => {
    const ran = await run('plain', ...argv);
    expect(ran.exitCode).toBe(3);
    expect(ran.out).toContain(message);
    expect(ran.out).not.toContain('    at ');
  });
});

describe('a remedy', () => {
  const remedies = async (name: string, ...argv: readonly string[]) => {
    const { out } = await run(name, '--json', '--only', 'downtime,processes', ...argv);
    const { checks } = JSON.parse(out) as { checks: { rows: { found: string; todo: string | null }[] }[] };
    return checks.flatMap(({ rows }) => rows);
  };

  it('tells nobody to start an agent that does not come up', async () => {
    const plain = await remedies('downtime-waiting');
    expect(plain.filter(({ todo }) => todo?.startsWith('Start ')).length).toBeGreaterThan(0);
    const obstructed = await remedies('downtime-waiting', '--', '--no_such_flag=1');
    expect(obstructed.filter(({ todo }) => todo?.startsWith('Start '))).toEqual([]);
    expect(obstructed.map(({ todo }) => todo).join(' ')).toContain('First do what flags asks for');
  });

  it('says that nobody waits where all executors have ended', async () => {
    const rows = await remedies('ended-down');
    expect(rows.map(({ found }) => found).join(' ')).toContain('none waits for it any more');
    expect(rows.map(({ found }) => found).join(' ')).not.toContain('more at least');
  });
});

describe('--fail-on', () => {
  it.each([
    ['delegate', [], 1],
    ['delegate', ['--fail-on', 'delegate=warn'], 2],
    ['delegate', ['--fail-on', 'delegate=unknown'], 2],
    ['delegate', ['--fail-on', 'delegate=fail'], 1],
    ['delegate', ['--fail-on', 'delegate=never'], 0],
    ['delegate', ['--fail-on', 'all=warn', '--fail-on', 'delegate=never'], 0],
    ['kill-mode', ['--fail-on', 'kill-mode=never'], 0],
    ['kill-mode', ['--fail-on', 'kill-mode=warn'], 2],
  ] as const)('%s with %j ends with %i', async (name, argv, exitCode) => {
    expect((await run(name, '--only', name, ...argv)).exitCode).toBe(exitCode);
  });

  it('makes a failure of what is not known, and none of what is well', async () => {
    expect((await run('version', '--only', 'version', '--fail-on', 'all=unknown')).exitCode).toBe(2);
    expect((await run('plain', '--fail-on', 'all=unknown')).exitCode).toBe(0);
  });
});

describe('a root', () => {
  it('is none where it is a work_dir, which is told by another option', async () => {
    const { err, exitCode } = await runCommand(['preflight', materialise('marathon')]);
    expect(err).toContain("this is a work_dir, not a host's root; on its host, name it with --work-dir\n");
    expect(exitCode).toBe(3);
  });

  it('that is not there is a mistake that is named', async () => {
    const { err, exitCode } = await runCommand(['preflight', '--root', `${temporaryFolder()}/nowhere`]);
    expect(exitCode).toBe(3);
    expect(err).toMatch(/^mesos-ckpt: --root: .*nowhere: No such file or directory/);
  });

  it('that is empty has no checkpoint: 3', async () => {
    const { out, exitCode } = await runCommand(['preflight', '--root', temporaryFolder()]);
    expect(exitCode).toBe(3);
    expect(out).toContain('nothing tells where the work_dir is');
  });
});

describe('the flags alone', () => {
  it('are shown with their places', async () => {
    const ran = await run('plain', '--flags');
    expect(ran.exitCode).toBe(0);
    expect(ran.out).toContain('/etc/default/mesos-agent:2');
    expect(JSON.parse((await run('plain', '--flags', '--json')).out).flags.flags).toHaveLength(6);
  });

  it('end with 2 where the agent refuses one', async () => {
    expect((await run('flags', '--flags')).exitCode).toBe(2);
  });
});

it('changes nothing on the host', async () => {
  const host = makeFixtureHost(readHostFixture('dcos'));
  const before = fingerprint(host.root);
  for (const argv of [[], ['--json'], ['--flags'], ['--scenario', 'reboot'], ['--to', '1.12']]) {
    await runCommand(['preflight', '--root', host.root, ...argv]);
  }
  expect(fingerprint(host.root)).toEqual(before);
});
