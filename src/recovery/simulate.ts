import type { Version } from '../agent/version.ts';
import type { Checkpoint } from '../checkpoint/model.ts';
import { endsStart, type Finding, type Mode } from '../findings/finding.ts';
import { Context, type Effect } from './context.ts';
import { Disk } from './disk.ts';
import { writeBootId } from './startup/boot-id.ts';
import { type Started, type StartOptions, startUp } from './startup/startup.ts';
import type { RecoveredState } from './state/recovered.ts';
import { recoverState } from './state/state.ts';
import { rulesOf } from './versions.ts';

/** What is assumed of the start. */
export interface SimulationOptions extends StartOptions {
  /** The version of the agent that will start, from 1.4.0 to 1.12. */
  readonly version: Version | string;
  readonly strict: boolean;
  readonly rebooted: boolean;
  /** The absolute path of the work_dir on the agent. */
  readonly home: string;
}

/**
 * How a start ends: it comes up with its state (`recovers`), or as an agent without any (`new-agent`); it logs an error
 * and exits (`refuses`), a check fails (`aborts`), or it waits for ever (`hangs`).
 */
export type Verdict = 'recovers' | 'new-agent' | 'refuses' | 'aborts' | 'hangs';

/** One start of the agent. */
export interface Start {
  readonly verdict: Verdict;
  /** Where a start ended that does not come up: reading its state, or acting on it. */
  readonly stage: 'state' | 'agent' | null;
  /** In the agent's words, none where it hangs; several where it depends on the file system's order which one it meets first. */
  readonly messages: readonly string[];
  /** Errors of resources and state together, where the state was read to its end. */
  readonly recoveryErrors: number | undefined;
  /** Errors of the operations' updates, which the metric adds to the above. */
  readonly operationErrors: number;
  /** The check that fails when the agent has recovered, and before it registers; in its own words. */
  readonly afterwards: string | undefined;
  /** What it does to the disk while it reads. */
  readonly effects: readonly Effect[];
  readonly state: RecoveredState;
  /** Where it comes up, and where not, as far as it got. */
  readonly started: Started | undefined;
  /** More starts like it follow, which are not told one by one; what they do to the disk is among its effects. */
  readonly andMore?: true;
}

/** Whether nothing ends the recovery itself, of a state or of none. */
export const isRecovered = ({ verdict }: Pick<Start, 'verdict'>): boolean =>
  verdict === 'recovers' || verdict === 'new-agent';

/** Whether the agent is there in the end, with its state or as a new agent: nothing ends it after its recovery, too. */
export const comesUp = (start: Pick<Start, 'verdict' | 'afterwards'>): boolean =>
  isRecovered(start) && start.afterwards === undefined;

/** So many starts of an agent are simulated one after the other: each costs as much as reading all that there is. */
const MOST_STARTS = 200;

/** Of so many starts all messages are kept that might be the one; of those behind them, which differ by a log each, the first. */
const TOLD_WHOLE = 10;
const MOST_MESSAGES = 100;

/**
 * The starts of an agent one after the other, until one comes up or ends as the one before it. Where that takes more than 200,
 * which cut a log each, the 200th stands for itself and those behind it, up to the last (`andMore`). Of those between the first
 * and the last the frameworks are not kept.
 */
export const simulateStarts = (checkpoint: Checkpoint, options: SimulationOptions): readonly Start[] => {
  const starts: Start[] = [];
  const disk = new Disk(checkpoint.links);
  // As it was simulated: of the starts that are told, not all messages are kept.
  let before: Start | undefined;
  for (;;) {
    const start = simulateStart(checkpoint, options, disk);
    if (starts.length > 1) starts.push(between(starts.pop() as Start));
    const told = starts.length < TOLD_WHOLE ? start : { ...start, messages: start.messages.slice(0, MOST_MESSAGES) };
    const isDone = isRecovered(start) || (before !== undefined && isSameEnd(before, start));
    const isLast = starts.length === MOST_STARTS - 1 && !isDone;
    starts.push(isLast ? { ...told, ...theOthers(start, checkpoint, options, disk) } : told);
    if (isDone || starts.length > MOST_STARTS + 1) return starts;
    before = start;
  }
};

