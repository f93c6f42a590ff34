import { posix } from 'node:path';
import { Environment } from '../../agent/flags/environment.ts';
import type { Origin, Refusal, Remark, TracedText } from '../../agent/flags/origin.ts';
import { isAgentProgram } from '../../agent/program.ts';
import { baseName } from '../../source/source.ts';
import { textOf } from '../../text/lossless.ts';
import { type Host, isUnseen, type Looked } from '../host.ts';
import { evaluate } from '../shell/evaluate.ts';
import { newWork, ShellState, type Work } from '../shell/state.ts';
import { isHarmless } from '../start/harmless.ts';
import { givenToShell, hasOwnEnvironment, startedBehind, userOfStarter } from '../start/starters.ts';
import type { Distribution } from './agent-flags.ts';
import type { AgentProcess } from './agent-process.ts';
import { type KeptContainer, startedContainer } from './docker-config.ts';
import { commandIn, containerOf, type DockerRun, isContainerClient, readDockerRun } from './docker-run.ts';
import { insideOf } from './inside.ts';
import { followWrapper } from './mesosphere.ts';

/** What is started, and with what. */
export interface Started {
  readonly program: TracedText;
  readonly args: readonly TracedText[];
  readonly environment: Environment;
  /** The folder that it is started in; undefined where that is not known. */
  readonly folder?: string | undefined;
  /** Whether the program is a script that is followed. */
  readonly isScript?: boolean | undefined;
}

/** The agent that is found behind what is started. */
export interface Unwrapped {
  readonly agent: AgentProcess;
  readonly distribution: Distribution | undefined;
  readonly looked: readonly Looked[];
}

/** Commands that start each other are followed so deep. */
const MAX_DEPTH = 5;

/** How many commands were looked behind, and how much more may be. */
interface Depth {
  readonly steps: number;
  readonly work: Work;
}

const newDepth = (): Depth => ({ steps: 0, work: newWork() });
const deeper = ({ steps, work }: Depth): Depth => ({ steps: steps + 1, work });

/** How a certain kind of program is looked through; undefined where it is not of that kind. */
type Peel = (host: Host, started: Started, depth: Depth) => Unwrapped | undefined;

/** Finds the agent behind what a unit starts: itself, a script of the packages, a shell, `env`, docker, anything else. */
export const unwrap = (host: Host, started: Started, depth = newDepth()): Unwrapped => {
  for (const peel of PEELS) {
    const found = depth.steps > MAX_DEPTH || depth.work.left < 0 ? undefined : peel(host, started, depth);
    if (found === undefined) continue;
    return withStarter(found, [started.program, ...started.args]);
  }
  return opaque(started, `what ${started.program.value} starts the agent with cannot be told`);
};

/** What a command that starts another one does to it besides: it may make it another user's, or take its environment away. */
const withStarter = (behind: Unwrapped, words: readonly TracedText[]): Unwrapped => {
  const { agent } = behind;
  const user = agent.user ?? userOfStarter(words);
  const isOwn = hasOwnEnvironment(words);
  if (user === agent.user && !isOwn) return behind;
  const [{ value: name, origin } = { value: '', origin: undefined }] = words;
  const remark = { text: `what ${name} passes on of the environment, other files say`, origin };
  return {
    ...behind,
    agent: {
      ...agent,
      user,
      isComplete: agent.isComplete && !isOwn,
      remarks: isOwn ? [...agent.remarks, remark] : agent.remarks,
    },
  };
};

const found = (started: Started, remarks: readonly Remark[] = [], isComplete = true): Unwrapped => ({
  agent: {
    program: started.program.value,
    args: started.args,
    environment: started.environment,
    refusals: [],
    remarks,
    isComplete,
  },
  distribution: undefined,
  looked: [],
});

const opaque = (started: Started, text: string): Unwrapped => {
  const { agent, ...rest } = found({ ...started, args: [] }, [{ text, origin: started.program.origin }], false);
  return { ...rest, agent: { ...agent, program: undefined } };
};

/** The agent itself; a script of that name, as in `/etc/init.d`, where it cannot be followed to another one, too. */
const peelAgent: Peel = (host, started, depth) =>
  isAgentProgram(started.program.value) ? (peelScript(host, started, depth) ?? found(started)) : undefined;

const peelPackages: Peel = (host, { program, args, environment }) => {
  const name = args[0]?.value;
  if (baseName(program.value) !== 'mesos-init-wrapper' || (name !== 'slave' && name !== 'agent')) return undefined;
  return { ...followWrapper(host, environment, name), distribution: 'mesosphere' };
};

const peelEnv: Peel = (host, { program, args, environment }, depth) => {
  if (baseName(program.value) !== 'env') return undefined;
  let inside = environment.copy();
  for (const [i, argument] of args.entries()) {
    const { value } = argument;
    const at = value.indexOf('=');
    if (value === '-i' || value === '-' || value === '--ignore-environment') inside = new Environment();
    else if (value.startsWith('-')) return opaque({ program, args, environment }, `${value} of env is not followed`);
    else if (at > 0) inside.set(value.slice(0, at), { ...argument, value: value.slice(at + 1) });
    else return unwrap(host, { program: argument, args: args.slice(i + 1), environment: inside }, deeper(depth));
  }
  return undefined;
};

