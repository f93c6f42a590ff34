import type { TracedText } from '../../agent/flags/origin.ts';
import { baseName } from '../../source/source.ts';
import type { RunCommand } from '../shell/state.ts';
import { EXECUTORS_SLICE } from '../systemd/facts.ts';
import { isShutdownSignal } from '../systemd/settings.ts';

/** How a command ends executors; `doubt` says why that is not sure. */
export interface Ended {
  readonly doubt: string | undefined;
}

/** What a command ends of the executors, itself or by way of the agent; undefined where nothing. */
export const endedBy = ({ words: [program, ...args] }: RunCommand): Ended | undefined => {
  switch (baseName(program?.value ?? '')) {
    case 'kill':
      return killed(args);
    case 'pkill':
    case 'killall':
      return killedByName(baseName(program?.value ?? ''), args);
    case 'systemctl':
      return byManager(args);
    case 'docker':
    case 'podman':
      return containersEnded(args);
    case 'xargs': {
      const at = args.findIndex(({ value }) => ['docker', 'podman'].includes(baseName(value)));
      const all = { value: '', origin: args[0]?.origin, unknown: 'another command tells it' };
      return at < 0 ? undefined : containersEnded([...args.slice(at + 1), all as TracedText]);
    }
    default:
      return undefined;
  }
};

const sure: Ended = { doubt: undefined };

/** The signal that options name, and what is no option of it. */
const splitSignal = (
  args: readonly TracedText[],
): { readonly signal: string | undefined; readonly rest: readonly TracedText[] } => {
  const rest: TracedText[] = [];
  let signal: string | undefined;
  let isNext = false;
  for (const argument of args) {
    const { value } = argument;
    const [, joined] = /^(?:--signal=|-s=?)(.+)$/.exec(value) ?? [];
    if (isNext) signal = value;
    else if (joined !== undefined) signal = joined;
    else if (/^-(?:\d+|(?:SIG)?[A-Z][A-Z0-9]{2,})$/.test(value)) signal = value.slice(1);
    else if (!/^(?:-s|-n|--signal)$/.test(value)) rest.push(argument);
    isNext = !isNext && /^(?:-s|-n|--signal)$/.test(value);
  }
  return { signal, rest };
};

/** `kill -USR1 $MAINPID`: systemd alone knows that pid, so that nothing stands in its place. */
const killed = (args: readonly TracedText[]): Ended | undefined => {
  const { signal, rest } = splitSignal(args);
  if (signal === undefined || !isShutdownSignal(signal)) return undefined;
  const isOther = rest.some(({ value }) => !/^(?:|--|\$\{?MAINPID\}?)$/.test(value));
  return isOther ? { doubt: 'whether the pid is that of the agent is not known' } : sure;
};

const AGENTS = ['mesos-agent', 'mesos-slave'];
/** Of executors: what the kernel calls them, in 15 letters, and the beginning of their command lines. */
const EXECUTORS = ['mesos-container', 'mesos-executor', 'mesos-docker-ex', 'mesos-default-e'];
const COMMAND_LINES = [
  'mesos-containerizer launch',
  '/usr/libexec/mesos/mesos-containerizer launch',
  'mesos-executor --launcher_dir=/usr/libexec/mesos',
  'mesos-docker-executor --container=mesos-',
  'mesos-default-executor --launcher_dir=/usr/libexec/mesos',
];

/** Options of pkill that select among what has the name. */
const SELECTS = /^-[A-Za-z]*[PgGuUtoniv]|^--(?:parent|pgroup|group|euid|uid|terminal|oldest|newest|inverse|ns)/;

const killedByName = (program: string, args: readonly TracedText[]): Ended | undefined => {
  const { signal = 'TERM', rest } = splitSignal(args);
  if (signal === '0') return undefined;
  const options = rest.filter(({ value }) => value.startsWith('-'));
  const [pattern] = rest.filter(({ value }) => !value.startsWith('-')).slice(-1);
  if (pattern === undefined || pattern.unknown !== undefined) return undefined;
  const isWhole = options.some(({ value }) => /^-[a-z]*f/.test(value) || value === '--full');
  const isExact = program === 'killall' || options.some(({ value }) => /^-[a-z]*x/.test(value) || value === '--exact');
  const isNamed = (name: string): boolean => matches(pattern.value, name, isExact);
  const names = isWhole && program === 'pkill' ? COMMAND_LINES : EXECUTORS;
  const isHit = names.some(isNamed) || (isShutdownSignal(signal) && AGENTS.some(isNamed));
  if (!isHit) return undefined;
  return options.some(({ value }) => SELECTS.test(value)) && program === 'pkill'
    ? { doubt: 'it selects among what has that name' }
    : sure;
};

const matches = (pattern: string, name: string, isExact: boolean): boolean => {
  try {
    return new RegExp(isExact ? `^(?:${pattern})$` : pattern).test(name) || (isExact && pattern.slice(0, 15) === name);
  } catch {
    return false;
  }
};

/** `systemctl kill -s USR1 UNIT`, and all that ends the slice of executors. */
const byManager = (args: readonly TracedText[]): Ended | undefined => {
  const { signal, rest } = splitSignal(args);
  const [verb, ...units] = rest.filter(({ value }) => !value.startsWith('-')).map(({ value }) => value);
  const isSlice = units.includes(EXECUTORS_SLICE) && ['stop', 'kill', 'restart'].includes(verb ?? '');
  const isSignalled =
    verb === 'kill' && isShutdownSignal(signal ?? '') && units.some((name) => /mesos-(?:agent|slave)/.test(name));
  return isSlice || isSignalled ? sure : undefined;
};

/** `docker stop $(docker ps -q)`: the executors' containers may be among them. */
const containersEnded = (args: readonly TracedText[]): Ended | undefined => {
  const words = args.filter(({ value, unknown }) => unknown !== undefined || !value.startsWith('-'));
  const own = words[0]?.value === 'container' ? words.slice(1) : words;
  const [verb, ...named] = own;
  const isForced = args.some(({ value }) => /^-[a-z]*f|^--force$/.test(value));
  const isEnding = ['stop', 'kill', 'restart'].includes(verb?.value ?? '') || (verb?.value === 'rm' && isForced);
  const isOfExecutors = named.some(({ value, unknown }) => unknown !== undefined || /^mesos-[0-9a-f]{8}-/.test(value));
  return isEnding && isOfExecutors ? { doubt: 'which containers it ends is not known' } : undefined;
};
