import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkInfo } from '../../src/agent/info/survive.ts';
import { knownVersion } from '../../src/agent/version.ts';
import { readStartingAgent } from '../../src/host/starting-agent.ts';
import { infoIn } from '../agent/info/support.ts';
import { makeFixtureHost, readHostFixture } from '../support/fixture-hosts.ts';
import { run } from '../support/session.ts';
import { HOME, pathIn } from '../support/trees.ts';

const INFO = pathIn('sandboxed', /slave\.info$/);
const UNREACHABLE = ['--agent-state', 'unreachable', '--master-version', '1.11.0'];

/** Hosts whose agents refuse, and what is told of them besides. */
const HOSTS: readonly (readonly [name: string, version: string, options: readonly string[]])[] = [
  ['adopt-memory', '1.11.0', []],
  ['adopt-attribute', '1.11.0', []],
  ['agent-info', '1.11.0', UNREACHABLE],
  ['adopt-port', '1.11.0', UNREACHABLE],
  ['adopt-domain', '1.11.0', []],
  ['adopt-oldest', '1.4.2', ['--mesos-version', '1.4.2']],
];

describe('a host whose agent refuses', () => {
  it.each(HOSTS)(
    '%s: its agent, as its flags and its kernel make it, goes on with what was adopted',
    async (name, version, options) => {
      const host = makeFixtureHost(readHostFixture(name));
      const tree = `${host.root}${HOME}`;
      const prune = ['prune', tree, '--work-dir', HOME, '--root', host.root, '--adopt', '--allow-suspect', ...options];
      const agent = readStartingAgent({ host, version: knownVersion(version), workDir: HOME, supposed: [] });
      if (typeof agent === 'string') throw new Error(agent);
      const info = () => infoIn(fs.readFileSync(`${tree}/${INFO}`));
      const policy = version === '1.4.2' ? 'equal' : 'additive';
      expect(checkInfo(info(), agent.built.info, policy).ok).toBe(false);
      const applied = await run([...prune, '--apply']);
      // The agent may be started behind `&&` where it has the policy that it needs.
      const isUp = checkInfo(info(), agent.built.info, agent.policy ?? 'equal').ok;
      expect([applied.exitCode, applied.err]).toEqual([isUp ? 0 : 2, '']);
      expect(checkInfo(info(), agent.built.info, policy)).toEqual({ ok: true });
      const again = JSON.parse((await run([...prune, '--json'])).out);
      expect([again.outcome, again.steps]).toEqual(['nothing-to-do', []]);
    },
  );

  it('adopt-disk: of a copy of its root, the size of the disk is not known, which is said', async () => {
    const host = makeFixtureHost(readHostFixture('adopt-disk'));
    const copy = [
      'prune',
      `${host.root}${HOME}`,
      '--work-dir',
      HOME,
      '--root',
      host.root,
      '--json',
      '--adopt',
      '--allow-suspect',
    ];
    const other = JSON.parse((await run([...copy, '--', '--attributes=rack:r8'])).out);
    expect([other.outcome, other.agentInfo.startWith]).toEqual(['no-plan', []]);
    expect(other.blocked[0].reason).toMatch(/^resources\.disk is not known .*--new-info/);
    const { outcome, notes } = JSON.parse((await run(copy)).out);
    expect([outcome, notes]).toEqual([
      'nothing-to-do',
      [expect.stringMatching(/^resources\.disk .* assumed unchanged/)],
    ]);
    // With a flag it is known: the disk shrank to what the flag says.
    const flag = '--resources=cpus:16;mem:64000;ports:[31000-32000];disk:199680';
    const told = JSON.parse((await run([...copy, '--', flag])).out);
    expect(told.steps).toHaveLength(1);
  });

  it('adopt-memory: preflight leads to the command with the flags that it was asked about', async () => {
    const host = makeFixtureHost(readHostFixture('adopt-memory'));
    const flags = ['--attributes=rack:r8;note:$(id)', '--strict=false'];
    const asked = ['preflight', '--root', host.root, '--only', 'agent-info', '--master-version', '1.11.0', '--json'];
    const { out } = await run([...asked, '--', ...flags]);
    const [, command = ''] =
      /(mesos-ckpt prune .*?)(?:, with the agent's log|\s+changes slave\.info)/.exec(
        JSON.parse(out).checks[0].rows[0].todo,
      ) ?? [];
    expect(command).toBe(
      `mesos-ckpt prune ${HOME} --adopt --allow-suspect --master-version 1.11.0 -- '--attributes=rack:r8;note:$(id)'`,
    );
  });

  it('agent-info: its hostname is refused as long as nobody says how the master holds it', async () => {
    const host = makeFixtureHost(readHostFixture('agent-info'));
    const { out, exitCode } = await run(
      ['prune', `${host.root}${HOME}`, '--work-dir', HOME, '--root', host.root, '--adopt', '--allow-suspect'],
      { columns: 200 },
    );
    expect(exitCode).toBe(2);
    expect(out).toContain('--agent-state');
    expect(out).toContain('First: keep the old values');
  });
});

describe('a host that tells of no agent', () => {
  const told = (
    supposed: readonly string[],
    host = makeFixtureHost({ about: 'nothing', files: { '/etc/hostname': 'n7' } }),
  ) => readStartingAgent({ host, version: knownVersion('1.11.0'), workDir: HOME, supposed });

  it('has one of the flags that are given, at the work_dir that is asked about', () => {
    const agent = told(['--hostname=node7.example', '--port=5051']);
    expect(agent).toMatchObject({ built: { info: { hostname: 'node7.example', port: 5051 } } });
    expect(told(['--port=5051', '--work_dir=/srv/other'])).toBe(
      'the flags are those of an agent with --work_dir=/srv/other',
    );
  });

  it('has none where no flag is given', () => {
    expect(told([])).toBe('the flags of the agent are not known');
  });

  it('is another one than a host with an agent elsewhere', () => {
    const host = makeFixtureHost(readHostFixture('adopt-port'));
    const elsewhere = readStartingAgent({
      host,
      version: knownVersion('1.11.0'),
      workDir: '/srv/other',
      supposed: ['--port=5051'],
    });
    expect(elsewhere).toBe(`the flags are those of an agent with --work_dir=${HOME}`);
  });
});
