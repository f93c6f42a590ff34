import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { upgradeAgentInfo } from '../../src/agent/info/check.ts';
import { checkInfo } from '../../src/agent/info/survive.ts';
import { debugString } from '../../src/agent/text-format.ts';
import { messageType, type SlaveInfo } from '../../src/schema/index.ts';
import { infoIn } from '../agent/info/support.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { run } from '../support/session.ts';
import { HOME, materialise, pathIn, temporaryFolder } from '../support/trees.ts';

const INFO = pathIn('marathon', /slave\.info$/);
const DOMAIN = '{"fault_domain":{"region":{"name":"eu"},"zone":{"name":"a"}}}';

interface Flags {
  readonly hostname?: string;
  readonly mem?: number;
  readonly attributes?: string;
  readonly more?: readonly string[];
}

const flags = ({
  hostname = 'node7.example',
  mem = 64000,
  attributes = 'rack:r7;zone:east',
  more = [],
}: Flags): string[] => [
  '--',
  `--hostname=${hostname}`,
  `--resources=cpus:16;mem:${mem};disk:400000;ports:[31000-32000]`,
  `--attributes=${attributes}`,
  `--domain=${DOMAIN}`,
  ...more,
];

const prune = (tree: string, options: readonly string[], agent: readonly string[]) =>
  run(['prune', tree, '--work-dir', HOME, ...options, ...agent]);

interface Planned {
  readonly exitCode: number;
  readonly outcome: string;
  readonly blocked: readonly { readonly code: string; readonly reason: string }[];
  readonly steps: readonly { readonly certainty: string; readonly follows?: readonly string[] }[];
  readonly ways: readonly {
    readonly way: string;
    readonly comesUp: boolean;
    readonly recommended: boolean;
    readonly sure: string;
    readonly command: readonly string[];
    readonly executors: { readonly kept: number };
  }[];
  readonly agentInfo: {
    readonly keep: readonly {
      readonly policy: string;
      readonly with: readonly string[];
      readonly without: readonly string[];
    }[];
    readonly startWith: readonly string[];
  };
}

const planned = async (tree: string, options: readonly string[], agent: readonly string[]): Promise<Planned> => {
  const { out, err } = await prune(tree, ['--json', ...options], agent);
  expect(err).toBe('');
  return JSON.parse(out);
};

const infoAt = (tree: string): SlaveInfo => infoIn(fs.readFileSync(path.join(tree, INFO)));
/** All of `meta` but when its inodes were changed last, which nobody can take back. */
const stateOf = (tree: string): readonly string[] =>
  fingerprint(path.join(tree, 'meta')).map((line) => line.replace(/^((?:\S+ ){7})\S+ /, '$1'));

const ADOPT = ['--adopt', '--allow-suspect'];

describe('flags behind -- with which the agent would refuse', () => {
  it.each([[[]], [['--adopt']], [ADOPT]])('come behind those that keep the old values: %j', async (options) => {
    const { out } = await prune(materialise('marathon'), options, flags({ mem: 32000 }));
    const [keep, adopt] = [
      out.indexOf('First: keep the old values'),
      out.lastIndexOf('--adopt --allow-suspect --apply'),
    ];
    expect(keep).toBeGreaterThan(0);
    expect(adopt).toBeGreaterThan(keep);
  });

  it('are told, with the flags that keep the old values first, and adopting as the best guess', async () => {
    const tree = materialise('marathon');
    const { ways, agentInfo, exitCode } = await planned(tree, [], flags({ mem: 62000 }));
    expect(ways.map(({ way, comesUp }) => [way, comesUp])).toEqual([
      ['as-is', false],
      ['adopt', true],
      ['remove-latest', true],
    ]);
    expect(ways[1]).toMatchObject({ sure: 'suspect', recommended: true, executors: { kept: 3 } });
    expect(ways[1]?.command).toEqual([
      'mesos-ckpt',
      'prune',
      tree,
      ...ADOPT,
      '--apply',
      '--work-dir',
      HOME,
      ...flags({ mem: 62000 }),
    ]);
    expect(agentInfo.keep).toEqual([
      { policy: 'equal', with: ['--resources=cpus:16;disk:400000;ports:[31000-32000];mem:64000'], without: [] },
    ]);
    expect(agentInfo.startWith).toEqual(['--reconfiguration_policy=additive']);
    expect(exitCode).toBe(1);
  });

  it('are no reason to change anything where additive is enough', async () => {
    const tree = materialise('marathon');
    const more = flags({ mem: 66000 });
    const { ways, agentInfo, outcome, exitCode } = await planned(tree, [], more);
    expect(ways.map(({ way }) => way)).toEqual(['as-is', 'remove-latest']);
    expect([outcome, exitCode, agentInfo.startWith]).toEqual([
      'nothing-to-do',
      2,
      ['--reconfiguration_policy=additive'],
    ]);
    expect(agentInfo.keep.map(({ policy }) => policy)).toEqual(['equal', 'additive']);
    const { out } = await prune(tree, [], more);
    expect(out).toMatch(/slave\.info needs no change/);
  });

  it('that are those of slave.info change nothing', async () => {
    const { ways, agentInfo } = await planned(materialise('marathon'), [], flags({}));
    expect(ways.every(({ way }) => way !== 'adopt')).toBe(true);
    expect(agentInfo).toEqual({ keep: [], startWith: [] });
  });
});

