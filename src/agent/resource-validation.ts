import type { Resource, Resource_ReservationInfo, Value_Range } from '../schema/index.ts';
import { labelsEqual, labelsText, NO_LABELS } from './labels.ts';
import { NO_RANGES } from './ranges.ts';
import { diskSourceText } from './resource-text.ts';
import { isStrictSubroleOf, UNRESERVED_ROLE, validateRole } from './roles.ts';
import { compareScalars, ZERO_SCALAR } from './scalar.ts';
import { EMPTY_SET } from './set.ts';

/**
 * What is wrong with a resource, in the agent's words, or null. The agent drops invalid resources without a word
 * wherever it builds a `Resources`. Mirrors `Resources::validate`.
 */
export function validateResource(resource: Resource): string | null {
  for (const rule of RULES) {
    const error = rule(resource);
    if (error !== null) {
      return error;
    }
  }
  return null;
}

/** In the agent's order: the first that objects is the one that is heard. */
const RULES: readonly ((resource: Resource) => string | null)[] = [
  (resource) => (resource.name === '' ? 'Empty resource name' : null),
  validateValue,
  validateDisk,
  (resource) => (resource.reservations.length === 0 ? validateRoleForm(resource) : validateReservations(resource)),
  validateSharing,
];

function validateValue(resource: Resource): string | null {
  switch (resource.type) {
    case 'SCALAR':
      return validateScalar(resource);
    case 'RANGES':
      return validateRanges(resource);
    case 'SET':
      return validateSet(resource);
    case 'TEXT':
      return 'Unsupported resource type';
  }
}

/** Whether the value that belongs to the type is set, and no other. */
function hasOnly(resource: Resource, wanted: 'scalar' | 'ranges' | 'set'): boolean {
  return (['scalar', 'ranges', 'set'] as const).every(
    (field) => (resource[field] !== undefined) === (field === wanted),
  );
}

function validateScalar(resource: Resource): string | null {
  if (!hasOnly(resource, 'scalar')) {
    return 'Invalid scalar resource';
  }
  const scalar = resource.scalar ?? ZERO_SCALAR;
  // Zero is valid (and empty); what only rounds to zero is not.
  return scalar.value !== 0 && compareScalars(scalar, ZERO_SCALAR) <= 0 ? 'Invalid scalar resource: value <= 0' : null;
}

function validateRanges(resource: Resource): string | null {
  if (!hasOnly(resource, 'ranges')) {
    return 'Invalid ranges resource';
  }
  const { range } = resource.ranges ?? NO_RANGES;
  if (areApart(range)) {
    return null;
  }
  const later = new LaterBegins(range);
  for (const [index, { begin, end }] of range.entries()) {
    if (begin > end) {
      return 'Invalid ranges resource: begin > end';
    }
    later.drop(index);
    // The agent's test of an overlap: one that begins before another, and reaches into it, escapes it.
    const next = later.from(begin);
    if (next !== undefined && next <= end) {
      return 'Invalid ranges resource: overlapping ranges';
    }
  }
  return null;
}

/** Where ranges begin, of which one after the other is dropped. */
class LaterBegins {
  readonly #begins: readonly bigint[];
  /** Of each range, where in the order of beginnings it is. */
  readonly #places: readonly number[];
  /** For each place one behind it, or itself, before which all are dropped. */
  readonly #next: number[];

  constructor(range: readonly Value_Range[]) {
    const order = range.map(({ begin }, index) => ({ begin, index }));
    order.sort((a, b) => (a.begin < b.begin ? -1 : Number(a.begin > b.begin)));
    this.#begins = order.map(({ begin }) => begin);
    const places = new Array<number>(range.length);
    for (const [place, { index }] of order.entries()) places[index] = place;
    this.#places = places;
    this.#next = Array.from({ length: range.length + 1 }, (_, place) => place);
  }

  /** Drops the beginning of a range. */
  drop(index: number): void {
    const place = this.#places[index] as number;
    this.#next[place] = place + 1;
  }

  /** The first beginning from a number on that is left. */
  from(begin: bigint): bigint | undefined {
    let [low, high] = [0, this.#begins.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#begins[middle] as bigint) < begin) low = middle + 1;
      else high = middle;
    }
    return this.#begins[this.#left(low)];
  }

  /** The first place from one on that is left; the way to it is made short for the next who asks. */
  #left(place: number): number {
    let left = place;
    while (this.#next[left] !== left) left = this.#next[left] as number;
    for (let at = place; at !== left; ) {
      const next = this.#next[at] as number;
      this.#next[at] = left;
      at = next;
    }
    return left;
  }
}

/** Whether ranges are in order and apart, as the agent writes them: then none need be compared with all the others. */
function areApart(range: readonly Value_Range[]): boolean {
  return range.every(({ begin, end }, index) => {
    const before = range[index - 1];
    return begin <= end && (before === undefined || before.end < begin);
  });
}

function validateSet(resource: Resource): string | null {
  if (!hasOnly(resource, 'set')) {
    return 'Invalid set resource';
  }
  const { item } = resource.set ?? EMPTY_SET;
  return new Set(item).size < item.length ? 'Invalid set resource: duplicated elements' : null;
}

