import { type LatestLink, latestName, type Stray } from '../../checkpoint/files.ts';
import { LONG_LOG } from '../../inspect/entries.ts';
import type {
  Entry,
  Inspected,
  InspectedAgent,
  InspectedCheckpoint,
  InspectedDamage,
  InspectedExecutor,
  InspectedFramework,
  InspectedOperation,
  InspectedResources,
  InspectedRun,
  InspectedTask,
} from '../../inspect/inspected.ts';
import type { Selection } from '../../inspect/select.ts';
import { type Counts, countsOf } from '../../inspect/walk.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { messageType } from '../../schema/index.ts';
import { plainJsonLine, plainJsonTexts } from '../../text/escape.ts';
import { isoTime } from '../../text/time.ts';
import { type JsonObject, messageJson, type Texts } from '../json/message.ts';
import { resourceNotation } from './resources.ts';

/** What an inspection was asked for, and of what. */
export interface InspectionAbout {
  /** As it was given. */
  readonly path: string;
  /** Where the tree lives on its agent. */
  readonly workDir: string;
  /** Whether it was read there. */
  readonly inPlace: boolean;
  readonly mesosVersion: string;
  readonly showSecrets: boolean;
  readonly selection: Selection;
}

/** The same, of what was read to its end. */
export interface InspectedAbout extends InspectionAbout {
  /** How much there was before anything was selected. */
  readonly total: Counts;
}

/** What was inspected, as JSON: see `schema/inspect.json`. */
export const inspectJson = (inspected: Inspected, about: InspectedAbout): object => {
  const writer = new Writer(about);
  return {
    ...beforeAgent(writer, inspected, about),
    agent: inspected.agent === undefined ? null : writer.agent(inspected.agent),
    framework: inspected.framework === undefined ? null : writer.framework(inspected.framework),
    ...behindFramework(writer, inspected, countsOf(inspected), about.total),
  };
};

/** The part of the document that tells nothing of frameworks. */
export const beforeAgent = (writer: Writer, inspected: Inspected, about: InspectionAbout): object => {
  const { place } = inspected;
  return {
    schemaVersion: 1,
    command: 'inspect',
    path: about.path,
    level: inspected.level,
    place: {
      agent: place.agent ?? null,
      framework: place.framework ?? null,
      executor: place.executor ?? null,
      run: place.run ?? null,
      task: place.task ?? null,
    },
    workDir: about.workDir,
    inPlace: about.inPlace,
    mesosVersion: about.mesosVersion,
    secrets: about.showSecrets ? 'shown' : 'redacted',
    selection: about.selection,
    checkpoint: inspected.checkpoint === undefined ? null : writer.checkpoint(inspected.checkpoint),
  };
};

/** The part behind what may hold any number of executors. */
export const behindFramework = (writer: Writer, inspected: Inspected, counts: Counts, total: Counts): object => ({
  executor: inspected.executor === undefined ? null : writer.executor(inspected.executor),
  run: inspected.run === undefined ? null : writer.run(inspected.run),
  task: inspected.task === undefined ? null : writer.task(inspected.task),
  counts,
  total,
});

/** An offset and a record where there are any: `kind`, `offset`, `record` and `reason`. */
const damageJson = ({ kind, offset, record, reason }: InspectedDamage): object => ({
  kind,
  offset: offset ?? null,
  record: record ?? null,
  reason,
});

const damagesJson = ({ damage }: Entry): readonly object[] =>
  damage.map((each) => ({ path: each.path, ...damageJson(each) }));

const straysJson = (strays: readonly Stray[]): readonly object[] => strays.map(({ path, kind }) => ({ path, kind }));

const latestJson = (link: LatestLink): object | null =>
  link.kind === 'absent'
    ? null
    : {
        target: link.target ?? null,
        name: latestName(link) ?? null,
        copied: link.kind === 'outside' && link.beside,
      };

/** What comes behind a task's updates. */
const taskEnd = ({ pending, acknowledged }: InspectedTask) => ({ pending, acknowledged });

