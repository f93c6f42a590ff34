import { posix } from 'node:path';
import { definitionsOf, type FlagDefinitions } from '../../agent/flags/definitions.ts';
import { Environment } from '../../agent/flags/environment.ts';
import type { TracedText } from '../../agent/flags/origin.ts';
import { bareName } from '../../agent/flags/spelled.ts';
import type { Version } from '../../agent/version.ts';
import { type Known, known, unknown } from '../known.ts';
import type { AgentProcess, ContainerStart } from './agent-process.ts';

/** Where a path of the agent's container is on its host; undefined where it is in none of the volumes. */
export const hostPathOf = (path: string, container: ContainerStart | undefined): string | undefined => {
  if (container === undefined) return path;
  const holding = container.volumes
    .filter(({ inside }) => `${path}/`.startsWith(inside.endsWith('/') ? inside : `${inside}/`))
    .toSorted((a, b) => b.inside.length - a.inside.length)[0];
  return holding === undefined ? undefined : posix.join(holding.host, posix.relative(holding.inside, path));
};

/** The same as a fact: what the container has for itself alone is not seen from its host. */
export const knownHostPath = (path: string, container: ContainerStart | undefined): Known<string> => {
  const onHost = hostPathOf(path, container);
  return onHost === undefined ? unknown(inContainerAlone(path), false, IN_CONTAINER) : known(onHost);
};

const IN_CONTAINER = 'Look into the container with docker exec; what is to outlive it belongs in a volume.';

const inContainerAlone = (path: string): string => `${path} is in the agent's container alone, in none of its volumes`;

/** What an agent is given, where values that are read from files of its container alone are not known. */
export const withoutContained = (
  { args, environment, container }: Pick<AgentProcess, 'args' | 'environment' | 'container'>,
  version: Version,
): Pick<AgentProcess, 'args' | 'environment'> => {
  if (container === undefined) return { args, environment };
  const definitions = definitionsOf(version);
  const marked = new Environment();
  for (const { name, ...variable } of environment) {
    const flag = /^MESOS_(.+)$/.exec(name)?.[1]?.toLowerCase();
    marked.set(name, flag === undefined ? variable : mark(variable, flag, variable.value, definitions, container));
  }
  const own = args.map((text) => {
    const [, flag, value = ''] = /^--([^=]+)=(.*)$/s.exec(text.value) ?? [];
    return flag === undefined ? text : mark(text, flag.toLowerCase(), value, definitions, container);
  });
  return { args: own, environment: marked };
};

const mark = (
  text: TracedText,
  flag: string,
  value: string,
  definitions: FlagDefinitions,
  container: ContainerStart,
): TracedText => {
  const kind = definitions.get(bareName(flag))?.kind;
  if (kind === undefined || kind === 'path' || text.unknown !== undefined) return text;
  const path = value.startsWith('file:///')
    ? value.slice('file://'.length)
    : kind === 'json' && value.startsWith('/')
      ? value
      : undefined;
  if (path === undefined || hostPathOf(path, container) !== undefined) return text;
  return { ...text, unknown: inContainerAlone(path) };
};
