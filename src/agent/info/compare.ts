import type { SlaveInfo } from '../../schema/index.ts';
import { attributeText } from '../attributes.ts';
import { definitionsOf } from '../flags/definitions.ts';
import { resourceText } from '../resource-text.ts';
import { Resources } from '../resources.ts';
import type { Version } from '../version.ts';
import { type BuildInput, buildAgentInfo } from './build.ts';
import { type BuiltAgentInfo, type BuiltPart, type Certainty, unsureParts } from './built.ts';
import { type ReconfigurationPolicy, upgradeAgentInfo } from './check.ts';
import { type AgentInfoDifference, agentInfoDifferences } from './differences.ts';
import { isFree } from './free.ts';
import { type Remedy, remediesFor } from './remedies.ts';
import { checkInfo, survive } from './survive.ts';

/** What a policy makes of the two infos. */
export type PolicyVerdict =
  | { readonly kind: 'compatible' }
  /** In the agent's words. */
  | { readonly kind: 'incompatible'; readonly message: string }
  /** It hangs on parts that are not sure; `likely` is what comes of what is assumed of them. */
  | {
      readonly kind: 'unknown';
      readonly likely: 'compatible' | 'incompatible' | undefined;
      readonly because: readonly BuiltPart[];
    };

/** A field in which the infos differ, with what is only in one of them, where it is a list. */
export interface FieldDifference extends AgentInfoDifference {
  readonly gone: readonly string[];
  readonly added: readonly string[];
  /** How sure the new value is. */
  readonly certainty: Certainty;
}

/** The checkpointed agent info, and the one that the agent will build. */
export interface AgentInfoComparison {
  readonly built: BuiltAgentInfo;
  /** The policy in force; undefined where it is not known. */
  readonly policy: ReconfigurationPolicy | undefined;
  readonly policyFrom: string;
  readonly differences: readonly FieldDifference[];
  readonly equal: PolicyVerdict;
  /** Undefined before 1.5.0, which has no other policy. */
  readonly additive: PolicyVerdict | undefined;
  /** What the policy in force makes of it. */
  readonly verdict: PolicyVerdict;
  /** Whether the agent compares with `--recover=cleanup` too. */
  readonly isCheckedInCleanup: boolean;
  /** The fewest flags with which it would be compatible, for each policy that there is; the one in force first. */
  readonly remedies: readonly Remedy[];
}

/**
 * Compares the checkpointed agent info with the one that the agent would build, as its policy does. The agent gives the new
 * one the id of the old one first.
 */
export const compareAgentInfo = (previous: SlaveInfo, input: BuildInput, version: Version): AgentInfoComparison => {
  const built = buildAgentInfo(input);
  const { policy, from, hasPolicy } = policyOf(input, version);
  const equal = judge(previous, built, 'equal');
  const additive = hasPolicy ? judge(previous, built, 'additive') : undefined;
  const verdict = inForce(policy, equal, additive);
  const policies: ReconfigurationPolicy[] = hasPolicy ? ['equal', 'additive'] : ['equal'];
  const ordered = policies.toSorted((a, b) => Number(b === policy) - Number(a === policy));
  return {
    built,
    policy,
    policyFrom: from,
    differences: differencesOf(previous, built),
    equal,
    additive,
    verdict,
    isCheckedInCleanup: hasPolicy,
    remedies: verdict.kind === 'compatible' ? [] : remediesFor(previous, input, ordered, policy),
  };
};

/** The policy in force. */
export interface PolicyInForce {
  /** Undefined where it is not known. */
  readonly policy: ReconfigurationPolicy | undefined;
  readonly from: string;
  /** Whether the version has `--reconfiguration_policy`; it then checks the info with `--recover=cleanup` too. */
  readonly hasPolicy: boolean;
}

/** The policy in force in a version. */
export const policyOf = ({ flags }: Pick<BuildInput, 'flags'>, version: Version): PolicyInForce => {
  const hasPolicy = definitionsOf(version).has('reconfiguration_policy');
  if (!hasPolicy) return { policy: 'equal', from: 'the only one before 1.5.0', hasPolicy };
  const flag = flags('reconfiguration_policy');
  if (flag.kind === 'unknown') return { policy: undefined, from: flag.from, hasPolicy };
  const policy = flag.value === 'equal' || flag.value === 'additive' ? flag.value : undefined;
  return { policy, from: flag.kind === 'set' ? flag.from : "the agent's default", hasPolicy };
};

