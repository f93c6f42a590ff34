import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { FolderHost } from '../../../src/host/folder.ts';
import { withoutSecrets } from '../../../src/report/preflight/flags-secrets.ts';
import { NOW } from '../../support/fixture-hosts.ts';
import { type HostFiles, makeRoot } from '../../support/hosts.ts';
import { complaintsOf } from '../../support/schemas.ts';

const list = async (files: HostFiles, ...options: readonly string[]) => {
  let out = '';
  const say = (text: string): void => {
    out += text;
  };
  const world = { open: () => new FolderHost(makeRoot(files)), now: () => NOW };
  const exitCode = await main(
    ['preflight', '--flags', ...options],
    { out: say, err: say, columns: 80, colour: false },
    world,
  );
  return { out, exitCode };
};

const HOST: HostFiles = {
  '/etc/systemd/system/mesos-agent.service':
    '[Service]\nEnvironmentFile=/etc/agent.env\nExecStart=/usr/sbin/mesos-agent \\\n  --work_dir=/var/lib/mesos \\\n  --master=zk://user:secret@z1:2181/mesos\n',
  '/etc/agent.env': 'MESOS_PORT=1\nMESOS_HOSTNAME=h.example\nMESOS_PORT=2\nMESOS_SLAVE_SUBSYSTEMS=cpu\n',
};

describe('the listing of flags', () => {
  it('has each with its value and its place', async () => {
    const { out, exitCode } = await list(HOST);
    expect(exitCode).toBe(0);
    await expect(out).toMatchFileSnapshot('expected/listing.txt');
  });

  it('has what the agent refuses, what is unknown, and what an agent runs with', async () => {
    const { out, exitCode } = await list({
      ...HOST,
      '/etc/agent.env': 'MESOS_PORT=x\nMESOS_CGROUPS_LIMIT_SWAP=yes\nexport MESOS_IP=1.1.1.1\nMESOS_WORKDIR=/x\n',
      '/proc/812/cmdline': '/usr/sbin/mesos-agent\0--work_dir=/var/lib/mesos\0--master=m:1\0',
      '/proc/812/environ': '',
      '/proc/812/stat': '812 (mesos-agent) S 1 1',
    });
    expect(exitCode).toBe(2);
    await expect(out).toMatchFileSnapshot('expected/listing-refused.txt');
  });

  it('fits 80 columns, whatever is in it', async () => {
    const long = `cpus:4;${'x'.repeat(300)}\u202e:1`;
    const { out } = await list({ ...HOST, '/etc/agent.env': `MESOS_RESOURCES="${long}"\n` });
    for (const line of out.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
    expect(out).not.toContain('\u202e');
  });

  it('says where nothing is known', async () => {
    const { out, exitCode } = await list({});
    expect(exitCode).toBe(1);
    expect(out).toContain('no flags found');
  });

  it('is a line of JSON, as its schema has it', async () => {
    for (const files of [HOST, {}, { ...HOST, '/proc/9/cmdline': 'mesos-agent\0', '/proc/9/environ': '' }]) {
      const { out } = await list(files, '--json', '--', '--port=7');
      const line = JSON.parse(out);
      expect(complaintsOf('preflight', line)).toEqual([]);
      expect(line.flags.flags.find(({ name }: { name: string }) => name === 'port')).toMatchObject({
        value: '7',
        origin: { place: 'arguments', line: null },
      });
      expect(out).not.toContain('secret@');
    }
  });

  it('shows secrets where they are asked for', async () => {
    expect((await list(HOST, '--show-secrets')).out).toContain('user:secret@');
  });
});

describe('secrets', () => {
  it.each([
    ['master', 'zk://u:p@h:1,h:2/m', 'zk://<redacted>@h:1,h:2/m'],
    ['docker_config', '{"auths": {}}', '<redacted>'],
    ['docker_config', 'file:///root/.docker', 'file:///root/.docker'],
    ['work_dir', '/a@b', '/a@b'],
  ])('in %s: %s', (name, value, expected) => {
    expect(withoutSecrets(name, value)).toBe(expected);
  });
});
