import * as path from 'node:path';
import { expect, it } from 'vitest';
import { fileWith, tar } from '../support/archives.ts';
import { run } from '../support/session.ts';
import { materialise, pathIn, temporaryFolder } from '../support/trees.ts';

it('takes nothing from a snapshot in which secrets were blanked, and says so', async () => {
  const tree = materialise('marathon');
  const file = path.join(temporaryFolder(), 'n1.tar.gz');
  expect((await run(['snapshot', tree, '-o', file, '--redact'])).exitCode).toBe(0);
  const { err, out, exitCode } = await run(['prune', tree, '--salvage', '--from', file]);
  expect({ out, exitCode }).toEqual({ out: '', exitCode: 3 });
  expect(err).toBe(`mesos-ckpt: --from: ${file}: this snapshot was made with --redact, so nothing is taken from it\n`);
  expect((await run(['verify', file])).out.replace(/\s+/g, ' ')).toMatch(
    /A snapshot of node7\.example, taken on \S+ at \S+ with --redact\./,
  );
});

it('takes from any archive of a checkpoint, one that tar made and that no snapshot is', async () => {
  const info = pathIn('marathon', /slave\.info$/);
  const tree = materialise('marathon', [{ op: 'truncate', path: info, size: 0 }]);
  const file = fileWith(tar(['-C', materialise('marathon'), '-zcf', '-', '.']));
  const { err, out, exitCode } = await run(['prune', tree, '--from', file]);
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 1 });
  expect(out).toContain('take slave.info from');
});
