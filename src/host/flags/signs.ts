import { isAgentProgram } from '../../agent/program.ts';
import { textOf } from '../../text/lossless.ts';
import { commandLine } from '../command-lines.ts';
import { type Host, isUnseen, namesAt } from '../host.ts';
import { nulEnded } from '../nul-ended.ts';
import { unitFolders } from '../systemd/services.ts';

/** The script that the Mesosphere packages start the agent with, called with the agent's name. */
export const WRAPPER = '/usr/bin/mesos-init-wrapper';

/** What the script calls the agent: its older packages by the older name. */
export type WrappedName = 'slave' | 'agent';

/** The folder with a file a flag. */
export const flagFolderOf = (name: WrappedName): string => `/etc/mesos-${name}`;

/** The file that every agent of DC/OS has. */
export const DCOS_MARK = '/opt/mesosphere/etc/mesos-slave-common';

/** Whether the name of a service says that it is an agent's. */
export const isNamedForAgent = (name: string): boolean => /mesos/i.test(name) && !/master/i.test(name);

/** Whether the file of a unit names what starts an agent. */
export const mentionsAgent = (content: ReturnType<Host['read']>): boolean =>
  isContent(content) &&
  NAMES.some((name) => content.includes(name)) &&
  /(?:mesos|clusterd)-(?:agent|slave|init-wrapper)/.test(textOf(content));

/** One of them is in each name of an agent's program: most contents have none, and to look for bytes is faster. */
const NAMES = ['mesos-', 'clusterd-'];

const isContent = (answer: ReturnType<Host['read']>): answer is Buffer => answer !== undefined && !isUnseen(answer);

/** The words of the command line of an agent that runs; undefined of any other process. */
export const agentCommand = (host: Host, pid: string): readonly string[] | undefined => {
  const content = commandLine(host, pid);
  if (!isContent(content) || !NAMES.some((name) => content.includes(name))) return undefined;
  const end = content.indexOf(0);
  if (!isAgentProgram(textOf(content.subarray(0, end < 0 ? content.length : end)))) return undefined;
  return nulEnded(textOf(content));
};

/** The processes of a host, by the names of their folders. */
export const pidsOf = (host: Host): readonly string[] =>
  namesAt(host, '/proc').filter((name) => /^[1-9][0-9]*$/.test(name));

/**
 * Whether anything on a host looks like an agent: a file of its packages, a process, a service. How an agent is started
 * takes longer to find out, and where nothing looks like one, none is.
 */
export const showsAgent = (host: Host): boolean =>
  [WRAPPER, flagFolderOf('slave'), flagFolderOf('agent'), DCOS_MARK].some((path) => host.stat(path) !== undefined) ||
  pidsOf(host).some((pid) => agentCommand(host, pid) !== undefined) ||
  unitFolders(host).some(({ folder, names }) =>
    names.some(
      (name) => /\.service$/.test(name) && (isNamedForAgent(name) || mentionsAgent(host.read(`${folder}/${name}`))),
    ),
  );
