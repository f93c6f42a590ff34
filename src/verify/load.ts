import { LATEST_RELEASE, versionNamed } from '../agent/version.ts';
import { Loader } from '../checkpoint/load.ts';
import type { Checkpoint } from '../checkpoint/model.ts';
import type { Opened } from '../checkpoint/open.ts';
import * as names from '../layout/names.ts';
import { briefly } from '../recovery/briefly.ts';
import { DEFAULT_LAUNCHER } from '../recovery/startup/containers.ts';
import { rulesOf } from '../recovery/versions.ts';
import type { VerifyOptions } from './verification.ts';

/** Loads a checkpoint, briefly where that is asked for and nothing that is left out could matter. */
export const load = (opened: Opened, options: ReturnType<typeof defaultsOf>): Checkpoint => {
  const { brief, isNamed, readExecutors, sandboxes } = options;
  if (!brief) return new Loader(opened.tree, 'facts', { readExecutors }).checkpoint();
  // Where every live run lacks its sandbox, none is ordinary.
  const lacksAll = opened.tree.source.kindOf(names.SLAVES) === undefined;
  const judges = sandboxes === 'judge' || (sandboxes === 'auto' && opened.inPlace && opened.level === 'work_dir');
  if (lacksAll && judges) return new Loader(opened.tree, 'verdict').checkpoint();
  const rules = rulesOf(options.version);
  return new Loader(opened.tree, 'verdict', {
    brief: briefly({ rules, isNamed }),
    readExecutors,
  }).checkpoint();
};

/** What is assumed where nothing is said. */
export const defaultsOf = ({ version, sandboxes, launcher, brief, readExecutors }: VerifyOptions) => ({
  brief: brief === true || brief === 'named',
  isNamed: brief === 'named',
  readExecutors,
  version: version === undefined ? LATEST_RELEASE : versionNamed(version),
  sandboxes: sandboxes ?? 'auto',
  launcher: launcher ?? DEFAULT_LAUNCHER,
});
