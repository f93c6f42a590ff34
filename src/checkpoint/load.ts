import { type Selection, type Shape, shapeOf } from '../format/shape.ts';
import type { ExecutorIds, FrameworkIds } from '../layout/folders.ts';
import { fileIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { type MessageTypes, messageType } from '../schema/index.ts';
import { errnoText } from '../source/errno.ts';
import type { Tree } from '../source/links.ts';
import { baseName, type Entry, type EntryKind, isErrno, join } from '../source/source.ts';
import { compareTexts } from '../text/lossless.ts';
import type { FollowedLink, LatestLink, Stray, TextFile } from './files.ts';
import { isOrdinary } from './listing-order.ts';
import type {
  Agent,
  Checkpoint,
  Executor,
  ExecutorFacts,
  Framework,
  OperationFolder,
  OrdinaryExecutor,
  ResourcesFolder,
  Run,
  Task,
  TaskFacts,
} from './model.ts';
import { readOperationLog } from './operation-log.ts';
import { AccessDenied, FileReader } from './read.ts';
import { hasSandbox } from './sandbox.ts';
import { readUpdateLog } from './update-log/update-log.ts';

/**
 * How much is kept of what is read: just what decides a verdict; all that recovery asks about, the updates' uuids
 * included; or whole messages, to be shown.
 */
export type Detail = 'verdict' | 'facts' | 'whole';

/** Makes an executor short that is wholly as it should be; undefined where it is not. */
export type Summarise = (executor: Executor, ids: ExecutorIds) => OrdinaryExecutor | undefined;

/**
 * Reads the executors of one framework, several at once where that is faster than one after the other. `read` reads one, by
 * its index in `entries`; the answers are in the order of `entries`.
 */
export type ReadExecutors = (
  ids: FrameworkIds,
  path: string,
  entries: readonly Entry[],
  read: (number: number) => Executor | OrdinaryExecutor,
) => readonly (Executor | OrdinaryExecutor)[];

const id = { value: true } as const;
/** All that recovery asks of a resource in an executor's or a task's info: presence. */
const resources: Selection = { role: true, reservation: {}, reservations: {}, allocation_info: {} };
const executorFacts: Selection = {
  executor_id: id,
  framework_id: id,
  type: true,
  name: true,
  command: id,
  container: { type: true },
  resources,
};
const taskFacts: Selection = {
  name: true,
  task_id: id,
  framework_id: id,
  executor_id: id,
  slave_id: id,
  state: true,
  resources,
  statuses: { limitation: { resources } },
};

/** Reads a checkpoint, or a part of one. Nothing is read twice, and nothing is changed. */
export class Loader {
  readonly #tree: Tree;
  readonly #reader: FileReader;
  readonly #shapes: Readonly<
    Record<'agent' | 'drain' | 'framework' | 'executor' | 'task' | 'state' | 'resource', Shape>
  >;
  readonly #hasSandboxes: boolean;
  readonly #keepsUuids: boolean;
  readonly #summarise: Summarise | undefined;
  readonly #readExecutors: ReadExecutors | undefined;
  /** What is where a folder belongs, and is none. */
  readonly #misplaced: Stray[] = [];
  /** Some name above the executors is a pattern to the agent, so that it may find one executor's runs in another's. */
  #patterned = false;

  constructor(
    tree: Tree,
    detail: Detail = 'facts',
    brief: { readonly summarise?: Summarise; readonly readExecutors?: ReadExecutors | undefined } = {},
  ) {
    this.#tree = tree;
    this.#keepsUuids = detail !== 'verdict';
    this.#summarise = brief.summarise;
    this.#readExecutors = brief.readExecutors;
    this.#reader = new FileReader(tree);
    this.#hasSandboxes = tree.source.kindOf(names.SLAVES) !== undefined;
    const shape = (name: keyof MessageTypes, facts: Selection = true): Shape =>
      shapeOf(messageType(name), detail === 'whole' ? true : facts);
    this.#shapes = {
      agent: shape('mesos.SlaveInfo'),
      drain: shape('mesos.DrainConfig'),
      framework: shape('mesos.FrameworkInfo'),
      executor: shape('mesos.ExecutorInfo', executorFacts),
      task: shape('mesos.Task', taskFacts),
      state: shape('mesos.internal.slave.ResourceState'),
      resource: shape('mesos.Resource'),
    };
  }

  /** The links that were followed so far. */
  get links(): readonly FollowedLink[] {
    return this.#reader.followed;
  }

  /** What is where a folder belongs, and is none, as far as was read. */
  get misplaced(): readonly Stray[] {
    return this.#misplaced;
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
    const meta = names.META;
    const kind = this.#tree.source.kindOf(meta);
    const folder = this.#folder(meta, kind);
    const slaves = join(meta, names.SLAVES);
    const agents = this.#folder(slaves, folder.kindOf(names.SLAVES));
    const latest = this.#latest(slaves, agents.kindOf(names.LATEST), agents);
    const agentName = latest.kind === 'found' || latest.kind === 'outside' ? latest.name : undefined;
    const beside = agents.entries.filter((e) => e.name !== names.LATEST && e.name !== agentName);
    return {
      hasMeta: folder.isFolder,
      bootId: this.#reader.text(fileIn(meta, 'boot_id'), folder.kindOf('boot_id')),
      resources: this.#resources(join(meta, names.RESOURCES), folder.kindOf(names.RESOURCES)),
      latest,
      agent:
        agentName === undefined ? undefined : this.agent(agentName, join(slaves, agentName), agents.kindOf(agentName)),
      unnamedAgents:
        agentName === undefined
          ? beside.filter(isFolder).map((e) => this.agent(e.name, join(slaves, e.name), e.kind))
          : [],
      otherAgents: beside.filter(isFolder).map((e) => e.name),
      volumeGids: this.#single(
        join(meta, names.VOLUME_GID_MANAGER),
        folder.kindOf(names.VOLUME_GID_MANAGER),
        'volume_gids',
        'mesos.internal.slave.VolumeGidInfos',
      ),
      devices: this.#single(
        join(meta, names.DEVICE_MANAGER),
        folder.kindOf(names.DEVICE_MANAGER),
        'device.state',
        'mesos.internal.slave.CgroupDeviceAccessStates',
      ),
      hasSandboxes: this.#hasSandboxes,
      misplaced: this.#misplaced,
      links: this.#reader.followed,
      strays: [
        ...folder.strays(['boot_id', names.RESOURCES, names.SLAVES, names.VOLUME_GID_MANAGER, names.DEVICE_MANAGER]),
        ...beside.filter((e) => !isFolder(e)).map(({ name, kind }) => ({ path: join(slaves, name), kind })),
      ],
    };
  }

  /** An agent's folder. */
  agent(agentId: string, path: string, kind: EntryKind | undefined): Agent {
    const folder = this.#folder(path, kind);
    const frameworks = this.#folder(join(path, names.FRAMEWORKS), folder.kindOf(names.FRAMEWORKS));
    this.#patterned = [...this.#tree.home.split('/'), agentId, ...frameworks.entries.map(({ name }) => name)].some(
      names.isPattern,
    );
    const operations = this.#folder(join(path, names.OPERATIONS), folder.kindOf(names.OPERATIONS));
    return {
      id: agentId,
      path,
      info: this.#reader.record(fileIn(path, 'slave.info'), folder.kindOf('slave.info'), this.#shapes.agent),
      drain: this.#reader.record(fileIn(path, 'drain.config'), folder.kindOf('drain.config'), this.#shapes.drain),
      frameworks: this.#withoutDuplicates(
        agentId,
        frameworks.entries.map((e) => this.framework(agentId, e.name, join(frameworks.path, e.name), e.kind)),
      ),
      operations: operations.entries.map((e) => this.#operation(e, join(operations.path, e.name))),
      strays: folder.strays([
        'slave.info',
        'drain.config',
        names.FRAMEWORKS,
        names.OPERATIONS,
        names.RESOURCE_PROVIDER_REGISTRY,
        names.RESOURCE_PROVIDERS,
      ]),
      hidden: [...frameworks.hidden(), ...frameworks.idsWithoutFolder()],
    };
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
    const folder = this.#folder(path, kind);
    const executors = this.#folder(join(path, names.EXECUTORS), folder.kindOf(names.EXECUTORS));
    const found = this.#executors({ agent: agentId, framework: frameworkId }, executors);
    return {
      id: frameworkId,
      path,
      info: this.#reader.record(
        fileIn(path, 'framework.info'),
        folder.kindOf('framework.info'),
        this.#shapes.framework,
      ),
      pid: this.#reader.text(fileIn(path, 'framework.pid'), folder.kindOf('framework.pid')),
      executors: found.filter(isWhole),
      ordinary: found.filter(isOrdinary),
      strays: folder.strays(['framework.info', 'framework.pid', names.EXECUTORS]),
      hidden: [...executors.hidden(), ...executors.idsWithoutFolder()],
    };
  }

  #executors(ids: FrameworkIds, { path, entries }: Folder): readonly (Executor | OrdinaryExecutor)[] {
    const summarise =
      this.#patterned || entries.some(({ name }) => names.isPattern(name)) ? undefined : this.#summarise;
    const read = (number: number): Executor | OrdinaryExecutor => {
      const { name, kind } = entries[number] as Entry;
      const own = { ...ids, executor: name };
      const folder = join(path, name);
      return summarise === undefined ? this.executor(own, folder, kind) : this.#brief(own, folder, kind, summarise);
    };
    if (summarise !== undefined && this.#readExecutors !== undefined)
      return this.#readExecutors(ids, path, entries, read);
    return entries.map((_, number) => read(number));
  }

  /** An executor's folder, if `summarise` makes it short. */
  ordinary(ids: ExecutorIds, path: string, summarise: Summarise): OrdinaryExecutor | undefined {
    const found = this.#brief(ids, path, 'folder', summarise);
    return isOrdinary(found) ? found : undefined;
  }

  #brief(ids: ExecutorIds, path: string, kind: EntryKind, summarise: Summarise): Executor | OrdinaryExecutor {
    const misplaced = this.#misplaced.length;
    const executor = this.executor(ids, path, kind);
    return (this.#misplaced.length === misplaced ? summarise(executor, ids) : undefined) ?? executor;
  }

  /** An executor's folder. */
  executor(ids: ExecutorIds, path: string, kind: EntryKind): Executor {
    const folder = this.#folder(path, kind);
    const runs = this.#folder(join(path, names.RUNS), folder.kindOf(names.RUNS));
    return {
      id: ids.executor,
      path,
      info: this.#reader.record<ExecutorFacts>(
        fileIn(path, 'executor.info'),
        folder.kindOf('executor.info'),
        this.#shapes.executor,
      ),
      generated: this.#reader.text(
        fileIn(path, 'executor_generated_for_command_task'),
        folder.kindOf('executor_generated_for_command_task'),
      ),
      latest: this.#latest(runs.path, runs.kindOf(names.LATEST), runs),
      runs: runs.entries.flatMap((e) =>
        e.name === names.LATEST ? [] : [this.run(ids, e.name, join(runs.path, e.name), e.kind)],
      ),
      strays: folder.strays(['executor.info', 'executor_generated_for_command_task', names.RUNS]),
      hidden: [...runs.hidden(), ...runs.idsWithoutFolder()],
    };
  }

  /** A run's folder. */
  run(ids: ExecutorIds, runId: string, path: string, kind: EntryKind): Run {
    const folder = this.#folder(path, kind);
    const pids = this.#folder(join(path, names.PIDS), folder.kindOf(names.PIDS));
    const tasks = this.#folder(join(path, names.TASKS), folder.kindOf(names.TASKS));
    const completed = folder.kindOf('executor.sentinel') !== undefined;
    return {
      id: runId,
      path,
      completed,
      httpMarker: folder.kindOf('http.marker') !== undefined,
      forkedPid: this.#reader.text(join(pids.path, 'forked.pid'), pids.kindOf('forked.pid')),
      libprocessPid: this.#reader.text(join(pids.path, 'libprocess.pid'), pids.kindOf('libprocess.pid')),
      tasks: tasks.entries.map((e) => this.task(ids, e.name, join(tasks.path, e.name), e.kind)),
      sandbox: completed || !this.#hasSandboxes ? undefined : this.#sandbox(ids, runId),
      strays: [
        ...folder.strays(['executor.sentinel', 'http.marker', names.PIDS, names.TASKS]),
        ...pids.strays(['forked.pid', 'libprocess.pid']),
      ],
      hidden: [...tasks.hidden(), ...tasks.idsWithoutFolder()],
    };
  }

  /** A task's folder. */
  task(ids: ExecutorIds, taskId: string, path: string, kind: EntryKind): Task {
    const folder = this.#folder(path, kind);
    return {
      id: taskId,
      path,
      info: this.#reader.record<TaskFacts>(fileIn(path, 'task.info'), folder.kindOf('task.info'), this.#shapes.task),
      updates: readUpdateLog(
        this.#reader,
        fileIn(path, 'task.updates'),
        folder.kindOf('task.updates'),
        {
          ...ids,
          task: taskId,
        },
        this.#keepsUuids,
      ),
      strays: folder.strays(['task.info', 'task.updates']),
    };
  }

  #operation(entry: Entry, path: string): OperationFolder {
    const folder = this.#folder(path, entry.kind);
    return {
      name: entry.name,
      path,
      isFolder: folder.isFolder,
      updates: readOperationLog(this.#reader, fileIn(path, 'operation.updates'), folder.kindOf('operation.updates')),
      strays: folder.strays(['operation.updates']),
    };
  }

  #resources(path: string, kind: EntryKind | undefined): ResourcesFolder {
    const folder = this.#folder(path, kind);
    const at = (name: string): [string, EntryKind | undefined] => [join(path, name), folder.kindOf(name)];
    return {
      state: this.#reader.record(...at('resources_and_operations.state'), this.#shapes.state),
      stateTarget: this.#reader.record(...at('resources_and_operations.target'), this.#shapes.state),
      info: this.#reader.sequence(...at('resources.info'), this.#shapes.resource, 'record'),
      target: this.#reader.sequence(...at('resources.target'), this.#shapes.resource, 'record'),
      stateModified: this.#modified(...at('resources_and_operations.state')),
      infoModified: this.#modified(...at('resources.info')),
      strays: folder.strays([
        'resources_and_operations.state',
        'resources_and_operations.target',
        'resources.info',
        'resources.target',
      ]),
    };
  }

  #modified(path: string, kind: EntryKind | undefined): number | undefined {
    return kind === 'file' ? this.#tree.source.modified(this.#reader.real(path)) : undefined;
  }

  #single(path: string, kind: EntryKind | undefined, name: string, type: keyof MessageTypes) {
    const folder = this.#folder(path, kind);
    return this.#reader.record<Record<string, unknown>>(
      join(path, name),
      folder.kindOf(name),
      shapeOf(messageType(type), true),
    );
  }

  /** Lists a folder, or where a link in its place leads. */
  #folder(path: string, kind: EntryKind | undefined): Folder {
    if (kind === undefined) return new Folder(path, [], false);
    if (kind === 'file' || kind === 'other') {
      this.#misplaced.push({ path, kind });
      return new Folder(path, [], false);
    }
    if (kind === 'link') {
      const resolved = this.#reader.follow(path);
      // The agent would follow it, and what it finds there decides.
      if (resolved.kind === 'outside') {
        throw new AccessDenied(
          path,
          `it is a link to ${resolved.target}, out of the tree; give a PATH that holds it`,
          'cannot follow',
        );
      }
      if (resolved.kind !== 'found' || resolved.entry !== 'folder') {
        this.#misplaced.push({ path, kind });
        return new Folder(path, [], false);
      }
      this.#reader.leadThrough(path, resolved.path);
    }
    const entries = this.#tree.source.list(this.#reader.real(path));
    if (!isErrno(entries)) return new Folder(path, entries, true);
    if (entries.code === 'EACCES' || entries.code === 'EPERM') throw new AccessDenied(path);
    if (entries.code === 'ENOTDIR' || entries.code === 'ENOENT') return new Folder(path, [], false);
    // What cannot be listed is not empty: nothing can be foretold of it.
    throw new AccessDenied(path, errnoText(entries.code), 'cannot list');
  }

  /** What a `latest` link leads to: `os::realpath` on the agent. */
  #latest(folder: string, kind: EntryKind | undefined, beside: Folder): LatestLink {
    if (kind === undefined) return { kind: 'absent', vanished: false };
    const path = join(folder, names.LATEST);
    if (kind !== 'link') return { kind: 'found', name: names.LATEST, path, target: undefined };
    const target = this.#tree.source.linkTarget(this.#reader.real(path));
    if (isErrno(target)) return { kind: 'unresolvable', code: target.code, target: undefined };
    // The usual case needs no look at the disk: the target is in this folder, under its true name.
    const name = baseName(target);
    if (beside.kindOf(name) === 'folder' && target === `${this.#tree.home}/${join(folder, name)}`) {
      return { kind: 'found', name, path: join(folder, name), target };
    }
    const resolved = this.#reader.follow(path);
    switch (resolved.kind) {
      case 'found':
        return { kind: 'found', name: baseName(resolved.path), path: resolved.path, target };
      case 'missing':
        return { kind: 'dangling', target };
      case 'loop':
        return { kind: 'unresolvable', code: 'ELOOP', target };
      case 'outside': {
        const elsewhere = baseName(resolved.target.replace(/\/+$/, ''));
        const isBeside = beside.kindOf(elsewhere) !== undefined;
        // The same place in another work_dir, where nothing is beside that could be meant.
        const isOther = resolved.target.endsWith(`/${join(folder, elsewhere)}`);
        return isOther && !isBeside
          ? { kind: 'dangling', target }
          : { kind: 'outside', name: elsewhere, target, beside: isBeside };
      }
    }
  }

  #sandbox(ids: ExecutorIds, runId: string): boolean {
    const path = [
      names.SLAVES,
      ids.agent,
      names.FRAMEWORKS,
      ids.framework,
      names.EXECUTORS,
      ids.executor,
      names.RUNS,
      runId,
    ].join('/');
    return hasSandbox(this.#tree, path, (folder) => this.#reader.follow(folder));
  }
}

