import { originText } from '../agent/flags/origin.ts';
import { flagValues } from '../agent/flags/values.ts';
import type { BuildInput } from '../agent/info/build.ts';
import type { Version } from '../agent/version.ts';
import { readDetected } from './detected.ts';
import type { AgentFlags } from './flags/agent-flags.ts';
import { readTextOf } from './flags/resolve.ts';
import type { Host } from './host.ts';

/** All that the agent info of a host is built from, its flags given. */
export const buildInputOf = (host: Host, agent: AgentFlags, version: Version): BuildInput => {
  const read = readTextOf(host, agent.container);
  const flags = flagValues(agent, version, read);
  const workDir = flags('work_dir');
  return {
    host: readDetected(host, workDir.kind === 'set' ? workDir.value : undefined),
    flags,
    environment: (name) => {
      const variable = agent.environment.get(name);
      return variable === undefined ? undefined : { value: variable.value, from: originText(variable.origin) };
    },
    read,
  };
};
