import { constants, gzipSync } from 'node:zlib';
import * as names from '../layout/names.ts';
import { encodeEnd, encodeMember, type Written } from '../source/tar/writer.ts';
import type { Captured } from './captured.ts';
import type { Snapshot } from './snapshot.ts';

/** What is compressed at a time, in bytes. Each piece is a gzip member of its own, which together are one gzip. */
const PIECE = 16 * 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/** A snapshot as a tar in gzip, in pieces: the manifest, then `meta`, then the folders of sandboxes. */
export function* pack(snapshot: Snapshot): Generator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  let total = 0;
  for (const member of membersOf(snapshot)) {
    const bytes = encodeMember(member);
    waiting.push(bytes);
    size += bytes.length;
    total += bytes.length;
    if (size < PIECE) continue;
    yield compressed(waiting);
    waiting = [];
    size = 0;
  }
  yield compressed([...waiting, encodeEnd(total)]);
}

/** The manifest as it is in the archive. */
export const manifestText = ({ manifest }: Snapshot): string => `${JSON.stringify(manifest)}\n`;

const compressed = (parts: readonly Buffer[]): Buffer =>
  gzipSync(Buffer.concat(parts), { level: constants.Z_DEFAULT_COMPRESSION });

function* membersOf(snapshot: Snapshot): Generator<Written> {
  const taken = BigInt(Date.parse(snapshot.manifest.taken)) * 1_000_000n;
  const made = { target: '', uid: 0, gid: 0, modifiedNs: taken };
  const manifest = Buffer.from(manifestText(snapshot));
  yield { ...made, name: names.MANIFEST, kind: 'file', content: manifest, mode: 0o644 };
  for (const entry of snapshot.entries) {
    const member = memberOf(entry);
    if (member !== undefined) yield member;
  }
  for (const name of snapshot.sandboxes.folders) {
    yield { ...made, name, kind: 'folder', content: NOTHING, mode: 0o755 };
  }
}

/** Sockets and devices are in the manifest alone: tar has none of the first, and nobody wants to make the others. */
const memberOf = ({ path, kind, bytes, target, mode, uid, gid, modifiedNs }: Captured): Written | undefined =>
  kind === 'socket' || kind === 'device'
    ? undefined
    : { name: path, kind, content: bytes, target, mode, uid, gid, modifiedNs };
