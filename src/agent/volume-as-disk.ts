import type { Resource } from '../schema/index.ts';

/** The disk that a persistent volume is on, which is not shared: a source is from the agent's flags and stays. */
export function volumeAsDisk(volume: Resource): Resource {
  const { disk, shared, ...plain } = volume;
  if (disk?.source === undefined) return plain;
  const { persistence, volume: mounted, ...kept } = disk;
  return { ...plain, disk: kept };
}