const between = (start: Start): Start => {
  const { agent } = start.state;
  return agent === undefined ? start : { ...start, state: { ...start.state, agent: { ...agent, frameworks: [] } } };
};

/** What starts do to the disk that nothing ends until they have read all: those that follow come to the same together. */
const theOthers = (
  start: Start,
  checkpoint: Checkpoint,
  options: SimulationOptions,
  disk: Disk,
): Pick<Start, 'effects' | 'andMore'> => {
  const context = Context.of({ ...options, rules: rulesOf(options.version), disk, exploring: true });
  runStart(context, checkpoint, options);
  return { effects: [...start.effects, ...context.effects], andMore: true };
};

const isSameEnd = (before: Start, start: Start): boolean =>
  before.verdict === start.verdict &&
  before.stage === start.stage &&
  start.effects.length === 0 &&
  before.messages.join('\0') === start.messages.join('\0');

/** One start, on the disk as earlier ones left it; what it does is added to `disk`. */
export const simulateStart = (
  checkpoint: Checkpoint,
  options: SimulationOptions,
  disk: Disk = new Disk(checkpoint.links),
): Start =>
  runStart(Context.of({ ...options, rules: rulesOf(options.version), disk, exploring: false }), checkpoint, options);

const runStart = (context: Context, checkpoint: Checkpoint, options: StartOptions): Start => {
  const state = recoverState(context, checkpoint);
  if (context.isEnded) return ended(context, state, 'state');
  const recoveryErrors = state.resources.errors + (state.agent?.errors ?? 0);
  const started = startUp(context, checkpoint, state, options);
  if (context.isEnded) return { ...ended(context, state, 'agent', started), recoveryErrors };
  writeBootId(context, checkpoint);
  // Of what a new agent had in hand, nothing is left.
  const kept = started.isNewAgent ? { ...state, agent: forgotten(state.agent) } : state;
  return {
    verdict: kept.agent?.info === undefined ? 'new-agent' : 'recovers',
    stage: null,
    messages: [],
    recoveryErrors,
    operationErrors: started.operationErrors,
    afterwards: context.stops[0]?.message,
    effects: context.effects,
    state: kept,
    started,
  };
};

const forgotten = (agent: RecoveredState['agent']): RecoveredState['agent'] =>
  agent && { ...agent, info: undefined, frameworks: [], draining: false, operations: undefined, errors: 0 };

const ended = (context: Context, state: RecoveredState, stage: Start['stage'], started?: Started): Start => ({
  verdict: context.stops[0]?.verdict ?? 'refuses',
  stage,
  messages: [...new Set(context.stops.flatMap(({ message }) => (message === '' ? [] : [message])))],
  recoveryErrors: undefined,
  operationErrors: started?.operationErrors ?? 0,
  afterwards: undefined,
  effects: context.effects,
  state,
  started,
});

/** A start that nothing ended, all that it met in the order of the tree, and what that tells of the starts that something may end. */
export interface Exploration {
  readonly start: Start;
  readonly findings: readonly Finding[];
  /** The modes in which an agent starts just so, because nothing was met that would have ended it. */
  readonly isStrictStart: boolean;
  readonly isNonStrictStart: boolean;
}

/** Takes a non-strict agent through a start that nothing ends: it meets what a start that ends early leaves for the next. */
export const explore = (checkpoint: Checkpoint, options: Omit<SimulationOptions, 'strict'>): Exploration => {
  const rules = rulesOf(options.version);
  const context = Context.of({ ...options, strict: false, rules, disk: new Disk(checkpoint.links), exploring: true });
  const start = runStart(context, checkpoint, options);
  const { findings } = context;
  const endsNone = (mode: Mode): boolean => !findings.some((finding) => endsStart(finding, mode));
  return { start, findings, isStrictStart: endsNone('strict'), isNonStrictStart: endsNone('nonStrict') };
};
