import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { textAt } from '../../src/host/host.ts';
import { openHost } from '../../src/preflight/open-host.ts';
import { collect, toolsHere } from '../support/collect.ts';
import { makeHostOnDisk, readHostFixture } from '../support/fixture-hosts.ts';
import { run } from '../support/session.ts';
import { temporaryFolder } from '../support/trees.ts';

const tools = toolsHere();

/** What verify says of a checkpoint, without where it is. */
const judged = async (given: string, options: readonly string[]): Promise<unknown> => {
  const { out, exitCode } = await run(['verify', '--json', ...options, given]);
  const {
    path: _path,
    workDir: _workDir,
    inPlace: _inPlace,
    takenAt: _at,
    ...line
  } = JSON.parse(out) as Record<string, unknown>;
  return { ...line, next: undefined, hostFrom: undefined, time: undefined, host: undefined, exitCode };
};

describe.each(tools)('a host that was collected under $name', (each) => {
  it.each(['plain', 'checkpoint', 'rebooted', 'container-kept'])(
    '%s: its checkpoint is read as on the host',
    async (name) => {
      const fixture = readHostFixture(name);
      const root = makeHostOnDisk(fixture);
      const file = path.join(temporaryFolder(), 'host.tar');
      fs.writeFileSync(file, collect(root, each).bytes);
      const own = path.join(root, fixture.workDir ?? '/var/lib/mesos');
      const bootId = ['--boot-id', fixture.boot?.id ?? ''];
      const home = ['--work-dir', fixture.linksTo ?? fixture.workDir ?? '/var/lib/mesos'];
      expect(await judged(file, [])).toEqual(await judged(own, [...bootId, ...home]));
      const [here, there] = await Promise.all([run(['inspect', file]), run(['inspect', own, ...home])]);
      const shown = ({ out }: { readonly out: string }): string => out.replace(/^Work dir .*\n/m, '');
      expect(shown(here)).toBe(shown(there));
      const plan = await run(['prune', file]);
      expect([plan.exitCode, plan.err]).toEqual([(await run(['prune', own, ...bootId, ...home])).exitCode, '']);
    },
  );

  it('has of this machine what the kernel shows, which it shows each process under the name of its own', () => {
    const file = path.join(temporaryFolder(), 'own.tar');
    fs.writeFileSync(file, collect('/', each).bytes);
    const host = openHost(file);
    for (const name of ['mounts', 'net/tcp']) {
      const [head] = fs.readFileSync(`/proc/${name}`, 'utf8').split('\n');
      expect(textAt(host, `/proc/${name}`)?.split('\n')[0]).toBe(head);
    }
  });

  it('has no archive where the disk is full, which the exit code says', () => {
    const full = fs.openSync('/dev/full', 'w');
    const { exitCode, said } = collect(makeHostOnDisk(readHostFixture('plain')), each, [], full);
    fs.closeSync(full);
    expect(said).toContain('collect: the archive cannot be written: it is not whole\n');
    expect(exitCode).toBe(1);
  });
});
