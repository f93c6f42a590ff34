import { type Host, type HostStat, isUnseen, textAt } from './host.ts';
import { type Known, known, unknown, unseen } from './known.ts';
import type { AgentUser } from './user.ts';

/** What somebody wants to do with a file or a folder, as bits of its mode: read 4, write 2, go through 1. */
export const READ = 4;
/** To write a file, or to make and remove what is in a folder. */
export const WRITE = 2;
/** To go through a folder. */
export const SEARCH = 1;

/** What keeps somebody from a path. */
export interface Denial {
  /** The file, or the folder on the way to it. */
  readonly at: string;
  /** `root:mesos, mode 0640`. */
  readonly owner: string;
  /** Whether it is the file itself, and no folder on the way. */
  readonly isItself: boolean;
}

/** Linux's own limit on links that one path may lead through. */
const MAX_LINKS = 40;

/** What is on the way to a path, the path itself last; what is behind something that is not there is left out. */
const stepsTo = (host: Host, path: string): readonly string[] => {
  const steps = ['/'];
  let at = '';
  let rest = path.split('/');
  for (let links = 0; rest.length > 0 && links <= MAX_LINKS; ) {
    const [name = '', ...behind] = rest;
    rest = behind;
    if (name === '' || name === '.') continue;
    const next = name === '..' ? at.slice(0, Math.max(0, at.lastIndexOf('/'))) : `${at}/${name}`;
    const target = host.link(next);
    if (typeof target === 'string') {
      links += 1;
      rest = [...target.split('/'), ...rest];
      if (target.startsWith('/')) at = '';
      continue;
    }
    at = next;
    steps.push(at === '' ? '/' : at);
  }
  return steps;
};

/**
 * What keeps a user from a path that is there, by the permissions of each folder on the way and of itself; undefined where
 * nothing does. Mirrors the kernel's `generic_permission`: the owner's bits count for the owner alone, and the group's for its
 * members. Access control lists are not seen.
 */
export const denialOf = (host: Host, path: string, user: AgentUser, wish: number): Known<Denial | undefined> => {
  if (user.isUnbound) return known(undefined);
  if (!keepsOwners(host)) return unknown(`whose ${path} is on its host, this copy does not tell`);
  const steps = stepsTo(host, path);
  for (const [i, at] of steps.entries()) {
    const stat = host.stat(at);
    if (isUnseen(stat)) return unseen(at, stat);
    if (stat === undefined) return known(undefined);
    const isItself = i === steps.length - 1;
    if (!isAllowed(stat, user, isItself ? wish : SEARCH)) {
      return known({ at, owner: ownerOf(host, stat), isItself });
    }
  }
  return known(undefined);
};

const isAllowed = ({ mode, uid, gid }: HostStat, user: AgentUser, wish: number): boolean => {
  const shift = uid === user.uid ? 6 : user.groups.has(gid) ? 3 : 0;
  return ((mode >> shift) & wish) === wish;
};

/** On a copy that somebody made who is not root, all is that person's. */
const keepsOwners = (host: Host): boolean => {
  if (host.isOwn) return true;
  const stat = host.stat('/etc');
  return stat !== undefined && !isUnseen(stat) && stat.uid === 0;
};

const ownerOf = (host: Host, { uid, gid, mode }: HostStat): string => {
  const nameIn = (path: string, id: number): string =>
    (textAt(host, path) ?? '')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([, , own]) => own === String(id))?.[0] ?? String(id);
  const bits = (mode & 0o7777).toString(8).padStart(4, '0');
  return `${nameIn('/etc/passwd', uid)}:${nameIn('/etc/group', gid)}, mode ${bits}`;
};
