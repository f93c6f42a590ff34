import { posix } from 'node:path';
import { parseJsonObject } from '../agent/flags/notation/json.ts';
import { jsonText, type ReadText } from '../agent/flags/notation/value.ts';
import type { FlagValues } from '../agent/flags/values.ts';
import { parseVersion, type Version } from '../agent/version.ts';
import { READ, SEARCH } from './access.ts';
import { type Host, isUnseen, textAt } from './host.ts';
import { ifKnown, type Known, known, unseen } from './known.ts';
import { lookAtPath, type NamedPath, type PathSetting } from './named-paths.ts';
import { agentsIn, type Processes } from './processes.ts';

/** A module of a library, as a manifest names it. */
export interface NamedModule {
  /** Undefined where the manifest leaves it out, which ends the agent. */
  readonly name: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
  /** The same as a text: two of one name have to be alike. */
  readonly signature: string;
}

/** A library that a manifest names. */
export interface ModuleLibrary {
  /** `--modules`, or the manifest's path. */
  readonly manifest: string;
  readonly modules: readonly NamedModule[];
  /** As the manifest names it; undefined where it names neither a file nor a library. */
  readonly name: string | undefined;
  /** Its file; undefined where the loader looks for it. */
  readonly file: NamedPath | undefined;
  /** Versions of Mesos whose texts are in it: it was compiled with one of them. */
  readonly versions: readonly Version[];
  /** Whether it is a library at all; undefined where it was not read. */
  readonly isLibrary: boolean | undefined;
  /** Of its modules those whose names are not in it. */
  readonly without: readonly string[];
  /** Whether the agent that runs has it loaded. */
  readonly isLoaded: boolean;
}

/** A manifest that the agent cannot read. */
export interface BadManifest {
  readonly path: string;
  readonly why: string;
}

/** The modules that an agent loads. */
export interface ModuleFacts {
  /** `--modules` or `--modules_dir`; undefined where neither is set. */
  readonly flag: { readonly by: string; readonly origin: string } | undefined;
  /** The folder of `--modules_dir`. */
  readonly folder: NamedPath | undefined;
  readonly libraries: Known<readonly ModuleLibrary[]>;
  readonly bad: readonly BadManifest[];
}

/** Reads which modules an agent loads. */
export const readModules = (
  host: Host,
  flags: FlagValues,
  processes: Known<Processes>,
  { read, ...setting }: PathSetting & { readonly read: ReadText },
): ModuleFacts => {
  const nothing: ModuleFacts = { flag: undefined, folder: undefined, libraries: known([]), bad: [] };
  const own = flags('modules');
  const dir = flags('modules_dir');
  for (const value of [own, dir]) {
    if (value.kind === 'unknown') {
      const libraries = { known: false as const, why: value.why, needsRoot: false };
      return { ...nothing, flag: { by: '--modules', origin: value.from }, libraries };
    }
  }
  const maps = mapsOf(host, processes);
  if (own.kind === 'set') {
    const text = jsonText(own.value, read);
    const flag = { by: '--modules', origin: own.from };
    // A value that is no JSON is told with the flags.
    const parsed = text.ok ? librariesIn(host, '--modules', own.from, text.value, maps, setting) : undefined;
    return { ...nothing, flag, libraries: known(Array.isArray(parsed) ? parsed : []), bad: badOf('--modules', parsed) };
  }
  if (dir.kind !== 'set') return nothing;
  const flag = { by: '--modules_dir', origin: dir.from };
  const folder = lookAtPath(host, { ...flag, path: dir.value }, READ | SEARCH, setting);
  const names = host.list(folder.onHost);
  if (isUnseen(names)) return { ...nothing, flag, folder, libraries: unseen(folder.onHost, names) };
  const libraries: ModuleLibrary[] = [];
  const bad: BadManifest[] = [];
  for (const name of names ?? []) {
    const path = `${dir.value}/${name}`;
    const manifest = lookAtPath(host, { by: path, path, origin: dir.from }, READ, setting);
    if (manifest.kind.known && manifest.kind.value === 'folder') bad.push({ path, why: 'it is a folder' });
    else if (manifest.denial.known && manifest.denial.value !== undefined) {
      bad.push({
        path,
        why: `the agent's user may not read it: ${manifest.denial.value.at} is ${manifest.denial.value.owner}`,
      });
    } else if (!manifest.content.known) return { ...nothing, flag, folder, libraries: manifest.content, bad };
    else {
      const parsed = librariesIn(host, path, dir.from, manifest.content.value.toString('utf8'), maps, setting);
      if (Array.isArray(parsed)) for (const library of parsed) libraries.push(library);
      bad.push(...badOf(path, parsed));
    }
  }
  return { flag, folder, libraries: known(libraries), bad };
};