function validateDisk({ name, disk }: Resource): string | null {
  if (disk === undefined) {
    return null;
  }
  if (name !== 'disk') {
    return `DiskInfo should not be set for ${name} resource`;
  }
  switch (disk.source?.type) {
    case undefined:
    case 'PATH':
    case 'MOUNT':
      return null;
    case 'BLOCK':
    case 'RAW':
      if (disk.source?.mount !== undefined) {
        return `Mount should not be set for ${disk.source.type} disk source`;
      }
      return disk.source?.path === undefined ? null : `Path should not be set for ${disk.source.type} disk source`;
    case 'UNKNOWN':
      return `Unsupported 'DiskInfo.Source.Type' in '${disk.source === undefined ? '' : diskSourceText(disk.source)}'`;
  }
}

/** The pre-reservation-refinement form: `role`, and `reservation` where it is dynamic. */
function validateRoleForm(resource: Resource): string | null {
  const role = resource.role ?? UNRESERVED_ROLE;
  const error = validateRole(role);
  if (error !== null || resource.reservation === undefined) {
    return error;
  }
  if (resource.reservation.type !== undefined) {
    return "'Resource.ReservationInfo.type' must not be set for the 'Resource.reservation' field";
  }
  if (resource.reservation.role !== undefined) {
    return "'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field";
  }
  return role === UNRESERVED_ROLE ? 'Invalid reservation: role "*" cannot be dynamically reserved' : null;
}

/** The post-reservation-refinement form: `reservations`, each for a role below the one before. */
function validateReservations(resource: Resource): string | null {
  for (const reservation of resource.reservations) {
    const error = validateReservation(reservation);
    if (error !== null) {
      return error;
    }
  }
  return validateRefinement(resource.reservations) ?? validateMixedForm(resource);
}

function validateReservation({ type, role }: Resource_ReservationInfo): string | null {
  if (type === undefined) {
    return "Invalid reservation: 'Resource.ReservationInfo.type' field must be set.";
  }
  if (role === undefined) {
    return "Invalid reservation: 'Resource.ReservationInfo.role' field must be set.";
  }
  const error = validateRole(role);
  if (error !== null) {
    return error;
  }
  return role === UNRESERVED_ROLE ? 'Invalid reservation: role "*" cannot be reserved' : null;
}

function validateRefinement([first, ...refined]: readonly Resource_ReservationInfo[]): string | null {
  let ancestor = first?.role ?? '';
  for (const { type, role = '' } of refined) {
    if (type === 'STATIC') {
      return 'Invalid refined reservation: A refined reservation cannot be STATIC';
    }
    if (!isStrictSubroleOf(role, ancestor)) {
      return `Invalid refined reservation: role '${role}' is not a refinement of '${ancestor}'`;
    }
    ancestor = role;
  }
  return null;
}

/** Beside a single reservation the old fields may be set too, as endpoints print them, if they say the same. */
function validateMixedForm(resource: Resource): string | null {
  const [reservation, ...refined] = resource.reservations;
  if (reservation === undefined) {
    return null;
  }
  if (refined.length === 0) {
    return validateOldRole(resource.role, reservation) ?? validateOldReservation(resource, reservation);
  }
  const surplus = resource.role !== undefined ? 'role' : resource.reservation !== undefined ? 'reservation' : null;
  return surplus === null
    ? null
    : `Invalid resource format: 'Resource.${surplus}' must not be set if` +
        " there is more than one reservation in 'Resource.reservations'";
}

function validateOldRole(role: string | undefined, reservation: Resource_ReservationInfo): string | null {
  return role === undefined || role === reservation.role
    ? null
    : `Invalid resource format: 'Resource.role' field with '${role}' does not match the role` +
        ` '${reservation.role ?? ''}' in 'Resource.reservations'`;
}

function validateOldReservation(resource: Resource, reservation: Resource_ReservationInfo): string | null {
  const old = resource.reservation;
  switch (reservation.type) {
    case 'STATIC':
      return old === undefined
        ? null
        : "Invalid resource format: 'Resource.reservation' must not be set if the single reservation in" +
            " 'Resource.reservations' is STATIC";
    case 'DYNAMIC':
      if ((resource.role === undefined) !== (old === undefined)) {
        return (
          "Invalid resource format: 'Resource.role' and 'Resource.reservation' must either be both set or both not" +
          " set if the single reservation in 'Resource.reservations' is DYNAMIC"
        );
      }
      return old === undefined ? null : validateSameReservation(old, reservation);
    default:
      return "Unsupported 'Resource.ReservationInfo.Type'";
  }
}

function validateSameReservation(old: Resource_ReservationInfo, reservation: Resource_ReservationInfo): string | null {
  const [oldPrincipal, principal] = [old.principal ?? '', reservation.principal ?? ''];
  if (oldPrincipal !== principal) {
    return (
      `Invalid resource format: 'Resource.reservation.principal' field with '${oldPrincipal}' does not match the` +
      ` principal '${principal}' in 'Resource.reservations'`
    );
  }
  const [oldLabels, labels] = [old.labels ?? NO_LABELS, reservation.labels ?? NO_LABELS];
  return labelsEqual(oldLabels, labels)
    ? null
    : `Invalid resource format: 'Resource.reservation.labels' field with '${labelsText(oldLabels)}' does not match` +
        ` the labels '${labelsText(labels)}' in 'Resource.reservations'`;
}

function validateSharing({ name, disk, shared }: Resource): string | null {
  if (shared === undefined) {
    return null;
  }
  if (name !== 'disk') {
    return `Resource ${name} cannot be shared`;
  }
  return disk?.persistence === undefined ? 'Only persistent volumes can be shared' : null;
}
