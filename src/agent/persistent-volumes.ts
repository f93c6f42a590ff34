import type { Resource, Resource_DiskInfo_Source } from '../schema/index.ts';
import { bytesOf } from '../text/lossless.ts';
import { AgentAbort, failedCheck } from './agent-abort.ts';
import { isValidId } from './ids.ts';
import { isReserved, reservationRole } from './resource-predicates.ts';
import type { Resources } from './resources.ts';
import { validateRole } from './roles.ts';
import { scalarText, ZERO_SCALAR } from './scalar.ts';

/** A persistent volume as it is on the agent's disk. */
export interface VolumeOnDisk {
  /** Absolute, if the work_dir is. */
  readonly path: string;
  /** The persistence id. */
  readonly id: string;
  /** The role that it is reserved for. */
  readonly role: string;
  /** Megabytes. */
  readonly size: string;
  /** The volume is the root of a MOUNT disk: deleting it empties the folder and leaves it there. */
  readonly isMount: boolean;
}

/** What bringing the disk from one set of checkpointed resources to another does. */
export interface VolumeChanges {
  /** Made where there is no folder yet. */
  readonly created: readonly VolumeOnDisk[];
  /** Deleted with the data in them. */
  readonly deleted: readonly VolumeOnDisk[];
}

/**
 * Where a persistent volume is on disk. Mirrors `paths::getPersistentVolumePath`.
 * @param workDir the agent's `--work_dir`
 * @throws AgentAbort where the agent would end itself: not a reserved persistent volume, a role or an id that is no
 *   folder name, a disk of another type than PATH or MOUNT or without a root
 */
export function persistentVolumePath(workDir: string, volume: Resource): string {
  const { role, id } = checkedNames(volume);
  const source = volume.disk?.source;
  if (source === undefined) {
    return volumeFolder(workDir, role, id);
  }
  switch (source.type) {
    case 'PATH':
      return volumeFolder(diskRoot(workDir, source, 'path'), role, id);
    case 'MOUNT':
      return diskRoot(workDir, source, 'mount');
    case 'BLOCK':
    case 'RAW':
    case 'UNKNOWN':
      throw new AgentAbort('Unsupported DiskInfo.Source.type');
  }
}

/**
 * The volumes that the agent makes and deletes when it commits `target`: it goes by their paths alone, so one that only
 * changed its size is neither. In the order of the resources.
 * Mirrors `Slave::syncCheckpointedResources`.
 * @throws AgentAbort where a volume has no path, see {@link persistentVolumePath}
 */
export function volumeChanges(workDir: string, committed: Resources, target: Resources): VolumeChanges {
  const before = volumesByPath(workDir, committed);
  const after = volumesByPath(workDir, target);
  return {
    created: [...after.values()].filter(({ path }) => !before.has(path)),
    deleted: [...before.values()].filter(({ path }) => !after.has(path)),
  };
}

function volumesByPath(workDir: string, resources: Resources): Map<string, VolumeOnDisk> {
  const volumes = new Map<string, VolumeOnDisk>();
  for (const resource of resources.persistentVolumes()) {
    if (!isReserved(resource)) {
      throw failedCheck('Resources::isReserved(volume)');
    }
    const path = persistentVolumePath(workDir, resource);
    volumes.set(path, {
      path,
      id: resource.disk?.persistence?.id ?? '',
      role: reservationRole(resource),
      size: scalarText(resource.scalar ?? ZERO_SCALAR),
      isMount: resource.disk?.source?.type === 'MOUNT',
    });
  }
  return volumes;
}

/** The checks that come before a path is built. */
function checkedNames(volume: Resource): { role: string; id: string } {
  if (volume.reservations.length === 0) {
    throw failedCheck('volume.reservations_size() > 0', '(0 vs. 0)');
  }
  if (volume.disk === undefined) {
    throw failedCheck('volume.has_disk()');
  }
  if (volume.disk.persistence === undefined) {
    throw failedCheck('volume.disk().has_persistence()');
  }
  const role = reservationRole(volume);
  const { id } = volume.disk.persistence;
  if (validateRole(role) !== null) {
    throw new AgentAbort('CHECK_NONE(roles::validate(role)): is SOME');
  }
  if (!isValidId(id)) {
    throw new AgentAbort('CHECK_NONE(common::validation::validateID(volume.disk().persistence().id())): is SOME');
  }
  return { role, id };
}

function volumeFolder(root: string, role: string, id: string): string {
  return joinPath(root, 'volumes', 'roles', role.replaceAll('/', ' '), id);
}

/** Where the disk is: a relative root is in the work_dir, and a CSI volume is mounted below the root. */
function diskRoot(workDir: string, source: Resource_DiskInfo_Source, field: 'path' | 'mount'): string {
  const place = source[field];
  if (place === undefined) {
    throw failedCheck(`volume.disk().source().has_${field}()`);
  }
  if (place.root === undefined) {
    throw failedCheck(`volume.disk().source().${field}().has_root()`);
  }
  const root = place.root.startsWith('/') ? place.root : joinPath(workDir, place.root);
  return source.id === undefined ? root : joinPath(root, percentEncode(source.id), 'target');
}

/** Mirrors stout's `path::join`, which takes away one slash at each seam and no more. */
function joinPath(...parts: readonly string[]): string {
  return parts.reduceRight((rest, part) => `${part.replace(/\/$/, '')}/${rest.replace(/^\//, '')}`);
}

/** Mirrors libprocess's `http::encode`: more characters than a URI needs, and 0x7f not. */
function percentEncode(text: string): string {
  const isPlain = (byte: number): boolean =>
    byte >= 0x20 && byte <= 0x7f && !'$&+,/:;=?@ "<>#%{}|\\^~[]`'.includes(String.fromCharCode(byte));
  return [...bytesOf(text)]
    .map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`))
    .join('');
}
