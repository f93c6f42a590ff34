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

/**
 * The level 3 takes a third of the time of the usual 6, and a fifth more bytes. What comes out of a piece fits into one buffer
 * nearly always, so that a thread is asked once for it.
 */
const GZIP = { level: 3, chunkSize: 512 * 1024 };

const compress = promisify<Buffer, typeof GZIP, Buffer>(gzip);

/** A snapshot as a tar in gzip, in pieces: the manifest, then `meta`, then the folders of sandboxes. */
export async function* pack(snapshot: Snapshot): AsyncGenerator<Buffer, void, undefined> {
  const waiting: Promise<Buffer>[] = [];
  for (const piece of piecesOf(snapshot)) {
    waiting.push(compress(piece, GZIP));
    if (waiting.length >= AHEAD) yield (await waiting.shift()) as Buffer;
  }
  for (const piece of waiting) yield await piece;
}

/** The manifest as it is in the archive, in pieces: of many executors it is as large as what they have checkpointed. */
export const manifestPieces = ({ manifest }: Snapshot): readonly Buffer[] => {
  const { entries, ...about } = manifest;
  const pieces = [Buffer.from(`${JSON.stringify(about).slice(0, -1)},"entries":[`)];
  for (let at = 0; at < entries.length; at += ENTRIES_AT_ONCE) {
    const texts = JSON.stringify(entries.slice(at, at + ENTRIES_AT_ONCE)).slice(1, -1);
    pieces.push(Buffer.from(at === 0 ? texts : `,${texts}`));
  }
  pieces.push(Buffer.from(']}\n'));
  return pieces;
};
const ENTRIES_AT_ONCE = 1000;

function* piecesOf(snapshot: Snapshot): Generator<Buffer, void, undefined> {
  // A buffer is filled again when what it held is compressed.
  const buffers = Array.from({ length: AHEAD + 1 }, () => new TarBlocks(PIECE + PIECE / 8));
  let turn = 0;
  let total = 0;
  let blocks = buffers[0] as TarBlocks;
  for (const { contents, ...member } of membersOf(snapshot)) {
    const size = contents.reduce((sum, { length }) => sum + length, 0);
    blocks.begin(member, size);
    for (const content of contents) {
      for (let at = 0; at < content.length; at += PIECE) {
        blocks.append(content.length <= PIECE ? content : content.subarray(at, at + PIECE));
        if (blocks.length < PIECE) continue;
        total += blocks.length;
        yield blocks.take();
        blocks = buffers[++turn % buffers.length] as TarBlocks;
      }
    }
    blocks.pad(size);
    advance();
  }
  blocks.addEnd(total + blocks.length);
  yield blocks.take();
}

/** A member whose content is in pieces. */
interface Member extends Omit<Written, 'content'> {
  readonly contents: readonly Buffer[];
}

function* membersOf(snapshot: Snapshot): Generator<Member> {
  const taken = BigInt(Date.parse(snapshot.manifest.taken)) * 1_000_000n;
  const made = { target: '', uid: 0, gid: 0, modifiedNs: taken };
  yield { ...made, name: names.MANIFEST, kind: 'file', contents: manifestPieces(snapshot), mode: 0o644 };
  for (const entry of snapshot.entries) {
    const member = memberOf(entry);
    if (member !== undefined) yield member;
  }
  for (const name of snapshot.sandboxes.folders) {
    yield { ...made, name, kind: 'folder', contents: [], mode: 0o755 };
  }
}

/** Sockets and devices are in the manifest alone: tar has none of the first, and nobody wants to make the others. */
const memberOf = ({ path, kind, bytes, target, mode, uid, gid, modifiedNs }: Captured): Member | undefined =>
  kind === 'socket' || kind === 'device'
    ? undefined
    : { name: path, kind, contents: [bytes], target, mode, uid, gid, modifiedNs };
