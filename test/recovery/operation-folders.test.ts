import { expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { applyEdits, HOME, loadTree } from '../support/trees.ts';
import { bootIdOf, version } from '../support/verify.ts';
import { pathsOf } from '../support/walk.ts';

const tree = loadTree('operations');
const folder = pathsOf(tree).find((path) => /\/operations\/[^/]+$/.test(path)) ?? '';
const copy = folder.replace(/[^/]+$/, (uuid) => `old-${uuid}`);

it.each([
  ['1.11.0', 'recovers', 'operation-folder-unknown'],
  ['1.12.0', 'refuses', 'operation-folder-invalid'],
])('a folder called old- and a uuid, to %s: %s', (of, verdict, code) => {
  const opened = openSource(applyEdits(tree, [{ op: 'mkdir', path: copy }]), { workDir: HOME });
  const { strict, nonStrict, findings } = verifyCheckpoint(opened, {
    version: version(of),
    bootId: bootIdOf('operations'),
  });
  expect([strict, nonStrict].map(({ starts }) => starts[0]?.verdict)).toEqual([verdict, verdict]);
  expect(findings.filter(({ path }) => path === copy).map((finding) => finding.code)).toEqual([code]);
});