/** Texts that come to so many characters are formed in pieces. */
const LARGE = 16 * 1024 * 1024;
/** So many characters of these are held back until it is known what comes behind them. */
const ENOUGH = 64 * 1024;

const startsOf = ({ updates }: InspectedTask): readonly number[] =>
  Array.from({ length: Math.ceil(updates.length / LONG_LOG) }, (_, piece) => piece * LONG_LOG);

const updatesText = ({ updates }: InspectedTask, start: number): readonly string[] => [
  plainJsonLine(updates.slice(start, start + LONG_LOG)).slice(1, -1),
];

/** Texts without the last characters of all of them together. */
export function* withoutEnd(texts: Iterable<string>, length: number): Generator<string, void, undefined> {
  let held = '';
  for (const text of texts) {
    held += text;
    if (held.length < ENOUGH) continue;
    yield held.slice(0, -length);
    held = held.slice(-length);
  }
  yield held.slice(0, -length);
}

/** The text of an object whose last list is empty, with entries in that, each told in pieces. */
function* withEntries<T>(
  value: Iterable<string>,
  closing: string,
  entries: readonly T[],
  textsOf: (entry: T) => Iterable<string>,
): Generator<string, void, undefined> {
  yield* withoutEnd(value, closing.length);
  for (const [number, entry] of entries.entries()) {
    if (number > 0) yield ',';
    yield* textsOf(entry);
  }
  yield closing;
}

/** Writes entries, secrets as it was told to. */
export class Writer {
  readonly #showSecrets: boolean;
  /** Of all messages so far. */
  readonly #texts: Texts;

  /** Of texts that are longer than `most` the beginning is told. */
  constructor({ showSecrets }: InspectionAbout, most = Number.POSITIVE_INFINITY) {
    this.#texts = { size: 0, most };
    this.#showSecrets = showSecrets;
  }

  checkpoint(checkpoint: InspectedCheckpoint): object {
    const gids = fileIn(names.META, 'volume_gids');
    const devices = fileIn(names.META, 'device.state');
    return {
      path: checkpoint.path,
      damage: damagesJson(checkpoint),
      unknown: straysJson(checkpoint.strays),
      bootId: checkpoint.bootId ?? null,
      latest: latestJson(checkpoint.latest),
      otherAgents: checkpoint.otherAgents,
      hasSandboxes: checkpoint.hasSandboxes,
      resources: checkpoint.committed === undefined ? null : this.#resources(checkpoint.committed),
      targetResources: checkpoint.pending === undefined ? null : this.#resources(checkpoint.pending),
      volumeGids: this.#info(checkpoint, gids, 'mesos.internal.slave.VolumeGidInfos', checkpoint.volumeGids),
      devices: this.#info(checkpoint, devices, 'mesos.internal.slave.CgroupDeviceAccessStates', checkpoint.devices),
    };
  }

