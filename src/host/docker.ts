import { type Denial, denialOf, READ, WRITE } from './access.ts';
import { type Host, isRunningRoot, isUnseen } from './host.ts';
import { type Known, known, mapKnown, unknown, unseen } from './known.ts';
import { type Process, programOf } from './process.ts';
import { agentsIn, type Processes } from './processes.ts';
import { findProgram, type ProgramSearch } from './programs.ts';
import { type AgentUserFact, isUser } from './user.ts';

/** What the docker containerizer needs, and whether the agent itself is in a container. */
export interface DockerFacts {
  /** The path of the socket, and what is there. */
  readonly socket: {
    readonly path: string;
    readonly there: Known<boolean>;
    /** What keeps the agent's user from it; undefined where nothing does. */
    readonly denial: Known<Denial | undefined>;
  };
  /** The path of the docker client; undefined where it is in no folder of the agent's `PATH`. */
  readonly client: Known<string | undefined>;
  /** Whether docker's daemon is among the processes. */
  readonly daemon: Known<boolean>;
  /** The container that the running agent is in; undefined where it is in none, or does not run. */
  readonly container: Known<AgentContainer | undefined>;
}

/** A container that an agent runs in. */
export interface AgentContainer {
  /** The path of its control group. */
  readonly cgroup: string;
  /** Whether it sees the host's processes; undefined where the kernel does not tell. */
  readonly hasHostPids: boolean | undefined;
}

/** Looks at docker, at the places that the flags name. */
export const readDocker = (
  host: Host,
  processes: Known<Processes>,
  paths: { readonly socket: string; readonly client: string },
  search: ProgramSearch,
  user: AgentUserFact,
): DockerFacts => ({
  socket: {
    path: paths.socket,
    there: readSocket(host, paths.socket),
    denial:
      user.known && isUser(user.value)
        ? denialOf(host, paths.socket, user.value, READ | WRITE)
        : unknown('who the agent will be is not known'),
  },
  client: findProgram(host, paths.client, search),
  daemon: mapKnown(processes, (all) => [...all.values()].some(isDaemon)),
  container: mapKnown(processes, containerOf),
});

/** A socket shows in no copy of a disk, and is rebuilt with each start of the daemon. */
const readSocket = (host: Host, path: string): Known<boolean> => {
  const stat = host.stat(path);
  if (isUnseen(stat)) return unseen(path, stat);
  if (stat === undefined && !isRunningRoot(host)) {
    return unknown(`${path} is made by docker's daemon, which does not run on a disk that is only mounted`);
  }
  return known(stat?.kind === 'other');
};

const isDaemon = (found: Process): boolean =>
  programOf(found) === 'dockerd' || (programOf(found) === 'docker' && found.command[1] === 'daemon');

/** Whether one of a process's control groups is that of a container, or is in it. */
export const isInside = ({ cgroups }: Process, { cgroup }: AgentContainer): boolean =>
  cgroups.some((path) => path === cgroup || path.startsWith(`${cgroup}/`));

/** `/docker/ID`, `/system.slice/docker-ID.scope`, and their like of other runtimes and of Kubernetes. */
const CONTAINER_GROUP = /(?:docker|libpod|containerd|kubepods)[^/]*[-/][0-9a-f]{12,64}(?:\.scope)?$/;

const containerOf = (processes: Processes): AgentContainer | undefined => {
  const [agent] = agentsIn(processes);
  const cgroup = agent?.cgroups.find((path) => CONTAINER_GROUP.test(path));
  if (agent === undefined || cgroup === undefined) return undefined;
  return { cgroup, hasHostPids: agent.pids === undefined ? undefined : agent.pids.length === 1 };
};
