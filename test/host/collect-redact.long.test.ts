import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { openHost } from '../../src/preflight/open-host.ts';
import { runChecks } from '../../src/preflight/preflight.ts';
import { collect, toolsHere } from '../support/collect.ts';
import { makeHostOnDisk, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { temporaryFolder } from '../support/trees.ts';

/** Each is a secret, in another form. */
const SECRETS = [
  'hunter2',
  'Tr0ub4dor',
  'c0rrecthorse',
  'batterystaple',
  'zkpassword',
  'keyMaterial',
  'oldForm',
  'bs\\ecret',
];

/** A host whose agent is given secrets in every way that the script knows. */
const rootWithSecrets = (): string => {
  const plain = readHostFixture('plain');
  const agent = plain.processes?.['812'];
  if (agent == null) throw new Error('the plain host has no agent');
  return makeHostOnDisk({
    ...plain,
    files: {
      ...plain.files,
      '/etc/default/mesos-agent': `${String(plain.files?.['/etc/default/mesos-agent'])}AWS_SECRET_ACCESS_KEY=hunter2\nexport DB_PASSWORD="Tr0ub4dor"\nMESOS_CREDENTIAL={"principal":"p","secret":"c0rrecthorse"}\nMESOS_HTTP_CREDENTIALS=file:///etc/mesos/http\nLIBPROCESS_SSL_KEY_FILE=/etc/mesos/key.pem\nZK=zk://user:zkpassword@zk1:2181/mesos\nZK_OLD=zk://user:bs\\ecret@zk1:2181/mesos\n`,
      '/etc/mesos/http': '{"credentials":[{"principal":"p","secret":"batterystaple"}]}',
      '/etc/mesos/key.pem': 'keyMaterial',
    },
    processes: {
      ...plain.processes,
      '812': { ...agent, environment: { ...agent.environment, API_TOKEN: 'oldForm' } },
    },
  });
};

const opened = (bytes: Buffer): Host => {
  const file = path.join(temporaryFolder(), 'host.tar');
  fs.writeFileSync(file, bytes);
  return openHost(file);
};

const verdicts = (host: Host): Readonly<Record<string, string>> =>
  Object.fromEntries(runChecks(gatherFacts(host, { now: NOW })).results.map(({ code, verdict }) => [code, verdict]));

describe.each(toolsHere())('collect --redact under $name', (tools) => {
  it('sends no secret that it says it blanks, and keeps the form of all else', () => {
    const root = rootWithSecrets();
    const whole = collect(root, tools);
    const redacted = collect(root, tools, ['--redact']);
    for (const secret of SECRETS) {
      expect([secret, whole.bytes.includes(secret)]).toEqual([secret, true]);
      expect([secret, redacted.bytes.includes(secret)]).toEqual([secret, false]);
    }
    expect(redacted.said).toContain('collect: left out /etc/mesos/key.pem: it may hold a secret\n');
    expect(redacted.said).toContain(
      'collect: the records of the checkpoint are not blanked, with the environment of tasks',
    );
    const host = opened(redacted.bytes);
    expect(host.about).toMatchObject({ isRedacted: true });
    expect(host.read('/etc/mesos/http')).toEqual({ code: 'REDACTED' });
    const text = String(host.read('/etc/default/mesos-agent'));
    expect(text).toContain('MESOS_CREDENTIAL={"principal":"p","secret":"xxxxxxxxxxxx"}\n');
    expect(text).toContain('AWS_SECRET_ACCESS_KEY=xxxxxxx\n');
    expect(text).toContain('zk://user:xxxxxxxxxx@zk1:2181/mesos\n');
    expect(text).toContain('LIBPROCESS_SSL_KEY_FILE=/etc/mesos/key.pem\n');
    expect(text.length).toBe(fs.readFileSync(path.join(root, 'etc/default/mesos-agent')).length);
    const [before, after] = [verdicts(opened(whole.bytes)), verdicts(host)];
    for (const [code, verdict] of Object.entries(after)) {
      // What was left out is not known; nothing is better for it.
      if (verdict !== before[code]) expect([code, verdict]).toEqual([code, 'unknown']);
    }
  });

  it('takes of a process that is no agent what an agent gives its executors alone', () => {
    const fixture = readHostFixture('plain');
    const one = fixture.processes?.['4203'];
    if (one == null) throw new Error('the plain host has no such process');
    const environment = { ...one.environment, PGPASS: 'swordfish', MESOS_EXECUTOR_ID: 'x' };
    const root = makeHostOnDisk({ ...fixture, processes: { ...fixture.processes, '4203': { ...one, environment } } });
    const { bytes } = collect(root, tools);
    expect(bytes.includes('swordfish')).toBe(false);
    expect(String(opened(bytes).read('/proc/4203/environ'))).toContain('MESOS_EXECUTOR_ID=x\0');
  });
});