const inForce = (
  policy: ReconfigurationPolicy | undefined,
  equal: PolicyVerdict,
  additive: PolicyVerdict | undefined,
): PolicyVerdict => {
  if (policy === 'additive') return additive ?? equal;
  if (policy === 'equal' || additive === undefined) return equal;
  // Whichever it is: only where both say the same is it known.
  return equal.kind === additive.kind ? equal : { kind: 'unknown', likely: undefined, because: [] };
};

/** The info with what is not sure as it was: the best that can come of it. */
export const hopeful = (previous: SlaveInfo, info: SlaveInfo, unsure: readonly BuiltPart[]): SlaveInfo => {
  const fields = new Set(unsure.map(({ field }) => field));
  const names = new Set(unsure.flatMap(({ field }) => (field.startsWith('resources.') ? [field.slice(10)] : [])));
  const isUnsure = (name: string): boolean => fields.has('resources') || names.has(name);
  return {
    ...info,
    ...(fields.has('hostname') ? { hostname: previous.hostname } : {}),
    ...(fields.has('port') ? { port: previous.port } : {}),
    ...(fields.has('attributes') ? { attributes: previous.attributes } : {}),
    ...(fields.has('domain') ? { domain: previous.domain } : {}),
    resources: [
      ...info.resources.filter(({ name }) => !isUnsure(name)),
      ...upgradeAgentInfo(previous).resources.filter(({ name }) => isUnsure(name)),
    ],
  };
};

const judge = (previous: SlaveInfo, built: BuiltAgentInfo, policy: ReconfigurationPolicy): PolicyVerdict => {
  const unsure = unsureParts(built).filter((part) => !isFree(previous, part, policy));
  const unknown = unsure.filter(({ certainty }) => certainty === 'unknown');
  const best = checkInfo(previous, survive(() => hopeful(previous, built.info, unsure)) ?? built.info, policy);
  if (!best.ok) return { kind: 'incompatible', message: best.message };
  if (unsure.length === 0) return { kind: 'compatible' };
  const assumed = checkInfo(previous, survive(() => hopeful(previous, built.info, unknown)) ?? built.info, policy);
  const likely = unknown.length > 0 && assumed.ok ? undefined : assumed.ok ? 'compatible' : 'incompatible';
  return { kind: 'unknown', likely, because: unsure };
};

const differencesOf = (previous: SlaveInfo, built: BuiltAgentInfo): readonly FieldDifference[] => {
  const current = { ...built.info, id: previous.id };
  const found = survive(() => agentInfoDifferences(previous, current)) ?? [];
  return found.map((difference): FieldDifference => {
    const [old, now] = listsOf(difference.field, previous, current);
    return {
      ...difference,
      gone: without(old, now),
      added: without(now, old),
      certainty: certaintyOf(difference.field, built),
    };
  });
};

/** Those texts of a list that another has not. */
const without = (texts: readonly string[], others: readonly string[]): readonly string[] => {
  const there = new Set(others);
  return texts.filter((text) => !there.has(text));
};

const listsOf = (
  field: AgentInfoDifference['field'],
  previous: SlaveInfo,
  current: SlaveInfo,
): readonly [readonly string[], readonly string[]] => {
  const texts = (info: SlaveInfo): readonly string[] =>
    field === 'attributes'
      ? info.attributes.map(attributeText)
      : field === 'resources'
        ? [...Resources.of(upgradeAgentInfo(info).resources)].map(resourceText)
        : [];
  return [survive(() => texts(previous)) ?? [], survive(() => texts(current)) ?? []];
};

const ORDER: readonly Certainty[] = ['unknown', 'assumed', 'detected', 'default', 'set'];

/** The least sure of what a field is made of. */
const certaintyOf = (field: string, { parts }: BuiltAgentInfo): Certainty => {
  const own = parts.filter((part) => part.field === field || part.field.startsWith(`${field}.`));
  return ORDER.find((certainty) => own.some((part) => part.certainty === certainty)) ?? 'set';
};
