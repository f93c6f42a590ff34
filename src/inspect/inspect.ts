import type { Detail } from '../checkpoint/folder-files.ts';
import { Loader } from '../checkpoint/load.ts';
import type { Executor } from '../checkpoint/model.ts';
import type { Opened } from '../checkpoint/open.ts';
import type { FileReader } from '../checkpoint/read.ts';
import type { FrameworkIds } from '../layout/folders.ts';
import { placeOf } from '../layout/place.ts';
import type { Rules } from '../recovery/versions.ts';
import { baseName, type Entry } from '../source/source.ts';
import { inspectCheckpoint } from './checkpoint.ts';
import { inspectAgent, inspectExecutor, inspectFramework, inspectRun, inspectTask } from './entries.ts';
import type { Contents, Inspected, InspectedExecutor, InspectedFramework, InspectedPlace } from './inspected.ts';

/** Where nothing was read. */
export const NOTHING: Contents = {
  checkpoint: undefined,
  agent: undefined,
  framework: undefined,
  executor: undefined,
  run: undefined,
  task: undefined,
};

/**
 * Reads what was opened, and no more than that, as an agent with the given rules would. Infos of executors and tasks are
 * whole messages where `detail` asks for it.
 * @throws AccessDenied where this process may not read what the agent may
 */
export const inspect = (opened: Opened, rules: Rules, detail: Detail): Inspected => {
  const place = idsOf(opened);
  return { ...NOTHING, ...read(opened, place, rules, new Loader(opened.tree, detail)), ...identity(opened, place) };
};

/** The executors of a framework that are not read yet. */
export interface ExecutorsFolder {
  readonly ids: FrameworkIds;
  /** The folder that holds them, and what is in it. */
  readonly path: string;
  readonly entries: readonly Entry[];
  /** A link leads to the folder: see `ReadExecutors`. */
  readonly isLinked: boolean;
  /** Reads one, by its index in `entries`. */
  readonly read: (number: number) => InspectedExecutor;
}

/** An inspection whose executors are read when they are asked for, one at a time. */
export interface GradualInspection extends Inspected {
  /** Where the executors of one of the frameworks are, which here has none. */
  readonly folderOf: (framework: InspectedFramework) => ExecutorsFolder | undefined;
  /** How many executors there are, all in all. */
  readonly executors: number;
  /** How many frameworks they are of. */
  readonly frameworks: number;
  /** What has read them, and knows of the links that lead to them. */
  readonly reader: FileReader;
  /** Whether the tree has sandboxes. */
  readonly hasSandboxes: boolean;
}

/**
 * The same without the executors of frameworks, which are read later: of them there may be any number. Without `uuids`,
 * their status updates have none.
 * @throws AccessDenied where this process may not read what the agent may, also later
 */
export const inspectGradually = (opened: Opened, rules: Rules, detail: Detail, uuids = true): GradualInspection => {
  const place = idsOf(opened);
  const later = new Map<string, ExecutorsFolder>();
  const loader = new Loader(opened.tree, detail, {
    readExecutors: (ids, path, entries, read, isLinked) => {
      // Nothing is made short here, so that each is whole.
      const inspected = (number: number): InspectedExecutor => inspectExecutor(read(number) as Executor, rules, uuids);
      later.set(keyOf(ids.agent, ids.framework), { ids, path, entries, isLinked, read: inspected });
      return [];
    },
  });
  const inspected = { ...NOTHING, ...read(opened, place, rules, loader, uuids), ...identity(opened, place) };
  const folderOf = ({ path }: InspectedFramework): ExecutorsFolder | undefined => {
    const { agent, framework } = placeOf(path);
    return later.get(keyOf(agent, framework));
  };
  const executors = sum([...later.values()].map(({ entries }) => entries.length));
  const { reader, hasSandboxes } = loader;
  return { ...inspected, folderOf, executors, frameworks: later.size, reader, hasSandboxes };
};

const keyOf = (agent = '', framework = ''): string => `${agent}/${framework}`;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const identity = (opened: Opened, place: InspectedPlace) => ({ level: opened.level, path: opened.path, place });

/** The ids that lead to what was opened. The name of what was opened is its id, even that of a link. */
const idsOf = ({ level, path }: Opened): InspectedPlace => {
  const { agent, framework, executor, run, task } = placeOf(path);
  return { agent, framework, executor, run, task, ...(level in IDS ? { [level]: baseName(path) } : {}) };
};

const IDS = { agent: true, framework: true, executor: true, run: true, task: true };

const read = (opened: Opened, place: InspectedPlace, rules: Rules, loader: Loader, uuids = true): Partial<Contents> => {
  const { path } = opened;
  const { agent = '', framework = '', executor = '', run = '', task = '' } = place;
  const ids = { agent, framework, executor };
  switch (opened.level) {
    case 'work_dir':
    case 'meta': {
      const checkpoint = loader.checkpoint();
      // Where latest names none, there is no doubt about which one is meant where there is only one.
      const { unnamedAgents } = checkpoint;
      const shown = checkpoint.agent ?? (unnamedAgents.length === 1 ? unnamedAgents[0] : undefined);
      return {
        checkpoint: inspectCheckpoint(checkpoint, rules),
        agent: shown && inspectAgent(shown, rules),
      };
    }
    case 'agent':
      return { agent: inspectAgent(loader.agent(agent, path, 'folder'), rules) };
    case 'framework':
      return { framework: inspectFramework(loader.framework(agent, framework, path, 'folder'), rules) };
    case 'executor':
      return { executor: inspectExecutor(loader.executor(ids, path, 'folder'), rules, uuids) };
    case 'run':
      return { run: inspectRun(loader.run(ids, run, path, 'folder'), undefined, rules, uuids) };
    case 'task':
      return { task: inspectTask(loader.task(ids, task, path, 'folder'), rules, uuids) };
  }
};
