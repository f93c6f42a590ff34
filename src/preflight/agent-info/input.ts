import { originText } from '../../agent/flags/origin.ts';
import { flagValues } from '../../agent/flags/values.ts';
import type { Version } from '../../agent/version.ts';
import type { AgentFlags } from '../../host/flags/agent-flags.ts';
import { readTextOf } from '../../host/flags/resolve.ts';
import type { Host } from '../../host/host.ts';
import type { BuildInput } from './build.ts';
import { readHostFacts } from './host-facts.ts';

/** All that the agent info of a host is built from, its flags given. */
export const buildInputOf = (host: Host, flags: AgentFlags, version: Version): BuildInput => {
  const read = readTextOf(host);
  return {
    host,
    facts: readHostFacts(host),
    flags: flagValues(flags, version, read),
    environment: (name) => {
      const variable = flags.environment.get(name);
      return variable === undefined ? undefined : { value: variable.value, from: originText(variable.origin) };
    },
    read,
  };
};
