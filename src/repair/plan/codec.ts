import { isSupported, parseVersion, versionText } from '../../agent/version.ts';
import { allCodes } from '../../findings/catalogue.ts';
import { encodeMessage } from '../../format/encode.ts';
import { type Message, parse, WireFailure } from '../../format/parse.ts';
import { shapeOf } from '../../format/shape.ts';
import type { StartingInfo } from '../../recovery/startup/startup.ts';
import { messageType, type SlaveInfo } from '../../schema/index.ts';
import type { Change } from './change.ts';
import { BadPlan, checkPlan } from './check-plan.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Assumed, Plan, Rehearsed, Step, Touched } from './plan.ts';
import { type Definition, schemaProblem } from './plan-schema.ts';

/** The version of a plan file's form: it is raised where a reader of the old form would be misled. */
const PLAN_VERSION = 1;

/** What tells a plan file from any other JSON. */
const KIND = 'mesos-ckpt plan';

/** A change as JSON has it: bytes are in base64. */
type ChangeJson =
  | Exclude<Change, { readonly kind: 'create-file' }>
  | { readonly kind: 'create-file'; readonly path: string; readonly bytes: string; readonly like: string };

/** A plan as the object that a plan file holds, as `schema/plan.json` describes it. */
interface PlanJson {
  readonly schemaVersion: number;
  readonly kind: string;
  readonly workDir: string;
  readonly agent: string | null;
  readonly mesosVersion: string;
  readonly strict: true;
  readonly rebooted: boolean;
  readonly launcher: Assumed['launcher'];
  readonly judgeSandboxes: boolean;
  readonly agentInfo?: AgentInfoJson;
  readonly rehearsed: Rehearsed;
  readonly steps: readonly (Omit<Step, 'changes'> & { readonly changes: readonly ChangeJson[] })[];
  readonly touched: readonly Touched[];
  readonly startWith?: readonly string[];
}

/** An agent info, encoded, in base64. */
interface AgentInfoJson {
  readonly policy: StartingInfo['policy'];
  readonly info: string;
}

const SLAVE_INFO = messageType('mesos.SlaveInfo');

const agentInfoJson = ({ policy, info }: StartingInfo): AgentInfoJson => ({
  policy,
  info: encodeMessage(SLAVE_INFO, info as unknown as Message).toString('base64'),
});

const readAgentInfo = ({ policy, info }: AgentInfoJson): StartingInfo => {
  const read: Message | WireFailure = parse(shapeOf(SLAVE_INFO, true), Buffer.from(info, 'base64'));
  if (read instanceof WireFailure) throw new BadPlan('agentInfo.info', `it is not an agent info: ${read.reason}`);
  return { policy, info: read as unknown as SlaveInfo };
};

/** A plan as the object that a plan file holds. */
export const planJson = (plan: Plan): object =>
  ({
    schemaVersion: PLAN_VERSION,
    kind: KIND,
    workDir: plan.home,
    agent: plan.agent ?? null,
    mesosVersion: versionText(plan.assumed.version),
    strict: true,
    rebooted: plan.assumed.rebooted,
    launcher: plan.assumed.launcher,
    judgeSandboxes: plan.assumed.judgeSandboxes,
    ...(plan.assumed.agentInfo === undefined ? {} : { agentInfo: agentInfoJson(plan.assumed.agentInfo) }),
    rehearsed: plan.rehearsed,
    steps: plan.steps.map((step) => ({ ...step, changes: step.changes.map(changeJson) })),
    touched: plan.touched,
    ...(plan.startWith === undefined ? {} : { startWith: plan.startWith }),
  }) satisfies PlanJson;

/** A change as JSON, in a plan file and in a journal. */
export const changeJson = (change: Change): ChangeJson =>
  change.kind === 'create-file' ? { ...change, bytes: Buffer.from(change.bytes).toString('base64') } : change;

/**
 * Reads the text of a plan file. It is carried out later, so that nothing in it is believed: it is held to its schema, and
 * to what no schema can say.
 * @throws BadPlan where something is wrong with it
 */
export const readPlan = (text: string): Plan => {
  const file = parsed(text);
  if (file.kind !== KIND) throw new BadPlan('', `its kind is not '${KIND}'`);
  if (file.schemaVersion !== PLAN_VERSION) {
    throw new BadPlan(
      'schemaVersion',
      `it is ${String(file.schemaVersion)}, and ${PLAN_VERSION} is what is understood`,
    );
  }
  checkSchema('plan', file, '');
  const version = parseVersion(file.mesosVersion);
  if (version === undefined || !isSupported(version)) throw new BadPlan('mesosVersion', 'no version that is simulated');
  const plan: Plan = {
    home: file.workDir,
    agent: file.agent ?? undefined,
    assumed: {
      version,
      rebooted: file.rebooted,
      launcher: file.launcher,
      judgeSandboxes: file.judgeSandboxes,
      ...(file.agentInfo === undefined ? {} : { agentInfo: readAgentInfo(file.agentInfo) }),
    },
    rehearsed: file.rehearsed,
    steps: file.steps.map((step, i) => decodeStep(step, `steps[${i}]`)),
    touched: file.touched,
    ...(file.startWith === undefined ? {} : { startWith: file.startWith }),
  };
  checkPlan(plan);
  return plan;
};

const parsed = (text: string): PlanJson => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadPlan('', 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadPlan('', 'it is not an object');
  return value as PlanJson;
};

const checkSchema = (definition: Definition, value: unknown, at: string): void => {
  const problem = schemaProblem(definition, value);
  if (problem !== undefined)
    throw new BadPlan([at, problem.at].filter((part) => part !== '').join('.'), problem.problem);
};

const decodeStep = (step: PlanJson['steps'][number], at: string): Step => {
  const unknown = step.mends.findIndex(({ code }) => !(allCodes as readonly string[]).includes(code));
  if (unknown >= 0) throw new BadPlan(`${at}.mends[${unknown}].code`, 'no such finding is known');
  const changes = step.changes.map((change, i) => decodeChange(change, `${at}.changes[${i}]`));
  return { ...step, changes: changes as unknown as Step['changes'] };
};

const decodeChange = (change: ChangeJson, at: string): Change => {
  if (change.kind !== 'create-file') return change;
  const bytes = Buffer.from(change.bytes, 'base64');
  if (bytes.toString('base64') !== change.bytes) throw new BadPlan(`${at}.bytes`, 'it is not base64');
  return { ...change, bytes };
};

/**
 * Reads one change, and what was found at its path, as a journal has them.
 * @throws BadPlan where they are not as the schema says
 */
export const readChange = (
  change: unknown,
  before: unknown,
): { readonly change: Change; readonly before: Fingerprint } => {
  checkSchema('change', change, 'change');
  checkSchema('before', before, 'before');
  return { change: decodeChange(change as ChangeJson, 'change'), before: before as Fingerprint };
};
