import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareAgentInfo } from '../../src/agent/info/compare.ts';
import { main } from '../../src/cli/main.ts';
import { buildInputOf } from '../../src/host/agent-info.ts';
import { gatherFlags } from '../../src/host/flags/resolve.ts';
import { agentInfoRebuilder } from '../../src/host/rebuild.ts';
import { infoIn } from '../agent/info/support.ts';
import { makeFixtureHost, readHostFixture } from '../support/fixture-hosts.ts';
import { materialise } from '../support/trees.ts';

const VERSION = [1, 11, 0] as const;
const HOME = '/var/lib/mesos';
const AGENT = '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';
const FILE = `${HOME}/meta/slaves/${AGENT}/slave.info`;

const run = async (...argv: readonly string[]) => {
  let out = '';
  const say = (text: string): void => {
    out += text;
  };
  const exitCode = await main(argv, { out: say, err: say, columns: 80, colour: false });
  return { out, exitCode };
};

const hostWith = (damage: 'torn' | 'empty' | 'missing') => {
  const path = FILE.slice(HOME.length + 1);
  const edits = {
    torn: { op: 'truncate', path, size: 40 },
    empty: { op: 'truncate', path, size: 0 },
    missing: { op: 'remove', path },
  } as const;
  const plain = readHostFixture('plain');
  return makeFixtureHost({ ...plain, edits: [...(plain.edits ?? []), edits[damage]] });
};

