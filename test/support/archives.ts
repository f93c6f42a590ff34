import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Opened, type OpenOptions, openPath } from '../../src/checkpoint/open.ts';
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
