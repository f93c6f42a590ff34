import { defaultOf } from '../agent/flags/definitions.ts';
import type { Overridden } from '../agent/flags/origin.ts';
import { denialOf, READ, WRITE } from './access.ts';
import { type FolderFacts, readFolder } from './disks.ts';
import type { ContainerStart } from './flags/agent-process.ts';
import { knownHostPath } from './flags/contained.ts';
import { type Host, isUnseen } from './host.ts';
import { type Known, known, unseen } from './known.ts';
import { type AgentUserFact, isUser } from './user.ts';

const USUAL = defaultOf('runtime_dir') ?? '/var/run/mesos';

/**
 * The `--runtime_dir` where no flag sets it: below `/var/run` for who may read and write that, and below the folder of
 * temporary files for anybody else. Mirrors `Flags::Flags` of slave/flags.cpp.
 */
export const defaultRuntimeDir = (
  host: Host,
  user: AgentUserFact,
  environment: ReadonlyMap<string, Overridden>,
): string => {
  if (!user.known || !isUser(user.value)) return USUAL;
  const denial = denialOf(host, '/var/run', user.value, READ | WRITE);
  if (!denial.known || denial.value === undefined) return USUAL;
  return `${environment.get('TMPDIR')?.value ?? '/tmp'}/mesos/runtime`;
};

/** The `runtime_dir`; of an agent in a container the folder of the host that is mounted there. */
export const readRuntimeDir = (host: Host, path: string, container: ContainerStart | undefined): FolderFacts => {
  const onHost = knownHostPath(path, container);
  return onHost.known
    ? readFolder(host, onHost.value)
    : { path, real: path, there: onHost, mount: onHost, space: onHost };
};

/** Whether containers are recorded where an agent of root has its `runtime_dir` by default. */
export const hasUsualContainers = (host: Host): Known<boolean> => {
  const path = `${USUAL}/containers`;
  const names = host.list(path);
  if (isUnseen(names)) return unseen(path, names);
  return known(names !== undefined && names.length > 0);
};
