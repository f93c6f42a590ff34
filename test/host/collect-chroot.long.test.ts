import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { openHost } from '../../src/preflight/open-host.ts';
import { runChecks } from '../../src/preflight/preflight.ts';
import { preflightJson } from '../../src/report/json/preflight.ts';
import { chrootHere } from '../support/chroot.ts';
import { hostNames, makeHostOnDisk, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { runsOf, seed } from '../support/random.ts';
import { temporaryFolder } from '../support/trees.ts';

const chroot = chrootHere();

/** All that preflight says of a host, with secrets. */
const saidOf = (host: Host): unknown => {
  const preflight = runChecks(gatherFacts(host, { now: NOW }));
  return JSON.parse(JSON.stringify(preflightJson(preflight, { showSecrets: true })));
};

/** The fields in which two answers differ, each as `field: one | other`. */
const differences = (one: unknown, other: unknown, at = ''): readonly string[] => {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return Object.is(one, other) ? [] : [`${at}: ${JSON.stringify(one)} | ${JSON.stringify(other)}`];
  }
  const [first, second] = [one, other] as readonly Readonly<Record<string, unknown>>[];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) =>
    differences(first?.[key], second?.[key], `${at}.${key}`),
  );
};

/** What may differ: the name of what was read. */
const MAY_DIFFER = /^\.root: "\/" \| "\/.*\/host\.tar"$/;

/** A text without how much is free on the disk: other programs write there between one look and the next. */
const withoutFree = (text: string): string =>
  text.replaceAll(/[\d.]+ \w+ (of [\d.]+ \w+ are free at [^"]*, and) \d+ inodes/g, 'some $1 some inodes');

/** What a made-up host's clock says, in ms: that of the machine is another, and a program on the host would ask it. */
const clockOf = (root: string): number => {
  const text = (name: string): string => fs.readFileSync(path.join(root, 'proc', name), 'utf8');
  try {
    const [boot, up] = [/^btime (\d+)$/m.exec(text('stat'))?.[1], Number.parseFloat(text('uptime'))];
    return boot === undefined || Number.isNaN(up) ? NOW : (Number(boot) + up) * 1000;
  } catch {
    return NOW;
  }
};

/** The same, as a program of the host itself says it, whose `/` is the host's. */
const onHostAt = (now: number): string => `
import { FolderHost, gatherFacts, preflightJson, runChecks } from '/.tools/lib/index.js';
const preflight = runChecks(gatherFacts(new FolderHost('/'), { now: ${now} }));
console.log(JSON.stringify(preflightJson(preflight, { showSecrets: true })));
`;

/** Of all hosts every fourteenth, from the seed on: `RUNS=1000` takes all. */
const STEP = Math.ceil(hostNames.length / runsOf(Math.ceil(hostNames.length / 14)));
const chosen = hostNames.filter((_, i) => i % STEP === seed % STEP);

/** All that is below a folder, with what a write would change. */
const stateOf = (root: string): string =>
  execFileSync('find', [root, '-printf', '%p %C@ %T@ %s %i\\n'], { encoding: 'latin1', maxBuffer: 1 << 28 });

describe.runIf(chroot !== undefined)(`a host that collects its own / (seed ${seed})`, () => {
  it.each(chosen)('%s: shows what a program on it shows, and is not written to', (name) => {
    if (chroot === undefined) return;
    const root = makeHostOnDisk(readHostFixture(name));
    const own = chroot.node(root, onHostAt(clockOf(root)));
    expect(own.stderr.toString()).toBe('');
    const before = stateOf(root);
    const tools = chroot.tools[chosen.indexOf(name) % chroot.tools.length];
    if (tools === undefined) throw new Error('neither dash nor busybox is here');
    const { stdout, stderr, status } = chroot.collect(root, tools);
    expect([status, stderr.toString().replaceAll(/^collect: no checkpoint was found: .*\n/gm, '')]).toEqual([0, '']);
    expect(stateOf(root)).toBe(before);
    const file = path.join(temporaryFolder(), 'host.tar');
    fs.writeFileSync(file, stdout);
    const onHost: unknown = JSON.parse(withoutFree(own.stdout.toString()));
    const collected: unknown = JSON.parse(withoutFree(JSON.stringify(saidOf(openHost(file)))));
    const differing = differences(onHost, collected);
    expect(differing.filter((each) => !MAY_DIFFER.test(each))).toEqual([]);
    // What was asked, it was asked of the same host, which was there.
    expect(onHost).toMatchObject({ isOwn: true, root: '/' });
  });
});
