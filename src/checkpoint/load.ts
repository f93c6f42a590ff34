import type { ExecutorIds, FrameworkIds } from '../layout/folders.ts';
import { fileIn, namesIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { AGENTS_PATH, pathOf } from '../layout/place.ts';
import { advance, during, isWatched } from '../program/progress.ts';
import { isTraced } from '../program/trace.ts';
import type { Tree } from '../source/links.ts';
import { baseName, type Entry, type EntryKind, isErrno, join } from '../source/source.ts';
import { compareTexts } from '../text/lossless.ts';
import { executorsByFramework } from './count-executors.ts';
import { type FollowedLink, latestName, type Stray, textIn } from './files.ts';
import { type Folder, FolderReader, isFolder, readLatest } from './folder.ts';
import { type Detail, FolderFiles } from './folder-files.ts';
import { isOrdinary } from './listing-order.ts';
import type {
  Agent,
  Checkpoint,
  Executor,
  Framework,
  OperationFolder,
  OrdinaryExecutor,
  ResourcesFolder,
  Run,
  Task,
} from './model.ts';
import { readOperationLog } from './operation-log.ts';
import { FileReader } from './read.ts';
import { hasSandbox } from './sandbox.ts';
import { readUpdateLog } from './update-log/update-log.ts';

/** What a reader of a whole checkpoint is told to do. */
export const READING = 'reading frameworks and executors';

/** How executors are made short that are wholly as they should be. */
export interface Brief {
  /** Reads one that is plain, by the path of its folder, which is no link, and whether the tree has sandboxes: undefined where it may not be. */
  readonly glance: (
    files: FileReader,
    ids: ExecutorIds,
    path: string,
    hasSandboxes: boolean,
  ) => OrdinaryExecutor | undefined;
  /** Makes one short that was read whole; undefined where it cannot be. */
  readonly summarise: (executor: Executor, ids: ExecutorIds) => OrdinaryExecutor | undefined;
}

/**
 * Reads the executors of one framework, several at once where that is faster than one after the other. `read` reads one, by
 * its index in `entries`; the answers are in the order of `entries`. `isLinked` says that a link leads to the folder: another
 * loader does not know of it, and the system would follow it to where it leads on this host.
 */
export type ReadExecutors = (
  ids: FrameworkIds,
  path: string,
  entries: readonly Entry[],
  read: (number: number) => Executor | OrdinaryExecutor,
  isLinked: boolean,
) => readonly (Executor | OrdinaryExecutor)[];

/** Reads a checkpoint, or a part of one. Nothing is read twice, and nothing is changed. */
export class Loader {
  readonly #tree: Tree;
  readonly #reader: FileReader;
  readonly #folders: FolderReader;
  readonly #files: FolderFiles;
  readonly #hasSandboxes: boolean;
  readonly #keepsUuids: boolean;
  readonly #brief: Brief | undefined;
  readonly #readExecutors: ReadExecutors | undefined;
  /** Some name above the executors is a pattern to the agent, so that it may find one executor's runs in another's. */
  #patterned = false;

  constructor(
    tree: Tree,
    detail: Detail = 'facts',
    { brief, readExecutors }: { readonly brief?: Brief; readonly readExecutors?: ReadExecutors | undefined } = {},
  ) {
    this.#tree = tree;
    this.#keepsUuids = detail !== 'verdict';
    this.#brief = brief;
    this.#readExecutors = readExecutors;
    this.#reader = new FileReader(tree);
    this.#folders = new FolderReader(this.#reader);
    this.#files = new FolderFiles(this.#reader, this.#folders, detail);
    this.#hasSandboxes = tree.source.kindOf(names.SLAVES) !== undefined;
  }

  /** What reads the files, for those that are read once more. */
  get reader(): FileReader {
    return this.#reader;
  }

  /** Whether the tree has sandboxes: one of a run is looked for only then. */
  get hasSandboxes(): boolean {
    return this.#hasSandboxes;
  }

  /** The links that were followed so far. */
  get links(): readonly FollowedLink[] {
    return this.#reader.followed;
  }

  /** What is where a folder belongs, and is none, as far as was read. */
  get misplaced(): readonly Stray[] {
    return this.#folders.misplaced;
  }

  /** Where the source has what the agent finds under a path. */
  real(path: string): string {
    return this.#reader.real(path);
  }

  /** Says of a folder above what is to be read that it is a link to another. */
  leadThrough(path: string, to: string): void {
    this.#reader.leadThrough(path, to);
  }

  /** The whole checkpoint below `meta`. */
  checkpoint(): Checkpoint {
    const number = isWatched() ? during('counting frameworks', undefined, () => this.#count()) : undefined;
    return during(READING, number, () => this.#checkpoint());
  }

  /** How many frameworks and executors there are: they are most of what is read. */
  #count(): number {
    const { source } = this.#tree;
    const agents = source.list(AGENTS_PATH);
    if (isErrno(agents)) return 0;
    return agents.reduce((sum, { name, kind }) => sum + (kind === 'folder' ? this.#countIn(name) : 0), 0);
  }

  #countIn(agent: string): number {
    const { source } = this.#tree;
    let number = 0;
    for (const executors of executorsByFramework(source, agent)) {
      number += 1 + executors;
      advance();
    }
    return number;
  }

  #checkpoint(): Checkpoint {
    const meta = names.META;
    const folder = this.#folders.list(meta, this.#tree.source.kindOf(meta));
    const agents = this.#folders.inside(folder, names.SLAVES);
    const latest = readLatest(this.#reader, agents);
    const agentName = latestName(latest);
    const beside = agents.entries.filter((e) => e.name !== names.LATEST && e.name !== agentName);
    const agent = (name: string, kind: EntryKind | undefined): Agent => this.agent(name, join(agents.path, name), kind);
    return {
      hasMeta: folder.isFolder,
      resources: this.#resources(folder),
      latest,
      agent: agentName === undefined ? undefined : agent(agentName, agents.kindOf(agentName)),
      unnamedAgents: agentName === undefined ? beside.filter(isFolder).map((e) => agent(e.name, e.kind)) : [],
      otherAgents: beside.filter(isFolder).map((e) => e.name),
      ...this.#files.read('meta', folder),
      hasSandboxes: this.#hasSandboxes,
      misplaced: this.#folders.misplaced,
      links: this.#reader.followed,
      strays: [
        ...folder.strays(namesIn('meta')).filter(({ path }) => !names.isOfJournals(baseName(path))),
        ...beside.filter((e) => !isFolder(e)).map(({ name, kind }) => ({ path: join(agents.path, name), kind })),
        ...agents.hidden().filter(({ path }) => agentName === undefined || path !== join(agents.path, agentName)),
      ],
    };
  }

  /** An agent's folder. */
  agent(agentId: string, path: string, kind: EntryKind | undefined): Agent {
    const folder = this.#folders.list(path, kind);
    const frameworks = this.#folders.inside(folder, names.FRAMEWORKS);
    this.#patterned = [...this.#tree.home.split('/'), agentId, ...frameworks.entries.map(({ name }) => name)].some(
      names.isPattern,
    );
    const files = this.#files.read('agent', folder);
    const { info } = files;
    return {
      id: agentId,
      path,
      ...files,
      frameworks: this.#withoutDuplicates(
        agentId,
        frameworks.entries.map((e) => this.framework(agentId, e.name, join(frameworks.path, e.name), e.kind)),
      ),
      operations: this.#operations(folder),
      otherOperations: this.#otherOperations(agentId, path, info.kind === 'whole' ? info.value.id?.value : undefined),
      strays: folder.strays(namesIn('agent')),
      hidden: [...frameworks.hidden(), ...frameworks.idsWithoutFolder()],
    };
  }

  #operations(agent: Folder): readonly OperationFolder[] {
    const folder = this.#folders.inside(agent, names.OPERATIONS);
    return folder.entries.map((e) => this.#operation(e, join(folder.path, e.name)));
  }

  /** The operations of the id that `slave.info` holds, where that is not its folder's: the agent looks for them there. */
  #otherOperations(agentId: string, path: string, own: string | undefined): readonly OperationFolder[] | undefined {
    if (own === undefined || own === agentId || !names.isEntryName(own)) return undefined;
    const other = join(path.slice(0, path.lastIndexOf('/')), own);
    return this.#operations(this.#folders.list(other, this.#tree.source.kindOf(other)));
  }

  /** A pid that occurs twice is nothing ordinary, and one executor alone does not tell. */
  #withoutDuplicates(agentId: string, frameworks: readonly Framework[]): readonly Framework[] {
    if (frameworks.every(({ ordinary }) => ordinary.length === 0)) return frameworks;
    const seen = new Set<number>();
    const twice = new Set<number>();
    const add = (pid: number): void => void (seen.has(pid) ? twice : seen).add(pid);
    for (const { executors, ordinary } of frameworks) {
      for (const { forkedPid } of ordinary) add(forkedPid);
      for (const run of executors.flatMap(({ runs }) => runs)) add(Number(textIn(run.forkedPid)));
    }
    if (twice.size === 0) return frameworks;
    return frameworks.map((framework) => {
      const again = framework.ordinary.filter(({ forkedPid }) => twice.has(forkedPid));
      if (again.length === 0) return framework;
      const read = again.map(({ id }) =>
        this.executor(
          { agent: agentId, framework: framework.id, executor: id },
          `${framework.path}/${names.EXECUTORS}/${id}`,
          'folder',
        ),
      );
      return {
        ...framework,
        executors: [...framework.executors, ...read].sort((a, b) => compareTexts(a.id, b.id)),
        ordinary: framework.ordinary.filter(({ forkedPid }) => !twice.has(forkedPid)),
      };
    });
  }

  /** A framework's folder. */
  framework(agentId: string, frameworkId: string, path: string, kind: EntryKind): Framework {
    advance();
    const folder = this.#folders.list(path, kind);
    const executors = this.#folders.inside(folder, names.EXECUTORS);
    const found = this.#executors({ agent: agentId, framework: frameworkId }, executors);
    return {
      id: frameworkId,
      path,
      ...this.#files.read('framework', folder),
      executors: found.filter(isWhole),
      ordinary: found.filter(isOrdinary),
      strays: folder.strays(namesIn('framework')),
      hidden: [...executors.hidden(), ...executors.idsWithoutFolder()],
    };
  }

  #executors(ids: FrameworkIds, { path, entries }: Folder): readonly (Executor | OrdinaryExecutor)[] {
    // All names are looked through at once: asked one by one, ten thousand take as long as starting a thread for them.
    const brief =
      this.#patterned || names.isPattern(entries.map(({ name }) => name).join('/')) ? undefined : this.#brief;
    const read = (number: number): Executor | OrdinaryExecutor => {
      const { name, kind } = entries[number] as Entry;
      const own = { ...ids, executor: name };
      const folder = join(path, name);
      advance();
      return brief === undefined ? this.executor(own, folder, kind) : this.#briefly(own, folder, kind, brief);
    };
    if (this.#readExecutors !== undefined && (brief !== undefined || this.#brief === undefined)) {
      return this.#readExecutors(ids, path, entries, read, this.#reader.real(path) !== path);
    }
    return entries.map((_, number) => read(number));
  }

  /**
   * An executor's folder, for one who reads the whole tree with another loader: undefined where that one has to know more
   * than the executor, because a link leads out of it (what recovery does under one name shows under the other), or
   * something in it is no folder and should be.
   */
  apart(ids: ExecutorIds, path: string, brief?: Brief): Executor | OrdinaryExecutor | undefined {
    const [links, misplaced] = [this.#reader.followed.length, this.#folders.misplaced.length];
    const kind = 'folder';
    const found = brief === undefined ? this.executor(ids, path, kind) : this.#briefly(ids, path, kind, brief);
    const tellsAll = this.#reader.followed.length === links && this.#folders.misplaced.length === misplaced;
    return tellsAll ? found : undefined;
  }

  #briefly(ids: ExecutorIds, path: string, kind: EntryKind, brief: Brief): Executor | OrdinaryExecutor {
    // The trace tells what is read and why, and a glance would have some of it read twice.
    const isGlanced = kind === 'folder' && !isTraced();
    const seen = isGlanced ? brief.glance(this.#reader, ids, path, this.#hasSandboxes) : undefined;
    if (seen !== undefined) return seen;
    const misplaced = this.#folders.misplaced.length;
    const executor = this.executor(ids, path, kind);
    return (this.#folders.misplaced.length === misplaced ? brief.summarise(executor, ids) : undefined) ?? executor;
  }

  /** An executor's folder. */
  executor(ids: ExecutorIds, path: string, kind: EntryKind): Executor {
    const folder = this.#folders.list(path, kind);
    const runs = this.#folders.inside(folder, names.RUNS);
    return {
      id: ids.executor,
      path,
      ...this.#files.read('executor', folder),
      latest: readLatest(this.#reader, runs),
      runs: runs.entries.flatMap((e) =>
        e.name === names.LATEST ? [] : [this.run(ids, e.name, join(runs.path, e.name), e.kind)],
      ),
      strays: folder.strays(namesIn('executor')),
      hidden: [...runs.hidden(), ...runs.idsWithoutFolder()],
    };
  }

  /** A run's folder. */
  run(ids: ExecutorIds, runId: string, path: string, kind: EntryKind): Run {
    const folder = this.#folders.list(path, kind);
    const pids = this.#folders.inside(folder, names.PIDS);
    const tasks = this.#folders.inside(folder, names.TASKS);
    const files = this.#files.read('run', folder, { pids });
    return {
      id: runId,
      path,
      ...files,
      tasks: tasks.entries.map((e) => this.task(ids, e.name, join(tasks.path, e.name), e.kind)),
      sandbox: files.completed || !this.#hasSandboxes ? undefined : this.#sandbox(ids, runId),
      strays: [...folder.strays(namesIn('run')), ...pids.strays(namesIn('run', names.PIDS))],
      hidden: [...tasks.hidden(), ...tasks.idsWithoutFolder()],
    };
  }

  /** A task's folder. */
  task(ids: ExecutorIds, taskId: string, path: string, kind: EntryKind): Task {
    const folder = this.#folders.list(path, kind);
    const log = fileIn(path, 'task.updates');
    const place = { ...ids, task: taskId };
    return {
      id: taskId,
      path,
      ...this.#files.read('task', folder),
      updates: readUpdateLog(this.#reader, log, folder.kindOf('task.updates'), place, this.#keepsUuids),
      strays: folder.strays(namesIn('task')),
    };
  }

  #operation(entry: Entry, path: string): OperationFolder {
    const folder = this.#folders.list(path, entry.kind);
    return {
      name: entry.name,
      path,
      isFolder: folder.isFolder,
      ...this.#files.read('operation', folder),
      updates: readOperationLog(this.#reader, fileIn(path, 'operation.updates'), folder.kindOf('operation.updates')),
      strays: folder.strays(namesIn('operation')),
    };
  }

  #resources(meta: Folder): ResourcesFolder {
    const folder = this.#folders.inside(meta, names.RESOURCES);
    const modified = (kind: 'resources_and_operations.state' | 'resources.info'): number | undefined =>
      folder.kindOf(kind) === 'file'
        ? this.#tree.source.modified(this.#reader.real(fileIn(folder.path, kind)))
        : undefined;
    return {
      ...this.#files.read('resources', folder),
      stateModified: modified('resources_and_operations.state'),
      infoModified: modified('resources.info'),
      strays: folder.strays(namesIn('resources')),
    };
  }

  #sandbox(ids: ExecutorIds, run: string): boolean {
    const path = pathOf({ folder: 'run', isSandbox: true, ...ids, run });
    return hasSandbox(this.#tree, path, (folder) => this.#reader.follow(folder));
  }
}

const isWhole = (found: Executor | OrdinaryExecutor): found is Executor => !isOrdinary(found);
