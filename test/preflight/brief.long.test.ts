import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatherFacts, type Scenario } from '../../src/preflight/facts/facts.ts';
import { runChecks } from '../../src/preflight/preflight.ts';
import { agentsOf } from '../../src/recovery/living.ts';
import { preflightJson } from '../../src/report/json/preflight.ts';
import { preflightScreen } from '../../src/report/preflight/screen.ts';
import { type Edit, readCases } from '../support/cases.ts';
import { type HostFixture, hostNames, hostsInMemory, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { check, randomly } from '../support/random.ts';

/** Executors in which all is as it should be are kept in few words, and the same is said of a host. */

const makeHost = hostsInMemory();

interface Start {
  readonly scenario: Scenario | undefined;
  readonly to: string | undefined;
}

/** How many executors were kept in few words. */
let brief = 0;

const told = (fixture: HostFixture, { scenario, to }: Start, keepsWhole: boolean): unknown => {
  const facts = gatherFacts(makeHost(fixture), { now: NOW, scenario, to, keepsWhole });
  const checkpoint = facts.checkpoint.known ? facts.checkpoint.value.verification.checkpoint : undefined;
  const ordinary =
    checkpoint && agentsOf(checkpoint).flatMap(({ frameworks }) => frameworks.flatMap((each) => each.ordinary));
  if (keepsWhole) expect(ordinary ?? []).toEqual([]);
  brief += ordinary?.length ?? 0;
  const result = runChecks(facts);
  return [
    preflightJson(result, { showSecrets: false }),
    preflightScreen(result, { width: 80, colour: false, all: true }),
  ];
};

const compare = (fixture: HostFixture, start: Start): void => {
  expect(told(fixture, start, false)).toEqual(told(fixture, start, true));
};

const STARTS: readonly Start[] = [
  { scenario: undefined, to: undefined },
  { scenario: 'reboot', to: undefined },
  { scenario: 'cleanup', to: undefined },
  { scenario: undefined, to: '1.4.0' },
  { scenario: undefined, to: '1.12.0' },
];

describe('what is said of a host whose executors are kept in few words is what is said of whole ones', () => {
  it.each(hostNames)('%s', (name) => {
    const fixture = readHostFixture(name);
    for (const start of STARTS) compare(fixture, start);
  });

  it('and many are kept so', () => {
    expect(brief).toBeGreaterThan(hostNames.length);
  });

  const HOSTS = ['plain', 'processes', 'docker-volumes', 'checkpoint', 'kill-mode', 'downtime'].filter((name) =>
    hostNames.includes(name),
  );
  const cases = readCases();

  it(randomly('of checkpoints that are damaged too', 150), () => {
    check(
      150,
      fc.property(
        fc.constantFrom(...HOSTS.map(readHostFixture)),
        fc.constantFrom(...cases),
        fc.constantFrom(...STARTS),
        (host, { tree, edits }, start) => {
          compare({ ...host, tree, edits: edits as readonly Edit[] }, start);
        },
      ),
    );
  });
});
