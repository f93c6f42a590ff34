import { type Denial, denialOf, READ, SEARCH, WRITE } from './access.ts';
import { type Host, isUnseen } from './host.ts';
import { type Known, known, mapKnown, unseen } from './known.ts';
import { type AgentUserFact, isUser } from './user.ts';

/** What of the checkpoint the agent's user may not use. */
export interface CheckpointAccess {
  /** Files and folders that keep the user out, those that were looked at first. */
  readonly denials: readonly Denial[];
  readonly looked: number;
}

/** How many files and folders are looked at: one user has written all of a checkpoint, and the first ones tell. */
const MOST = 20_000;

/** Looks through `meta` for what the agent's user may not read, or write where the agent goes on with a file. */
export const readCheckpointAccess = (host: Host, workDir: string, user: AgentUserFact): Known<CheckpointAccess> => {
  if (!user.known) return user;
  const who = user.value;
  if (!isUser(who) || who.isUnbound) return known({ denials: [], looked: 0 });
  const denials: Denial[] = [];
  let looked = 0;
  const waiting = [`${workDir}/meta`];
  // It grows while it is gone through, by all names of a folder. These are not arguments of one call: of more than some
  // 120,000 the stack would overflow.
  for (const path of waiting) {
    if (looked === MOST) break;
    if (typeof host.link(path) === 'string') continue;
    const stat = host.stat(path);
    if (isUnseen(stat)) return unseen(path, stat);
    if (stat === undefined) continue;
    looked += 1;
    const wish = stat.kind === 'folder' ? READ | WRITE | SEARCH : path.endsWith('.updates') ? READ | WRITE : READ;
    const denial = denialOf(host, path, who, wish);
    if (!denial.known) return mapKnown(denial, () => ({ denials, looked }));
    if (denial.value !== undefined) denials.push(denial.value);
    const names = stat.kind === 'folder' ? host.list(path) : [];
    if (isUnseen(names)) return unseen(path, names);
    for (const name of names ?? []) waiting.push(`${path}/${name}`);
  }
  return known({ denials, looked });
};
