import { posix } from 'node:path';
import { Environment } from '../../agent/flags/environment.ts';
import type { Origin, TracedText } from '../../agent/flags/origin.ts';
import { isAgentProgram } from '../../agent/program.ts';
import { baseName } from '../../source/source.ts';
import { textOf } from '../../text/lossless.ts';
import type { ContainerStart } from '../flags/agent-process.ts';
import { hostPathOf } from '../flags/contained.ts';
import { startedContainer } from '../flags/docker-config.ts';
import { commandIn, containerOf, isContainerClient, readDockerRun } from '../flags/docker-run.ts';
import { insideOf } from '../flags/inside.ts';
import { type Host, isUnseen } from '../host.ts';
import { evaluate, TOO_MUCH } from '../shell/evaluate.ts';
import { newWork, type RunCommand, ShellState } from '../shell/state.ts';
import { givenToShell, isShell, startedBehind } from './starters.ts';

/** A command that is run beside the agent, and what could not be looked into. */
export interface FollowedCommand {
  readonly command: RunCommand;
  /** Why what it does is not known; undefined where it is a program. */
  readonly unfollowed: string | undefined;
}

/** Scripts that start each other are followed so deep. */
const MAX_DEPTH = 6;
const MOST_BYTES = 1 << 20;

/** The programs that a command comes to: what shells and scripts would run, and what stands behind `sudo` and its like. */
export const followCommand = (
  host: Host,
  command: RunCommand,
  environment: Environment,
  depth = 0,
  work = newWork(),
): readonly FollowedCommand[] => {
  const [program] = command.words;
  if (program === undefined) return [];
  if (program.unknown !== undefined) return [{ command, unfollowed: program.unknown }];
  if (work.left < 0) return [{ command, unfollowed: TOO_MUCH }];
  if (depth > MAX_DEPTH) return [{ command, unfollowed: 'scripts start each other too deep' }];
  const started = givenToShell(command.words) === undefined ? startedBehind(command.words) : undefined;
  if (started !== undefined) {
    return started.length === 0
      ? []
      : followCommand(host, { ...command, words: started }, environment, depth + 1, work);
  }
  const inside = inContainer(host, command, environment);
  if (inside !== undefined) {
    const all = followCommand(inside.host, inside.command, inside.environment, depth + 1, work);
    return all.map((each) => ({ ...each, command: onHost(each.command, inside.container) }));
  }
  const script = scriptOf(host, command);
  if (script === undefined) return [{ command, unfollowed: undefined }];
  if ('why' in script) return [{ command, unfollowed: script.why }];
  const state = new ShellState(host, false, work);
  state.positional = script.args;
  state.folder = command.folder;
  if (script.isFile) state.script = script.origin.place;
  state.doubt = command.doubt;
  for (const variable of command.environment ?? environment) {
    state.variables.set(variable.name, { ...variable, isExported: true });
  }
  evaluate(state, { text: script.text, place: script.origin.place, line: script.origin.line }, [], () => false);
  if (baseName(program.value) === 'mesos-init-wrapper') return ofPackages(state);
  const own = state.commands.flatMap((each) => followCommand(host, each, environment, depth + 1, work));
  return state.unfollowed === undefined ? own : [...own, { command, unfollowed: state.unfollowed }];
};

/** A command in a container, and the host as it is seen from there. */
interface Inside {
  readonly host: Host;
  readonly container: ContainerStart;
  readonly command: RunCommand;
  readonly environment: Environment;
}

/** A command whose script is told by its path on the host, where a volume has it. */
const onHost = (command: RunCommand, container: ContainerStart): RunCommand => {
  const { place, line } = command.origin;
  const path = place.startsWith('/') ? hostPathOf(place, container) : undefined;
  return path === undefined ? command : { ...command, origin: { place: path, line } };
};

