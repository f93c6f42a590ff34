import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { parseVersion } from '../src/agent/version.ts';
import { Loader } from '../src/checkpoint/load.ts';
import { openPath } from '../src/checkpoint/open.ts';
import { verifyCheckpoint } from '../src/verify/verify.ts';
import { fingerprint } from './support/fingerprint.ts';
import { run } from './support/session.ts';
import { materialise, temporaryFolder, treeNames } from './support/trees.ts';
import { HEAD, startsOf } from './support/verify.ts';

it.each(treeNames)('of %s', async (name) => {
  const folder = materialise(name);
  const before = fingerprint(folder);
  expect(before.length).toBeGreaterThan(5);
  for (const path of [folder, `${folder}/meta`]) {
    const opened = openPath(path);
    for (const detail of ['facts', 'whole'] as const) {
      const checkpoint = new Loader(opened.tree, detail).checkpoint();
      for (const strict of [true, false])
        for (const rebooted of [true, false]) startsOf(checkpoint, { strict, rebooted });
    }
    for (const version of [HEAD, parseVersion('1.4.0') ?? HEAD]) {
      verifyCheckpoint(opened, { version, sandboxes: 'judge', launcher: 'posix', rebooted: true });
    }
  }
  for (const path of [folder, `${folder}/meta`]) {
    for (const options of [[], ['--json', '--state'], ['--rebooted', '--no-strict']]) {
      expect((await run(['verify', path, ...options])).out).not.toBe('');
    }
    for (const options of [[], ['--tree', '--wide'], ['--json', '--show-secrets'], ['--damaged']]) {
      expect((await run(['inspect', path, ...options])).exitCode).toBe(0);
    }
    const page = await run(['report', path, '-o', `${temporaryFolder()}/report.html`]);
    expect(page.out).toContain('Wrote ');
  }
  expect(fingerprint(folder)).toEqual(before);
});

it('would be noticed', () => {
  const folder = materialise('fresh');
  const before = fingerprint(folder);
  fs.utimesSync(`${folder}/meta/boot_id`, new Date(), new Date(0));
  expect(fingerprint(folder)).not.toEqual(before);
});