describe('--adopt', () => {
  it('needs --allow-suspect, and says what it would do', async () => {
    const { exitCode, blocked } = await planned(materialise('marathon'), ['--adopt'], flags({ mem: 62000 }));
    expect(exitCode).toBe(2);
    expect(blocked[0]?.reason).toMatch(/^it needs .*--adopt --allow-suspect.*change resources in slave\.info/);
  });

  it.each([
    ['memory', flags({ mem: 62000 })],
    ['an attribute', flags({ attributes: 'rack:r8;zone:east' })],
    [
      'an attribute that is gone, with a policy that is set',
      flags({ attributes: 'zone:east', more: ['--reconfiguration_policy=additive'] }),
    ],
    ['a hostname', flags({ hostname: 'node8.example' })],
    ['all of it and a port', flags({ hostname: 'node8.example', mem: 1, attributes: '', more: ['--port=5052'] })],
  ])('of %s: applied, planned again, and taken back', async (_what, agent) => {
    const tree = materialise('marathon');
    const before = stateOf(tree);
    const old = infoAt(tree);
    const options = [...ADOPT, '--agent-state', 'unreachable', '--master-version', '1.11.0'];
    const applied = await prune(tree, [...options, '--apply'], agent);
    // The agent may be started behind `&&` where it has the policy that it needs.
    const hasPolicy = checkInfo(infoAt(tree), builtBy(agent), policyIn(agent)).ok;
    expect([applied.exitCode, applied.err]).toEqual([hasPolicy ? 0 : 2, '']);
    expect(applied.out).toMatch(/Before the agent is started:/);
    expect(/\bSet that\s+first/.test(applied.out)).toBe(!hasPolicy);
    const now = infoAt(tree);
    expect(now.id).toEqual(old.id);
    expect(checkInfo(now, builtBy(agent), 'additive')).toEqual({ ok: true });
    const again = await planned(tree, options, agent);
    expect([again.outcome, again.steps]).toEqual(['nothing-to-do', []]);
    expect((await run(['undo', '--list', tree])).exitCode).toBe(0);
    const [journal = ''] = fs.readdirSync(path.join(tree, 'mesos-ckpt'));
    expect((await run(['undo', path.join(tree, 'mesos-ckpt', journal)])).exitCode).toBe(0);
    expect(stateOf(tree)).toEqual(before);
  });

  it('of a plan in a file rehearses the check again', async () => {
    const tree = materialise('marathon');
    const file = path.join(temporaryFolder(), 'plan.json');
    const agent = flags({ mem: 62000 });
    expect((await prune(tree, [...ADOPT, '--plan', file], agent)).exitCode).toBe(1);
    const plan = JSON.parse(fs.readFileSync(file, 'utf8'));
    expect(plan.agentInfo.policy).toBe('additive');
    const bad = path.join(temporaryFolder(), 'bad.json');
    fs.writeFileSync(bad, JSON.stringify({ ...plan, agentInfo: { ...plan.agentInfo, policy: 'equal' } }));
    const refused = await prune(tree, ['--apply', bad], []);
    expect([refused.exitCode, refused.err]).toEqual([3, expect.stringContaining('would not come up')]);
    const applied = await run(['prune', tree, '--work-dir', HOME, '--apply', file, '--json']);
    expect(applied.exitCode).toBe(2);
    expect(JSON.parse(applied.out)).toMatchObject({
      exitCode: 2,
      outcome: 'applied',
      agentInfo: { startWith: ['--reconfiguration_policy=additive'] },
    });
    expect(checkInfo(infoAt(tree), builtBy(agent), 'additive')).toEqual({ ok: true });
  });

  it('ends with 0 only where the agent has the policy that it needs, and says so in a script too', async () => {
    const tree = materialise('marathon');
    const agent = flags({ mem: 62000 });
    const additive = [...agent, '--reconfiguration_policy=additive'];
    const script = async (more: readonly string[]) => (await prune(tree, [...ADOPT, '--emit-sh', '-'], more)).out;
    expect(await script(agent)).toMatch(/^OUTCOME=2\nOUTCOME_TEXT=.*--reconfiguration_policy=additive, which/m);
    expect(await script(additive)).toMatch(/^OUTCOME=0$/m);
    const apply = async (more: readonly string[]) => (await prune(tree, [...ADOPT, '--apply'], more)).exitCode;
    expect([await apply(agent), await apply(agent), await apply(additive)]).toEqual([2, 2, 0]);
  });

  it('asks for no policy where the info is that of slave.info', async () => {
    const tree = materialise('marathon');
    const { agentInfo, outcome } = await planned(tree, ADOPT, flags({}));
    expect([outcome, agentInfo]).toEqual(['nothing-to-do', { keep: [], startWith: [] }]);
    expect((await prune(tree, [...ADOPT, '--apply'], flags({}))).exitCode).toBe(0);
  });

  it('for an agent of 1.4 writes exactly what it builds, and asks for the master', async () => {
    const tree = materialise('marathon');
    const agent = flags({ mem: 62000, attributes: 'zone:east;row:3' });
    const old = ['--mesos-version', '1.4.2', ...ADOPT];
    expect((await planned(tree, old, agent)).blocked[0]?.reason).toMatch(/--master-version/);
    const applied = await prune(tree, [...old, '--master-version', '1.8.0', '--apply'], agent);
    expect(applied.exitCode).toBe(0);
    expect(checkInfo(infoAt(tree), builtBy(agent), 'equal')).toEqual({ ok: true });
  });

  it('refuses a hostname that the master would answer with a shutdown, and asks where it is not told', async () => {
    const tree = materialise('marathon');
    const agent = flags({ hostname: 'node8.example' });
    const reasonOf = async (...options: string[]) =>
      (await planned(tree, [...ADOPT, ...options], agent)).blocked[0]?.reason;
    expect(await reasonOf('--master-version', '1.11.0')).toMatch(/--agent-state.*\/slaves/);
    expect(await reasonOf('--agent-state', 'registered', '--master-version', '1.11.0')).toMatch(
      /every executor is killed/,
    );
    expect(await reasonOf('--agent-state', 'recovered', '--master-version', '1.11.0')).toBeUndefined();
  });

  it('comes after other repairs', async () => {
    const tree = materialise('marathon');
    fs.writeFileSync(path.join(tree, pathIn('marathon', /shop_api.*executor\.info$/)), 'torn');
    const agent = flags({ mem: 62000 });
    const { steps, ways } = await planned(tree, ADOPT, agent);
    expect(steps).toHaveLength(2);
    expect(ways.find(({ way }) => way === 'adopt')).toMatchObject({ comesUp: true });
    expect((await prune(tree, [...ADOPT, '--apply'], agent)).exitCode).toBe(2);
    expect((await planned(tree, ADOPT, agent)).steps).toEqual([]);
  });

  it('adopts a slave.info that was taken from a copy', async () => {
    const [tree, copy] = [materialise('marathon'), materialise('marathon')];
    fs.writeFileSync(path.join(tree, INFO), 'torn');
    const agent = flags({ mem: 62000 });
    const applied = await prune(tree, [...ADOPT, '--from', copy, '--apply'], agent);
    expect(applied.exitCode).toBe(2);
    expect(checkInfo(infoAt(tree), builtBy(agent), 'additive')).toEqual({ ok: true });
    expect((await planned(tree, ADOPT, agent)).steps).toEqual([]);
  });

  it('goes with a level, which its command names', async () => {
    const tree = materialise('marathon');
    const commandOf = async (...options: string[]) =>
      (await planned(tree, [...options, ...ADOPT], flags({ mem: 62000 }))).ways.find(({ way }) => way === 'adopt')
        ?.command;
    expect((await commandOf('--salvage'))?.slice(3, 7)).toEqual(['--salvage', ...ADOPT, '--apply']);
    expect((await commandOf('--as-non-strict'))?.slice(3, 7)).toEqual(['--as-non-strict', ...ADOPT, '--apply']);
  });

  it('after a reboot keeps the id of what would be a new agent', async () => {
    const tree = materialise('marathon');
    const { ways, steps } = await planned(tree, ['--rebooted', ...ADOPT], flags({ mem: 62000 }));
    expect(steps).toHaveLength(1);
    expect(ways.map(({ way, recommended }) => [way, recommended])).toEqual([
      ['as-is', false],
      ['adopt', true],
    ]);
    const { out } = await prune(tree, ['--rebooted', ...ADOPT], flags({ mem: 62000 }));
    expect(out).toMatch(/new agent/);
  });
});

