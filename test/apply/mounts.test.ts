import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { findJournal, journalsOf } from '../../src/apply/journals.ts';
import { withTree } from '../../src/apply/tree.ts';
import { openPath } from '../../src/checkpoint/open.ts';
import { takeSnapshot } from '../../src/snapshot/snapshot.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/trees.ts';
import { quickly } from './calls.ts';
import { asOwnMount } from './own-mount.ts';
import {
  AGENT,
  apply,
  CHANGES,
  FakeProcesses,
  fingerprint,
  makeTree,
  modifiedOf,
  planned,
  standings,
  targetAt,
  undo,
} from './support.ts';

quickly();

/** A tree whose `meta` is a mount of its own. */
const mounted = (): string => {
  const folder = makeTree();
  asOwnMount(`${folder}/meta`);
  return folder;
};

it('a meta on a mount of its own has its journals in it, where no agent reads', async () => {
  const folder = mounted();
  const before = fingerprint(folder);
  const times = [modifiedOf(folder), modifiedOf(`${folder}/meta`)];
  const own = new FakeProcesses().start();
  const { place } = await apply(folder, planned(folder, CHANGES), own);
  expect(place.path).toBe(`${folder}/meta/.mesos-ckpt/${place.id}`);
  expect(fs.existsSync(`${folder}/mesos-ckpt`)).toBe(false);
  expect(standings(folder)).toEqual(['applied']);
  expect(findJournal(place.path)).toEqual(place);
  await undo(findJournal(place.path), own);
  expect(standings(folder)).toEqual(['undone']);
  expect(fingerprint(folder)).toEqual(before);
  expect([modifiedOf(folder), modifiedOf(`${folder}/meta`)]).toEqual(times);
});

it('journals that are in meta are no part of the checkpoint', async () => {
  const folder = mounted();
  const own = new FakeProcesses().start();
  const { place } = await apply(folder, planned(folder, CHANGES), own);
  await undo(place, own);
  const opened = openPath(folder);
  const { findings } = verifyCheckpoint(opened);
  expect(findings.filter(({ path }) => path?.includes('mesos-ckpt'))).toEqual([]);
  const { entries } = takeSnapshot(opened, { host: { name: 'host', bootId: undefined } });
  expect(entries.length).toBeGreaterThan(3);
  expect(entries.filter(({ path }) => path.includes('mesos-ckpt'))).toEqual([]);
});

it('a journal elsewhere cannot be, and the way to do without is said', async () => {
  const folder = mounted();
  const own = new FakeProcesses().start();
  const journal = `${temporaryFolder()}/journal`;
  await expect(apply(folder, planned(folder, CHANGES), own, { journal })).rejects.toThrow(
    /are on different mounts, and files are moved to the journal by renaming: leave --journal out/,
  );
  expect(fs.existsSync(journal)).toBe(false);
  await expect(apply(folder, planned(folder, CHANGES), own, { journal: `${folder}/meta/x` })).rejects.toThrow(
    /is in meta, which is the agent's: .*without --journal/,
  );
  expect(fs.readdirSync(`${folder}/meta`)).toEqual(['slaves']);
});

it('what is mounted below meta is left alone, with a way that works', async () => {
  const folder = makeTree();
  asOwnMount(`${folder}/${AGENT}`);
  const before = fingerprint(folder);
  await expect(apply(folder, planned(folder, CHANGES), new FakeProcesses().start())).rejects.toThrow(
    /are on different mounts, and files are moved to the journal by renaming: apply the plan to a copy that is on one mount/,
  );
  expect(fingerprint(folder)).toEqual(before);
});

it('journals are found wherever meta was mounted when they were made', async () => {
  const folder = makeTree();
  const own = new FakeProcesses().start();
  const steps = planned(folder, [{ kind: 'set-aside', path: `${AGENT}/bad.info` }]);
  const beside = await apply(folder, steps, own);
  asOwnMount(`${folder}/meta`);
  const more = planned(folder, [{ kind: 'set-aside', path: `${AGENT}/slave.info` }]);
  const inside = await apply(folder, more, own, { now: () => new Date(Date.UTC(2026, 0, 3)) });
  expect(journalsOf(targetAt(folder))).toEqual([beside.place, inside.place]);
});

it('a lock in the other folder of journals counts', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  await withTree(targetAt(folder), processes.start(), async () => {
    asOwnMount(`${folder}/meta`);
    await expect(withTree(targetAt(folder), processes.start(), async () => 'held')).rejects.toThrow(
      /another mesos-ckpt is changing this tree/,
    );
  });
});
