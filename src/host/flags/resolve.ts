import { definitionsOf } from '../../agent/flags/definitions.ts';
import { Environment } from '../../agent/flags/environment.ts';
import { type LoadedFlags, loadFlags } from '../../agent/flags/load.ts';
import type { ReadText } from '../../agent/flags/notation/value.ts';
import { type Overridden, type Remark, SUPPOSED, type TracedText } from '../../agent/flags/origin.ts';
import { bareName, readArguments, readEnvironment, type SpelledFlag } from '../../agent/flags/spelled.ts';
import type { Version } from '../../agent/version.ts';
import { reasonText } from '../../source/collected/reasons.ts';
import { errnoText } from '../../source/errno.ts';
import { textOf } from '../../text/lossless.ts';
import { type Host, isUnseen } from '../host.ts';
import type { AgentFlags, RunningAgent } from './agent-flags.ts';
import type { ContainerStart } from './agent-process.ts';
import { hostPathOf, withoutContained } from './contained.ts';
import type { AgentOfHost } from './running.ts';
import { type AgentStart, readStart } from './start.ts';

/** What decides what the flags are besides the host. */
export interface FlagOptions {
  /** The version that will start: it decides which flags there are. */
  readonly version: Version;
  /** The agent's flags as the operator supposes them, `--work_dir=/mnt`: they count most. */
  readonly supposed?: readonly string[] | undefined;
}

/** What keeps this program from a file, and not everybody: it may not, or it never opens what is no plain file. */
const MAY_NOT: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EINVAL']);

/** Reads a file that a flag's value names: one of the host, by way of a volume where the agent is in a container. */
export const readTextOf =
  (host: Host, container: ContainerStart | undefined): ReadText =>
  (path) => {
    const onHost = hostPathOf(path, container);
    const bytes = onHost?.startsWith('/') === true ? host.read(onHost) : undefined;
    if (bytes === undefined) return { error: errnoText('ENOENT') };
    if (!isUnseen(bytes)) return { text: textOf(bytes) };
    // What may not be read here, the agent, which may be another user, may be able to read.
    const why = reasonText(bytes.code);
    return MAY_NOT.has(bytes.code) || why !== undefined
      ? { unseen: `${path} cannot be read here (${why ?? bytes.code})` }
      : { error: errnoText(bytes.code) };
  };

/** The flags that the agent of a host will be started with. */
export const gatherFlags = (host: Host, options: FlagOptions): AgentFlags => {
  const start = readStart(host);
  return resolveFlags(start, options, readTextOf(host, start.agent?.container));
};

/**
 * The flags that an agent will be started with: what its unit, its packages' files and their environment say, then what the
 * operator supposes. An agent that runs tells the rest where those do not say all; where they do, it is compared, because its
 * next start takes them and not what it was started with.
 */
export const resolveFlags = (
  start: AgentStart,
  { version, supposed = [] }: FlagOptions,
  read: ReadText,
): AgentFlags => {
  const { agent: told, unit, distribution, program } = start;
  const agent = told && { ...told, ...withoutContained(told, version) };
  const running = start.running[0] && new Running(start.running[0], version, read);
  // A file that may not be read may set anything, whatever the agent was started with before.
  const isHidden = start.looked.some(({ outcome }) => outcome === 'unseen');
  const isConfigured = agent?.isComplete === true && !isHidden;
  // What files do not tell, an agent that runs does: the same things start it again.
  const isComplete = !isHidden && (isConfigured || running?.isWhole === true);
  const origin = { place: SUPPOSED, line: undefined };
  const environment = agent?.environment ?? new Environment();
  const seen = running?.flags ?? [];
  const unknown = unknownNames(start, version);
  const loaded = loadFlags({
    environment,
    args: agent?.args ?? [],
    supposed: supposed.map((value) => ({ value, origin, unknown: undefined })),
    fallback: isConfigured ? seen.filter(({ name }) => unknown.has(name)) : seen,
    isComplete,
    version,
    read,
  });
  return {
    distribution,
    unit,
    starter: start.starter,
    program,
    container: agent?.container,
    user: agent?.user,
    flags: loaded.flags,
    looked: [...start.looked, ...start.running.flatMap(({ looked }) => looked)],
    isKnown: agent !== undefined || running !== undefined || supposed.length > 0,
    isComplete,
    isHidden,
    refusals: [...start.refusals, ...loaded.refusals],
    buildRefusals: loaded.buildRefusals,
    remarks: [...start.remarks, ...severalAgents(start.running), ...loaded.remarks],
    environment: variablesIn([...(isConfigured ? [] : (running?.environment ?? [])), ...environment]),
    unknownVariables: new Map(
      [...environment].flatMap(({ name, unknown }) => (unknown === undefined ? [] : [[name, unknown] as const])),
    ),
    running: running?.beside(loaded, agent !== undefined),
  };
};