describe('--new-info', () => {
  const logOf = (info: object, old?: object): string => {
    const file = path.join(temporaryFolder(), 'mesos-agent.INFO');
    const block = (name: string, each: object): string =>
      `${name} agent info:\n${debugString(messageType('mesos.SlaveInfo'), each)}\n\n${'-'.repeat(60)}\n`;
    const text = `${old === undefined ? '' : block('Old', old)}${block('New', info)}`;
    fs.writeFileSync(file, `E1126 x] Failed: Incompatible agent info detected. \n\n${text}`);
    return file;
  };

  it('takes the info from the log, and pins the old values', async () => {
    const tree = materialise('marathon');
    const log = logOf({ ...builtBy(flags({ mem: 62000, attributes: 'rack:r8;zone:east' })), id: infoAt(tree).id });
    const { steps, agentInfo } = await planned(tree, [...ADOPT, '--new-info', log], []);
    expect(steps).toHaveLength(1);
    expect(agentInfo.keep).toEqual([
      {
        policy: 'equal',
        with: ['--resources=cpus:16;mem:64000;disk:400000;ports:[31000-32000]', '--attributes=rack:r7;zone:east'],
        without: [],
      },
    ]);
  });

  it('of a start with another slave.info is refused', async () => {
    const tree = materialise('marathon');
    const own = infoAt(tree);
    const now = { ...builtBy(flags({ mem: 62000 })), id: own.id };
    const reasonOf = async (old: object) =>
      (await planned(tree, [...ADOPT, '--new-info', logOf(now, old)], [])).blocked[0]?.reason;
    expect(await reasonOf(upgradeAgentInfo(own))).toBeUndefined();
    expect(await reasonOf({ ...upgradeAgentInfo(own), hostname: 'node6.example', port: 5052 })).toMatch(
      /tells of another start: .*\(hostname and port\)/,
    );
  });

  it('of another agent is refused', async () => {
    const log = logOf({ ...builtBy(flags({ mem: 62000 })), id: { value: 'another-S1' } });
    const { blocked } = await planned(materialise('marathon'), [...ADOPT, '--new-info', log], []);
    expect(blocked[0]?.reason).toBe('the info is that of another agent, another-S1');
  });

  it('that is none is an error, and so is nothing to go by', async () => {
    const tree = materialise('marathon');
    const file = path.join(temporaryFolder(), 'log');
    fs.writeFileSync(file, 'nothing\n');
    expect(await prune(tree, [...ADOPT, '--new-info', file], [])).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining("'New agent info:'"),
    });
    expect(await prune(tree, [...ADOPT, '--new-info', '/nothing/there'], [])).toMatchObject({ exitCode: 3 });
    expect(await prune(tree, ADOPT, [])).toMatchObject({ exitCode: 3, err: expect.stringContaining('--new-info') });
  });
});