  agent(agent: InspectedAgent): object {
    return {
      id: agent.id,
      path: agent.path,
      damage: damagesJson(agent),
      unknown: straysJson(agent.strays),
      info: this.#info(agent, fileIn(agent.path, 'slave.info'), 'mesos.SlaveInfo', agent.info),
      resourcesText: agent.info === undefined ? null : resourceNotation(agent.info.resources),
      drain: this.#info(agent, fileIn(agent.path, 'drain.config'), 'mesos.DrainConfig', agent.drain),
      operations: agent.operations.map((operation) => this.#operation(operation)),
      frameworks: agent.frameworks.map((framework) => this.framework(framework)),
    };
  }

  framework(framework: InspectedFramework): object {
    const path = fileIn(framework.path, 'framework.info');
    return {
      id: framework.id,
      path: framework.path,
      damage: damagesJson(framework),
      unknown: straysJson(framework.strays),
      info: this.#info(framework, path, 'mesos.FrameworkInfo', framework.info),
      pid: framework.pid ?? null,
      connection: framework.connection ?? null,
      executors: framework.executors.map((executor) => this.executor(executor)),
    };
  }

  executor(executor: InspectedExecutor, runs = executor.runs.map((run) => this.run(run))): object {
    const path = fileIn(executor.path, 'executor.info');
    return {
      id: executor.id,
      path: executor.path,
      damage: damagesJson(executor),
      unknown: straysJson(executor.strays),
      info: this.#info(executor, path, 'mesos.ExecutorInfo', executor.info),
      generatedForCommandTask: executor.generated ?? null,
      latest: executor.latest ?? null,
      runs,
    };
  }

  /** The text of an executor in pieces: where a log is long, few of its updates are kept at a time, and no long text. */
  executorTexts(executor: InspectedExecutor): Iterable<string> {
    const isLong = executor.runs.some(({ tasks }) => tasks.some(({ updates }) => updates.length > LONG_LOG));
    return isLong ? this.#longTexts(executor) : this.textsOf(() => this.executor(executor));
  }

  /** The text of what this writer makes, in pieces where the texts in it are long. */
  textsOf(make: () => object): Iterable<string> {
    const before = this.#texts.size;
    const value = make();
    return this.#texts.size - before > LARGE ? plainJsonTexts(value) : [plainJsonLine(value)];
  }

  #longTexts(executor: InspectedExecutor): Iterable<string> {
    const taskTexts = (task: InspectedTask): Iterable<string> => {
      const closing = `],${plainJsonLine(taskEnd(task)).slice(1)}`;
      return withEntries(
        this.textsOf(() => this.task(task, [])),
        closing,
        startsOf(task),
        (start) => updatesText(task, start),
      );
    };
    const runTexts = (run: InspectedRun): Iterable<string> =>
      withEntries([plainJsonLine(this.run(run, []))], ']}', run.tasks, taskTexts);
    return withEntries(
      this.textsOf(() => this.executor(executor, [])),
      ']}',
      executor.runs,
      runTexts,
    );
  }

  run(run: InspectedRun, tasks = run.tasks.map((task) => this.task(task))): object {
    return {
      id: run.id,
      path: run.path,
      damage: damagesJson(run),
      unknown: straysJson(run.strays),
      latest: run.isLatest ?? null,
      completed: run.completed,
      forkedPid: run.forkedPid ?? null,
      libprocessPid: run.libprocessPid ?? null,
      connection: run.connection,
      sandbox: run.sandbox ?? null,
      tasks,
    };
  }

  task(task: InspectedTask, updates = task.updates): object {
    const { updated } = task;
    return {
      id: task.id,
      path: task.path,
      damage: damagesJson(task),
      unknown: straysJson(task.strays),
      info: this.#info(task, fileIn(task.path, 'task.info'), 'mesos.Task', task.info),
      state: task.state ?? null,
      lastUpdate:
        updated === undefined
          ? null
          : { timestamp: Number.isFinite(updated) ? updated : null, time: isoTime(updated) ?? null },
      updates,
      pending: task.pending,
      acknowledged: task.acknowledged,
    };
  }

  #operation(operation: InspectedOperation): object {
    return {
      id: operation.id,
      path: operation.path,
      damage: damagesJson(operation),
      unknown: straysJson(operation.strays),
      updates: operation.updates,
      acknowledged: operation.acknowledged,
      state: operation.state ?? null,
    };
  }

  #resources(from: InspectedResources): object {
    return {
      path: from.path,
      resources: from.resources.map((resource) => ({
        text: resourceNotation([resource]),
        info: this.#message('mesos.Resource', resource),
      })),
      operations: from.operations?.map((operation) => this.#message('mesos.Operation', operation)) ?? null,
    };
  }

  /** The message in a file; its damage, where it has none but that; null where it is not there. */
  #info(
    entry: Entry,
    path: string,
    type: Parameters<typeof messageType>[0],
    message: object | undefined,
  ): JsonObject | object | null {
    if (message !== undefined) return this.#message(type, message);
    const damage = entry.damage.find((each) => each.path === path);
    return damage === undefined ? null : { damage: damageJson(damage) };
  }

  #message(type: Parameters<typeof messageType>[0], message: object): JsonObject {
    return messageJson(messageType(type), message, this.#showSecrets, this.#texts);
  }
}
