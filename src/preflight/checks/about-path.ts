import { ifKnown } from '../../host/known.ts';
import type { NamedPath } from '../../host/named-paths.ts';
import { isUser } from '../../host/user.ts';
import type { Facts } from '../facts/facts.ts';
import { dontKnow, endsStart, notSeen, ROOT_WOULD_SEE, type Row } from './check.ts';

/** What is to be at a path that a flag names. */
export type WantedKind = 'file' | 'folder';

/** What keeps the agent from a path that a flag or a variable names; undefined where it gets to it. */
export const pathTrouble = (named: NamedPath, wanted: WantedKind, facts: Facts): Row | undefined => {
  const { by, path, origin, kind } = named;
  if (!kind.known) return dontKnow(`${by}: ${kind.why}`, origin, kind.needsRoot ? ROOT_WOULD_SEE : undefined);
  if (kind.value === 'nothing') return endsStart(`${by} names ${path}, which is not there`, origin);
  if (wanted === 'folder' && kind.value !== 'folder')
    return endsStart(`${by} names ${path}, which is not a folder`, origin);
  if (wanted === 'file' && kind.value === 'folder') return endsStart(`${by} names ${path}, which is a folder`, origin);
  return deniedRow(named, facts);
};

/** What the permissions of a path say; undefined where the agent's user may use it. */
export const deniedRow = ({ by, path, origin, denial }: NamedPath, facts: Facts): Row | undefined => {
  if (!denial.known) return notSeen(denial);
  if (denial.value === undefined) return undefined;
  const { at, owner, isItself } = denial.value;
  const who = userName(facts);
  const why = isItself ? `it is ${owner}` : `the folder ${at} on the way is ${owner}`;
  const todo = `Let ${who} read it, with chown, chgrp or chmod, or check whether an access control list does: getfacl ${at}`;
  return endsStart(`${by}: ${who} may not read ${path}: ${why}`, origin, todo);
};

/** The name of the agent's user. */
const userName = ({ user }: Facts): string => {
  const found = ifKnown(user);
  return found !== undefined && isUser(found) ? found.name : 'the agent';
};