/** The flags, as they are spelled, whose values files leave unknown: an agent that runs was started with them. */
const unknownNames = ({ agent }: AgentStart, version: Version): ReadonlySet<string> => {
  const own = agent === undefined ? [] : readArguments(agent.args).flags;
  const inherited = agent === undefined ? [] : readEnvironment(agent.environment, definitionsOf(version)).flags;
  return new Set([...own, ...inherited].filter(({ text }) => text.unknown !== undefined).map(({ name }) => name));
};

const severalAgents = (agents: readonly AgentOfHost[]): readonly Remark[] =>
  agents.length < 2
    ? []
    : [
        {
          text: `several agents run: pids ${agents.map(({ pid }) => pid).join(', ')}; the first of them is looked at`,
          origin: undefined,
        },
      ];

const variablesIn = (variables: readonly (TracedText & { readonly name: string })[]): ReadonlyMap<string, Overridden> =>
  new Map(
    variables.flatMap(({ name, value, origin, unknown }) => (unknown === undefined ? [[name, { value, origin }]] : [])),
  );

/** An agent that runs, by what it was started with. */
class Running {
  readonly environment: Environment | undefined;
  /** What it was given. Its command line counts before its environment. */
  readonly flags: readonly SpelledFlag[];
  /** Whether all its flags are seen: one that would not start with what is seen has others. */
  readonly isWhole: boolean;
  readonly #agent: AgentOfHost;
  readonly #loaded: LoadedFlags;

  constructor(agent: AgentOfHost, version: Version, read: ReadText) {
    const { args, environment } = agent;
    this.#agent = agent;
    this.environment = environment;
    const own = readArguments(args).flags;
    const names = new Set(own.map(({ name }) => name));
    const inherited = environment === undefined ? [] : readEnvironment(environment, definitionsOf(version)).flags;
    this.flags = [...own, ...inherited.filter(({ name }) => !names.has(name))];
    this.#loaded = loadFlags({
      environment: environment ?? new Environment(),
      args,
      supposed: [],
      fallback: [],
      isComplete: environment !== undefined,
      version,
      read,
    });
    this.isWhole = environment !== undefined && this.#loaded.refusals.length === 0;
  }

  /** The agent, compared with what its next start would take, where files tell that. */
  beside(next: LoadedFlags, isConfigured: boolean): RunningAgent {
    const { pid, program, args } = this.#agent;
    const now = this.#loaded.flags;
    const names = isConfigured ? [...new Set([...now.keys(), ...next.flags.keys()])].sort() : [];
    const differences = names.flatMap((name) => {
      const [old, coming] = [now.get(name)?.value, next.flags.get(name)];
      const isSame = old === coming?.value || coming?.unknown !== undefined;
      // Where its environment may not be read, what is not on its command line may be set there.
      const isSeen = this.environment !== undefined || now.has(name);
      return isSame || !isSeen ? [] : [{ name, now: old, next: coming?.value }];
    });
    return { pid, program, arguments: readArguments(args).flags.map(({ name }) => bareName(name)), differences };
  }
}
