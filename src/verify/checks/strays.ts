import type { Stray } from '../../checkpoint/files.ts';
import { alike } from '../../findings/entry.ts';
import { type Finding, findingOf } from '../../findings/finding.ts';
import { FOLDERS } from '../../layout/folders.ts';
import * as names from '../../layout/names.ts';
import { AGENTS_PATH } from '../../layout/place.ts';
import { baseName } from '../../source/source.ts';
import type { Check } from './check.ts';
import { walk } from './walk.ts';

/** Folders that hold what is checkpointed: those that files belong to, and that of the pids in a run. */
const PARTS: ReadonlySet<string> = new Set([
  ...Object.values(FOLDERS).flatMap(({ name }) => (name === names.META ? [] : [name])),
  names.PIDS,
]);

const unknown = (kind: Stray['kind']): string => `no agent writes a ${kind} of this name here`;

/** What no agent writes, or does not see. */
export const checkStrays: Check = (checkpoint) => {
  const found: Finding[] = [];
  const hidden = ({ path, kind }: Stray): Finding =>
    kind === 'folder'
      ? findingOf('hidden-entry', { path }, 'its name begins with a dot, so the agent does not see it')
      : findingOf('unknown-entry', { path }, unknown(kind));
  walk(checkpoint, {
    stray: (stray) => {
      const { path, kind } = stray;
      const isTemporary = kind === 'file' && names.isTemporaryName(baseName(path));
      const message = 'a write was cut short, and this is what had been written';
      if (isTemporary) found.push(findingOf('temporary-file', { path }, message));
      else if (baseName(path).startsWith('.')) found.push(hidden(stray));
      else found.push(findingOf('unknown-entry', { path }, unknown(kind)));
    },
    hidden: (stray) => {
      found.push(hidden(stray));
    },
  });
  for (const { path, kind } of checkpoint.misplaced) {
    if (!PARTS.has(baseName(path))) continue;
    const isAll = path === AGENTS_PATH;
    const message = isAll
      ? `a ${kind} is where a folder belongs, so no agent can make its folder there`
      : `a ${kind} is where a folder belongs, so the agent sees nothing of what it should hold`;
    found.push(findingOf('unknown-entry', { path }, message, alike(isAll ? 'fatal' : 'loss')));
  }
  // Where no agent is named, any of them may be the one that runs.
  const others = checkpoint.agent === undefined ? [] : checkpoint.otherAgents;
  const message = 'the folder of an agent that was here before';
  return [...found, ...others.map((name) => findingOf('other-agent', { path: `meta/slaves/${name}` }, message))];
};