const isWhole = (found: Executor | OrdinaryExecutor): found is Executor => !isOrdinary(found);

const isFolder = ({ kind }: Entry): boolean => kind === 'folder' || kind === 'link';

/** The names in a folder that was listed once. */
class Folder {
  readonly path: string;
  readonly isFolder: boolean;
  /** What the agent's `*` shows. */
  readonly entries: readonly Entry[];
  readonly #all: readonly Entry[];

  constructor(path: string, entries: readonly Entry[], isFolder: boolean) {
    this.path = path;
    this.isFolder = isFolder;
    this.#all = entries;
    this.entries = entries.some((e) => e.name.startsWith('.'))
      ? entries.filter((e) => !e.name.startsWith('.'))
      : entries;
  }

  kindOf(name: string): EntryKind | undefined {
    for (const entry of this.#all) if (entry.name === name) return entry.kind;
    return undefined;
  }

  /** Names that begin with a dot: the agent's `*` does not show them. */
  hidden(): readonly Stray[] {
    return this.entries === this.#all
      ? NONE
      : this.#all.flatMap(({ name, kind }) => (name.startsWith('.') ? [{ path: join(this.path, name), kind }] : []));
  }

  /** What is in a folder of ids, and is no folder: the agent takes its name for an id all the same. */
  idsWithoutFolder(): readonly Stray[] {
    if (this.entries.every(isFolder)) return NONE;
    return this.entries.flatMap(({ name, kind }) =>
      name === names.LATEST || isFolder({ name, kind }) ? [] : [{ path: join(this.path, name), kind }],
    );
  }

  strays(known: readonly string[]): readonly Stray[] {
    if (this.#all.every((entry) => known.includes(entry.name))) return NONE;
    return this.#all
      .filter((entry) => !known.includes(entry.name))
      .map((entry) => ({ path: join(this.path, entry.name), kind: entry.kind }));
  }
}

const NONE: readonly Stray[] = Object.freeze([]);

/** The text of a file, undefined where it has none. */
export const textIn = (file: TextFile): string | undefined => (file.kind === 'text' ? file.text : undefined);