const peelDocker: Peel = (host, started, depth) => {
  if (!isContainerClient(started.program.value)) return undefined;
  const inside = new Environment();
  const run = readDockerRun(host, started.args, started.environment, inside);
  if (run === undefined) return unwrapStarted(host, started, depth);
  const { origin } = started.program;
  const container = containerOf(run, origin);
  const behind = agentInside(host, run, started.program, inside, depth);
  return {
    ...behind,
    agent: {
      ...behind.agent,
      remarks: [
        ...behind.agent.remarks,
        { text: `the image ${run.image} may set flags of its own, which the host's files do not tell`, origin },
      ],
      isComplete: false,
      container,
    },
    looked: [...run.looked, ...behind.looked],
  };
};

/** `docker start NAME`: docker keeps what the container was made with, and what its image has is in that already. */
const unwrapStarted: Peel = (host, { args }, depth) => {
  const kept = startedContainer(host, args);
  return kept && unwrapKept(host, kept, depth);
};

/** The agent in a container that docker keeps. */
export const unwrapKept = (host: Host, kept: KeptContainer, depth = newDepth()): Unwrapped => {
  const { container, program, args, environment, place } = kept;
  const behind = unwrap(insideOf(host, container), { program, args, environment }, deeper(depth));
  return {
    ...behind,
    agent: { ...behind.agent, container },
    looked: [{ place, outcome: 'read' }, ...behind.looked],
  };
};

/** The agent that a container is started with: behind its own command, or else behind the image's. */
const agentInside = (
  host: Host,
  run: DockerRun,
  client: TracedText,
  environment: Environment,
  depth: Depth,
): Unwrapped => {
  const [program = client, ...args] = commandIn(run) ?? [{ ...client, value: 'mesos-agent' }, ...run.args];
  const behind = unwrap(insideOf(host, containerOf(run, client.origin)), { program, args, environment }, deeper(depth));
  // A program of the image's is taken to become the agent, with what the container is given.
  return behind.agent.program === undefined
    ? { ...behind, agent: { ...behind.agent, program: 'mesos-agent', args, environment } }
    : behind;
};

/** A text of shell, with the place that its lines are in. */
interface ShellText {
  readonly text: string;
  readonly origin: Origin;
}

