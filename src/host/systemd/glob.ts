import picomatch from 'picomatch';
import { type Host, isUnseen } from '../host.ts';

/** What glob(3) takes of the package's patterns: no braces, no alternatives, nothing that crosses a `/`. */
const GLOB = { nobrace: true, noextglob: true, noglobstar: true, nonegate: true };

const isPattern = (name: string): boolean => /[*?[]/.test(name);

/** The paths of a host that a pattern names, in the order of their names; a path without a pattern where it is there. */
export const globHost = (host: Host, pattern: string): readonly string[] => {
  let paths: readonly string[] = [''];
  for (const part of pattern.split('/').filter((name) => name !== '')) {
    paths = paths.flatMap((folder) => {
      if (!isPattern(part)) return [`${folder}/${part}`];
      const names = host.list(folder === '' ? '/' : folder);
      if (names === undefined || isUnseen(names)) return [];
      const matches = picomatch(part, GLOB);
      return names.filter((name) => matches(name)).map((name) => `${folder}/${name}`);
    });
  }
  return paths.filter((path) => host.stat(path) !== undefined);
};