describe('prune --salvage', () => {
  it.each(['torn', 'empty', 'missing'] as const)(
    'makes a slave.info that is %s anew from the flags of its host',
    async (damage) => {
      const host = hostWith(damage);
      const tree = `${host.root}${HOME}`;
      const options = ['--work-dir', HOME, '--sandboxes', 'ignore'];
      expect((await run('verify', tree, ...options)).exitCode).toBe(2);
      const salvage = ['--salvage', '--allow-suspect', '--root', host.root];
      const planned = await run('prune', tree, ...options, ...salvage);
      expect(planned.out.replace(/\s+/g, ' '), planned.out).toContain('rebuild slave.info');
      const applied = await run('prune', tree, ...options, ...salvage, '--apply', '--force');
      expect(applied.exitCode, applied.out).toBe(0);
      expect((await run('verify', tree, ...options)).exitCode).toBe(0);
      const made = infoIn(readFileSync(`${host.root}${FILE}`));
      expect(made).toMatchObject({ hostname: 'node7.example', id: { value: AGENT } });
      const input = buildInputOf(host, gatherFlags(host, { version: VERSION }), VERSION);
      expect(compareAgentInfo(made, input, VERSION).verdict).toEqual({ kind: 'compatible' });
    },
  );

  it('takes flags behind --, which are all that there are where the host tells of no agent', async () => {
    const plain = readHostFixture('plain');
    const host = makeFixtureHost({
      ...plain,
      edits: [...(plain.edits ?? []), { op: 'truncate', path: FILE.slice(HOME.length + 1), size: 0 }],
      files: { ...plain.files, '/etc/systemd/system/mesos-agent.service': false, '/etc/default/mesos-agent': false },
      processes: {},
    });
    const prune = [
      'prune',
      `${host.root}${HOME}`,
      '--work-dir',
      HOME,
      '--salvage',
      '--allow-suspect',
      '--root',
      host.root,
    ];
    const flags = [`--work_dir=${HOME}`, '--master=zk://zk1:2181/mesos', '--hostname=node7.example', '--port=5051'];
    const supposed = [...flags, '--reconfiguration_policy=additive'];
    const applied = await run(...prune, '--apply', '--force', '--', ...supposed);
    expect(applied.exitCode, applied.out).toBe(0);
    const after = [
      'preflight',
      '--root',
      host.root,
      '--only',
      'checkpoint',
      '--',
      ...supposed,
      '--advertise_port=5051',
    ];
    expect((await run(...after)).out).toMatch(/\nRESULT {2}OK: 1 check is ok/);
    const made = infoIn(readFileSync(`${host.root}${FILE}`));
    expect(made).toMatchObject({ hostname: 'node7.example', port: 5051, id: { value: AGENT }, resources: [] });
  });

  it('takes flags behind -- for a copy alone, of whose host nothing is known', async () => {
    const tree = materialise('marathon', [{ op: 'truncate', path: FILE.slice(HOME.length + 1), size: 0 }]);
    const flags = ['--hostname=node7.example', '--port=5052'];
    const untold = await run('prune', tree, '--', '--port=5052');
    expect(untold.out.replace(/\s+/g, ' ')).toContain(
      "slave.info could be rebuilt from the agent's flags, but hostname",
    );
    const { notes } = JSON.parse((await run('prune', tree, '--json', '--', '--port=5052')).out);
    expect(notes).toEqual([expect.stringContaining('but hostname')]);
    const applied = await run('prune', tree, '--salvage', '--allow-suspect', '--apply', '--', ...flags);
    expect(applied.exitCode, applied.out).toBe(0);
    expect(applied.out.replace(/\s+/g, ' ')).toContain('for an agent with --reconfiguration_policy=additive');
    const made = infoIn(readFileSync(`${tree}/${FILE.slice(HOME.length + 1)}`));
    expect(made).toMatchObject({ hostname: 'node7.example', port: 5052, id: { value: AGENT }, resources: [] });
  });

  it('takes flags of the agent, but not for what a non-strict start keeps, and nothing that is no flag', async () => {
    const host = hostWith('empty');
    const prune = ['prune', `${host.root}${HOME}`, '--work-dir', HOME];
    expect(await run(...prune, '--as-non-strict', '--', '--port=5051')).toMatchObject({ exitCode: 3 });
    expect((await run(...prune, '--', '--port=5051')).exitCode).toBeLessThan(3);
    expect(await run(...prune, '--salvage', '--root', host.root, '--', 'port=5051')).toMatchObject({ exitCode: 3 });
  });

  it('says what the agent must be started with, whole', async () => {
    const plain = readHostFixture('plain');
    const unknown = String(plain.files?.['/etc/default/mesos-agent']).replace('disk:400000;', '');
    const edits = [...(plain.edits ?? []), { op: 'truncate', path: FILE.slice(HOME.length + 1), size: 40 } as const];
    const host = makeFixtureHost({ ...plain, edits, files: { ...plain.files, '/etc/default/mesos-agent': unknown } });
    const { out } = await run(
      ...['prune', `${host.root}${HOME}`, '--work-dir', HOME, '--salvage', '--allow-suspect', '--root', host.root],
    );
    expect(out.replace(/\s+/g, ' ')).toContain(
      "1 rebuild slave.info from the agent's flags, for an agent with --reconfiguration_policy=additive (a best guess)",
    );
  });

  it('does not without --allow-suspect, nor without a host', async () => {
    const host = hostWith('torn');
    const tree = `${host.root}${HOME}`;
    for (const options of [
      ['--salvage', '--root', host.root],
      ['--salvage', '--allow-suspect'],
    ]) {
      const { out, exitCode } = await run('prune', tree, '--work-dir', HOME, '--json', ...options);
      expect(exitCode).toBe(2);
      expect(JSON.parse(out).plan ?? null).toBeNull();
    }
    expect((await run('prune', tree, '--root', host.root, '--as-non-strict')).exitCode).toBe(3);
    expect((await run('prune', tree, '--salvage', '--root', '/nothing/there')).exitCode).toBe(3);
  });
});

describe('flags', () => {
  it('of an agent with another work_dir say nothing of this one', () => {
    const rebuilt = agentInfoRebuilder({
      host: hostWith('torn'),
      version: VERSION,
      workDir: '/srv/mesos',
      supposed: [],
    })(AGENT);
    expect(rebuilt).toMatchObject({ ok: false, why: expect.stringContaining('--work_dir=/var/lib/mesos') });
  });

  it('with which the agent does not start, say nothing either', () => {
    const host = makeFixtureHost(readHostFixture('flags'));
    expect(agentInfoRebuilder({ host, version: VERSION, workDir: HOME, supposed: [] })(AGENT)).toMatchObject({
      ok: false,
      why: expect.stringContaining('does not start'),
    });
  });
});