const badOf = (path: string, parsed: readonly ModuleLibrary[] | string | undefined): readonly BadManifest[] =>
  typeof parsed === 'string' ? [{ path, why: parsed }] : [];

const mapsOf = (host: Host, processes: Known<Processes>): string => {
  const [agent] = agentsIn(ifKnown(processes) ?? new Map());
  return agent === undefined ? '' : (textAt(host, `/proc/${agent.pid}/maps`) ?? '');
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The libraries of a manifest, `{"libraries": [{"file", "modules": [{"name", "parameters"}]}]}`, or why it is none. */
const librariesIn = (
  host: Host,
  manifest: string,
  origin: string,
  text: string,
  maps: string,
  setting: PathSetting,
): readonly ModuleLibrary[] | string => {
  const parsed = parseJsonObject(text);
  if (!parsed.ok) return parsed.message;
  const { libraries = [] } = parsed.value;
  if (!Array.isArray(libraries) || !libraries.every(isObject)) return 'its libraries are not a list of objects';
  const all: ModuleLibrary[] = [];
  for (const library of libraries as readonly Readonly<Record<string, unknown>>[]) {
    const modules = modulesIn(library['modules'] ?? []);
    if (typeof modules === 'string') return modules;
    const { file, name } = library;
    const own = typeof file === 'string' ? file : typeof name === 'string' ? `lib${name}.so` : undefined;
    const hasFile = typeof file === 'string' && file.includes('/');
    const path = hasFile ? lookAtPath(host, { by: manifest, path: file, origin }, READ, setting) : undefined;
    all.push({
      manifest,
      modules,
      name: own,
      file: path,
      ...inside(path, modules),
      isLoaded: own !== undefined && maps.includes(`/${posix.basename(own)}`),
    });
  }
  return all;
};

const modulesIn = (given: unknown): readonly NamedModule[] | string => {
  if (!Array.isArray(given) || !given.every(isObject)) return 'its modules are not a list of objects';
  return (given as readonly Readonly<Record<string, unknown>>[]).map(({ name, parameters = [] }) => {
    const pairs = (Array.isArray(parameters) ? parameters.filter(isObject) : []).map(
      ({ key, value }): [string, string] => [String(key), String(value)],
    );
    const signature = JSON.stringify(pairs);
    return { name: typeof name === 'string' ? name : undefined, parameters: new Map(pairs), signature };
  });
};

/** A text of three numbers that ends with a NUL, as a version is compiled into a module. */
const VERSION_TEXT = /(?<![\d.])(1\.\d{1,2}\.\d{1,2})\0/g;

/** What a library's file shows: names of symbols, and the texts that are compiled into it. */
const inside = (
  path: NamedPath | undefined,
  modules: readonly NamedModule[],
): Pick<ModuleLibrary, 'versions' | 'isLibrary' | 'without'> => {
  if (path?.content.known !== true) return { versions: [], isLibrary: undefined, without: [] };
  const text = path.content.value.toString('latin1');
  if (!text.startsWith('\x7fELF')) return { versions: [], isLibrary: false, without: [] };
  const versions = [...new Set([...text.matchAll(VERSION_TEXT)].map(([, version]) => version ?? ''))];
  // What is longer was not read as a whole.
  const isWhole = path.content.value.length < 16 * 1024 * 1024;
  const names = modules.flatMap(({ name }) => name ?? []);
  return {
    versions: versions.map(parseVersion).filter((version) => version !== undefined),
    isLibrary: true,
    without: isWhole ? names.filter((name) => !text.includes(`${name}\0`)) : [],
  };
};
