import type {
  Attribute,
  Resource,
  Resource_DiskInfo,
  Resource_DiskInfo_Source,
  Resource_ReservationInfo,
  SlaveInfo,
  Value_Ranges,
} from '../../src/schema/index.ts';

export function scalar(name: string, value: number, more: Partial<Resource> = {}): Resource {
  return { name, type: 'SCALAR', scalar: { value }, reservations: [], ...more };
}

export function ranges(name: string, pairs: readonly Pair[], more: Partial<Resource> = {}): Resource {
  return { name, type: 'RANGES', ranges: rangesOf(...pairs), reservations: [], ...more };
}

export function set(name: string, item: readonly string[], more: Partial<Resource> = {}): Resource {
  return { name, type: 'SET', set: { item }, reservations: [], ...more };
}

export function text(name: string): Resource {
  return { name, type: 'TEXT', reservations: [] };
}

export type Pair = readonly [begin: number | bigint, end: number | bigint];

export function rangesOf(...pairs: readonly Pair[]): Value_Ranges {
  return { range: pairs.map(([begin, end]) => ({ begin: BigInt(begin), end: BigInt(end) })) };
}

export function dynamic(role: string, principal?: string): Resource_ReservationInfo {
  return { type: 'DYNAMIC', role, ...(principal === undefined ? {} : { principal }) };
}

export function staticFor(role: string): Resource_ReservationInfo {
  return { type: 'STATIC', role };
}

export const forCassandra = { reservations: [dynamic('db', 'cassandra')] };

export function disk(id?: string, source?: Resource_DiskInfo_Source): Resource_DiskInfo {
  return {
    ...(id === undefined ? {} : { persistence: { id }, volume: { mode: 'RW', container_path: 'data' } }),
    ...(source === undefined ? {} : { source }),
  };
}

export function volume(id: string, megabytes: number, more: Partial<Resource> = {}): Resource {
  return scalar('disk', megabytes, { ...forCassandra, disk: disk(id), ...more });
}

export function agentInfo(more: Partial<SlaveInfo> = {}): SlaveInfo {
  return { hostname: 'n1', resources: [scalar('cpus', 4)], attributes: [], id: { value: 'S1' }, ...more };
}

export function textAttribute(name: string, value: string): Attribute {
  return { name, type: 'TEXT', text: { value } };
}

export function scalarAttribute(name: string, value: number): Attribute {
  return { name, type: 'SCALAR', scalar: { value } };
}

export function rangesAttribute(name: string, ...pairs: readonly Pair[]): Attribute {
  return { name, type: 'RANGES', ranges: rangesOf(...pairs) };
}

export function setAttribute(name: string, ...item: readonly string[]): Attribute {
  return { name, type: 'SET', set: { item } };
}

export function domain(region: string, zone: string): NonNullable<SlaveInfo['domain']> {
  return { fault_domain: { region: { name: region }, zone: { name: zone } } };
}
