import type { FlagValues } from '../agent/flags/values.ts';
import type { Host } from './host.ts';
import { ifKnown, type Known } from './known.ts';
import type { ModuleFacts } from './modules.ts';
import { lookAtPath, type NamedPath, type PathSetting } from './named-paths.ts';
import { findProgram, type ProgramSearch } from './programs.ts';

/** The module of Mesos that rotates what containers print. */
const MODULE = 'org_apache_mesos_LogrotateContainerLogger';

/** What the module is given, and what it looks for when it is made. */
export interface LogrotateFacts {
  /** Where `--container_logger` is set. */
  readonly origin: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** The program that it runs beside each container; undefined where its build alone says where that is. */
  readonly logger: NamedPath | undefined;
  /** The program that it has rotate files; undefined where that is more than a name. */
  readonly rotates: { readonly name: string; readonly found: Known<string | undefined> } | undefined;
}

/** What the logger of Mesos with logrotate needs; undefined where it is not used. Mirrors `Flags` of lib_logrotate.hpp. */
export const readLogrotate = (
  host: Host,
  { libraries, flag }: ModuleFacts,
  flags: FlagValues,
  setting: PathSetting & { readonly search: ProgramSearch },
): LogrotateFacts | undefined => {
  const logger = flags('container_logger');
  if (logger.kind !== 'set' || logger.value !== MODULE) return undefined;
  const modules = (ifKnown(libraries) ?? []).flatMap((library) => library.modules);
  const parameters = modules.find(({ name }) => name === MODULE)?.parameters;
  if (parameters === undefined) return undefined;
  const folder = parameters.get('launcher_dir');
  const name = parameters.get('logrotate_path') ?? 'logrotate';
  const by = `launcher_dir of ${MODULE}`;
  return {
    origin: logger.from,
    parameters,
    logger:
      folder === undefined
        ? undefined
        : lookAtPath(
            host,
            { by, path: `${folder}/mesos-logrotate-logger`, origin: flag?.origin ?? logger.from },
            0,
            setting,
          ),
    rotates: /^[\w./+-]+$/.test(name) ? { name, found: findProgram(host, name, setting.search) } : undefined,
  };
};
