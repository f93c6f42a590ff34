import { versionText } from '../../agent/version.ts';
import { entryOf } from '../../findings/entry-of.ts';
import type { Finding, Mode } from '../../findings/finding.ts';
import type { Start } from '../../recovery/simulate.ts';
import { rulesOf } from '../../recovery/versions.ts';
import { excerpt } from '../../text/excerpt.ts';
import type { Impact } from '../../verify/impact.ts';
import type { Verification } from '../../verify/verification.ts';
import { worstFirst } from '../../verify/worst-first.ts';
import { type About, aboutAgentJson } from './about.ts';
import { agentOutcomeJson, stateJson } from './state.ts';

/** The version of the JSON's form: it is raised where a reader of the old form would be misled. */
export const SCHEMA_VERSION = 1;

/** What `verify --json` says besides what is predicted. */
export interface VerifyJsonOptions {
  readonly mode: Mode;
  readonly withState: boolean;
  /** The way out that keeps most. */
  readonly next?: object | null | undefined;
  /** The host, and the time. */
  readonly about?: About | undefined;
}

/** What is predicted of a checkpoint, as the object that `verify --json` prints on a line. */
export const verifyJson = (path: string, verification: Verification, options: VerifyJsonOptions): object => {
  const result = verification[options.mode];
  const [first] = result.starts;
  return {
    schemaVersion: SCHEMA_VERSION,
    command: 'verify',
    ...aboutAgentJson(options.about, verification.checkpoint.agent?.id),
    path,
    workDir: verification.home,
    inPlace: verification.inPlace,
    mesosVersion: versionText(verification.version),
    strict: options.mode === 'strict',
    rebooted: verification.boot.rebooted,
    bootAssumed: verification.boot.assumed,
    exitCode: result.exitCode,
    starts: result.starts.map(startJson),
    metric: result.metric ?? null,
    modes: { strict: modeJson(verification, 'strict'), nonStrict: modeJson(verification, 'nonStrict') },
    findings: worstFirst(verification.findings, options.mode).map(findingJson),
    impact: impactJson(result.impact),
    next: options.next ?? null,
    ...(options.withState && first !== undefined
      ? {
          state: stateJson(first.state, rulesOf(verification.version)),
          agent: first.started?.agent === undefined ? null : agentOutcomeJson(first.started.agent),
        }
      : {}),
  };
};

const modeJson = (verification: Verification, mode: Mode): object => {
  const { starts, metric, exitCode } = verification[mode];
  return { exitCode, metric: metric ?? null, starts: starts.map(({ verdict, stage }) => ({ verdict, stage })) };
};

/**
 * In UTF-16 units. The agent's own words are kept as they are, so that they can be compared, however many volumes they
 * list; but not those that repeat a file of a megabyte.
 */
const MOST_OF_A_MESSAGE = 256 * 1024;

const startJson = (start: Start): object => ({
  verdict: start.verdict,
  stage: start.stage,
  messages: start.messages.map((message) => excerpt(message, MOST_OF_A_MESSAGE)),
  recoveryErrors: start.recoveryErrors ?? null,
  operationErrors: start.operationErrors,
  afterwards: start.afterwards ?? null,
  effects: start.effects,
  ...(start.andMore === true ? { andMore: true } : {}),
});

const findingJson = (finding: Finding): object => {
  const { consequence, remedy } = entryOf(finding.code);
  return {
    code: finding.code,
    severity: finding.severity,
    path: finding.path,
    offset: finding.offset ?? null,
    length: finding.length ?? null,
    record: finding.record ?? null,
    message: finding.message,
    consequence,
    remedy,
  };
};

const impactJson = (impact: Impact): object => ({
  comesUp: impact.comesUp,
  counts: {
    executors: countsOf(impact.executors),
    tasks: countsOf(impact.tasks),
    updates: impact.updates,
    reservations: countsOf(impact.reservations),
    volumes: countsOf(impact.volumes),
    operations: impact.operations,
  },
  executors: listsOf(impact.executors),
  tasks: listsOf(impact.tasks),
  reservations: impact.reservations,
  volumes: impact.volumes,
});

const countsOf = (part: object): object =>
  Object.fromEntries(Object.entries(part).map(([name, value]) => [name, Array.isArray(value) ? value.length : value]));

const listsOf = (part: object): object =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => Array.isArray(value)));
