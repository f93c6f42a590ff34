import { shapeOf } from '../../format/shape.ts';
import { type Host, isUnseen } from '../../host/host.ts';
import { type Known, known, mapKnown, unseen } from '../../host/known.ts';
import { KINDS } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { messageType } from '../../schema/index.ts';
import { baseName } from '../../source/source.ts';
import { readRecordAt, recordState } from './record-at.ts';

/** A file with state that the agent keeps beside its tasks' checkpoint. */
export interface StateFile {
  /** Absolute, on the host. */
  readonly path: string;
  readonly state: 'readable' | 'empty' | 'damaged';
  /** What is wrong with it; '' where nothing is. */
  readonly problem: string;
}

/** Some files of one kind, or why they were not seen. */
export type StateFiles = Known<readonly StateFile[]>;

/** Everything of that kind on a host. */
export interface StateFacts {
  /** The folder of a LevelDB database: undefined where it is not there. */
  readonly registry: Known<Registry | undefined>;
  readonly resourceProviders: StateFiles;
  readonly csiVolumes: StateFiles;
  readonly csiContainers: StateFiles;
  readonly dockerVolumes: StateFiles;
  readonly imageStore: StateFiles;
}

/** What tells whether a LevelDB database will open. */
export interface Registry {
  readonly path: string;
  /** The manifest that `CURRENT` names; undefined where there is no `CURRENT`. */
  readonly manifest: string | undefined;
  /** What keeps it from opening, and the path of that; undefined where nothing is seen that does. */
  readonly fault: { readonly at: string; readonly text: string } | undefined;
}

/** The folders that state is looked for in. */
export interface StatePlaces {
  readonly workDir: string;
  /** The folder of the latest agent, relative to the work_dir. */
  readonly agent: Known<string | undefined>;
  readonly dockerVolumeDir: Known<string>;
  readonly dockerStoreDir: Known<string>;
}

/** Looks at the agent's other state. */
export const readState = (host: Host, { workDir, agent, dockerVolumeDir, dockerStoreDir }: StatePlaces): StateFacts => {
  return {
    registry: ofAgent(agent, undefined, (path) => readRegistry(host, `${workDir}/${path}`)),
    resourceProviders: ofAgent(agent, [], (path) => readProviders(host, `${workDir}/${path}`)),
    csiVolumes: recordsAt(host, csiVolumePaths(host, `${workDir}/csi`), 'volume.state'),
    csiContainers: recordsAt(host, childrenOf(host, `${workDir}/isolators/volume/csi`, 'volumes'), 'volumes'),
    dockerVolumes: dockerVolumeDir.known ? readDockerVolumes(host, dockerVolumeDir.value) : dockerVolumeDir,
    imageStore: recordsAt(
      host,
      mapKnown(dockerStoreDir, (folder) => [`${folder}/storedImages`]),
      'storedImages',
    ),
  };
};

/** What is below the latest agent's folder; `none` where there is no agent. */
const ofAgent = <T>(agent: StatePlaces['agent'], none: T, read: (path: string) => Known<T>): Known<T> => {
  if (!agent.known) return agent;
  return agent.value === undefined ? known(none) : read(agent.value);
};

/** The names in a folder; none where it is not there. */
const namesIn = (host: Host, path: string): Known<readonly string[]> => {
  const entries = host.list(path);
  return isUnseen(entries) ? unseen(path, entries) : known(entries ?? []);
};

/** A file in each folder of a folder. */
const childrenOf = (host: Host, path: string, file: string): Known<readonly string[]> => {
  const entries = namesIn(host, path);
  return entries.known ? known(entries.value.map((name) => `${path}/${name}/${file}`)) : entries;
};

/** What is found under each of some paths. */
const flat = (
  paths: Known<readonly string[]>,
  below: (path: string) => Known<readonly string[]>,
): Known<readonly string[]> => {
  if (!paths.known) return paths;
  const all: string[] = [];
  for (const path of paths.value) {
    const more = below(path);
    if (!more.known) return more;
    for (const each of more.value) all.push(each);
  }
  return known(all);
};

const folders = (host: Host, path: string): Known<readonly string[]> => {
  const entries = namesIn(host, path);
  return entries.known ? known(entries.value.map((name) => `${path}/${name}`)) : entries;
};

/** `<csi>/<type>/<name>/volumes/<volume>/volume.state` */
const csiVolumePaths = (host: Host, csi: string): Known<readonly string[]> =>
  flat(
    flat(folders(host, csi), (type) => folders(host, type)),
    (name) => childrenOf(host, `${name}/volumes`, 'volume.state'),
  );

