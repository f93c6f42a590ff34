import { posix } from 'node:path';
import type { TracedText } from '../../agent/flags/origin.ts';
import { isAgentProgram } from '../../agent/program.ts';
import { baseName } from '../../source/source.ts';
import { type Host, namesAt, textAt } from '../host.ts';
import { matchesPattern } from '../shell/pattern.ts';
import type { RunCommand } from '../shell/state.ts';

/** What a checkpoint is called. */
export interface CheckpointNames {
  /** Paths that lead to the work_dir. */
  readonly workDirs: readonly string[];
  /** The folders of agents in `meta/slaves`. */
  readonly agents: readonly string[];
  /** The device that the work_dir is on. */
  readonly device: string | undefined;
}

/** What a command takes away. */
export interface Removed {
  readonly kind: 'removes' | 'sandboxes' | 'cleans-up' | 'untold';
  /** Why that is not sure. */
  readonly doubt: string | undefined;
}

/** Whether nothing but the command's own condition is in doubt. */
export const isSure = ({ doubt }: Removed): boolean => doubt === undefined;

/** What a command takes away; undefined where nothing, `'none'` where it is no program that is known to remove. */
export const removedBy = (host: Host, command: RunCommand, names: CheckpointNames): Removed | undefined | 'none' => {
  const [program, ...args] = command.words;
  const name = baseName(program?.value ?? '');
  if (isAgentProgram(name)) return cleanup(args, command);
  if (/^mkfs(?:\..*)?$|^(?:mke2fs|wipefs|blkdiscard|mkswap)$/.test(name)) return formatted(args, names);
  switch (name) {
    case 'rm':
    case 'unlink':
    case 'shred':
      return removedPaths(host, command, pathsOf(args), isRecursive(args), names);
    case 'truncate':
      return removedPaths(host, command, pathsOf(args).slice(-1), false, names);
    case 'ln':
      return args.some(({ value }) => /^-[A-Za-z]*f|^--force$/.test(value))
        ? removedPaths(host, command, pathsOf(args).slice(-1), false, names)
        : undefined;
    case 'umount':
      return unmounted(args, names);
    case 'mv':
      return movedAway(host, command, args, names);
    case 'find':
      return found(host, command, args, names);
    case 'xargs':
      return piped(host, command, args, names);
    case 'rsync':
      return args.some(({ value }) => /^--del/.test(value))
        ? maybe(
            removedPaths(host, command, pathsOf(args).slice(-1), true, names),
            'rsync deletes what its source lacks',
          )
        : undefined;
    case 'mount':
      return isTmpfs(args) ? removedPaths(host, command, pathsOf(args).slice(-1), true, names) : undefined;
    case 'systemd-tmpfiles':
      return tmpfiles(host, command, args, names);
    default:
      return 'none';
  }
};

/** An agent that cleans up, by its command line or else by its environment. */
const cleanup = (args: readonly TracedText[], { environment }: RunCommand): Removed | undefined => {
  const given = args.findLast(({ value }) => /^--recover=/i.test(value))?.value.replace(/^--recover=/i, '');
  const value = given ?? environment?.get('MESOS_RECOVER')?.value;
  return value !== undefined && /^["']?cleanup["']?$/.test(value) ? { kind: 'cleans-up', doubt: undefined } : undefined;
};

const isRecursive = (args: readonly TracedText[]): boolean =>
  args.some(({ value }) => /^-[A-Za-z]*[rR]/.test(value) || value === '--recursive');

/** What is no option; behind `--` everything is. */
const pathsOf = (args: readonly TracedText[]): readonly TracedText[] => {
  const end = args.findIndex(({ value }) => value === '--');
  return args.filter(({ value }, i) => (end >= 0 && i > end) || !value.startsWith('-'));
};

const maybe = (removed: Removed | undefined, doubt: string): Removed | undefined =>
  removed === undefined ? undefined : { ...removed, doubt: removed.doubt ?? doubt };

/** What the worst of some paths takes away. */
const removedPaths = (
  host: Host,
  command: RunCommand,
  paths: readonly TracedText[],
  isRecursiveRemoval: boolean,
  names: CheckpointNames,
): Removed | undefined => {
  const all = paths.flatMap(({ value, unknown }): readonly Removed[] => {
    if (unknown !== undefined) return [{ kind: 'untold', doubt: unknown }];
    return braced(value).flatMap((path): readonly Removed[] => {
      const full = path.startsWith('/')
        ? path
        : command.folder === undefined
          ? undefined
          : posix.join(command.folder, path);
      if (full === undefined) return [{ kind: 'untold', doubt: 'the folder that it runs in is not known' }];
      const kind = removedPath(host, full, isRecursiveRemoval, names);
      return kind === undefined ? [] : [{ kind, doubt: undefined }];
    });
  });
  const order = ['removes', 'sandboxes', 'untold'];
  return all.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))[0];
};

