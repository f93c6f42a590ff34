import * as path from 'node:path';
import { fileIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { AGENTS_PATH } from '../layout/place.ts';
import { isErrno, join, type Source } from '../source/source.ts';
import { UnusablePath } from './unusable.ts';

/** Where the tree lives on its agent, as `slaves/latest` or a `runs/latest` says; undefined where no link does. */
export const linkedHome = (source: Source): string | undefined => {
  const target = source.linkTarget(fileIn(names.META, 'slaves/latest'));
  if (!isErrno(target)) {
    const match = /^(\/.*)\/meta\/slaves\/[^/]+\/?$/.exec(target);
    if (match?.[1] !== undefined) return match[1];
  }
  return homeOfRuns(source);
};

/** Where the first `runs/latest` that is found says that its tree lives. */
const homeOfRuns = (source: Source): string | undefined => {
  const below = (folder: string): readonly string[] => {
    const entries = source.list(folder);
    return isErrno(entries) ? [] : entries.flatMap(({ name, kind }) => (kind === 'folder' ? [join(folder, name)] : []));
  };
  for (const agent of below(AGENTS_PATH)) {
    for (const framework of below(join(agent, names.FRAMEWORKS))) {
      for (const executor of below(join(framework, names.EXECUTORS))) {
        const target = source.linkTarget(fileIn(executor, 'runs/latest'));
        const home = isErrno(target) ? undefined : /^(\/.*)\/meta\/slaves\/[^/]+\/frameworks\//.exec(target)?.[1];
        if (home !== undefined) return home;
      }
    }
  }
  return undefined;
};

/**
 * Where the tree lives on its agent, as who asks says it.
 * @throws UnusablePath where that is no absolute path
 */
export const givenHome = (workDir: string): string => {
  if (!path.isAbsolute(workDir)) throw new UnusablePath(workDir, 'the work_dir of an agent is an absolute path');
  return workDir.length > 1 ? workDir.replace(/\/+$/, '') : workDir;
};
