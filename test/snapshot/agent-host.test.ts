import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import type { Opened } from '../../src/checkpoint/open.ts';
import { aboutCheckpoint } from '../../src/cli/about.ts';
import { fileWith } from '../support/archives.ts';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { materialise, pathIn, temporaryFolder } from '../support/trees.ts';

/** A snapshot of a tree, what was said of it, and what verify says of it. */
const snapshotOf = async (tree: string) => {
  const file = path.join(temporaryFolder(), 'n1.tar.gz');
  const { out: taken } = await run(['snapshot', tree, '-o', file]);
  const line = JSON.parse((await run(['snapshot', tree, '-o', file, '--force', '--json'])).out);
  expect(complaintsOf('snapshot', line)).toEqual([]);
  const { out } = await run(['verify', file]);
  const json = JSON.parse((await run(['verify', file, '--json'])).out);
  return { file, taken, line, screen: out.replaceAll(/\s+/g, ' '), json };
};

it('of a copy names the agent, and the machine that it was taken on', async () => {
  const { taken, line, screen, json } = await snapshotOf(materialise('marathon'));
  expect(taken.replaceAll(/\s+/g, ' ')).toContain(' of node7.example (');
  expect(line).toMatchObject({ agentHost: 'node7.example', host: { name: os.hostname() }, inPlace: false });
  expect(screen).toContain(`A snapshot of node7.example, taken on ${os.hostname()} at `);
  expect(json).toMatchObject({ host: 'node7.example', hostFrom: 'slave.info' });
  const { out } = await run(['fleet', fileWith(Buffer.from(JSON.stringify(line))), '--json']);
  expect(JSON.parse(out).hosts[0]).toMatchObject({ host: 'node7.example', hostFrom: 'slave.info' });
});

it('of a copy whose slave.info is damaged names no agent, and says where the copy was', async () => {
  const tree = materialise('marathon', [{ op: 'truncate', path: pathIn('marathon', /slave\.info$/), size: 3 }]);
  const { taken, line, screen, json } = await snapshotOf(tree);
  expect(taken.replaceAll(/\s+/g, ' ')).toContain(` of a copy on ${os.hostname()} (`);
  expect(line.agentHost).toBe(null);
  expect(screen).toContain(`A snapshot of a copy, taken on ${os.hostname()} at `);
  expect(json).toMatchObject({ host: 'n1', hostFrom: 'path' });
  // The command is for the agent's host, which is not this one.
  expect(screen).toContain(' On its host, if its checkpoint is still as in this archive: ');
});

it('that was taken in place, by a machine with another name, is of the host that the agent names', async () => {
  const home = materialise('marathon');
  const file = path.join(temporaryFolder(), 'n1.tar.gz');
  // Where its links lead, it is in place: as in a container that has the work_dir under its own path.
  const { out } = await run(['snapshot', home, '--work-dir', home, '-o', file, '--json']);
  const line = JSON.parse(out);
  expect(line).toMatchObject({ inPlace: true, agentHost: 'node7.example', host: { name: os.hostname() } });
  const { out: judged } = await run(['verify', file, '--json']);
  expect(JSON.parse(judged)).toMatchObject({ host: 'node7.example', hostFrom: 'slave.info' });
  const { out: summed } = await run(['fleet', fileWith(Buffer.from(out + judged)), '--json']);
  expect(JSON.parse(summed).hosts).toMatchObject([{ host: 'node7.example', hostFrom: 'slave.info' }]);
});

it('that was taken in place is of the host that it was taken on', () => {
  const about = (inPlace: boolean) =>
    aboutCheckpoint('/copies/n1.tar.gz', {
      opened: { manifest: { inPlace, host: { name: 'n7' } } } as unknown as Opened,
    });
  expect(about(true)).toMatchObject({ host: 'n7', hostFrom: 'manifest' });
  expect(about(false)).toMatchObject({ host: 'n1', hostFrom: 'path' });
});
