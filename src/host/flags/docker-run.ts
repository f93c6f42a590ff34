import type { Environment } from '../../agent/flags/environment.ts';
import type { Origin, TracedText } from '../../agent/flags/origin.ts';
import { baseName } from '../../source/source.ts';
import { type Host, type Looked, lookAt, textAt } from '../host.ts';
import type { ContainerStart, Volume } from './agent-process.ts';

/** Options of `docker run` that take no value; all others take one. */
const SWITCHES = new Set([
  ...[
    '--detach',
    '--disable-content-trust',
    '--help',
    '--init',
    '--interactive',
    '--no-healthcheck',
    '--oom-kill-disable',
  ],
  ...['--privileged', '--publish-all', '--quiet', '--read-only', '--rm', '--sig-proxy', '--tty', '--use-api-socket'],
]);

/** Letters of options without a value: `-dit`. */
const SHORT_SWITCHES = /^-[ditqP]+$/;

/** A container that `docker run` starts. */
export interface DockerRun {
  readonly image: string;
  /** Behind the image. */
  readonly args: readonly TracedText[];
  readonly looked: readonly Looked[];
  readonly hasHostPids: boolean;
  readonly hasHostNetwork: boolean;
  readonly volumes: readonly Volume[];
  readonly user: string | undefined;
  /** The program, where it is not the image's. */
  readonly entrypoint: TracedText | undefined;
}

/** Whether a program starts containers as docker's client does. */
export const isContainerClient = (program: string): boolean => /^(?:docker|podman)$/.test(baseName(program));

/** The command that runs in a container; undefined where that is the image's, with the arguments that it is given. */
export const commandIn = ({ entrypoint, args }: DockerRun): readonly TracedText[] | undefined => {
  if (entrypoint !== undefined) return [entrypoint, ...args];
  const [first] = args;
  return first === undefined || (first.value.startsWith('-') && first.unknown === undefined) ? undefined : args;
};

/** The container, as the agent's start knows it. */
export const containerOf = (run: DockerRun, origin: Origin): ContainerStart => ({
  image: run.image,
  hasHostPids: run.hasHostPids,
  hasHostNetwork: run.hasHostNetwork,
  volumes: run.volumes,
  user: run.user,
  origin,
});

/**
 * Reads the arguments behind `docker`: the image, what it is given, and its environment, which is set in `inside`. The
 * client's own environment (`outside`) is not the container's; `-e NAME` passes one variable on. Undefined where it is no
 * `docker run`.
 */
export const readDockerRun = (
  host: Host,
  args: readonly TracedText[],
  outside: Environment,
  inside: Environment,
): DockerRun | undefined => {
  const start = args.findIndex(({ value }) => value === 'run');
  if (start < 0 || args.slice(0, start).some(({ value }) => !value.startsWith('-'))) return undefined;
  const looked: Looked[] = [];
  const volumes: Volume[] = [];
  let hasHostPids = false;
  let hasHostNetwork = false;
  let user: string | undefined;
  let entrypoint: TracedText | undefined;
  let at = start + 1;
  while (at < args.length) {
    const argument = args[at] as TracedText;
    const { value } = argument;
    if (!value.startsWith('-')) break;
    at += 1;
    if (SWITCHES.has(value) || SHORT_SWITCHES.test(value)) continue;
    const [, name = value, joined] = /^(--[^=]+)=(.*)$/s.exec(value) ?? /^(-[a-zA-Z])=?(.+)$/s.exec(value) ?? [];
    const isJoined = joined !== undefined && !(value.startsWith('-') && !value.startsWith('--') && value.length === 2);
    const option = isJoined ? { ...argument, value: joined } : args[at];
    if (!isJoined) at += 1;
    if (option === undefined) break;
    if (name === '-e' || name === '--env') setVariable(option, outside, inside);
    if (name === '--pid') hasHostPids = option.value === 'host';
    if (name === '--net' || name === '--network') hasHostNetwork = option.value === 'host';
    if (name === '--entrypoint' && option.value !== '') entrypoint = option;
    if (name === '-u' || name === '--user') user = option.value;
    if (name === '-v' || name === '--volume' || name === '--mount') volumes.push(...volumesIn(host, option.value));
    if (name === '--env-file') readFile(host, option, outside, inside, looked);
  }
  const image = args[at];
  return image === undefined
    ? undefined
    : {
        image: image.value,
        args: args.slice(at + 1),
        looked,
        hasHostPids,
        hasHostNetwork,
        volumes,
        user,
        entrypoint,
      };
};

/** `HOST:INSIDE` with options behind, or `type=bind,source=HOST,target=INSIDE`; docker keeps what has a name among its own. */
const volumesIn = (host: Host, text: string): readonly Volume[] => {
  const fields = new Map(text.split(',').map((field) => field.split('=', 2) as [string, string | undefined]));
  const isMount = fields.has('type') || fields.has('target') || fields.has('destination');
  const [given, inside] = isMount
    ? [
        fields.get('source') ?? fields.get('src'),
        fields.get('target') ?? fields.get('destination') ?? fields.get('dst'),
      ]
    : text.split(':');
  if (given === undefined || inside?.startsWith('/') !== true || fields.get('type') === 'tmpfs') return [];
  if (given.startsWith('/')) return [{ host: given, inside }];
  return /^[\w][\w.-]*$/.test(given) ? [{ host: namedVolume(host, given), inside }] : [];
};

/** Where docker keeps what is in a volume of its own. */
export const namedVolume = (host: Host, name: string): string => `${dataRoot(host)}/volumes/${name}/_data`;

/** Where docker keeps volumes and what it knows of containers. */
export const dataRoot = (host: Host): string => {
  const text = textAt(host, '/etc/docker/daemon.json') ?? '';
  return /"(?:data-root|graph)"\s*:\s*"(\/[^"\\]*)"/.exec(text)?.[1]?.replace(/\/$/, '') ?? '/var/lib/docker';
};

const setVariable = (text: TracedText, outside: Environment, inside: Environment): void => {
  const at = text.value.indexOf('=');
  if (at >= 0) inside.set(text.value.slice(0, at), { ...text, value: text.value.slice(at + 1) });
  else {
    const passed = outside.get(text.value);
    if (passed !== undefined) inside.set(text.value, passed);
  }
};

/** A line a variable, without quotes or escapes; `#` begins a comment at a line's start alone. */
const readFile = (
  host: Host,
  { value: place }: TracedText,
  outside: Environment,
  inside: Environment,
  looked: Looked[],
): void => {
  for (const [i, line] of (lookAt(host, place, looked) ?? '').split('\n').entries()) {
    const value = line.replace(/^[ \t]+/, '').replace(/\r$/, '');
    if (value === '' || value.startsWith('#')) continue;
    setVariable({ value, origin: { place, line: i + 1 }, unknown: undefined }, outside, inside);
  }
};