it('says what is not known of the info, instead of guessing', async () => {
  const tree = materialise('marathon');
  const some = [
    '--',
    '--hostname=node7.example',
    '--resources=cpus:16',
    '--attributes=rack:r8;zone:east',
    `--domain=${DOMAIN}`,
  ];
  const { blocked } = await planned(tree, ADOPT, some);
  expect(blocked[0]?.reason).toMatch(/resources\.mem is not known .*--new-info/);
});

const policyIn = (agent: readonly string[]) =>
  agent.includes('--reconfiguration_policy=additive') ? 'additive' : 'equal';

/** What an agent with these flags builds. */
const builtBy = (agent: readonly string[]): SlaveInfo => {
  const value = (name: string): string | undefined =>
    agent.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3);
  const mem = Number(/mem:(\d+)/.exec(value('resources') ?? '')?.[1]);
  const attributes = (value('attributes') ?? '').split(';').filter((text) => text !== '');
  return {
    hostname: value('hostname') ?? '',
    checkpoint: true,
    port: Number(value('port') ?? 5051),
    domain: JSON.parse(DOMAIN),
    attributes: attributes.map((text) => {
      const [name = '', own = ''] = text.split(':');
      return /^\d+$/.test(own)
        ? { name, type: 'SCALAR' as const, scalar: { value: Number(own) } }
        : { name, type: 'TEXT' as const, text: { value: own } };
    }),
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 16 }, reservations: [] },
      { name: 'mem', type: 'SCALAR', scalar: { value: mem }, reservations: [] },
      { name: 'disk', type: 'SCALAR', scalar: { value: 400000 }, reservations: [] },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000n, end: 32000n }] }, reservations: [] },
    ],
  };
};
