import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderHost } from '../../src/host/folder.ts';
import type { Host } from '../../src/host/host.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { openHost } from '../../src/preflight/open-host.ts';
import { runChecks } from '../../src/preflight/preflight.ts';
import { preflightJson } from '../../src/report/json/preflight.ts';
import { collect, toolsHere } from '../support/collect.ts';
import { hostNames, makeHostOnDisk, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { runsOf, seed } from '../support/random.ts';
import { temporaryFolder } from '../support/trees.ts';

const tools = toolsHere();

/** All that preflight says of a host, with secrets; where it was read is not of it. */
const shownBy = (host: Host): unknown => {
  const preflight = runChecks(gatherFacts(host, { now: NOW }));
  return JSON.parse(JSON.stringify(preflightJson(preflight, { showSecrets: true })).replaceAll(host.root, '/ROOT'));
};

/** Each host is collected by one shell, and the next one by the next: all of them by all take an hour. */
const toolsOf = (name: string): (typeof tools)[number] => {
  const found = tools[hostNames.indexOf(name) % tools.length];
  if (found === undefined) throw new Error('neither dash, busybox nor bash is here');
  return found;
};

/** Of all hosts, which take eleven minutes, every fourth, from the seed on: `RUNS=177` takes all. */
const STEP = Math.ceil(hostNames.length / runsOf(Math.ceil(hostNames.length / 4)));
const chosen = hostNames.filter((_, i) => i % STEP === seed % STEP);

describe(`what is collected of a host shows what the host shows (seed ${seed})`, () => {
  it.each(chosen)('%s', (name) => {
    const root = makeHostOnDisk(readHostFixture(name));
    const { bytes, exitCode, said } = collect(root, toolsOf(name));
    const file = path.join(temporaryFolder(), 'host.tar');
    fs.writeFileSync(file, bytes);
    expect(exitCode, said).toBe(0);
    expect(said.replaceAll(/^collect: no checkpoint was found: .*\n/gm, '')).toBe('');
    expect(shownBy(openHost(file))).toEqual(shownBy(new FolderHost(root)));
  });
});
