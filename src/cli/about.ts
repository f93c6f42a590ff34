import * as os from 'node:os';
import * as path from 'node:path';
import type { Checkpoint } from '../checkpoint/model.ts';
import type { Opened } from '../checkpoint/open.ts';
import type { Host } from '../host/host.ts';
import { ifKnown } from '../host/known.ts';
import { hostName } from '../host/name.ts';
import * as names from '../layout/names.ts';
import type { Facts } from '../preflight/facts/facts.ts';
import type { About, HostFrom } from '../report/json/about.ts';
import { ownHostOf } from '../verify/agent-host.ts';

/** What was judged, as far as it says whose it is. */
interface Judged {
  readonly opened?: Opened | undefined;
  readonly checkpoint?: Checkpoint | undefined;
}

/**
 * Which host a PATH is of: by what was collected there; by the agent's own info and the manifest of a snapshot that was taken in
 * place, as the screen has it; this one, where the tree is in place; by the agent's own info; or else by the PATH.
 */
export const aboutCheckpoint = (given: string, { opened, checkpoint }: Judged = {}): About => {
  const { manifest, collected } = opened ?? {};
  const own = ownHostOf(checkpoint);
  // A snapshot of a copy names the machine that had the copy. One in place was taken on the agent's host, but maybe in a container
  // there, which has a name of its own.
  const taken = manifest?.inPlace === true && (own === undefined || own === manifest.host.name);
  const noted = taken ? manifest.host.name : collected?.hostName;
  const [host, hostFrom]: readonly [string, HostFrom] =
    noted !== undefined
      ? [noted, 'manifest']
      : opened?.inPlace === true && collected === undefined && manifest === undefined
        ? [os.hostname(), 'host']
        : own !== undefined
          ? [own, 'slave.info']
          : [nameOfPath(given), 'path'];
  return {
    host,
    hostFrom,
    time: new Date().toISOString(),
    takenAt: manifest?.taken ?? collected?.time,
    judgedOn: os.hostname(),
  };
};

/** Which host a root is of: by what it said when it was collected, by its own files, or else by the agent's info, or the name of its folder. */
export const aboutHost = (root: string, host: Host, facts: Facts, now: number): About => {
  const noted = host.about?.hostName;
  const told = hostName(host);
  const own = ownHostOf(ifKnown(facts.checkpoint)?.verification.checkpoint);
  const [name, hostFrom]: readonly [string, HostFrom] =
    noted !== undefined
      ? [noted, 'manifest']
      : told !== undefined
        ? [told, 'host']
        : own !== undefined
          ? [own, 'slave.info']
          : [nameOfPath(root), 'path'];
  return {
    host: name,
    hostFrom,
    time: new Date(now).toISOString(),
    takenAt: host.about?.time,
    judgedOn: os.hostname(),
  };
};

/** The same of a PATH of which nothing else is known. */
export const aboutPath = (given: string): About => aboutCheckpoint(given);

/** The endings of archives, which are no part of a host's name. */
const ENDING = /\.(?:tar(?:\.gz)?|tgz)$/i;

/** What a PATH calls its host: its last name, without what every agent's path ends in. */
const nameOfPath = (given: string): string => {
  const parts = path
    .normalize(given)
    .split('/')
    .filter((part) => part !== '');
  const own = parts.findLast((part) => part !== names.META) ?? given;
  return own.replace(ENDING, '') || own;
};
