import { attributeKey, attributesEqual } from '../../agent/attributes.ts';
import { ByKey } from '../../agent/by-key.ts';
import { domainsEqual } from '../../agent/domain.ts';
import { firstByName } from '../../agent/info/additions.ts';
import { agentCheckpoints, agentPort, type ReconfigurationPolicy, upgradeAgentInfo } from '../../agent/info/check.ts';
import { commonAttribute, commonResource, nextSmaller } from '../../agent/info/common.ts';
import { checkInfo, survive } from '../../agent/info/survive.ts';
import { downgradeResource } from '../../agent/reservation-format.ts';
import { resourcesEqual, sameMetadata } from '../../agent/resource-equality.ts';
import { resourceKey } from '../../agent/resource-key.ts';
import { Resources } from '../../agent/resources.ts';
import { Edits } from '../../format/edit.ts';
import { encodeMessage, encodeRecord } from '../../format/encode.ts';
import { frameAt } from '../../format/frames.ts';
import { type Message, parse, WireFailure } from '../../format/parse.ts';
import { shapeOf } from '../../format/shape.ts';
import { MOST_FIELDS, type WireField, walk } from '../../format/walk.ts';
import { type Attribute, messageType, type Resource, type SlaveInfo } from '../../schema/index.ts';
import { type ResourceEntry, type ResourceSlot, slotsOf } from './slots.ts';
import { setValue } from './value-edit.ts';

/**
 * How much of the new info is written: what both have in common, which `additive` accepts (`least`), or all of it, which is
 * what agents before 1.5.0 ask for (`whole`).
 */
export type Extent = 'least' | 'whole';

/** A `slave.info` that an agent with another info goes on with. */
export interface AdoptedInfo {
  /** The whole file. */
  readonly bytes: Buffer;
  readonly info: SlaveInfo;
  /** The strictest policy that accepts it. */
  readonly policy: ReconfigurationPolicy;
  /**
   * Whether it still differs from what the agent builds: an agent from 1.5.0 on then refuses a leading master that takes no
   * changed agent (`requiredMasterCapabilities` in slave.cpp).
   */
  readonly isGuarded: boolean;
}

/** What the change is made for. */
export interface AdoptInput {
  /** The file as it is, or as it is by then. */
  readonly bytes: Buffer;
  /** What the agent builds. */
  readonly current: SlaveInfo;
  readonly extent: Extent;
  /** Whether the checkpointed reservations and volumes would fit an info. */
  readonly fits: (info: SlaveInfo) => boolean;
}

const SLAVE_INFO = messageType('mesos.SlaveInfo');

/**
 * Changes a `slave.info` so that an agent goes on with it which builds another info. Only fields that differ are touched,
 * and of resources and attributes only those that do; the id stays. What was made is held to the agent's own check.
 * Gives a text where it cannot be done.
 */
export const adoptAgentInfo = (input: AdoptInput): AdoptedInfo | string => {
  const { bytes, extent } = input;
  const { state, start, end } = frameAt(bytes, 0);
  if (state !== 'record') return 'slave.info holds no whole record';
  const message = bytes.subarray(start, end);
  const parsed: Message | WireFailure = parse(shapeOf(SLAVE_INFO, true), message);
  const walked = walk(SLAVE_INFO, message);
  if (walked.isCut) return `slave.info has more than ${MOST_FIELDS} fields`;
  if (parsed instanceof WireFailure || !walked.isWhole) return 'slave.info does not parse';
  const file = { message, fields: walked.fields, previous: parsed as unknown as SlaveInfo, rest: bytes.subarray(end) };
  if (!agentCheckpoints(file.previous) && extent === 'whole') {
    return 'slave.info says that the agent does not checkpoint, which agents before 1.5.0 compare too';
  }
  const current = upgradeAgentInfo(input.current);
  const slots = slotsOf(entriesOf(file));
  const wanted = extent === 'least' ? commonOf(slots, current) : undefined;
  const made = write(file, current, extent, slots, wanted);
  const adopted = judged(made, current, extent);
  if (typeof adopted === 'string' || adopted.isGuarded || wanted === undefined) return adopted;
  return guarded(file, { ...input, current }, slots, wanted) ?? adopted;
};

