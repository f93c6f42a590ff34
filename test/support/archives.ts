import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Opened, type OpenOptions, openPath } from '../../src/checkpoint/open.ts';
import { encodeEnd, encodeMember } from '../../src/source/tar/writer.ts';
import { temporaryFolder } from './trees.ts';

/** What the system's tar writes, given its arguments and its input. */
export const tar = (argv: readonly string[], input: string | Buffer = ''): Buffer =>
  execFileSync('tar', argv, { maxBuffer: 1 << 30, input, stdio: ['pipe', 'pipe', 'pipe'] });

/** Every path below a folder, from it, each behind those of what it holds. */
export const pathsBelow = (folder: string): readonly string[] =>
  fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().reverse();

/** A file with these bytes, which is gone when the test is over. */
export const fileWith = (bytes: Buffer, name = 'archive'): string => {
  const file = path.join(temporaryFolder(), name);
  fs.writeFileSync(file, bytes);
  return file;
};

/** Opens an archive that is these bytes. */
export const openBytes = (bytes: Buffer, options: OpenOptions = {}): Opened => openPath(fileWith(bytes), options);

/** A member that is a file. */
export const fileMember = (name: string, text: string): Buffer =>
  encodeMember({
    name,
    kind: 'file',
    content: Buffer.from(text),
    target: '',
    mode: 0o644,
    uid: 0,
    gid: 0,
    modifiedNs: 0n,
  });

/** An archive with more members behind its own. */
export const tarWith = (archive: Buffer, members: readonly Buffer[]): Buffer => {
  let end = archive.length;
  while (end > 0 && archive.subarray(end - 512, end).every((byte) => byte === 0)) end -= 512;
  const bytes = Buffer.concat([archive.subarray(0, end), ...members]);
  return Buffer.concat([bytes, encodeEnd(bytes.length)]);
};
