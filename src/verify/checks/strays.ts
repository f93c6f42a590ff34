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
export const checkStrays: Check = (checkpoint, { report }) => {
  walk(checkpoint, {
    stray: ({ path, kind }) => {
      if (kind === 'file' && names.isTemporaryName(baseName(path))) {
        report('temporary-file', { path }, 'a write was cut short, and this is what had been written');
      } else report('unknown-entry', { path }, `no agent writes a ${kind} of this name here`);
    },
    hidden: ({ path, kind }) => {
      if (kind === 'folder')
        report('hidden-entry', { path }, 'its name begins with a dot, so the agent does not see it');
      else report('unknown-entry', { path }, `no agent writes a ${kind} of this name here`);
    },
  });
  for (const { path, kind } of checkpoint.misplaced) {
    if (!PARTS.has(baseName(path))) continue;
    const message = `a ${kind} is where a folder belongs, so the agent sees nothing of what it should hold`;
    report('unknown-entry', { path }, message, { strict: 'loss', nonStrict: 'loss' });
  }
  // Where no agent is named, any of them may be the one that runs.
  if (checkpoint.agent === undefined) return;
  for (const name of checkpoint.otherAgents) {
    if (name.startsWith('.')) continue;
    report('other-agent', { path: `meta/slaves/${name}` }, 'the folder of an agent that was here before');
  }
};