interface InfoFile {
  readonly message: Buffer;
  readonly fields: readonly WireField[];
  readonly previous: SlaveInfo;
  /** What is in the file behind its record. */
  readonly rest: Buffer;
}

const named = ({ fields }: InfoFile, name: keyof SlaveInfo): readonly WireField[] =>
  fields.filter(({ field }) => field?.name === name);

const entriesOf = (file: InfoFile): readonly ResourceEntry[] =>
  named(file, 'resources').map((field, i) => ({ field, resource: file.previous.resources[i] as Resource }));

/** What becomes of each resource of the file; undefined of one that goes. */
type Wanted = ReadonlyMap<ResourceSlot, Resource | undefined>;

const commonOf = (slots: readonly ResourceSlot[], current: SlaveInfo): Wanted => {
  const now = Resources.of(current.resources);
  return new Map(
    slots.map((slot) => {
      const match = now.match(slot.resource);
      return [slot, match === undefined ? undefined : commonResource(slot.resource, match)] as const;
    }),
  );
};

/**
 * The same with one of the resources that shrink a step smaller than the agent has it: then the file differs from what the
 * agent builds, and the agent's guard against old masters stays on. Undefined where none can be.
 */
const guarded = (
  file: InfoFile,
  { current, fits }: AdoptInput,
  slots: readonly ResourceSlot[],
  wanted: Wanted,
): AdoptedInfo | undefined => {
  for (const slot of slots) {
    const own = wanted.get(slot);
    const less = own === undefined || own === slot.resource ? undefined : nextSmaller(own);
    if (less === undefined) continue;
    const made = judged(write(file, current, 'least', slots, new Map([...wanted, [slot, less]])), current, 'least');
    if (typeof made !== 'string' && made.isGuarded && fits(made.info)) return made;
  }
  return undefined;
};

const judged = (file: Buffer, current: SlaveInfo, extent: Extent): AdoptedInfo | string => {
  const { start, end } = frameAt(file, 0);
  const read: Message | WireFailure = parse(shapeOf(SLAVE_INFO, true), file, start, end);
  if (read instanceof WireFailure) return `what was made does not parse: ${read.reason}`;
  const info = read as unknown as SlaveInfo;
  const policy: ReconfigurationPolicy = extent === 'least' ? 'additive' : 'equal';
  const verdict = checkInfo(info, current, policy);
  if (!verdict.ok) return `the agent would refuse it: ${verdict.message.split('\n')[0]?.trim()}`;
  const isGuarded = !checkInfo(info, current, 'equal').ok;
  return { bytes: file, info, policy: isGuarded ? policy : 'equal', isGuarded };
};

const write = (
  file: InfoFile,
  current: SlaveInfo,
  extent: Extent,
  slots: readonly ResourceSlot[],
  wanted: Wanted | undefined,
): Buffer => {
  const edits = new Edits();
  const { previous, message, fields, rest } = file;
  if (previous.hostname !== current.hostname) putLast(edits, file, 'hostname', { hostname: current.hostname });
  if (agentPort(previous) !== agentPort(current)) putLast(edits, file, 'port', { port: agentPort(current) });
  if (!domainsEqual(previous.domain, current.domain)) {
    for (const field of named(file, 'domain')) edits.cut(field);
    if (extent === 'whole' && current.domain !== undefined) insert(edits, file, 'domain', { domain: current.domain });
  }
  if (wanted === undefined) writeWhole(edits, file, slots, current);
  else writeCommon(edits, file, wanted, current);
  const changed = edits.apply(message, fields);
  return Buffer.concat([encodeRecord(changed), rest]);
};

/** Of a field that occurs several times the last one counts. */
const putLast = (edits: Edits, file: InfoFile, name: 'hostname' | 'port', value: Message): void => {
  const last = named(file, name).at(-1);
  if (last === undefined) insert(edits, file, name, value);
  else edits.replace(last, encodeFields(value));
};

