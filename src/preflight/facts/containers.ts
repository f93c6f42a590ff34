import { parseInteger } from '../../agent/numbers.ts';
import type { MessageType } from '../../format/message-type.ts';
import { shapeOf } from '../../format/shape.ts';
import { type Host, isUnseen } from '../../host/host.ts';
import { type Known, known, unseen } from '../../host/known.ts';
import { textOf } from '../../text/lossless.ts';
import { readRecordAt, recordState } from './record-at.ts';

/** What the mesos containerizer keeps of its containers in the `runtime_dir`, as far as it decides whether it recovers. */
export interface ContainersFacts {
  /** `<runtime_dir>/containers`. */
  readonly folder: string;
  /** Containers, a nested one behind that which it is in. */
  readonly containers: readonly RuntimeContainer[];
  /** What is among them, and is no folder; paths. */
  readonly strays: readonly string[];
  /** Of containers in CNI networks, what ends the recovery of these; none where the agent has no CNI network. */
  readonly networks: readonly FileFault[];
}

/** A container's own folder. */
export interface RuntimeContainer {
  readonly path: string;
  /** The id of the container that is in no other one. */
  readonly root: string;
  readonly isNested: boolean;
  /** Whether its end is noted. */
  readonly hasTermination: boolean;
  /** Whether it is to be destroyed by the next recovery. */
  readonly isDoomed: boolean;
  readonly isStandalone: boolean;
  readonly hasPid: boolean;
  /** Files that the agent may read, and that do not read. */
  readonly faults: readonly (FileFault & { readonly file: 'pid' | 'config' | 'launch_info' | 'io_switchboard' })[];
}

/** A file that does not read. */
export interface FileFault {
  readonly path: string;
  /** A clause without its subject: `it is empty`. */
  readonly problem: string;
}

/**
 * Reads the folders of the mesos containerizer's containers, as `getContainerIds` and `MesosContainerizerProcess::recover` do.
 * @param cniRoot where the CNI isolator keeps its networks; undefined where it has none
 */
export const readContainers = (
  host: Host,
  { runtimeDir, cniRoot }: { readonly runtimeDir: string; readonly cniRoot: string | undefined },
): Known<ContainersFacts> => {
  const walk = new Walk(host);
  const folder = `${runtimeDir}/containers`;
  walk.containersIn(folder, undefined);
  const networks = cniRoot === undefined ? [] : walk.networksIn(cniRoot);
  if (walk.denied !== undefined) return walk.denied;
  return known({ folder, containers: walk.containers, strays: walk.strays, networks });
};

/** A message whose fields are not known: it tells whether a record is whole, and protobuf at all. */
const ANY: MessageType = { name: 'any', fields: [], syntax: 'proto2', requiredCount: 0 };

type Fault = RuntimeContainer['faults'][number];

/** Reads folder by folder, and remembers the first that it may not see. */
class Walk {
  readonly #host: Host;
  readonly containers: RuntimeContainer[] = [];
  readonly strays: string[] = [];
  denied: Known<never> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  containersIn(folder: string, root: string | undefined): void {
    for (const id of this.#list(folder)) {
      const path = `${folder}/${id}`;
      if (!this.#isFolder(path)) {
        this.strays.push(path);
        continue;
      }
      this.containers.push(this.#container(path, root ?? id, root !== undefined));
      this.containersIn(`${path}/containers`, root ?? id);
    }
  }

  #container(path: string, root: string, isNested: boolean): RuntimeContainer {
    const faults = [
      this.#pid(path, 'pid', 'pid'),
      this.#record(path, 'config'),
      this.#record(path, 'launch_info'),
      this.#switchboard(path),
    ];
    return {
      path,
      root,
      isNested,
      hasTermination: this.#has(`${path}/termination`),
      isDoomed: this.#has(`${path}/force_destroy_on_recovery`),
      isStandalone: this.#has(`${path}/standalone.marker`),
      hasPid: this.#has(`${path}/pid`),
      faults: faults.filter((fault) => fault !== undefined),
    };
  }

  #pid(folder: string, name: string, file: Fault['file']): Fault | undefined {
    const path = `${folder}/${name}`;
    const bytes = this.#host.read(path);
    if (bytes === undefined) return undefined;
    if (isUnseen(bytes)) {
      if (bytes.code === 'EISDIR') return { file, path, problem: 'it is a folder' };
      this.denied ??= unseen(path, bytes);
      return undefined;
    }
    const text = textOf(bytes);
    if (parseInteger(text) !== undefined) return undefined;
    return { file, path, problem: text === '' ? 'it is empty' : 'it holds no number' };
  }

  /** Of an empty one the agent says that it is none. */
  #record(folder: string, file: 'config' | 'launch_info'): Fault | undefined {
    const path = `${folder}/${file}`;
    const found = readRecordAt(this.#host, path, shapeOf(ANY, {}));
    if (!found.known) {
      this.denied ??= found;
      return undefined;
    }
    const { state, problem } = recordState(found.value);
    return state === 'damaged' ? { file, path, problem } : undefined;
  }

  /** A container that has this folder must have the pid of its server (`IOSwitchboard::recover`). */
  #switchboard(folder: string): Fault | undefined {
    const path = `${folder}/io_switchboard`;
    if (!this.#has(path)) return undefined;
    return this.#has(`${path}/pid`)
      ? this.#pid(path, 'pid', 'io_switchboard')
      : { file: 'io_switchboard', path: `${path}/pid`, problem: 'it is not there' };
  }

  /** `<container>/<network>/<interface>/network.info`, as `NetworkCniIsolatorProcess::_recover` reads it. */
  networksIn(root: string): readonly FileFault[] {
    return this.#list(root).flatMap((container) => {
      const path = `${root}/${container}`;
      if (!this.#isFolder(path)) return [{ path, problem: 'it is not a folder' }];
      return this.#foldersIn(path).flatMap((network) => this.#networkFaults(network));
    });
  }

  #networkFaults(network: string): readonly FileFault[] {
    const interfaces = this.#foldersIn(network);
    if (interfaces.length > 1) return [{ path: network, problem: 'it has more than one interface' }];
    return interfaces.flatMap((each): readonly FileFault[] => {
      const path = `${each}/network.info`;
      const bytes = this.#host.read(path);
      if (bytes === undefined) return [];
      if (isUnseen(bytes)) {
        if (bytes.code === 'EISDIR') return [{ path, problem: 'it is a folder' }];
        this.denied ??= unseen(path, bytes);
        return [];
      }
      const text = textOf(bytes);
      return isJsonObject(text) ? [] : [{ path, problem: text === '' ? 'it is empty' : 'it is not an object of JSON' }];
    });
  }

  #foldersIn(folder: string): readonly string[] {
    return this.#list(folder)
      .map((name) => `${folder}/${name}`)
      .filter((path) => this.#isFolder(path));
  }

  #list(path: string): readonly string[] {
    const names = this.#host.list(path);
    if (!isUnseen(names)) return names ?? [];
    this.denied ??= unseen(path, names);
    return [];
  }

  #isFolder(path: string): boolean {
    const stat = this.#host.stat(path);
    // A link that leads in a circle leads to no folder.
    if (isUnseen(stat) && stat.code !== 'ELOOP') this.denied ??= unseen(path, stat);
    return stat !== undefined && !isUnseen(stat) && stat.kind === 'folder';
  }

  #has(path: string): boolean {
    const stat = this.#host.stat(path);
    if (isUnseen(stat)) this.denied ??= unseen(path, stat);
    return stat !== undefined && !isUnseen(stat);
  }
}

const isJsonObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};
