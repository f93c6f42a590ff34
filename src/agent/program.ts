/** Of Mesos before and since 1.0, of its fork, as libtool starts them, and with a version behind the name. */
const AGENT = /^(?:lt-)?(?:mesos|clusterd)-(?:agent|slave)(?:[-_.]?v?\d[\w.+~-]*)?$/;

/** Whether a program is the agent itself, by the last name of its path: `/opt/mesos/sbin/mesos-agent-1.11.0`. */
export const isAgentProgram = (path: string): boolean => AGENT.test(path.slice(path.lastIndexOf('/') + 1));
