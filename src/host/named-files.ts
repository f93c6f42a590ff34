import { definitionsOf, type FlagDefinitions } from '../agent/flags/definitions.ts';
import { originText } from '../agent/flags/origin.ts';
import type { FlagValues } from '../agent/flags/values.ts';
import type { Version } from '../agent/version.ts';
import { READ, SEARCH } from './access.ts';
import type { AgentFlags } from './flags/agent-flags.ts';
import type { Host } from './host.ts';
import { lookAtPath, type NamedPath, type PathSetting } from './named-paths.ts';

/** Flags that name a file which the agent reads at its start. */
const FILES = ['credential', 'http_credentials', 'jwt_secret_key', 'executor_secret_key'] as const;
/** Flags that name a folder which the agent lists at its start. */
const FOLDERS = ['resource_provider_config_dir', 'csi_plugin_config_dir'] as const;

/** A flag that names a file, or a folder, which has to be there. */
export type NamingFlag = (typeof FILES)[number] | (typeof FOLDERS)[number];

/** The files and folders that an agent's flags name. */
export interface NamedFiles {
  readonly named: ReadonlyMap<NamingFlag, NamedPath>;
  /** Files with the values of flags: what is in them is looked at with the flags. */
  readonly values: readonly NamedPath[];
  /** Flags of which it is not known whether they name any, and why. */
  readonly unknown: readonly { readonly flag: NamingFlag; readonly why: string; readonly from: string }[];
}

/** Looks at the files and folders that an agent's flags name. */
export const readNamedFiles = (
  host: Host,
  flags: FlagValues,
  agent: AgentFlags,
  { version, ...setting }: PathSetting & { readonly version: Version },
): NamedFiles => {
  const named = new Map<NamingFlag, NamedPath>();
  const unknown: { flag: NamingFlag; why: string; from: string }[] = [];
  const definitions = definitionsOf(version);
  for (const flag of [...FILES, ...FOLDERS].filter((name) => definitions.get(name)?.name === name)) {
    const value = flags(flag);
    if (value.kind === 'unknown') unknown.push({ flag, why: value.why, from: value.from });
    if (value.kind !== 'set' || value.value === '') continue;
    const isFile = (FILES as readonly string[]).includes(flag);
    const path = isFile ? value.value.replace(/^file:\/\//, '') : value.value;
    const given = { by: `--${flag}`, path, origin: value.from };
    named.set(flag, lookAtPath(host, given, isFile ? READ : READ | SEARCH, setting));
  }
  return { named, values: valueFiles(host, agent, definitions, setting), unknown };
};

/** Files that a value is read from: behind `file://`, and of JSON, which may be a path alone. */
const valueFiles = (
  host: Host,
  { flags }: AgentFlags,
  definitions: FlagDefinitions,
  setting: PathSetting,
): readonly NamedPath[] => {
  return [...flags.values()].flatMap(({ name, value, origin, unknown }) => {
    const kind = definitions.get(name)?.kind;
    if (kind === undefined || kind === 'path' || unknown !== undefined) return [];
    const isJson = kind === 'json';
    const path = value.startsWith('file://')
      ? value.slice('file://'.length)
      : isJson && value.startsWith('/')
        ? value
        : '';
    return path === '' ? [] : [lookAtPath(host, { by: `--${name}`, path, origin: originText(origin) }, READ, setting)];
  });
};
