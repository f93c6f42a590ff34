import { textOf } from '../../text/lossless.ts';
import { type Host, isUnseen } from '../host.ts';
import type { Looked } from './agent-flags.ts';
import type { Environment, Given } from './process.ts';

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
  readonly args: readonly Given[];
  readonly looked: readonly Looked[];
  readonly hasHostPids: boolean;
  /** Folders of the host, and where they are in it. */
  readonly volumes: readonly { readonly host: string; readonly inside: string }[];
}

/**
 * Reads the arguments behind `docker`: the image, what it is given, and its environment, which is set in `inside`. The
 * client's own environment (`outside`) is not the container's; `-e NAME` passes one variable on. Undefined where it is no
 * `docker run`.
 */
export const readDockerRun = (
  host: Host,
  args: readonly Given[],
  outside: Environment,
  inside: Environment,
): DockerRun | undefined => {
  const start = args.findIndex(({ value }) => value === 'run');
  if (start < 0 || args.slice(0, start).some(({ value }) => !value.startsWith('-'))) return undefined;
  const looked: Looked[] = [];
  const volumes: { host: string; inside: string }[] = [];
  let hasHostPids = false;
  let at = start + 1;
  while (at < args.length) {
    const given = args[at] as Given;
    const { value } = given;
    if (!value.startsWith('-')) break;
    at += 1;
    if (SWITCHES.has(value) || SHORT_SWITCHES.test(value)) continue;
    const [, name = value, joined] = /^(--[^=]+)=(.*)$/s.exec(value) ?? /^(-[a-zA-Z])=?(.+)$/s.exec(value) ?? [];
    const isJoined = joined !== undefined && !(value.startsWith('-') && !value.startsWith('--') && value.length === 2);
    const option = isJoined ? { ...given, value: joined } : args[at];
    if (!isJoined) at += 1;
    if (option === undefined) break;
    if (name === '-e' || name === '--env') setVariable(option, outside, inside);
    if (name === '--pid') hasHostPids = option.value === 'host';
    if (name === '-v' || name === '--volume' || name === '--mount') volumes.push(...volumesIn(option.value));
    if (name === '--env-file') readFile(host, option, outside, inside, looked);
  }
  const image = args[at];
  return image === undefined
    ? undefined
    : { image: image.value, args: args.slice(at + 1), looked, hasHostPids, volumes };
};

/** `HOST:INSIDE` with options behind, or `type=bind,source=HOST,target=INSIDE`; a volume that has a name is in no folder. */
const volumesIn = (text: string): readonly { readonly host: string; readonly inside: string }[] => {
  const fields = new Map(text.split(',').map((field) => field.split('=', 2) as [string, string | undefined]));
  const isMount = fields.has('type') || fields.has('target') || fields.has('destination');
  const [host, inside] = isMount
    ? [
        fields.get('source') ?? fields.get('src'),
        fields.get('target') ?? fields.get('destination') ?? fields.get('dst'),
      ]
    : text.split(':');
  return host?.startsWith('/') === true && inside?.startsWith('/') === true ? [{ host, inside }] : [];
};

const setVariable = (given: Given, outside: Environment, inside: Environment): void => {
  const at = given.value.indexOf('=');
  if (at >= 0) inside.set(given.value.slice(0, at), { ...given, value: given.value.slice(at + 1) });
  else {
    const passed = outside.get(given.value);
    if (passed !== undefined) inside.set(given.value, passed);
  }
};

/** A line a variable, without quotes or escapes; `#` begins a comment at a line's start alone. */
const readFile = (host: Host, given: Given, outside: Environment, inside: Environment, looked: Looked[]): void => {
  const bytes = host.read(given.value);
  const isRead = bytes !== undefined && !isUnseen(bytes);
  looked.push({ place: given.value, outcome: isRead ? 'read' : bytes === undefined ? 'absent' : 'unseen' });
  if (!isRead) return;
  for (const [i, line] of textOf(bytes).split('\n').entries()) {
    const text = line.replace(/^[ \t]+/, '').replace(/\r$/, '');
    if (text === '' || text.startsWith('#')) continue;
    setVariable({ value: text, origin: { place: given.value, line: i + 1 }, unknown: undefined }, outside, inside);
  }
};
