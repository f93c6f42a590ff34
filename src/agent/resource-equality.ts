import type {
  Resource,
  Resource_DiskInfo,
  Resource_DiskInfo_Source,
  Resource_ReservationInfo,
} from '../schema/index.ts';
import { labelsEqual } from './labels.ts';
import { bothUnsetOr } from './message-fields.ts';
import { NO_RANGES, rangesEqual } from './ranges.ts';
import { compareScalars, ZERO_SCALAR } from './scalar.ts';
import { EMPTY_SET, setsEqual } from './set.ts';

/** Whether two resources are the same but for the amount. Mirrors `compareResourceMetadata` in resources.cpp. */
export function sameMetadata(left: Resource, right: Resource): boolean {
  return (
    left.name === right.name &&
    left.type === right.type &&
    sameHolder(left, right) &&
    bothUnsetOr(left.disk, right.disk, disksEqual) &&
    (left.shared === undefined) === (right.shared === undefined)
  );
}

/**
 * Whether two resources are allocated, reserved, revocable and provided alike: what is compared of them, besides
 * name and type, before they are added up or taken off.
 */
export function sameHolder(left: Resource, right: Resource): boolean {
  return (
    bothUnsetOr(left.allocation_info, right.allocation_info, (one, other) => one.role === other.role) &&
    left.reservations.length === right.reservations.length &&
    left.reservations.every((one, index) => bothUnsetOr(one, right.reservations[index], reservationsEqual)) &&
    (left.revocable === undefined) === (right.revocable === undefined) &&
    left.provider_id?.value === right.provider_id?.value
  );
}

/** Mirrors `operator==` on `Resource`: one of type TEXT equals nothing. */
export function resourcesEqual(left: Resource, right: Resource): boolean {
  return sameMetadata(left, right) && sameValue(left, right);
}

/** Mirrors `operator==` on `Resource::DiskInfo`: `volume` and the principal of the persistence do not count. */
export function disksEqual(left: Resource_DiskInfo, right: Resource_DiskInfo): boolean {
  return bothUnsetOr(left.source, right.source, diskSourcesEqual) && left.persistence?.id === right.persistence?.id;
}

function sameValue(left: Resource, right: Resource): boolean {
  switch (left.type) {
    case 'SCALAR':
      return compareScalars(left.scalar ?? ZERO_SCALAR, right.scalar ?? ZERO_SCALAR) === 0;
    case 'RANGES':
      return rangesEqual(left.ranges ?? NO_RANGES, right.ranges ?? NO_RANGES);
    case 'SET':
      return setsEqual(left.set ?? EMPTY_SET, right.set ?? EMPTY_SET);
    case 'TEXT':
      return false;
  }
}

/** Mirrors `operator==` on `Resource::ReservationInfo`. */
function reservationsEqual(left: Resource_ReservationInfo, right: Resource_ReservationInfo): boolean {
  return (
    (left.type ?? 'UNKNOWN') === (right.type ?? 'UNKNOWN') &&
    (left.role ?? '') === (right.role ?? '') &&
    left.principal === right.principal &&
    bothUnsetOr(left.labels, right.labels, labelsEqual)
  );
}

/** Mirrors `operator==` on `Resource::DiskInfo::Source`. */
function diskSourcesEqual(left: Resource_DiskInfo_Source, right: Resource_DiskInfo_Source): boolean {
  return (
    left.type === right.type &&
    bothUnsetOr(left.path, right.path, (one, other) => one.root === other.root) &&
    bothUnsetOr(left.mount, right.mount, (one, other) => one.root === other.root) &&
    left.vendor === right.vendor &&
    left.id === right.id &&
    left.profile === right.profile &&
    bothUnsetOr(left.metadata, right.metadata, labelsEqual)
  );
}
