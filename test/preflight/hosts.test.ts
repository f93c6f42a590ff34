import * as os from 'node:os';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { checkCodes } from '../../src/preflight/checks/index.ts';
import { type HostFixture, hostNames, hostsInMemory, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { complaintsOf } from '../support/schemas.ts';

interface Ran {
  readonly out: string;
  readonly exitCode: number;
}

const makeHost = hostsInMemory();

/** Runs `preflight` on a made-up host, once a set of options; where its root is on this machine is not told. */
const runOn = async (fixture: HostFixture, ...runs: readonly (readonly string[])[]): Promise<readonly Ran[]> => {
  const host = makeHost(fixture);
  const ran: Ran[] = [];
  for (const options of runs) {
    let out = '';
    const say = (text: string): void => {
      out += text;
    };
    const argv = ['preflight', ...options, '--root', host.root, ...(fixture.argv ?? [])];
    const world = { open: () => host, now: () => NOW, isRoot: () => false };
    const exitCode = await main(argv, { out: say, err: say, columns: 80, colour: false }, world);
    ran.push({ out: out.replaceAll(host.root, '/ROOT'), exitCode });
  }
  return ran;
};

interface Line {
  readonly judgedOn: string;
  readonly verify: { readonly exitCode: number; readonly mesosVersion: string } | null;
  readonly exitCode: number;
  readonly checks: readonly { readonly code: string; readonly verdict: string }[];
}

const shownBy = new Map<string, string[]>();

describe.each(hostNames)('%s', (name) => {
  const fixture = readHostFixture(name);

  it(`shows ${JSON.stringify(fixture.shows ?? {})}`, async () => {
    const [screen, json] = await runOn(fixture, [], ['--json']);
    const words = (fixture.argv ?? []).map((word) => (/^[\w./,:=-]+$/.test(word) ? word : `'${word}'`));
    const session = `$ mesos-ckpt ${['preflight', ...words].join(' ')}\n${screen?.out}exit code ${screen?.exitCode}\n`;
    await expect(session).toMatchFileSnapshot(`../../fixtures/hosts/expected/${name}.txt`);
    const line = JSON.parse(json?.out ?? '') as Line;
    expect([line.exitCode, json?.exitCode]).toEqual([screen?.exitCode, screen?.exitCode]);
    expect(complaintsOf('preflight', line)).toEqual([]);
    const verdicts = Object.fromEntries(line.checks.map(({ code, verdict }) => [code, verdict]));
    expect(verdicts).toMatchObject(fixture.shows ?? {});
    // What verify says has tests of its own: here is enough that it was asked.
    const { verify } = line;
    // Which machine judged it is no part of what is expected.
    expect(line.judgedOn).toBe(os.hostname());
    const short = {
      ...line,
      judgedOn: 'this machine',
      verify: verify && { exitCode: verify.exitCode, mesosVersion: verify.mesosVersion },
    };
    await expect(`${JSON.stringify(short, undefined, 2)}\n`).toMatchFileSnapshot(
      `../../fixtures/hosts/expected/${name}.json`,
    );
  });

  for (const [code, verdict] of Object.entries(fixture.shows ?? {})) {
    shownBy.set(code, [...(shownBy.get(code) ?? []), verdict]);
  }
});

describe('the hosts', () => {
  it('show each check where it is not ok', () => {
    const missing = checkCodes.filter((code) => shownBy.get(code)?.some((verdict) => verdict !== 'ok') !== true);
    expect(missing).toEqual([]);
  });

  it('show nothing that is no check', () => {
    expect([...shownBy.keys()].filter((code) => !(checkCodes as readonly string[]).includes(code))).toEqual([]);
  });

  it('have one on which every check is ok', async () => {
    const [json] = await runOn(readHostFixture('plain'), ['--json']);
    const line = JSON.parse(json?.out ?? '') as Line;
    expect(line.checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(line.exitCode).toBe(0);
  });
});
