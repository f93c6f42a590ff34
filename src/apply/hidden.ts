import * as fs from 'node:fs';
import { readMountInfo } from '../source/mounts.ts';

/**
 * Why there may be processes that `/proc` does not show to this user, as a clause; undefined where it shows all. The option
 * `hidepid` of its mount hides those of others, but from who may trace any process, and from one group.
 */
export const whyHidden = (folder: string): string | undefined => {
  const mount = readMountInfo(`${folder}/self/mountinfo`).findLast(
    ({ path, type }) => type === 'proc' && path === folder,
  );
  const option = mount?.options.find((each) => each.startsWith('hidepid='))?.slice('hidepid='.length) ?? '';
  const own = ownStatus(folder);
  const isExempt = mayTrace(own) || (!TRACED.has(option) && isInGroup(own, mount?.options ?? []));
  const hides = HIDING.has(option) && !isExempt;
  if (hides) return `processes of other users are hidden here: /proc is mounted with hidepid=${option}`;
  // The first process of all is always there.
  return fs.existsSync(`${folder}/1`) ? undefined : 'not all processes are shown here: process 1 is not shown';
};

/** Those are hidden that may not be traced. */
const TRACED: ReadonlySet<string> = new Set(['4', 'ptraceable']);
const HIDING: ReadonlySet<string> = new Set(['2', 'invisible', ...TRACED]);

/** The bit of CAP_SYS_PTRACE. */
const TRACE = 19n;

const ownStatus = (folder: string): string => {
  try {
    return fs.readFileSync(`${folder}/self/status`, 'utf8');
  } catch {
    return '';
  }
};

const mayTrace = (status: string): boolean => {
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  return ((BigInt(`0x${capabilities}`) >> TRACE) & 1n) === 1n;
};

const isInGroup = (status: string, options: readonly string[]): boolean => {
  const group = options.find((each) => each.startsWith('gid='))?.slice('gid='.length);
  const own = [...status.matchAll(/^(?:Gid|Groups):(.*)$/gm)].flatMap(([, ids = '']) => ids.trim().split(/\s+/));
  return group !== undefined && own.includes(group);
};
