import type { FrameworkIds } from '../layout/folders.ts';
import * as names from '../layout/names.ts';
import { AGENTS_PATH, pathOf } from '../layout/place.ts';
import { baseName, type Entry, isErrno, join, type Source } from '../source/source.ts';

/** A folder that holds a framework's executors. */
export interface ExecutorFolder {
  readonly ids: FrameworkIds;
  readonly path: string;
  /** What the agent's `*` shows of it. */
  readonly entries: readonly Entry[];
}

/**
 * The executors' folders of the agent that is the latest, one after the other, by listing alone: of folders that are links, none.
 * @throws AccessDenied where the link to that agent may not be looked at
 */
export function* executorFolders(source: Source): Generator<ExecutorFolder> {
  for (const place of executorPlaces(source)) yield { ...place, entries: shownIn(source, place.path) };
}

/**
 * Where they are, or would be: none of them is listed.
 * @throws AccessDenied where the link to that agent may not be looked at
 */
export function* executorPlaces(source: Source): Generator<Omit<ExecutorFolder, 'entries'>> {
  const target = source.linkTarget(join(AGENTS_PATH, names.LATEST));
  if (isErrno(target)) return;
  const agent = baseName(target);
  const frameworks = pathOf({ folder: 'agent', agent, below: names.FRAMEWORKS });
  for (const { name: framework, kind } of shownIn(source, frameworks)) {
    if (kind !== 'folder') continue;
    yield { ids: { agent, framework }, path: join(join(frameworks, framework), names.EXECUTORS) };
  }
}

const shownIn = (source: Source, folder: string): readonly Entry[] => {
  const entries = source.list(folder);
  return isErrno(entries) ? [] : entries.filter(({ name }) => !name.startsWith('.'));
};
