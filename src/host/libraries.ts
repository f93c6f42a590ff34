import { posix } from 'node:path';
import { textOf } from '../text/lossless.ts';
import { linkedWith } from './elf.ts';
import type { AgentFlags } from './flags/agent-flags.ts';
import { type Host, isRunningRoot, isUnseen, namesAt, textAt } from './host.ts';
import { findProgram, programSearch } from './programs.ts';

/** Libraries that the agent's program is linked with, and that the loader does not find. */
export interface MissingLibraries {
  readonly program: string;
  readonly names: readonly string[];
}

const USUAL = ['/lib', '/usr/lib', '/lib64', '/usr/lib64'];
/** What every program is linked with: where that is not there, the root has no libraries at all. */
const ALWAYS = 'libc.so.6';

/**
 * Libraries of the agent's program that are in none of the folders that the loader looks through (ld.so(8)); undefined where
 * that cannot be told: the program is no ELF or not here, is in a container, or the root has no libraries.
 */
export const missingLibraries = (host: Host, flags: AgentFlags): MissingLibraries | undefined => {
  const { program, container, environment } = flags;
  if (program === undefined || container !== undefined || !isRunningRoot(host)) return undefined;
  const path = findProgram(host, program, programSearch(flags));
  const bytes = path.known && path.value !== undefined ? host.read(path.value) : undefined;
  if (!path.known || path.value === undefined || bytes === undefined || isUnseen(bytes)) return undefined;
  const linked = linkedWith(bytes);
  if (linked === undefined) return undefined;
  const own = posix.dirname(host.real(path.value) ?? path.value);
  const folders = [
    ...linked.folders.map((folder) => folder.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, own)),
    ...(environment.get('LD_LIBRARY_PATH')?.value.split(':') ?? []),
    ...configured(host, '/etc/ld.so.conf'),
    ...USUAL.flatMap((folder) => [folder, ...ofMachines(host, folder)]),
  ].filter((folder) => folder.startsWith('/'));
  const cached = cachedPaths(host);
  const isThere = (name: string): boolean =>
    [...folders.map((folder) => `${folder}/${name}`), ...(cached.get(name) ?? [])].some(
      (each) => host.stat(each) !== undefined,
    );
  const names = linked.needed.filter((name) => /^[\w.+-]+$/.test(name) && !isThere(name));
  return names.includes(ALWAYS) ? undefined : { program: path.value, names };
};

/** Folders that are named for a machine: `/usr/lib/x86_64-linux-gnu`. */
const ofMachines = (host: Host, folder: string): readonly string[] =>
  namesAt(host, folder)
    .filter((name) => /^\w+-linux-gnu\w*$/.test(name))
    .map((name) => `${folder}/${name}`);

/** Folders of ld.so.conf, with the files that it includes from a folder. */
const configured = (host: Host, path: string): readonly string[] =>
  (textAt(host, path) ?? '').split('\n').flatMap((line) => {
    const [word = '', pattern = ''] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (word !== 'include') return word === '' ? [] : [word];
    const folder = posix.resolve('/etc', posix.dirname(pattern));
    return namesAt(host, folder)
      .filter((name) => name.endsWith('.conf'))
      .flatMap((name) => (textAt(host, `${folder}/${name}`) ?? '').split('\n').map((each) => each.trim()));
  });

/** The paths of libraries in the loader's cache, by their names. */
const cachedPaths = (host: Host): ReadonlyMap<string, readonly string[]> => {
  const bytes = host.read('/etc/ld.so.cache');
  const paths = new Map<string, readonly string[]>();
  if (bytes === undefined || isUnseen(bytes)) return paths;
  for (const text of textOf(bytes).split('\0')) {
    if (!text.startsWith('/') || !/\.so(?:\.|$)/.test(text)) continue;
    const name = posix.basename(text);
    paths.set(name, [...(paths.get(name) ?? []), text]);
  }
  return paths;
};
