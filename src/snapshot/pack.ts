import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as names from '../layout/names.ts';
import { advance } from '../program/progress.ts';
import { TarBlocks, type Written } from '../source/tar/writer.ts';
import type { Captured } from './captured.ts';
import type { Snapshot } from './snapshot.ts';

/** What is compressed at a time, in bytes. Each piece is a gzip member of its own, which together are one gzip. */
const PIECE = 4 * 1024 * 1024;

/** Pieces that wait for being compressed, on other threads than this one, while the next ones are made. */
const AHEAD = 4;

const NOTHING = Buffer.alloc(0);

const compress = promisify<Buffer, Buffer>(gzip);

/** A snapshot as a tar in gzip, in pieces: the manifest, then `meta`, then the folders of sandboxes. */
export async function* pack(snapshot: Snapshot): AsyncGenerator<Buffer, void, undefined> {
  const waiting: Promise<Buffer>[] = [];
  for (const piece of piecesOf(snapshot)) {
    waiting.push(compress(piece));
    if (waiting.length >= AHEAD) yield (await waiting.shift()) as Buffer;
  }
  for (const piece of waiting) yield await piece;
}

/** The manifest as it is in the archive. */
export const manifestText = ({ manifest }: Snapshot): string => `${JSON.stringify(manifest)}\n`;

function* piecesOf(snapshot: Snapshot): Generator<Buffer, void, undefined> {
  // A buffer is filled again when what it held is compressed.
  const buffers = Array.from({ length: AHEAD + 1 }, () => new TarBlocks(PIECE + PIECE / 8));
  let turn = 0;
  let total = 0;
  let blocks = buffers[0] as TarBlocks;
  for (const member of membersOf(snapshot)) {
    blocks.add(member);
    advance();
    if (blocks.length < PIECE) continue;
    total += blocks.length;
    yield blocks.take();
    blocks = buffers[++turn % buffers.length] as TarBlocks;
  }
  blocks.addEnd(total + blocks.length);
  yield blocks.take();
}

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
