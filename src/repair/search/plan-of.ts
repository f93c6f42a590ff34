import { endsStart } from '../../findings/finding.ts';
import type { Start } from '../../recovery/simulate.ts';
import type { Tree } from '../../source/links.ts';
import type { Verification } from '../../verify/verification.ts';
import { glanceAt } from '../plan/fingerprint.ts';
import { changesOf, type Plan, type Step, type Touched } from '../plan/plan.ts';
import { rehearsedOf } from '../rehearsal/rehearse.ts';
import { assemble, chosen, type Entry } from './entry.ts';

/** A plan of steps for a tree, by what was verified before it, and after it in the rehearsal. */
export const planOf = (tree: Tree, steps: readonly Step[], before: Verification, after: Verification): Plan => ({
  home: before.home,
  agent: before.checkpoint.agent?.id,
  assumed: {
    version: before.assumed.version,
    rebooted: before.assumed.rebooted,
    launcher: before.assumed.launcher,
    judgeSandboxes: before.assumed.judgeSandboxes,
    ...(before.assumed.agentInfo === undefined ? {} : { agentInfo: before.assumed.agentInfo }),
  },
  steps,
  touched: touchedBy(tree, steps),
  rehearsed: rehearsedOf(after),
});

/** What a search has found as the steps of a plan, in the order of the tree. */
export const stepsOf = (tree: Tree, entries: readonly Entry[], goal: Start | undefined): readonly Step[] => {
  const sorted = entries.toSorted((a, b) => (chosen(a).changes[0].path < chosen(b).changes[0].path ? -1 : 1));
  const changes = assemble(sorted);
  return sorted.map((entry, i): Step => {
    const { what, loses, certainty, salvage, follows = [] } = chosen(entry);
    const mends = entry.mends.map(({ code, path }) => ({ code, path }));
    const own = (changes[i] ?? []) as unknown as Step['changes'];
    return {
      id: String(i + 1),
      mends: mends as unknown as Step['mends'],
      changes: own,
      certainty: certainty ?? 'exact',
      beyond: goal === undefined && entry.mends.some((f) => endsStart(f, 'strict') && f.severity.nonStrict === 'fatal'),
      salvage: salvage === true,
      what,
      bytes: bytesOf(tree, own),
      loses,
      ...(follows.length === 0 ? {} : { follows }),
    };
  });
};

const bytesOf = (tree: Tree, changes: Step['changes']): Step['bytes'] => {
  let taken = 0;
  let made = 0;
  for (const change of changes) {
    if (change.kind === 'set-aside') taken += sizeAt(tree, change.path);
    if (change.kind === 'cut') taken += change.spans.reduce((sum, { length }) => sum + length, 0);
    if (change.kind === 'create-file') made += change.bytes.length;
  }
  return { taken, made };
};

/** Bytes in a file; of what is none, 0. */
const sizeAt = ({ source }: Tree, path: string): number => {
  if (source.kindOf(path) !== 'file') return 0;
  const file = source.open(path);
  if ('code' in file) return 0;
  const size = file.size();
  file.close();
  return size;
};

/** What is at the paths that steps touch, each once. */
const touchedBy = (tree: Tree, steps: readonly Step[]): readonly Touched[] =>
  [...new Set(changesOf({ steps }).map(({ path }) => path))]
    .sort()
    .map((path) => ({ path, before: glanceAt(tree.source, path) }));
