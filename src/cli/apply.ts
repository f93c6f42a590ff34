import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { applySteps, closeUnused, resumeApply, undoSteps } from '../apply/actions.ts';
import { type JournalPlace, statesOf } from '../apply/journals.ts';
import { stepsOf } from '../apply/plan-steps.ts';
import { Refusal, Unfinished } from '../apply/refusal.ts';
import { type HeldTree, targetOf, withTree } from '../apply/tree.ts';
import type { Opened } from '../checkpoint/open.ts';
import { VERSION } from '../program/version.ts';
import { comesUp } from '../recovery/simulate.ts';
import { rulesOf } from '../recovery/versions.ts';
import type { Plan } from '../repair/plan/plan.ts';
import type { Planning } from '../repair/plan-repair.ts';
import type { ApplyResult, Resumed } from '../report/apply/apply.ts';
import { agentOutcomeJson, stateJson } from '../report/json/state.ts';
import { jsonLine, shown } from '../text/escape.ts';
import { type Verification, type VerifyOptions, verifyCheckpoint } from '../verify/verify.ts';
import { processesOf, refuseWhileRunning } from './changing.ts';
import { EXIT } from './exit.ts';
import { UsageError } from './failure.ts';
import type { Io } from './io.ts';
import { type Watching, watching } from './watching.ts';

/** How a plan is applied. */
export interface ApplyRequest {
  /** The PATH that was given: a work_dir, or its meta. */
  readonly path: string;
  readonly journal?: string | undefined;
  readonly force: boolean;
  /** Plans, or reads a plan: called when nobody else changes the tree. */
  readonly plan: (resumed: readonly Resumed[]) => Planning;
  /** By which rules the tree is verified afterwards. */
  readonly verifyOptions: (planning: Planning) => VerifyOptions;
  /** Opens the tree once more. */
  readonly open: () => Opened;
  /** Shows what is planned, before it is done. */
  readonly show: (planning: Planning, resumed: readonly Resumed[]) => void;
}

/** What came of it: what was planned, and what was done of that; undefined where there was nothing to do. */
export interface ApplyOutcome {
  readonly planning: Planning | undefined;
  readonly resumed: readonly Resumed[];
  readonly result: ApplyResult | undefined;
  /** Of a run that a signal stopped while it went on with an older journal. */
  readonly stopped: number;
}

/** Carries out a plan on a tree that no agent runs on, having gone on with what an earlier run has left. */
export const applyPlan = async (request: ApplyRequest, io: Io): Promise<ApplyOutcome> => {
  if (!fs.statSync(request.path).isDirectory()) {
    throw new Refusal(`${request.path}: an archive; unpack it (tar -xpf) to change what is in it`);
  }
  if (request.journal === '') throw new UsageError('--journal: the name of a folder is wanted');
  const target = targetOf(request.path, request.open().level === 'meta');
  refuseWhileRunning(target, request.force, io);
  return withTree(target, processesOf(io), (tree) =>
    watching(io, 'applying', async (watch) => {
      const older = await goOn(tree, watch, io);
      if (older.stopped !== undefined)
        return { planning: undefined, ...older, result: undefined, stopped: watch.exitCode() };
      const { resumed } = older;
      const planning = request.plan(resumed);
      const { plan } = planning;
      request.show(planning, resumed);
      if (plan === undefined || plan.steps.length === 0) return { planning, resumed, result: undefined, stopped: 0 };
      // To plan takes a while, and an agent that ends at once is started again and again.
      refuseWhileRunning(target, request.force, { ...io, err: () => undefined });
      const result = await carryOut(tree, plan, planning, request, watch);
      return { planning, resumed, result, stopped: 0 };
    }),
  );
};

/** Goes on with the journals of runs that ended too early, in the direction that they had. */
const goOn = async (
  tree: HeldTree,
  watch: Watching,
  io: Io,
): Promise<{ readonly resumed: readonly Resumed[]; readonly stopped: JournalPlace | undefined }> => {
  const resumed: Resumed[] = [];
  for (const state of statesOf(tree.target)) {
    const { standing, place, record } = state;
    if (standing.kind === 'unreadable') {
      io.err(`mesos-ckpt: an earlier journal cannot be read, and is left alone: ${shown(standing.why)}\n`);
    }
    if (standing.kind === 'unused') await closeUnused(tree, state, watch.now);
    if (standing.kind !== 'unfinished') continue;
    const run = standing.direction === 'apply' ? resumeApply : undoSteps;
    const { ending } = await offering(() => run(tree, place, watch), place.path);
    if (ending === 'stopped') return { resumed, stopped: place };
    resumed.push({ place, ending, plan: record?.header.plan ?? '' });
  }
  return { resumed, stopped: undefined };
};

/** Says of what could not be taken back how to go on. */
const offering = async <T>(run: () => Promise<T>, path?: string): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    throw new Refusal(
      `${error.message}. ${error.done} of ${error.of} steps are done, and could not be taken back: when the cause is ` +
        `mended, run \`mesos-ckpt undo ${error.journal ?? path}\`, or \`prune --apply\` again to go on`,
      { cause: error },
    );
  }
};

const carryOut = async (
  tree: HeldTree,
  plan: Plan,
  planning: Planning,
  request: ApplyRequest,
  watch: Watching,
): Promise<ApplyResult> => {
  const { place, ending, done, of, notes } = await offering(() =>
    applySteps(tree, stepsOf(plan), {
      ...watch,
      journal: request.journal,
      by: `mesos-ckpt ${VERSION}`,
      host: hostname(),
    }),
  );
  const base = { place, done, of, notes };
  if (ending === 'stopped') {
    return { ...base, ending, verified: undefined, asRehearsed: false, exitCode: watch.exitCode() };
  }
  const verified = verifyCheckpoint(request.open(), request.verifyOptions(planning));
  const asRehearsed = isSameStart(planning.after, verified);
  return { ...base, ending: 'applied', verified, asRehearsed, exitCode: exitCodeOf(plan, verified, asRehearsed) };
};

/** The plan's own code where all is as rehearsed; else the verdict on the tree as it is. */
const exitCodeOf = (plan: Plan, { strict }: Verification, asRehearsed: boolean): number => {
  if (asRehearsed) return plan.rehearsed.exitCode;
  const [start] = strict.starts;
  if (start === undefined || !comesUp(start)) return EXIT.fails;
  return start.verdict === 'new-agent' && plan.rehearsed.verdict !== 'new-agent' ? EXIT.fails : EXIT.losses;
};

/** Whether the first strict start has the same verdict, state and outcome. */
const isSameStart = (a: Verification, b: Verification): boolean => startText(a) === startText(b);

const startText = ({ strict, version }: Verification): string => {
  const [start] = strict.starts;
  if (start === undefined) return '';
  const agent = start.started?.agent;
  return jsonLine([
    start.verdict,
    start.messages,
    strict.starts.length,
    stateJson(start.state, rulesOf(version)),
    agent === undefined ? null : agentOutcomeJson(agent),
  ]);
};