/** `{a,b}` as the shell writes it out. */
const braced = (text: string): readonly string[] => {
  const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(text);
  if (match === null) return [text];
  const [, before = '', inside = '', after = ''] = match;
  return inside.split(',').flatMap((each) => braced(`${before}${each}${after}`));
};

/** What a path, which may have patterns, takes away of a work_dir. */
const removedPath = (
  host: Host,
  path: string,
  isRecursiveRemoval: boolean,
  { workDirs, agents }: CheckpointNames,
): 'removes' | 'sandboxes' | undefined => {
  const parts = partsOf(host, path);
  const all =
    workDirs.length > 0 ? workDirs : ['/var/lib/mesos', '/var/lib/mesos/slave', '/var/lib/mesos/agent', '/tmp/mesos'];
  for (const workDir of all) {
    const base = workDir.split('/').filter((part) => part !== '');
    const known = agents.length > 0 ? agents : ['AGENT'];
    for (const key of ['latest', ...known].map((agent) => [...base, 'meta', 'slaves', agent])) {
      const isHit = parts.every((part, i) => i >= key.length || isPart(part, key[i] ?? ''));
      if (!isHit) continue;
      // Without -r only what is no folder goes: the link itself, and files of an agent.
      const isFile = parts.length > key.length || (parts.length === key.length && key.at(-1) === 'latest');
      if (isRecursiveRemoval || isFile) return 'removes';
    }
    const sandboxes = [...base, 'slaves'];
    const isSandboxes =
      parts.length <= base.length + 2 &&
      parts.every((part, i) => i >= sandboxes.length || isPart(part, sandboxes[i] ?? ''));
    if (isRecursiveRemoval && isSandboxes && parts.length > base.length) return 'sandboxes';
  }
  return undefined;
};

