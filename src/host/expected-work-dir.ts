import { settingsOf } from '../agent/flags/settings.ts';
import type { Version } from '../agent/version.ts';
import { buildInputOf } from './agent-info.ts';
import { readTextOf, resolveFlags } from './flags/resolve.ts';
import type { AgentStart } from './flags/start.ts';
import type { Host } from './host.ts';
import { findWorkDir, type WorkDir } from './work-dir.ts';

/**
 * Where the work_dir is, as far as the agent's start tells before the processes are read: what these tell of the version and of the
 * folder that the agent was started in may lead elsewhere.
 */
export const expectedWorkDir = (
  host: Host,
  start: AgentStart,
  version: Version,
  { workDir, supposed }: { readonly workDir?: string | undefined; readonly supposed?: readonly string[] | undefined },
): WorkDir | undefined => {
  const container = start.agent?.container;
  const flags = resolveFlags(start, { version, supposed }, readTextOf(host, container));
  const settings = settingsOf(flags, buildInputOf(host, flags, version).flags);
  return findWorkDir(host, workDir, settings.workDir, { started: undefined, container: flags.container });
};

/** Where it is before anything is known of the agent: what the operator says, or a usual place that has a checkpoint. */
export const usualWorkDir = (host: Host, workDir: string | undefined): WorkDir | undefined =>
  findWorkDir(
    host,
    workDir,
    { value: undefined, origin: undefined, isSure: false },
    { started: undefined, container: undefined },
  );
