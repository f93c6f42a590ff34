import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished } from 'vitest';

const real = (path: unknown): string => {
  const text = Buffer.isBuffer(path) ? path.toString('latin1') : String(path);
  const [, descriptor, rest = ''] = /^\/proc\/self\/fd\/(\d+)(.*)$/s.exec(text) ?? [];
  return descriptor === undefined ? text : `${fs.readlinkSync(`/proc/self/fd/${descriptor}`)}${rest}`;
};

/** Until a test is over, what is below a folder is on a mount of its own: the kernel says so, and renames nothing across. */
export const asOwnMount = (folder: string): void => {
  const { readFileSync, renameSync, linkSync } = fs;
  const isBelow = (path: unknown): boolean => `${real(path)}/`.startsWith(`${folder}/`);
  const apart = <T extends typeof renameSync | typeof linkSync>(call: T, syscall: string): T =>
    ((from: fs.PathLike, to: fs.PathLike) => {
      if (isBelow(from) !== isBelow(to)) throw Object.assign(new Error('EXDEV'), { code: 'EXDEV', syscall });
      return call(from, to);
    }) as T;
  const read = (path: fs.PathOrFileDescriptor, ...options: unknown[]): unknown => {
    const [, descriptor] = /^\/proc\/self\/fdinfo\/(\d+)$/.exec(String(path)) ?? [];
    const text = (readFileSync as (...args: unknown[]) => unknown)(path, ...options);
    return descriptor !== undefined && isBelow(`/proc/self/fd/${descriptor}`)
      ? String(text).replace(/^mnt_id:.*$/m, 'mnt_id:\t99999')
      : text;
  };
  Object.assign(fs, {
    readFileSync: read,
    renameSync: apart(renameSync, 'rename'),
    linkSync: apart(linkSync, 'link'),
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { readFileSync, renameSync, linkSync });
    syncBuiltinESMExports();
  });
};