/** The parts of a path: where it leads through links, what it leads to. */
const partsOf = (host: Host, path: string): readonly string[] => {
  const parts = posix
    .normalize(path)
    .split('/')
    .filter((part) => part !== '');
  if (parts.some((part) => /[*?[]/.test(part))) return parts;
  for (let at = parts.length; at > 0; at -= 1) {
    const link = host.link(`/${parts.slice(0, at).join('/')}`);
    // A link that is removed itself leads to nothing that is removed.
    if (typeof link !== 'string' || (at === parts.length && !path.endsWith('/'))) continue;
    const target = posix.join('/', ...parts.slice(0, at - 1), link.startsWith('/') ? '/' : link);
    const real = link.startsWith('/') ? link : target;
    return [...posix.normalize(real).split('/'), ...parts.slice(at)].filter((part) => part !== '');
  }
  return parts;
};

/** A pattern finds no name that begins with a point. */
const isPart = (pattern: string, name: string): boolean =>
  /[*?[]/.test(pattern)
    ? !name.startsWith('.') && (matchesPattern(name, pattern) || (name === 'AGENT' && /\*/.test(pattern)))
    : pattern === name;

/** Without its disk the work_dir is empty. */
const unmounted = (args: readonly TracedText[], { workDirs, device }: CheckpointNames): Removed | undefined =>
  pathsOf(args).some(({ value }) => value === device || workDirs.includes(value.replace(/(.)\/$/, '$1')))
    ? { kind: 'removes', doubt: 'it takes the disk away, unless something mounts it again' }
    : undefined;

/** All but the last is moved, or all but what `-t` names; to rename what is within a work_dir is to take it away too. */
const movedAway = (
  host: Host,
  command: RunCommand,
  args: readonly TracedText[],
  names: CheckpointNames,
): Removed | undefined => {
  const target = args.findIndex(({ value }) => value === '-t' || value === '--target-directory');
  const kept = args.filter((_, i) => target < 0 || (i !== target && i !== target + 1));
  const paths = pathsOf(kept);
  const isNamed = target >= 0 || args.some(({ value }) => /^(?:-t.+|--target-directory=)/.test(value));
  return removedPaths(host, command, isNamed ? paths : paths.slice(0, -1), true, names);
};

/** Tests of find that leave out some of what is there. */
const SELECTS =
  /^-(?:[acm](?:time|min)|newer.*|size|user|group|uid|gid|perm|empty|regex|iregex|path|ipath|wholename|prune|not|o|or|links|inum|samefile)$|^[!(]$/;
const NAMES = ['meta', 'slaves', 'latest', 'slave.info', 'frameworks', 'executors', 'runs', 'boot_id'];

const found = (
  host: Host,
  command: RunCommand,
  args: readonly TracedText[],
  names: CheckpointNames,
): Removed | undefined => {
  const texts = args.map(({ value }) => value);
  const first = texts.findIndex((text) => /^[-(!]/.test(text) && !/^-[HLPDO]/.test(text));
  const paths = args.slice(0, first < 0 ? args.length : first).filter(({ value }) => !value.startsWith('-'));
  const at = texts.findIndex((text) => /^-(?:exec|execdir|ok)$/.test(text));
  const isDeleting =
    texts.includes('-delete') || (at >= 0 && ['rm', 'unlink', 'mv', 'shred'].includes(baseName(texts[at + 1] ?? '')));
  if (!isDeleting)
    return at >= 0 && !isPlain(texts[at + 1] ?? '')
      ? { kind: 'untold', doubt: `what ${texts[at + 1]} does is not known` }
      : undefined;
  const patterns = texts.flatMap((text, i) => (/^-i?name$/.test(text) ? [texts[i + 1] ?? ''] : []));
  const isNamed =
    patterns.length === 0 ||
    patterns.some((pattern) => [...NAMES, ...names.agents].some((name) => matchesPattern(name, pattern)));
  if (!isNamed) return undefined;
  const below = removedPaths(
    host,
    command,
    paths.length > 0 ? paths : [{ value: '.', origin: command.origin, unknown: undefined }],
    true,
    names,
  );
  return texts.some((text) => SELECTS.test(text)) ? maybe(below, 'it removes what its conditions select') : below;
};

const isPlain = (program: string): boolean =>
  /^(?:ch(?:own|mod|grp|con)|ls|echo|cat|stat|grep|touch|gzip|setfacl)$/.test(baseName(program));

/** `find ... | xargs rm`: what find finds is removed; of anything else it is not known what. */
const piped = (
  host: Host,
  command: RunCommand,
  args: readonly TracedText[],
  names: CheckpointNames,
): Removed | undefined => {
  const at = args.findIndex(({ value }) => ['rm', 'unlink', 'mv', 'shred'].includes(baseName(value)));
  if (at < 0) return undefined;
  const [program, ...given] = command.input?.words ?? [];
  if (command.input !== undefined && baseName(program?.value ?? '') === 'find') {
    const extra = { value: '-delete', origin: command.origin, unknown: undefined };
    return found(host, command.input, [...given, extra], names);
  }
  return { kind: 'untold', doubt: 'what it removes, another command tells it' };
};

const formatted = (args: readonly TracedText[], { device }: CheckpointNames): Removed | undefined => {
  const devices = pathsOf(args).filter(({ value, unknown }) => unknown !== undefined || value.startsWith('/dev/'));
  if (devices.some(({ value }) => value === device)) return { kind: 'removes', doubt: undefined };
  const isUnclear = devices.some(
    ({ value, unknown }) => unknown !== undefined || /^\/dev\/(?:disk|mapper)\//.test(value),
  );
  return isUnclear || device === undefined
    ? { kind: 'untold', doubt: 'which device the work_dir is on is not known' }
    : undefined;
};

const isTmpfs = (args: readonly TracedText[]): boolean =>
  args.some(
    ({ value }, i) => /^(?:-t)?(?:tmpfs|ramfs)$/.test(value) && (value.startsWith('-t') || args[i - 1]?.value === '-t'),
  ) || args.some(({ value }) => /^--types=(?:tmpfs|ramfs)$/.test(value));

const TMPFILES_FOLDERS = ['/etc/tmpfiles.d', '/run/tmpfiles.d', '/usr/lib/tmpfiles.d'];

/** `systemd-tmpfiles --remove`: the lines of its files that remove (tmpfiles.d(5)). */
const tmpfiles = (
  host: Host,
  command: RunCommand,
  args: readonly TracedText[],
  names: CheckpointNames,
): Removed | undefined => {
  const isRemoving = args.some(({ value }) => value === '--remove' || value === '--purge');
  const isCleaning = args.some(({ value }) => value === '--clean');
  if (!isRemoving && !isCleaning) return undefined;
  const given = pathsOf(args).map(({ value }) => value);
  const files =
    given.length > 0
      ? given.flatMap((file) => (file.startsWith('/') ? [file] : TMPFILES_FOLDERS.map((folder) => `${folder}/${file}`)))
      : TMPFILES_FOLDERS.flatMap((folder) => namesAt(host, folder).map((name) => `${folder}/${name}`));
  const lines = files.flatMap((file) => (textAt(host, file) ?? '').split('\n')).map((line) => line.trim().split(/\s+/));
  const paths = lines
    .filter(([type = '']) => (isRemoving ? /^[rRD][!+=-]*$/ : /^[dDevqQ][!+=-]*$/).test(type))
    .filter((line) => isRemoving || (line[5] ?? '-') !== '-')
    .map(([, path = '']) => ({ value: path, origin: command.origin, unknown: undefined }));
  const removed = removedPaths(host, command, paths, true, names);
  return isRemoving ? removed : maybe(removed, 'it removes what is older than its files say');
};
