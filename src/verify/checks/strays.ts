import type { Stray } from '../../checkpoint/files.ts';
import { alike } from '../../findings/entry.ts';
import { type Finding, findingOf } from '../../findings/finding.ts';
import * as names from '../../layout/names.ts';
import { baseName } from '../../source/source.ts';
import type { Check } from './check.ts';
import { walk } from './walk.ts';

/** Folders that hold what is checkpointed. */
const PARTS: ReadonlySet<string> = new Set([
  names.SLAVES,
  names.FRAMEWORKS,
  names.EXECUTORS,
  names.RUNS,
  names.TASKS,
  names.PIDS,
  names.RESOURCES,
  names.OPERATIONS,
]);

/** What no agent writes, or does not see. */
export const checkStrays: Check = (checkpoint) => {
  const found: Finding[] = [];
  const unknown = ({ path, kind }: Stray): Finding =>
    findingOf('unknown-entry', { path }, `no agent writes a ${kind} of this name here`);
  walk(checkpoint, {
    stray: (stray) => {
      const { path, kind } = stray;
      const isTemporary = kind === 'file' && names.isTemporaryName(baseName(path));
      const message = 'a write was cut short, and this is what had been written';
      found.push(isTemporary ? findingOf('temporary-file', { path }, message) : unknown(stray));
    },
    hidden: (stray) => {
      const { path, kind } = stray;
      const message = 'its name begins with a dot, so the agent does not see it';
      found.push(kind === 'folder' ? findingOf('hidden-entry', { path }, message) : unknown(stray));
    },
  });
  for (const { path, kind } of checkpoint.misplaced) {
    if (!PARTS.has(baseName(path))) continue;
    const message = `a ${kind} is where a folder belongs, so the agent sees nothing of what it should hold`;
    found.push(findingOf('unknown-entry', { path }, message, alike('loss')));
  }
  // Where no agent is named, any of them may be the one that runs.
  const others = checkpoint.agent === undefined ? [] : checkpoint.otherAgents.filter((name) => !name.startsWith('.'));
  const message = 'the folder of an agent that was here before';
  return [...found, ...others.map((name) => findingOf('other-agent', { path: `meta/slaves/${name}` }, message))];
};
