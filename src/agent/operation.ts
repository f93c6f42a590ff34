import type { Offer_Operation, Operation, Resource } from '../schema/index.ts';
import { failedCheck } from './agent-abort.ts';
import { upgradeResources } from './reservation-format.ts';
import { hasResourceProvider } from './resource-predicates.ts';
import { resourceText } from './resource-text.ts';
import { Resources } from './resources.ts';
import { addScalars, subtractScalars } from './scalar.ts';
import { volumeAsDisk } from './volume-as-disk.ts';

/** Operations as the agent itself carries them out: on its own resources, at the moment in which they are accepted. */

/** A change of resources: what it takes, what it gives, and what must be gone after it. */
interface Conversion {
  readonly consumed: Resources;
  readonly converted: Resources;
  readonly goes?: Resource;
}

/** The resources after an operation, or why it cannot be applied, in the agent's words. */
export type AppliedOperation =
  | { readonly ok: true; readonly resources: Resources }
  | { readonly ok: false; readonly message: string };

/**
 * Why the agent does not take an operation for one on its own resources; undefined where it does. Of the types whose
 * operand is one resource, an operand that is not set is one of no provider.
 * Mirrors `getResourceProviderId(const Offer::Operation&)` in resources_utils.cpp.
 */
export function whyNotAgentsOwn(info: Offer_Operation): string | undefined {
  const operands = operandsOf(info);
  if (operands === undefined) {
    return info.type === undefined || info.type === 'UNKNOWN'
      ? 'Unknown offer operation'
      : `Unexpected ${info.type} operation`;
  }
  if (operands.length === 0) return 'Operation contains no resources';
  return operands[0]?.provider_id === undefined ? undefined : 'the operation is of a resource provider';
}

function operandsOf(info: Offer_Operation): readonly (Resource | undefined)[] | undefined {
  switch (info.type) {
    case 'RESERVE':
      return info.reserve?.resources ?? [];
    case 'UNRESERVE':
      return info.unreserve?.resources ?? [];
    case 'CREATE':
      return info.create?.volumes ?? [];
    case 'DESTROY':
      return info.destroy?.volumes ?? [];
    case 'GROW_VOLUME':
      return [info.grow_volume?.volume];
    case 'SHRINK_VOLUME':
      return [info.shrink_volume?.volume];
    case 'CREATE_DISK':
      return [info.create_disk?.source];
    case 'DESTROY_DISK':
      return [info.destroy_disk?.source];
    default:
      return undefined;
  }
}

/** Whether an operation takes effect when it is accepted. Mirrors `isSpeculativeOperation` in protobuf_utils.cpp. */
export function isSpeculative({ type }: Offer_Operation): boolean {
  return type !== 'CREATE_DISK' && type !== 'DESTROY_DISK';
}

/** What no update follows. Mirrors `isTerminalState` of operations in protobuf_utils.cpp. */
export function isTerminalOperationState(state: string | undefined): boolean {
  return state !== undefined && TERMINAL.has(state);
}

const TERMINAL: ReadonlySet<string> = new Set([
  'OPERATION_FINISHED',
  'OPERATION_FAILED',
  'OPERATION_ERROR',
  'OPERATION_DROPPED',
  'OPERATION_GONE_BY_OPERATOR',
]);

/**
 * Applies a speculative operation to the agent's total resources, which have no allocation.
 * Mirrors `Slave::apply`, `getResourceConversions` and `ResourceConversion::apply`.
 * @throws AgentAbort where the agent does not survive the arithmetic
 */
export function applyOperation(total: Resources, { info }: Pick<Operation, 'info'>): AppliedOperation {
  const conversions = conversionsOf(info);
  if (typeof conversions === 'string') return { ok: false, message: conversions };
  let resources = total;
  for (const { consumed, converted, goes } of conversions) {
    if (!resources.contains(consumed)) {
      return { ok: false, message: `${resources} does not contain ${consumed}` };
    }
    resources = resources.minus(consumed).plus(converted);
    if (goes !== undefined && resources.contains(goes)) {
      const message = `Persistent volume ${resourceText(goes)} cannot be removed due to additional shared copies`;
      return { ok: false, message };
    }
  }
  return { ok: true, resources };
}

function conversionsOf(info: Offer_Operation): readonly Conversion[] | string {
  switch (info.type) {
    case 'RESERVE': {
      const reserved = ofOperands(info.reserve?.resources ?? []);
      const source = info.reserve?.source ?? [];
      // `stripAllocationInfo` leaves the allocations of `source`, so that one that has them fits no agent.
      const consumed =
        source.length > 0
          ? Resources.of(upgradeResources(source))
          : Resources.of([...reserved].map(withoutReservation));
      return [{ consumed, converted: reserved }];
    }
    case 'UNRESERVE':
      return plain(info.unreserve?.resources ?? []).map((reserved) => ({
        consumed: Resources.of([reserved]),
        converted: Resources.of([...Resources.of([reserved])].map(withoutReservation)),
      }));
    case 'CREATE':
      return plain(info.create?.volumes ?? []).map((volume) => ({
        consumed: Resources.of([volumeAsDisk(volume)]),
        converted: Resources.of([volume]),
      }));
    case 'DESTROY':
      return plain(info.destroy?.volumes ?? []).map((volume) => ({
        consumed: Resources.of([volume]),
        converted: Resources.of([volumeAsDisk(volume)]),
        goes: volume,
      }));
    case 'GROW_VOLUME':
      return growVolume(info);
    case 'SHRINK_VOLUME':
      return shrinkVolume(info);
    default:
      return 'Operation not supported';
  }
}

const NO_RESOURCE: Resource = { name: '', type: 'SCALAR', reservations: [] };

function growVolume({ grow_volume }: Offer_Operation): readonly Conversion[] | string {
  const [volume = NO_RESOURCE, addition = NO_RESOURCE] = plain([
    grow_volume?.volume ?? NO_RESOURCE,
    grow_volume?.addition ?? NO_RESOURCE,
  ]);
  if (hasResourceProvider(volume)) return 'Operation not supported for resource provider';
  const grown = { ...volume, scalar: addScalars(volume.scalar ?? { value: 0 }, addition.scalar ?? { value: 0 }) };
  return [{ consumed: Resources.of([volume]).plus(addition), converted: Resources.of([grown]) }];
}

function shrinkVolume({ shrink_volume }: Offer_Operation): readonly Conversion[] | string {
  const [volume = NO_RESOURCE] = plain([shrink_volume?.volume ?? NO_RESOURCE]);
  if (hasResourceProvider(volume)) return 'Operation not supported for resource provider';
  const subtract = shrink_volume?.subtract ?? { value: 0 };
  const freed = volumeAsDisk({ ...volume, scalar: subtract });
  const shrunk = { ...volume, scalar: subtractScalars(volume.scalar ?? { value: 0 }, subtract) };
  return [{ consumed: Resources.of([volume]), converted: Resources.of([shrunk]).plus(freed) }];
}

/** Operands in the present form and without allocation, which the agent's total resources do not have. */
function plain(resources: readonly Resource[]): readonly Resource[] {
  return upgradeResources(resources).map(({ allocation_info, ...resource }) => resource);
}

function ofOperands(resources: readonly Resource[]): Resources {
  return Resources.of(plain(resources));
}

/** Mirrors `Resources::popReservation`. */
function withoutReservation(resource: Resource): Resource {
  if (resource.reservations.length === 0) throw failedCheck('resource_.reservations_size() > 0', '(0 vs. 0)');
  return { ...resource, reservations: resource.reservations.slice(0, -1) };
}
