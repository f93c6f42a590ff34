import type {
  Resource,
  Resource_DiskInfo,
  Resource_DiskInfo_Source,
  Resource_ReservationInfo,
  Volume,
} from '../schema/index.ts';
import { AgentAbort } from './agent-abort.ts';
import { labelsText } from './labels.ts';
import { NO_RANGES, rangesText } from './ranges.ts';
import { scalarText, ZERO_SCALAR } from './scalar.ts';
import { EMPTY_SET, setText } from './set.ts';

/**
 * `disk(reservations: [(DYNAMIC,db,cassandra)])[cassandra-data-0:data]:2048`: as `operator<<` of `Resource` prints it.
 * `role` and `reservation` are not part of it.
 * @throws AgentAbort if the resource is of type TEXT
 */
export function resourceText(resource: Resource): string {
  return `${labelOf(resource)}:${valueText(resource)}`;
}

/** `MOUNT:/mnt/data`, `RAW(vendor,id,profile)`: as `operator<<` of `Resource::DiskInfo::Source` prints it. */
export function diskSourceText(source: Resource_DiskInfo_Source): string {
  switch (source.type) {
    case 'MOUNT':
      return source.type + (csiText(source) ?? rootText(source.mount?.root));
    case 'PATH':
      return source.type + (csiText(source) ?? rootText(source.path?.root));
    case 'BLOCK':
    case 'RAW':
      return source.type + (csiText(source) ?? '');
    case 'UNKNOWN':
      return source.type;
  }
}

/** All that stands before the value. */
function labelOf(resource: Resource): string {
  return [
    resource.name,
    resource.allocation_info === undefined ? '' : `(allocated: ${resource.allocation_info.role ?? ''})`,
    resource.reservations.length === 0 ? '' : `(reservations: [${resource.reservations.map(entryText).join(',')}])`,
    resource.disk === undefined ? '' : `[${diskText(resource.disk)}]`,
    resource.revocable === undefined ? '' : '{REV}',
    resource.shared === undefined ? '' : '<SHARED>',
  ].join('');
}

function valueText(resource: Resource): string {
  switch (resource.type) {
    case 'SCALAR':
      return scalarText(resource.scalar ?? ZERO_SCALAR);
    case 'RANGES':
      return rangesText(resource.ranges ?? NO_RANGES);
    case 'SET':
      return setText(resource.set ?? EMPTY_SET);
    case 'TEXT':
      throw new AgentAbort('Unexpected Value type: 3');
  }
}

/** Mirrors `operator<<` of `Resource::ReservationInfo`. */
function entryText(reservation: Resource_ReservationInfo): string {
  const parts = [reservation.type ?? 'UNKNOWN', reservation.role ?? ''];
  if (reservation.principal !== undefined) {
    parts.push(reservation.principal);
  }
  if (reservation.labels !== undefined) {
    parts.push(labelsText(reservation.labels));
  }
  return `(${parts.join(',')})`;
}

/** Mirrors `operator<<` of `Resource::DiskInfo`. */
function diskText(disk: Resource_DiskInfo): string {
  const parts: string[] = [];
  if (disk.source !== undefined) {
    parts.push(diskSourceText(disk.source));
  }
  if (disk.persistence !== undefined) {
    parts.push(disk.persistence.id);
  }
  return parts.join(',') + (disk.volume === undefined ? '' : `:${volumeText(disk.volume)}`);
}

/** Mirrors `operator<<` of `Volume`: the mode is printed only beside a host path. */
function volumeText(volume: Volume): string {
  return volume.host_path === undefined
    ? volume.container_path
    : `${volume.host_path}:${volume.container_path}:${volume.mode.toLowerCase()}`;
}

function csiText(source: Resource_DiskInfo_Source): string | undefined {
  return source.id === undefined && source.profile === undefined
    ? undefined
    : `(${source.vendor ?? ''},${source.id ?? ''},${source.profile ?? ''})`;
}

function rootText(root: string | undefined): string {
  return root === undefined ? '' : `:${root}`;
}