/** Fields of an agent info, alone. */
const encodeFields = (value: Message): Buffer => {
  const parts = SLAVE_INFO.fields.filter((field) => field !== undefined && value[field.name] !== undefined);
  return encodeMessage({ ...SLAVE_INFO, fields: parts }, value);
};

/** Puts a field where an encoder would have put it: behind the last one with no larger number. */
const insert = (edits: Edits, file: InfoFile, name: keyof SlaveInfo, value: Message): void => {
  const number = SLAVE_INFO.fields.find((field) => field?.name === name)?.number ?? 0;
  edits.insert(
    encodeFields(value),
    file.fields.findLast((field) => field.number <= number),
  );
};

/** Gives the entries of a resource its new amount: the first takes all of it. */
const setSlot = (edits: Edits, slot: ResourceSlot, resource: Resource | undefined): void => {
  if (resource === slot.resource) return;
  const [first, ...others] = slot.entries;
  if (resource === undefined) edits.cut(first.field);
  else setValue(edits, first.field, first.resource, resource);
  for (const { field } of others) edits.cut(field);
};

const writeCommon = (edits: Edits, file: InfoFile, wanted: Wanted, current: SlaveInfo): void => {
  for (const [slot, resource] of wanted) setSlot(edits, slot, resource);
  const fields = named(file, 'attributes');
  const first = firstByName(current.attributes);
  for (const [i, attribute] of file.previous.attributes.entries()) {
    const field = fields[i] as WireField;
    const common = commonAttribute(attribute, first.get(attribute.name));
    if (common === undefined) edits.cut(field);
    else if (common !== attribute) setValue(edits, field, attribute, common);
  }
};

const writeWhole = (edits: Edits, file: InfoFile, slots: readonly ResourceSlot[], current: SlaveInfo): void => {
  const now = Resources.of(current.resources);
  if (!Resources.of(upgradeAgentInfo(file.previous).resources).equals(now)) {
    for (const resource of setResources(edits, slots, [...now])) {
      insert(edits, file, 'resources', { resources: [downgradeResource(resource)] });
    }
  }
  const isSame = survive(() => attributesEqual(file.previous.attributes, current.attributes));
  if (isSame !== true) {
    for (const attribute of setAttributes(edits, file, current.attributes)) {
      insert(edits, file, 'attributes', { attributes: [attribute] });
    }
  }
};

/** Keeps what is the same, and gives the rest its new amount; the resources that the file does not have yet. */
const setResources = (edits: Edits, slots: readonly ResourceSlot[], now: readonly Resource[]): readonly Resource[] => {
  const left = new Set(now);
  const like = new ByKey(resourceKey, now);
  const take = (
    { resource }: ResourceSlot,
    isOne: (left: Resource, right: Resource) => boolean,
  ): Resource | undefined => {
    const found = like.of(resource).find((each) => left.has(each) && isOne(each, resource));
    if (found !== undefined) left.delete(found);
    return found;
  };
  const same = new Set(slots.filter((slot) => take(slot, resourcesEqual) !== undefined));
  for (const slot of slots) if (!same.has(slot)) setSlot(edits, slot, take(slot, sameMetadata));
  return [...left];
};

/** Keeps the attributes that are the same; those that the file does not have yet. */
const setAttributes = (edits: Edits, file: InfoFile, now: readonly Attribute[]): readonly Attribute[] => {
  const left = new Set(now);
  const same = new Map<string, Attribute[]>();
  // The last first: one is taken from the end of each. A set is never the same.
  for (const attribute of now.toReversed()) {
    if (attribute.type === 'SET') continue;
    const key = attributeKey(attribute);
    const all = same.get(key);
    if (all === undefined) same.set(key, [attribute]);
    else all.push(attribute);
  }
  const fields = named(file, 'attributes');
  for (const [i, attribute] of file.previous.attributes.entries()) {
    const found = attribute.type === 'SET' ? undefined : same.get(attributeKey(attribute))?.pop();
    if (found === undefined) edits.cut(fields[i] as WireField);
    else left.delete(found);
  }
  return [...left];
};
