import { createHash } from 'node:crypto';
import * as fs from 'node:fs';

/** All that could be changed of a folder: names, kinds, modes, sizes, times, inodes, contents and targets of links. */
export const fingerprint = (path: string): readonly string[] => {
  const stats = fs.lstatSync(path, { bigint: true });
  const { mode, nlink, uid, gid, size, mtimeNs, ctimeNs, ino } = stats;
  const content = stats.isSymbolicLink()
    ? fs.readlinkSync(path)
    : stats.isFile()
      ? createHash('sha256').update(fs.readFileSync(path)).digest('hex')
      : '';
  const line = [path, mode, nlink, uid, gid, size, mtimeNs, ctimeNs, ino, content].join(' ');
  if (!stats.isDirectory()) return [line];
  return [line, ...fs.readdirSync(path).flatMap((name) => fingerprint(`${path}/${name}`))];
};
