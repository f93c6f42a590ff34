import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { World } from '../../src/cli/command.ts';
import { main } from '../../src/cli/main.ts';
import { FolderHost } from '../../src/host/folder.ts';
import { type HostFiles, makeRoot } from '../support/hosts.ts';
import { HOME, materialise } from '../support/trees.ts';

const UNIT = '/etc/systemd/system/mesos-agent.service';
const unit = (command: string): HostFiles => ({ [UNIT]: `[Service]\nExecStart=${command}\n` });
const agentWith = (workDir: string): string => `/usr/sbin/mesos-agent --master=zk://m/mesos --work_dir=${workDir}`;
const process = (pid: number, command: string): HostFiles => ({
  [`/proc/${pid}/cmdline`]: `${command.split(' ').join('\0')}\0`,
  [`/proc/${pid}/stat`]: `${pid} (mesos-agent) S 1 0`,
  [`/proc/${pid}/environ`]: '',
});

/** A tree whose links lead to /var/lib/mesos, somewhere on a host, and what `verify --json` says of its place. */
const placeOf = async (at: string, files: HostFiles, { given = at, argv = [] as readonly string[] } = {}) => {
  const root = makeRoot({ [path.dirname(at)]: null, ...files });
  fs.renameSync(materialise('marathon'), path.join(root, at));
  let out = '';
  const io = { out: (text: string) => (out += text), err: () => {}, columns: 80, colour: false };
  const world: World = { open: () => new FolderHost(root), now: () => 0 };
  await main(['verify', path.join(root, given), '--json', ...argv], io, world);
  const { workDir, inPlace } = JSON.parse(out);
  return { workDir, inPlace };
};

interface Row {
  readonly what: string;
  readonly at: string;
  readonly files: HostFiles;
  readonly given?: string;
  readonly workDir: string;
}

const IN_PLACE: readonly Row[] = [
  { what: 'the flag of a unit', at: '/data/mesos', files: unit(agentWith('/data/mesos')), workDir: '/data/mesos' },
  {
    what: 'a file of the packages',
    at: '/data/mesos',
    files: { '/usr/bin/mesos-init-wrapper': '#!/bin/bash\n', '/etc/mesos-slave/work_dir': '/data/mesos\n' },
    workDir: '/data/mesos',
  },
  {
    what: 'an agent that runs',
    at: '/data/mesos',
    files: process(812, agentWith('/data/mesos')),
    workDir: '/data/mesos',
  },
  {
    what: 'the second agent that runs',
    at: '/data/b',
    files: { ...process(812, agentWith('/data/a')), ...process(813, agentWith('/data/b')) },
    workDir: '/data/b',
  },
  {
    what: 'a volume of a container',
    at: '/srv/agent',
    files: unit(`/usr/bin/docker run --name agent -v /srv/agent:${HOME} mesos/agent ${agentWith(HOME)}`),
    workDir: HOME,
  },
  {
    what: 'a link',
    at: '/disk1/mesos',
    files: { ...unit(agentWith('/data/mesos')), '/data/mesos': { link: '/disk1/mesos' } },
    workDir: '/data/mesos',
  },
  {
    what: 'its meta',
    at: '/data/mesos',
    files: unit(agentWith('/data/mesos')),
    given: '/data/mesos/meta',
    workDir: '/data/mesos',
  },
  {
    what: 'what holds it',
    at: '/data/mesos',
    files: unit(agentWith('/data/mesos')),
    given: '/data',
    workDir: '/data/mesos',
  },
];

const COPIES: readonly Omit<Row, 'workDir'>[] = [
  { what: 'of a host without an agent', at: '/data/mesos', files: {} },
  { what: 'beside the work_dir', at: '/data/copy', files: unit(agentWith('/data/mesos')) },
  { what: 'of another root, where it has the same path', at: '/mnt/var/lib/mesos', files: unit(agentWith(HOME)) },
  { what: 'at a usual place, which nothing names', at: '/var/lib/mesos/slave', files: unit(agentWith(HOME)) },
  {
    what: 'that a container sees as another folder',
    at: '/data/mesos',
    files: unit(`/usr/bin/docker run -v /srv/agent:/data/mesos mesos/agent ${agentWith('/data/mesos')}`),
  },
];

describe('a tree is in place', () => {
  it.each(IN_PLACE)('by $what', async ({ at, files, given = at, workDir }) => {
    expect(await placeOf(at, files, { given })).toEqual({ workDir, inPlace: true });
  });
});

describe('a work_dir whose meta is gone', () => {
  it('is one, whatever is kept below it', async () => {
    const host = unit(agentWith('/data/mesos'));
    const [kept, lost] = ['/data/mesos/backup', '/data/mesos'];
    expect(await placeOf(kept, host, { given: lost })).toEqual({ workDir: '/data/mesos', inPlace: true });
    expect(await placeOf(kept, {}, { given: lost })).toEqual({ workDir: HOME, inPlace: false });
  });
});

describe('a tree is a copy', () => {
  it.each(COPIES)('$what', async ({ at, files }) => {
    expect(await placeOf(at, files)).toEqual({ workDir: HOME, inPlace: false });
  });

  it('where it is said to be one, whatever the host says', async () => {
    const said = await placeOf('/data/mesos', unit(agentWith('/data/mesos')), { argv: ['--work-dir', '/elsewhere'] });
    expect(said).toEqual({ workDir: '/elsewhere', inPlace: false });
  });
});
