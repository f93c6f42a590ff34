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

const [tools] = toolsHere();

/** A root as the script tells it. */
const collected = (root: string): Host => {
  if (tools === undefined) throw new Error('neither dash, busybox nor bash is here');
  const file = path.join(temporaryFolder(), 'host.tar');
  fs.writeFileSync(file, collect(root, tools).bytes);
  return openHost(file);
};

type Asking = 'read' | 'list' | 'stat' | 'link';

interface Asked {
  /** What preflight asked for that was not collected, each as `read /etc/hosts`. */
  readonly missed: readonly string[];
  /** Files that preflight would have read, were they there. */
  readonly absent: readonly string[];
}

/** Runs preflight, and tells what it asked for in vain. */
const askedOf = (host: Host): Asked => {
  const missed = new Set<string>();
  const absent = new Set<string>();
  const heard = <A extends Asking>(how: A) =>
    ((asked: string) => {
      const answer = host[how](asked);
      if (isNotCollected(answer)) missed.add(`${how} ${asked}`);
      if (how === 'read' && answer === undefined) absent.add(path.posix.normalize(asked));
      return answer;
    }) as Host[A];
  const listening = { ...host, read: heard('read'), list: heard('list'), stat: heard('stat'), link: heard('link') };
  runChecks(gatherFacts(listening, { now: NOW }));
  return { missed: [...missed].filter((each) => !IN_CONTAINERS.test(each)), absent: [...absent] };
};

const isNotCollected = (answer: ReturnType<Host[Asking]>): boolean =>
  typeof answer === 'object' && 'code' in answer && answer.code === 'NOT_COLLECTED';

/** Which pids processes have in their own containers is collected where an agent is in one. */
const IN_CONTAINERS = /^read \/proc\/\d+\/status$/;

/** Writes a text that names the agent where nothing is; tells whether it could. */
const wroteAt = (root: string, file: string): boolean => {
  const at = path.join(root, file);
  try {
    fs.mkdirSync(path.dirname(at), { recursive: true });
    fs.writeFileSync(at, '# mesos-agent\n', { flag: 'wx' });
    return true;
  } catch {
    // It is below a file, or a folder by now, because something below it was written.
    return false;
  }
};

describe.each(['plain', 'runit'])('of the host %s, the script collects', (name) => {
  it('all that preflight asks for, and what it would ask for where more is there', () => {
    const { missed, absent } = askedOf(collected(makeHostOnDisk(readHostFixture(name))));
    expect(missed).toEqual([]);
    const root = makeHostOnDisk(readHostFixture(name));
    const written = absent.filter((file) => wroteAt(root, file));
    expect(written).not.toEqual([]);
    const fuller = collected(root);
    expect(written.filter((file) => !Buffer.isBuffer(fuller.read(file)))).toEqual([]);
  });
});
