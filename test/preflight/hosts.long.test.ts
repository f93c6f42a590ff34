import { expect, it } from 'vitest';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { runChecks } from '../../src/preflight/preflight.ts';
import { preflightJson } from '../../src/report/json/preflight.ts';
import {
  type HostFixture,
  hostNames,
  hostsInMemory,
  makeFixtureHost,
  NOW,
  readHostFixture,
} from '../support/fixture-hosts.ts';

const makeHost = hostsInMemory();

const shownBy = (make: (fixture: HostFixture) => ReturnType<typeof makeHost>, fixture: HostFixture): string => {
  const host = make(fixture);
  const json = JSON.stringify(preflightJson(runChecks(gatherFacts(host, { now: NOW })), { showSecrets: true }));
  return json.replaceAll(host.root, '/ROOT');
};

it.each(hostNames)('%s shows the same in memory and on disk', (name) => {
  const fixture = readHostFixture(name);
  expect(shownBy(makeHost, fixture)).toBe(shownBy(makeFixtureHost, fixture));
});
