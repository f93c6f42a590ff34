import { Environment } from '../../agent/flags/environment.ts';
import type { Origin, Refusal, Remark, TracedText } from '../../agent/flags/origin.ts';
import { isAgentProgram } from '../../agent/program.ts';
import { baseName } from '../../source/source.ts';
import { textOf } from '../../text/lossless.ts';
import { type Host, isUnseen, type Looked } from '../host.ts';
import { evaluate } from '../shell/evaluate.ts';
import { ShellState } from '../shell/state.ts';
import type { Distribution } from './agent-flags.ts';
import type { AgentProcess } from './agent-process.ts';
import { readDockerRun } from './docker-run.ts';
import { followWrapper } from './mesosphere.ts';

/** What is started, and with what. */
export interface Started {
  readonly program: TracedText;
  readonly args: readonly TracedText[];
  readonly environment: Environment;
}

/** The agent that is found behind what is started. */
export interface Unwrapped {
  readonly agent: AgentProcess;
  readonly distribution: Distribution | undefined;
  readonly looked: readonly Looked[];
}

/** Commands that start each other are followed so deep. */
const MAX_DEPTH = 5;

/** How a certain kind of program is looked through; undefined where it is not of that kind. */
type Peel = (host: Host, started: Started, depth: number) => Unwrapped | undefined;

/** Finds the agent behind what a unit starts: itself, a script of the packages, a shell, `env`, docker, anything else. */
export const unwrap = (host: Host, started: Started, depth = 0): Unwrapped => {
  for (const peel of PEELS) {
    const found = depth > MAX_DEPTH ? undefined : peel(host, started, depth);
    if (found !== undefined) return found;
  }
  return opaque(started, `what ${started.program.value} starts the agent with cannot be told`);
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

const peelAgent: Peel = (_host, started) => (isAgentProgram(started.program.value) ? found(started) : undefined);

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
    else return unwrap(host, { program: argument, args: args.slice(i + 1), environment: inside }, depth + 1);
  }
  return undefined;
};

const peelDocker: Peel = (host, started, depth) => {
  if (!/^(?:docker|podman)$/.test(baseName(started.program.value))) return undefined;
  const inside = new Environment();
  const run = readDockerRun(host, started.args, started.environment, inside);
  if (run === undefined) return undefined;
  const remark = {
    text: `the image ${run.image} may set flags of its own, which the host's files do not tell`,
    origin: started.program.origin,
  };
  const agentAt = run.args.findIndex(({ value }) => isAgentProgram(value) || /(?:^|\/)(?:ba|da)?sh$/.test(value));
  const program = run.args[agentAt];
  const behind =
    program === undefined
      ? found({ program: { ...started.program, value: 'mesos-agent' }, args: run.args, environment: inside })
      : unwrap(host, { program, args: run.args.slice(agentAt + 1), environment: inside }, depth + 1);
  return {
    ...behind,
    agent: {
      ...behind.agent,
      remarks: [...behind.agent.remarks, remark],
      isComplete: false,
      container: {
        image: run.image,
        hasHostPids: run.hasHostPids,
        volumes: run.volumes,
        user: run.user,
        origin: started.program.origin,
      },
    },
    looked: [...run.looked, ...behind.looked],
  };
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
  depth: number,
): Unwrapped | undefined => {
  const state = new ShellState(host);
  const looked: Looked[] = [];
  state.positional = started.args;
  for (const variable of started.environment) state.variables.set(variable.name, { ...variable, isExported: true });
  let behind: Unwrapped | undefined;
  evaluate(state, { text, place: origin.place, line: origin.line }, looked, (words, command, at) => {
    const isExec = words[0]?.text === 'exec';
    const texts = words.slice(isExec ? 1 : 0).flatMap((word) =>
      word.fields.map(
        (value): TracedText => ({
          // A flag is told by its beginning, where the rest of it is not known.
          value: word.unknown === undefined ? value : value.replace(/^["']/, ''),
          origin: at,
          unknown: word.unknown ?? state.doubt,
        }),
      ),
    );
    const [program, ...args] = texts;
    if (program === undefined || program.unknown !== undefined) return false;
    const environment = new Environment();
    for (const [name, variable] of state.variables) {
      if (variable.isExported) for (const each of [...variable.overridden, variable]) environment.set(name, each);
    }
    for (const each of command.prefix) {
      if (each.type === 'Assignment' && each.value.type === 'Word') {
        environment.set(each.name, { value: each.value.value, origin: at, unknown: undefined });
      }
    }
    const next = unwrap(host, { program, args, environment }, depth + 1);
    if (next.agent.program === undefined) return false;
    behind = next;
    return true;
  });
  if (behind === undefined) return undefined;
  // What may be any number of flags hides others.
  const hidden = behind.agent.args.find(({ value, unknown }) => unknown !== undefined && !/^--[\w-]+=/.test(value));
  const unfollowed = state.unfollowed ?? (hidden && `'${hidden.value}' may be flags: ${hidden.unknown}`);
  const remarks: Remark[] =
    hidden === undefined || unfollowed === undefined ? [] : [{ text: unfollowed, origin: hidden.origin }];
  const refusals: Refusal[] =
    state.stopped === undefined ? [] : [{ message: state.stopped.why, origin: state.stopped.origin }];
  return {
    ...behind,
    agent: {
      ...behind.agent,
      refusals: [...refusals, ...behind.agent.refusals],
      remarks: [...state.remarks, ...remarks, ...behind.agent.remarks],
      isComplete: behind.agent.isComplete && unfollowed === undefined,
    },
    looked: [...looked, ...behind.looked],
  };
};

const peelShell: Peel = (host, started, depth) => {
  if (!/^(?:ba|da|k|z)?sh$/.test(baseName(started.program.value))) return undefined;
  const at = started.args.findIndex(({ value }) => /^-[a-z]*c$/.test(value));
  const text = started.args[at + 1];
  if (at < 0 || text === undefined || text.unknown !== undefined) return undefined;
  // Behind the text come `$0` and then `"$@"`.
  const rest = { ...started, args: started.args.slice(at + 3) };
  return followShell(host, { text: text.value, origin: text.origin }, rest, depth);
};

const peelScript: Peel = (host, started, depth) => {
  const path = started.program.value;
  const bytes = path.startsWith('/') ? host.read(path) : undefined;
  if (bytes === undefined || isUnseen(bytes) || bytes.length > 1 << 20) return undefined;
  const text = textOf(bytes);
  if (!/^#![^\n]*sh\b/.test(text)) return undefined;
  const behind = followShell(host, { text, origin: { place: path, line: 1 } }, started, depth);
  return behind === undefined ? undefined : { ...behind, looked: [{ place: path, outcome: 'read' }, ...behind.looked] };
};

/** Whatever else is given the agent's path among its arguments: `nice -n 5 /usr/sbin/mesos-agent ...`. */
const peelAnything: Peel = (_host, { program, args, environment }) => {
  const at = args.findIndex(({ value }) => isAgentProgram(value));
  const agent = args[at];
  if (agent === undefined) return undefined;
  return found({ program: agent, args: args.slice(at + 1), environment }, [
    {
      text: `${program.value} starts the agent: it is taken to pass on the arguments and the environment as they are`,
      origin: program.origin,
    },
  ]);
};

const PEELS: readonly Peel[] = [peelAgent, peelPackages, peelEnv, peelDocker, peelShell, peelScript, peelAnything];
