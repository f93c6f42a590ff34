import type { Attribute, DomainInfo, SlaveInfo } from '../../schema/index.ts';
import { attributeText } from '../attributes.ts';
import { parseAttributes } from '../attributes-flag.ts';
import { domainText } from '../domain.ts';
import { parseJson } from '../flags/notation/json.ts';
import { jsonText, parsePort, type ReadText } from '../flags/notation/value.ts';
import type { FlagValue, FlagValues } from '../flags/values.ts';
import { messageFromJson } from '../json-message.ts';
import { trimBlanks } from '../value-text.ts';
import { buildResources } from './build-resources.ts';
import type { BuiltAgentInfo, BuiltPart } from './built.ts';
import type { DetectedHost } from './detected.ts';
import { type EnvironmentLook, type FoundText, findHostname } from './hostname.ts';

/** What an agent info is built from. */
export interface BuildInput {
  readonly host: DetectedHost;
  readonly flags: FlagValues;
  readonly environment: EnvironmentLook;
  /** Reads a file of the host that a flag names. */
  readonly read: ReadText;
}

/**
 * The agent info that the agent would build at its start. Mirrors `Slave::initialize` and `Containerizer::resources`; what
 * files do not tell is marked, and not guessed.
 */
export const buildAgentInfo = (input: BuildInput): BuiltAgentInfo => {
  const refusals: { message: string; from: string }[] = [];
  const refuse = (message: string, from: string): void => {
    refusals.push({ message, from });
  };
  const hostname = findHostname(input.host, input.flags, input.environment);
  const port = findPort(input);
  const { resources, parts } = buildResources(input, refuse);
  const attributes = buildAttributes(input.flags, refuse);
  const domain = buildDomain(input, refuse);
  const info: SlaveInfo = {
    hostname: hostname.value ?? '',
    resources,
    attributes: attributes.value,
    checkpoint: true,
    ...(port.value === undefined ? {} : { port: Number(port.value) }),
    ...(domain.value === undefined ? {} : { domain: domain.value }),
  };
  const decorated = input.flags('hooks').kind === 'set';
  const all = [partOf('hostname', hostname), partOf('port', port), ...parts, attributes.part, domain.part];
  return { info, parts: decorated ? all.map(doubted) : all, refusals };
};

/** Hooks may change resources and attributes once more. */
const doubted = (part: BuiltPart): BuiltPart =>
  (part.field.startsWith('resources') || part.field === 'attributes') && part.certainty !== 'unknown'
    ? { ...part, certainty: 'assumed', why: '--hooks may change it' }
    : part;

const partOf = (field: string, { value, certainty, from, why }: FoundText): BuiltPart => ({
  field,
  certainty,
  text: value ?? '',
  from,
  why,
});

const DEFAULT = "the agent's default";

const findPort = ({ flags, environment }: BuildInput): FoundText => {
  const advertised = flags('advertise_port');
  const variable = environment('LIBPROCESS_ADVERTISE_PORT');
  if (advertised.kind === 'default' && variable !== undefined) {
    return portOf({ kind: 'set', value: variable.value, from: variable.from });
  }
  return portOf(advertised.kind === 'default' ? flags('port') : advertised);
};

const portOf = (flag: FlagValue): FoundText => {
  if (flag.kind === 'unknown') return { value: undefined, certainty: 'unknown', from: flag.from, why: flag.why };
  const parsed = parsePort(flag.value ?? '');
  const from = flag.kind === 'set' ? flag.from : DEFAULT;
  if (!parsed.ok) return { value: undefined, certainty: 'unknown', from, why: `it is not a port: ${parsed.message}` };
  if (parsed.value === 0) {
    return { value: undefined, certainty: 'unknown', from, why: 'port 0 lets the kernel choose one at each start' };
  }
  return { value: String(parsed.value), certainty: flag.kind === 'set' ? 'set' : 'default', from, why: undefined };
};

interface BuiltField<T> {
  readonly value: T;
  readonly part: BuiltPart;
}

const buildAttributes = (
  flags: FlagValues,
  refuse: (message: string, from: string) => void,
): BuiltField<readonly Attribute[]> => {
  const flag = flags('attributes');
  const none = (certainty: BuiltPart['certainty'], from: string, why?: string): BuiltField<readonly Attribute[]> => ({
    value: [],
    part: { field: 'attributes', certainty, text: '', from, why },
  });
  if (flag.kind === 'unknown') return none('unknown', flag.from, flag.why);
  if (flag.kind === 'default') return none('default', DEFAULT);
  const parsed = parseAttributes(flag.value);
  if (!parsed.ok) {
    refuse(parsed.message, flag.from);
    return none('unknown', flag.from, parsed.message);
  }
  const text = parsed.value.map(attributeText).join('; ');
  return {
    value: parsed.value,
    part: { field: 'attributes', certainty: 'set', text, from: flag.from, why: undefined },
  };
};

const buildDomain = (
  { flags, read }: BuildInput,
  refuse: (message: string, from: string) => void,
): BuiltField<DomainInfo | undefined> => {
  const flag = flags('domain');
  const none = (certainty: BuiltPart['certainty'], from: string, why?: string): BuiltField<undefined> => ({
    value: undefined,
    part: { field: 'domain', certainty, text: '', from, why },
  });
  if (flag.kind === 'unknown') return none('unknown', flag.from, flag.why);
  if (flag.kind === 'default') return none('default', DEFAULT);
  const content = jsonText(flag.value, read);
  const json = content.ok ? parseJson(trimBlanks(content.value)) : content;
  const parsed = json.ok ? messageFromJson('mesos.DomainInfo', json.value) : json;
  if (!parsed.ok) {
    refuse(parsed.message, flag.from);
    return none('unknown', flag.from, parsed.message);
  }
  return {
    value: parsed.value,
    part: { field: 'domain', certainty: 'set', text: domainText(parsed.value), from: flag.from, why: undefined },
  };
};