/** Follows a text of shell in thought until it comes to the agent. */
const followShell = (
  host: Host,
  { text, origin }: ShellText,
  started: Started,
  depth: Depth,
): Unwrapped | undefined => {
  const state = new ShellState(host, false, depth.work);
  const looked: Looked[] = [];
  state.positional = started.args;
  state.folder = started.folder;
  // A text that has lines of its own is a script.
  if (started.isScript === true) state.script = origin.place;
  state.stopsAtFailure = /^#![^\n]*sh\s+-[a-z]*e/.test(text);
  for (const variable of started.environment) state.variables.set(variable.name, { ...variable, isExported: true });
  let behind: Unwrapped | undefined;
  const doubtful: Unwrapped[] = [];
  evaluate(state, { text, place: origin.place, line: origin.line }, looked, (words, environment, at) => {
    const isExec = words[0]?.text === 'exec';
    const texts = words.slice(isExec ? 1 : 0).flatMap((word) =>
      word.fields.map(
        (value): TracedText => ({
          // A flag is told by its beginning, where the rest of it is not known.
          value: word.unknown === undefined ? value : value.replace(/^["']/, ''),
          origin: at,
          unknown: word.unknown,
        }),
      ),
    );
    const [program, ...args] = texts;
    if (program === undefined || program.unknown !== undefined) return false;
    const next = unwrap(host, { program, args, environment, folder: state.folder }, deeper(depth));
    if (next.agent.program === undefined) return false;
    if (state.doubt !== undefined) {
      doubtful.push(next);
      return false;
    }
    behind = next;
    return true;
  });
  const agent = behind ?? oneOf(doubtful);
  if (agent === undefined) {
    // What is not followed may have been the agent.
    const isFollowed =
      state.unfollowed === undefined && state.commands.every(({ words }) => isHarmless(words[0]?.value ?? ''));
    return state.stopped?.isFailure === true && isFollowed ? failed(started, state.stopped) : undefined;
  }
  // What may be any number of flags hides others.
  const hidden = agent.agent.args.find(({ value, unknown }) => unknown !== undefined && !/^--[\w-]+=/.test(value));
  const unfollowed = state.unfollowed ?? (hidden && `'${hidden.value}' may be flags: ${hidden.unknown}`);
  const remarks: Remark[] =
    hidden === undefined || unfollowed === undefined ? [] : [{ text: unfollowed, origin: hidden.origin }];
  const refusals: Refusal[] =
    state.stopped === undefined || behind === undefined
      ? []
      : [{ message: state.stopped.why, origin: state.stopped.origin }];
  return {
    ...agent,
    agent: {
      ...agent.agent,
      refusals: [...refusals, ...agent.agent.refusals],
      remarks: [...state.remarks, ...remarks, ...agent.agent.remarks],
      isComplete: agent.agent.isComplete && unfollowed === undefined,
    },
    looked: [...looked, ...agent.looked],
  };
};

const TODO = 'Put back what the script needs, or correct the script.';

/** A shell that ends before it comes to the agent. */
const failed = (started: Started, { why, origin }: NonNullable<ShellState['stopped']>): Unwrapped => {
  const { agent, ...rest } = opaque(started, why);
  return { ...rest, agent: { ...agent, refusals: [{ message: `${why}: the script ends there`, origin, todo: TODO }] } };
};

/** Of agents of which one is started, the first: what another is given otherwise, or has not, cannot be known of it. */
const oneOf = ([first, ...others]: readonly Unwrapped[]): Unwrapped | undefined => {
  if (first === undefined) return undefined;
  const isShared = ({ value }: TracedText): boolean =>
    others.every(({ agent }) => agent.args.some((each) => each.value === value));
  const why = 'which of several commands starts the agent has to be run';
  const mark = (text: TracedText): TracedText => (isShared(text) ? text : { ...text, unknown: text.unknown ?? why });
  const args = first.agent.args.map(mark);
  const isSame =
    args.every(({ unknown }) => unknown === undefined) &&
    others.every(({ agent }) => agent.args.length === args.length);
  const remark: Remark = { text: why, origin: first.agent.args[0]?.origin };
  return others.length === 0 || isSame
    ? first
    : { ...first, agent: { ...first.agent, args, isComplete: false, remarks: [remark, ...first.agent.remarks] } };
};

/** A shell, or one that another user is given, with its text or its file. */
const peelShell: Peel = (host, started, depth) => {
  const { program } = started;
  const given = givenToShell([program, ...started.args]);
  if (given === undefined) return undefined;
  const { args } = given;
  if ('file' in given) return peelFile(host, { ...started, program: given.file, args }, depth, /^/);
  const { text } = given;
  if (text.unknown !== undefined) return undefined;
  const environment = hasOwnEnvironment([program, ...started.args]) ? new Environment() : started.environment;
  return followShell(host, { text: text.value, origin: text.origin }, { ...started, args, environment }, depth);
};

const peelScript: Peel = (host, started, depth) => peelFile(host, started, depth, /^#![^\n]*sh\b/);

const peelFile = (host: Host, started: Started, depth: Depth, form: RegExp): Unwrapped | undefined => {
  const { folder, program } = started;
  const isRelative = !program.value.startsWith('/') && program.value.includes('/');
  const path = isRelative && folder !== undefined ? posix.join(folder, program.value) : program.value;
  const bytes = path.startsWith('/') ? host.read(path) : undefined;
  if (bytes === undefined || isUnseen(bytes) || bytes.length > 1 << 20) return undefined;
  const text = textOf(bytes);
  // The wrapper that libtool makes of a program that is not installed passes on all that it is given.
  if (isAgentProgram(path) && text.includes('libtool')) return undefined;
  if (!form.test(text) || text.startsWith('\x7fELF')) return undefined;
  const own = { ...started, isScript: true };
  const behind = followShell(host, { text, origin: { place: path, line: 1 } }, own, depth);
  return behind === undefined ? undefined : { ...behind, looked: [{ place: path, outcome: 'read' }, ...behind.looked] };
};

/** What stands behind `nice`, `sudo` and their like. */
const peelStarter: Peel = (host, started, depth) => {
  const words = [started.program, ...started.args];
  const [program, ...args] = startedBehind(words) ?? [];
  if (program === undefined) return undefined;
  const environment = hasOwnEnvironment(words) ? new Environment() : started.environment;
  const behind = unwrap(host, { ...started, program, args, environment }, deeper(depth));
  return behind.agent.program === undefined ? undefined : behind;
};

/** Whatever else is given the agent's path among its arguments: `nice -n 5 /usr/sbin/mesos-agent ...`. */
const peelAnything: Peel = (_host, { program, args, environment }) => {
  const at = args.findIndex(({ value }) => isAgentProgram(value));
  const agent = args[at];
  if (agent === undefined || program.unknown !== undefined) return undefined;
  // As with start-stop-daemon, what is the agent's own may stand behind two dashes.
  const own = args.slice(
    Math.max(
      at,
      args.findIndex(({ value }, i) => i > at && value === '--'),
    ) + 1,
  );
  return found({ program: agent, args: own, environment }, [
    {
      text: `${program.value} starts the agent: it is taken to pass on the arguments and the environment as they are`,
      origin: program.origin,
    },
  ]);
};

const PEELS: readonly Peel[] = [
  ...[peelAgent, peelPackages, peelEnv, peelDocker, peelShell, peelScript],
  ...[peelStarter, peelAnything],
];
