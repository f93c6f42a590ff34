import { address } from './address.ts';
import { agentContainer } from './agent-container.ts';
import { agentInfo } from './agent-info.ts';
import { boot } from './boot.ts';
import { cgroups } from './cgroups.ts';
import type { PreflightCheck } from './check.ts';
import { checkpoint } from './checkpoint.ts';
import { collection } from './collection.ts';
import { containers } from './containers.ts';
import { csiVolumes } from './csi-volumes.ts';
import { delegate } from './delegate.ts';
import { devices } from './devices.ts';
import { disks } from './disks.ts';
import { docker } from './docker.ts';
import { dockerVolumes } from './docker-volumes.ts';
import { downgrade } from './downgrade.ts';
import { downtime } from './downtime.ts';
import { draining } from './draining.ts';
import { duplicatePids } from './duplicate-pids.ts';
import { executorsSlice } from './executors-slice.ts';
import { findings } from './findings.ts';
import { flags } from './flags.ts';
import { folders } from './folders.ts';
import { imageStore } from './image-store.ts';
import { images } from './images.ts';
import { isolation } from './isolation.ts';
import { killMode } from './kill-mode.ts';
import { knownBugs } from './known-bugs.ts';
import { lives } from './lives.ts';
import { masters } from './masters.ts';
import { modules } from './modules.ts';
import { namedFiles } from './named-files.ts';
import { operations } from './operations.ts';
import { orphans } from './orphans.ts';
import { pendingVolumes } from './pending-volumes.ts';
import { processes } from './processes.ts';
import { providerRegistry } from './provider-registry.ts';
import { providers } from './providers.ts';
import { recover } from './recover.ts';
import { reservations } from './reservations.ts';
import { restart } from './restart.ts';
import { rootFileSystems } from './root-file-systems.ts';
import { runtimeDir } from './runtime-dir.ts';
import { sandboxes } from './sandboxes.ts';
import { startCommands } from './start-commands.ts';
import { stopTimeout } from './stop-timeout.ts';
import { temporaryFiles } from './temporary-files.ts';
import { timers } from './timers.ts';
import { tls } from './tls.ts';
import { uncheckpointed } from './uncheckpointed.ts';
import { unit } from './unit.ts';
import { user } from './user.ts';
import { version } from './version.ts';
import { versionChanges } from './version-changes.ts';
import { volumeGids } from './volume-gids.ts';
import { workDir } from './work-dir.ts';
import { workDirDisk } from './work-dir-disk.ts';

/** Checks of one subject, and what it is called. */
export interface CheckGroup {
  readonly title: string;
  readonly checks: readonly PreflightCheck[];
}

/** All checks, in the order in which they are told. */
const GROUPS = [
  { title: 'What starts', checks: [flags, namedFiles, modules, tls, user, version, recover, startCommands] },
  { title: 'Where', checks: [workDir, workDirDisk, disks, folders, runtimeDir, containers, address] },
  { title: 'Isolation', checks: [isolation, cgroups, images] },
  { title: 'The checkpoint', checks: [checkpoint, findings, agentInfo, masters, reservations, boot] },
  {
    title: 'What survives',
    checks: [lives, processes, duplicatePids, sandboxes, docker, agentContainer, uncheckpointed],
  },
  { title: 'Time', checks: [downtime, timers] },
  { title: 'systemd', checks: [unit, killMode, delegate, executorsSlice, restart, stopTimeout] },
  { title: 'What the start changes', checks: [pendingVolumes, operations, draining] },
  { title: 'Versions', checks: [versionChanges, downgrade, knownBugs] },
  {
    title: 'Other state',
    checks: [providerRegistry, providers, csiVolumes, volumeGids, devices, dockerVolumes, imageStore, rootFileSystems],
  },
  { title: 'What is left over', checks: [orphans, collection, temporaryFiles] },
] as const satisfies readonly CheckGroup[];

/** The groups of checks, in order. */
export const checkGroups: readonly CheckGroup[] = GROUPS;

/** The code of a check. */
export type CheckCode = (typeof GROUPS)[number]['checks'][number]['code'];

/** Every check, in order. */
export const checks: readonly PreflightCheck<CheckCode>[] = GROUPS.flatMap((group) => [
  ...(group.checks as readonly PreflightCheck<CheckCode>[]),
]);

/** Every code, in order. */
export const checkCodes: readonly CheckCode[] = checks.map(({ code }) => code);

/** Whether a text is the code of a check. */
export const isCheckCode = (text: string): text is CheckCode => (checkCodes as readonly string[]).includes(text);

/** What is known of a check. */
export const checkOf = (code: CheckCode): PreflightCheck<CheckCode> => {
  const found = checks.find((check) => check.code === code);
  if (found === undefined) throw new TypeError(`${code} is not a check`);
  return found;
};
