import type { Environment } from '../../agent/flags/environment.ts';
import type { Origin, TracedText } from '../../agent/flags/origin.ts';
import { baseName } from '../../source/source.ts';
import { textOf } from '../../text/lossless.ts';
import { type Host, isUnseen } from '../host.ts';
import { evaluate } from '../shell/evaluate.ts';
import { type RunCommand, ShellState } from '../shell/state.ts';

/** A command that is run beside the agent, and what could not be looked into. */
export interface FollowedCommand {
  readonly command: RunCommand;
  /** Why what it does is not known; undefined where it is a program. */
  readonly unfollowed: string | undefined;
}

/** Scripts that start each other are followed so deep. */
const MAX_DEPTH = 6;
const MOST_BYTES = 1 << 20;

/** Programs that start what stands behind them, and their options that take a value. */
const STARTERS: Readonly<Record<string, string>> = {
  ...{
    sudo: 'ugpCrth',
    env: 'uC',
    nice: 'n',
    ionice: 'cnp',
    nohup: '',
    setsid: '',
    exec: 'a',
    command: '',
    builtin: '',
  },
  ...{
    time: 'fo',
    timeout: 'ks',
    flock: 'wE',
    chrt: 'TPD',
    stdbuf: 'ioe',
    busybox: '',
    runuser: 'ug',
    'systemd-inhibit': '',
  },
};

/** The programs that a command comes to: what shells and scripts would run, and what stands behind `sudo` and its like. */
export const followCommand = (
  host: Host,
  command: RunCommand,
  environment: Environment,
  depth = 0,
): readonly FollowedCommand[] => {
  const [program, ...args] = command.words;
  if (program === undefined) return [];
  if (program.unknown !== undefined) return [{ command, unfollowed: program.unknown }];
  const name = baseName(program.value);
  if (depth > MAX_DEPTH) return [{ command, unfollowed: 'scripts start each other too deep' }];
  if (Object.hasOwn(STARTERS, name)) {
    const words = behind(name, args);
    return words.length === 0 ? [] : followCommand(host, { ...command, words }, environment, depth + 1);
  }
  const script = scriptOf(host, command, name, args);
  if (script === undefined) return [{ command, unfollowed: undefined }];
  if ('why' in script) return [{ command, unfollowed: script.why }];
  const state = new ShellState(host);
  state.positional = script.args;
  state.folder = command.folder;
  state.doubt = command.doubt;
  for (const variable of environment) state.variables.set(variable.name, { ...variable, isExported: true });
  evaluate(state, { text: script.text, place: script.origin.place, line: script.origin.line }, [], () => false);
  if (name === 'mesos-init-wrapper') return ofPackages(state);
  const own = state.commands.flatMap((each) => followCommand(host, each, environment, depth + 1));
  return state.unfollowed === undefined ? own : [...own, { command, unfollowed: state.unfollowed }];
};

/**
 * Of the packages' own script, which no reader of files can follow to its end, what an operator has put into it or into the
 * files that it reads.
 */
const ofPackages = ({ commands }: ShellState): readonly FollowedCommand[] =>
  commands
    .filter(({ words }) => /^(?:rm|mv|unlink|find|mesos-agent|mesos-slave)$/.test(baseName(words[0]?.value ?? '')))
    .map((command) => ({ command, unfollowed: undefined }));

/** What stands behind a starter, its options and assignments left out. */
const behind = (name: string, args: readonly TracedText[]): readonly TracedText[] => {
  let at = 0;
  for (; at < args.length; at += 1) {
    const value = args[at]?.value ?? '';
    const isAssignment = (name === 'env' || name === 'sudo') && /^\w+=/.test(value);
    if (!value.startsWith('-') && !isAssignment) break;
    if (value === '--') {
      at += 1;
      break;
    }
    if (/^-[A-Za-z]$/.test(value) && STARTERS[name]?.includes(value.slice(1))) at += 1;
  }
  // The time, or the file of a lock, comes before the program.
  return args.slice(name === 'timeout' || name === 'flock' ? at + 1 : at);
};

/** The text of shell that a command runs; why it cannot be read; undefined where it is a program. */
const scriptOf = (
  host: Host,
  command: RunCommand,
  name: string,
  args: readonly TracedText[],
):
  | { readonly text: string; readonly origin: Origin; readonly args: readonly TracedText[] }
  | { readonly why: string }
  | undefined => {
  if (/^(?:ba|da|k|z)?sh$/.test(name)) {
    const at = args.findIndex(({ value }) => /^-[a-z]*c$/.test(value));
    const text = at < 0 ? undefined : args[at + 1];
    if (text?.unknown !== undefined) return { why: text.unknown };
    if (text !== undefined) return { text: text.value, origin: text.origin, args: args.slice(at + 3) };
    const file = args.findIndex(({ value }) => !/^[-+]/.test(value));
    const path = args[file];
    if (path === undefined) return { why: 'it is given its commands while it runs' };
    return readScript(host, path, args.slice(file + 1), true) ?? undefined;
  }
  const [program] = command.words;
  if (name === 'mesos-init-wrapper') {
    const agent = args[0]?.value === 'agent' ? 'agent' : 'slave';
    const own = program?.value.startsWith('/') === true ? host.read(program.value) : undefined;
    const text = own === undefined || isUnseen(own) ? '' : textOf(own);
    const files = `. /etc/default/mesos; . /etc/default/mesos-${agent}`;
    return { text: `${text}\n${files}\n`, origin: { place: program?.value ?? name, line: 1 }, args };
  }
  return program?.value.startsWith('/') === true ? readScript(host, program, args, false) : undefined;
};

const readScript = (
  host: Host,
  { value: path, unknown }: TracedText,
  args: readonly TracedText[],
  isShell: boolean,
): ReturnType<typeof scriptOf> => {
  if (unknown !== undefined) return { why: unknown };
  const bytes = path.startsWith('/') ? host.read(path) : undefined;
  if (isUnseen(bytes)) return bytes.code === 'EISDIR' ? undefined : { why: `${path} may not be read (${bytes.code})` };
  if (bytes === undefined) return isShell ? { why: `${path} is not there` } : undefined;
  const head = textOf(bytes, 0, Math.min(bytes.length, 256));
  if (!isShell && !head.startsWith('#!')) return undefined;
  if (bytes.length > MOST_BYTES) return { why: `${path} is too long to be followed` };
  if (!isShell && !/^#![^\n]*sh\b/.test(head)) return { why: `${path} is no script of the shell` };
  return { text: textOf(bytes), origin: { place: path, line: 1 }, args };
};