/** `resource_providers/<type>/<name>/<id>/resource_provider.state`, of the provider that `latest` names. */
const readProviders = (host: Host, agentFolder: string): StateFiles => {
  const all = flat(folders(host, `${agentFolder}/${names.RESOURCE_PROVIDERS}`), (type) => folders(host, type));
  const states = flat(all, (name) => {
    const target = host.link(`${name}/${names.LATEST}`);
    if (isUnseen(target)) return unseen(`${name}/${names.LATEST}`, target);
    return known(target === undefined ? [] : [`${name}/${baseName(target)}/resource_provider.state`]);
  });
  return recordsAt(host, states, 'resource_provider.state');
};

/** The kinds of state that are one record. */
type RecordKind = 'resource_provider.state' | 'volume.state' | 'volumes' | 'storedImages';

const recordsAt = (host: Host, paths: Known<readonly string[]>, kind: RecordKind): StateFiles => {
  if (!paths.known) return paths;
  const files: StateFile[] = [];
  for (const path of paths.value) {
    const file = readRecordAt(host, path, shapeOf(messageType(KINDS[kind].message), true));
    if (!file.known) return file;
    if (file.value.kind !== 'absent') files.push({ path, ...recordState(file.value) });
  }
  return known(files);
};

/** A text of JSON each, `{"volumes": [{"driver", "name"}]}` (`DockerVolumeIsolatorProcess::_recover`). */
const readDockerVolumes = (host: Host, folder: string): StateFiles => {
  const paths = childrenOf(host, folder, 'volumes');
  if (!paths.known) return paths;
  const files: StateFile[] = [];
  for (const path of paths.value) {
    const bytes = host.read(path);
    if (isUnseen(bytes) && bytes.code !== 'EISDIR') return unseen(path, bytes);
    if (bytes === undefined) continue;
    files.push(
      isUnseen(bytes)
        ? { path, state: 'damaged', problem: 'it is a folder' }
        : { path, ...judgeDockerVolumes(bytes.toString('utf8')) },
    );
  }
  return known(files);
};

const judgeDockerVolumes = (text: string): Pick<StateFile, 'state' | 'problem'> => {
  if (text === '') return { state: 'empty', problem: 'it is empty' };
  const damaged = (problem: string): Pick<StateFile, 'state' | 'problem'> => ({ state: 'damaged', problem });
  try {
    const { volumes = [] } = JSON.parse(text) as { volumes?: readonly { driver?: unknown; name?: unknown }[] };
    const isVolume = ({ driver, name }: { driver?: unknown; name?: unknown }): boolean =>
      typeof driver === 'string' && typeof name === 'string';
    if (!Array.isArray(volumes) || !volumes.every(isVolume)) return damaged('it is not a list of docker volumes');
    const keys = volumes.map(({ driver, name }) => JSON.stringify([driver, name]));
    return new Set(keys).size < keys.length ? damaged('it names a volume twice') : { state: 'readable', problem: '' };
  } catch {
    return damaged('it is not JSON');
  }
};

/** LevelDB opens by `CURRENT`, which names a manifest; without it a new and empty database is made. */
/** Mirrors what `DB::Open` of LevelDB needs: a folder, `CURRENT` with a name and a newline, and records in what that names. */
const readRegistry = (host: Host, agentFolder: string): Known<Registry | undefined> => {
  const path = `${agentFolder}/${names.RESOURCE_PROVIDER_REGISTRY}`;
  const stat = host.stat(path);
  if (isUnseen(stat)) return unseen(path, stat);
  if (stat === undefined) return known(undefined);
  const broken = (at: string, text: string): Known<Registry> => known({ path, manifest: '', fault: { at, text } });
  if (stat.kind !== 'folder') return broken(path, 'it is not a folder');
  const current = host.read(`${path}/CURRENT`);
  if (isUnseen(current) && current.code === 'EISDIR') return broken(`${path}/CURRENT`, 'CURRENT is a folder');
  if (isUnseen(current)) return unseen(`${path}/CURRENT`, current);
  if (current === undefined) return known({ path, manifest: undefined, fault: undefined });
  const [, manifest] = /^(MANIFEST-\d+)\n$/.exec(current.toString('latin1')) ?? [];
  if (manifest === undefined) return broken(`${path}/CURRENT`, 'CURRENT names no manifest');
  const found = host.stat(`${path}/${manifest}`);
  if (isUnseen(found)) return unseen(`${path}/${manifest}`, found);
  if (found === undefined) return broken(path, `CURRENT names ${manifest}, which is missing`);
  if (found.size === 0) return broken(`${path}/${manifest}`, `CURRENT names ${manifest}, which is empty`);
  return known({ path, manifest, fault: undefined });
};