/** What `docker run` has a container run, and the host as it is seen from there; undefined where the image decides that. */
const inContainer = (host: Host, command: RunCommand, environment: Environment): Inside | undefined => {
  const [program, ...args] = command.words;
  if (program === undefined || !isContainerClient(program.value)) return undefined;
  const inside = new Environment();
  const kept = startedContainer(host, args);
  if (kept !== undefined) {
    const { container, environment: own } = kept;
    const words = [kept.program, ...kept.args];
    return {
      host: insideOf(host, container),
      container,
      command: { ...command, words, folder: undefined, environment: own },
      environment: own,
    };
  }
  const run = readDockerRun(host, args, command.environment ?? environment, inside);
  const words = run && commandIn(run);
  if (run === undefined || words === undefined) return undefined;
  const container = containerOf(run, program.origin);
  return {
    host: insideOf(host, container),
    container,
    command: { ...command, words, folder: undefined, environment: inside },
    environment: inside,
  };
};

/**
 * Of the packages' own script, which no reader of files can follow to its end, what an operator has put into it or into the
 * files that it reads.
 */
const ofPackages = ({ commands }: ShellState): readonly FollowedCommand[] =>
  commands
    .filter(({ words }) => /^(?:rm|mv|unlink|find|mesos-agent|mesos-slave)$/.test(baseName(words[0]?.value ?? '')))
    .map((command) => ({ command, unfollowed: undefined }));

/** A text of shell that a command runs, with what it is given. */
interface FoundScript {
  readonly text: string;
  readonly origin: Origin;
  readonly args: readonly TracedText[];
  /** Whether it is a file, which has a path. */
  readonly isFile: boolean;
}

/** The text of shell that a command runs; why it cannot be read; undefined where it is a program. */
const scriptOf = (host: Host, command: RunCommand): FoundScript | { readonly why: string } | undefined => {
  const [program, ...args] = command.words;
  if (program === undefined) return undefined;
  const given = givenToShell(command.words);
  if (given !== undefined && 'text' in given) {
    const { text } = given;
    return text.unknown === undefined
      ? { text: text.value, origin: text.origin, args: given.args, isFile: false }
      : { why: text.unknown };
  }
  if (given !== undefined) return readScript(host, absolute(given.file, command), given.args, true);
  if (isShell(program.value)) return { why: 'it is given its commands while it runs' };
  if (baseName(program.value) === 'mesos-init-wrapper') {
    const agent = args[0]?.value === 'agent' ? 'agent' : 'slave';
    const own = program.value.startsWith('/') ? host.read(program.value) : undefined;
    const text = own === undefined || isUnseen(own) ? '' : textOf(own);
    const files = `. /etc/default/mesos; . /etc/default/mesos-${agent}`;
    return { text: `${text}\n${files}\n`, origin: { place: program.value, line: 1 }, args, isFile: true };
  }
  return program.value.includes('/') ? readScript(host, absolute(program, command), args, false) : undefined;
};

/** A path that counts from the folder that a command is run in. */
const absolute = (path: TracedText, { folder }: RunCommand): TracedText =>
  path.value.startsWith('/') || folder === undefined ? path : { ...path, value: posix.join(folder, path.value) };

const readScript = (
  host: Host,
  { value: path, unknown }: TracedText,
  args: readonly TracedText[],
  isGivenToShell: boolean,
): ReturnType<typeof scriptOf> => {
  if (unknown !== undefined) return { why: unknown };
  const bytes = path.startsWith('/') ? host.read(path) : undefined;
  if (isUnseen(bytes) && !isGivenToShell && host.isNoScript?.(path) === true) return undefined;
  if (isUnseen(bytes)) return bytes.code === 'EISDIR' ? undefined : { why: `${path} may not be read (${bytes.code})` };
  if (bytes === undefined) return isGivenToShell ? { why: `${path} is not there` } : undefined;
  const head = textOf(bytes, 0, Math.min(bytes.length, 256));
  if (isAgentProgram(path) && head.includes('libtool')) return undefined;
  if (!isGivenToShell && !head.startsWith('#!')) return undefined;
  if (bytes.length > MOST_BYTES) return { why: `${path} is too long to be followed` };
  if (!isGivenToShell && !/^#![^\n]*sh\b/.test(head)) return { why: `${path} is not a script of the shell` };
  return { text: textOf(bytes), origin: { place: path, line: 1 }, args, isFile: true };
};
