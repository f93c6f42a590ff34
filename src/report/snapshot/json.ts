import type { Manifest } from '../../checkpoint/manifest.ts';
import { SCHEMA_VERSION } from '../json/verify.ts';
import { countsOf } from './counts.ts';

/** What was written. */
export interface Written {
  /** As it was given; `-` for standard output. */
  readonly output: string;
  /** Bytes of the archive, and their SHA-256 in hex. */
  readonly size: number;
  readonly sha256: string;
  readonly exitCode: number;
}

/** What a snapshot came to, as the object that `snapshot --json` prints on a line: the manifest, but for its entries. */
export const snapshotJson = (
  { entries, schemaVersion: _version, kind: _kind, ...manifest }: Manifest,
  agent: { readonly id: string | undefined; readonly host: string | undefined },
  { output, size, sha256, exitCode }: Written,
): object => ({
  schemaVersion: SCHEMA_VERSION,
  command: 'snapshot',
  output,
  size,
  sha256,
  exitCode,
  agentId: agent.id ?? null,
  agentHost: agent.host ?? null,
  ...manifest,
  counts: countsOf(entries),
  unreadable: unreadableIn({ entries }),
});

/** The files that the disk did not give back whole. */
export const unreadableIn = ({ entries }: Pick<Manifest, 'entries'>) =>
  entries.flatMap(({ path, failure }) => (failure === undefined ? [] : [{ path, ...failure }]));
