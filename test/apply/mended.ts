import { rehearsalOptions } from '../../src/apply/rehearse-plan.ts';
import { stateOfJournal } from '../../src/apply/standing.ts';
import { type Opened, openPath } from '../../src/checkpoint/open.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import type { RepairOptions } from '../../src/repair/options.ts';
import { plannedChanges } from '../../src/repair/plan/plan.ts';
import { levelsOf, type Planning, planRepair } from '../../src/repair/plan-repair.ts';
import { startDifferences } from '../../src/repair/rehearsal/state-differences.ts';
import type { Level } from '../../src/repair/ways/way.ts';
import { stateJson } from '../../src/report/json/state.ts';
import { AccessDenied } from '../../src/source/source.ts';
import { jsonLine } from '../../src/text/escape.ts';
import type { Verification } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { HOME } from '../support/trees.ts';
import { apply, type FakeProcesses, fingerprint, forget, settle, undo } from './support.ts';

/** Plans for a tree that was opened. */
export type PlanTree = (opened: Opened, options: RepairOptions) => Planning;

/** The planning of each level; one that changes slave.info needs the info of the agent among its options. */
export const PLANNERS: Readonly<Record<Level, PlanTree>> = {
  'as-non-strict': planRepair,
  salvage: (opened, options) => planRepair(opened, { ...options, salvage: true }),
  'salvage-suspect': (opened, options) => planRepair(opened, { ...options, salvage: { allowSuspect: true } }),
  adopt: (opened, options) => levelsOf(opened, options).adopt({}) ?? planRepair(opened, options),
};

/** What came of a tree on disk: `fine` where a strict start comes up on it as it is, `linked` where links lead about. */
export interface Mended {
  readonly kind: 'fine' | 'mended' | 'no-plan' | 'linked';
  readonly steps: number;
  /** What is not as it should be. */
  readonly problems: readonly string[];
}

/** The same for a tree in which links may lead out of it: none is followed for reading there. */
export const mendOrRefuse = async (
  folder: string,
  options: RepairOptions,
  processes: FakeProcesses,
  planTree: PlanTree = planRepair,
): Promise<Mended> => {
  settle(folder);
  const before = fingerprint(folder);
  try {
    return await mend(folder, options, processes, planTree);
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    return { kind: 'linked', steps: 0, problems: changes(before, fingerprint(folder)) };
  }
};

/** Plans for a tree on disk, applies the plan, verifies, plans again, and takes it back: all as it has to be. */
export const mend = async (
  folder: string,
  options: RepairOptions,
  processes: FakeProcesses,
  planTree: PlanTree = planRepair,
): Promise<Mended> => {
  settle(folder);
  const before = fingerprint(folder);
  const open = () => openPath(folder, { workDir: HOME });
  let planning = planTree(open(), options);
  if (planning.plan === undefined) planning = planTree(open(), { ...options, acceptNewAgent: true });
  const { plan, after } = planning;
  if (plan === undefined) {
    const said = planning.blocked.length > 0 ? [] : ['no plan, and no reason'];
    return { kind: 'no-plan', steps: 0, problems: [...said, ...changes(before, fingerprint(folder))] };
  }
  if (plan.steps.length === 0) return { kind: 'fine', steps: 0, problems: changes(before, fingerprint(folder)) };
  const problems: string[] = [];
  const { place, notes, ending } = await apply(folder, plannedChanges(plan), processes.start());
  if (ending !== 'applied') problems.push(ending);
  problems.push(...notes.filter((note) => !note.includes('cp of coreutils')));
  const verified = verifyCheckpoint(open(), {
    ...rehearsalOptions(plan.assumed, {}),
    ...(options.bootId === undefined ? {} : { bootId: options.bootId }),
  });
  const [start, ...others] = verified.strict.starts;
  if (start?.verdict !== plan.rehearsed.verdict || others.length > 0) {
    problems.push(`${start?.verdict}, and ${plan.rehearsed.verdict} was rehearsed: ${start?.messages.join(' | ')}`);
  }
  if (stateOf(verified) !== stateOf(after)) problems.push('another state than was rehearsed');
  problems.push(...startDifferences(after, verified));
  const sandboxes = plan.assumed.judgeSandboxes ? 'judge' : 'ignore';
  const again = planTree(open(), { ...options, sandboxes, agentInfo: plan.assumed.agentInfo ?? options.agentInfo });
  if (again.plan?.steps.length !== 0) problems.push('a second plan has something to do');
  const back = await undo(place, processes.start());
  if (back.ending !== 'undone') problems.push(back.ending);
  problems.push(...back.notes, ...changes(before, fingerprint(folder)));
  if (stateOfJournal(place).standing.kind !== 'undone') problems.push('the journal does not stand as undone');
  forget(folder);
  return { kind: 'mended', steps: plan.steps.length, problems };
};

const stateOf = ({ strict, version }: Verification): string => {
  const [start] = strict.starts;
  return start === undefined ? '' : jsonLine(stateJson(start.state, rulesOf(version)));
};

const changes = (before: readonly string[], after: readonly string[]): readonly string[] => {
  const old = new Set(before);
  const now = new Set(after);
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `not given back: ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `instead: ${line}`),
  ];
};
