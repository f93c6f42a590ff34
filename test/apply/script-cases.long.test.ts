import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { planScript } from '../../src/apply/script/script.ts';
import { openPath, openSource } from '../../src/checkpoint/open.ts';
import { plannedChanges } from '../../src/repair/plan/plan.ts';
import type { Planning } from '../../src/repair/plan-repair.ts';
import { planRepair } from '../../src/repair/plan-repair.ts';
import { AccessDenied } from '../../src/source/source.ts';
import { readCases } from '../support/cases.ts';
import { seed } from '../support/random.ts';
import { HOME, loadTree, materialise } from '../support/trees.ts';
import { bootIdOf, HEAD } from '../support/verify.ts';
import { fileOf, mustRun, scriptHosts } from './script-support.ts';
import { apply, FakeProcesses, fingerprint, forget, outline, settle, undo } from './support.ts';

const hosts = scriptHosts();

/** As many cases as are tried: each takes some seconds, for its processes. */
const SHARE = 24;

/** What a plan may keep, and take from elsewhere. */
const LEVELS = ['as-non-strict', 'salvage', 'suspect'] as const;

/** Cases that a start refuses, in an order that hangs on the seed. */
const shuffled = readCases()
  .filter(({ strict }) => !['recovers', 'new-agent'].includes(strict.verdict))
  .map((each, i) => ({ each, key: Math.imul(i + 1, 2_654_435_761) ^ Math.imul(seed, 40_503) }))
  .sort((a, b) => a.key - b.key)
  .map(({ each }) => each);

const planAt = (
  folder: string,
  tree: string,
  level: (typeof LEVELS)[number],
  rebooted: boolean,
): Planning | undefined => {
  const copies = [openSource(loadTree(tree), { workDir: HOME }).tree];
  const salvage = level === 'as-non-strict' ? undefined : { copies, allowSuspect: level === 'suspect' };
  try {
    return planRepair(openPath(folder, { workDir: HOME }), {
      version: HEAD,
      bootId: rebooted ? 'another-boot' : bootIdOf(tree),
      salvage,
    });
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    return undefined;
  }
};

it(`scripts come to what --apply comes to (${SHARE} cases, seed ${seed})`, { timeout: 900_000 }, async () => {
  let compared = 0;
  for (const [i, { name, tree, edits, rebooted }] of shuffled.entries()) {
    if (compared === SHARE) break;
    const level = LEVELS[i % LEVELS.length] ?? 'salvage';
    const host = hosts[i % hosts.length] as (typeof hosts)[number];
    const folder = materialise(tree, edits);
    settle(folder);
    const planning = planAt(folder, tree, level, rebooted);
    const script = planning === undefined ? undefined : planScript(planning);
    if (planning?.plan === undefined || script === undefined) continue;
    compared++;
    const what = `${name}, ${level}, under ${host.name}`;
    const before = fingerprint(folder);
    const processes = new FakeProcesses();
    const { place } = await apply(folder, plannedChanges(planning.plan), processes.start());
    const after = outline(folder);
    await undo(place, processes.start());
    forget(folder);

    const file = fileOf(script);
    mustRun(host, file, 'apply', folder);
    expect(outline(folder), what).toEqual(after);
    const again = planAt(folder, tree, level, rebooted);
    expect(again?.plan?.steps, what).toEqual([]);
    mustRun(host, file, 'undo', folder);
    expect(fingerprint(folder), what).toEqual(before);
    fs.rmSync(folder, { recursive: true });
  }
  expect(compared).toBe(SHARE);
});
