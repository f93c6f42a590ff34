import { type Settings, settingsOf } from '../agent/flags/settings.ts';
import type { BuildInput } from '../agent/info/build.ts';
import { LATEST_RELEASE, type Version, versionNamed } from '../agent/version.ts';
import type { CollectedAbout } from '../source/collected/tree.ts';
import { type Activity, readActivity } from './activity.ts';
import { buildInputOf } from './agent-info.ts';
import { type CgroupFacts, readCgroups } from './cgroups.ts';
import { type CheckpointAccess, readCheckpointAccess } from './checkpoint-access.ts';
import { type Clock, readClock } from './clock.ts';
import type { FolderFacts } from './disks.ts';
import { type DockerFacts, readDocker } from './docker.ts';
import { expectedWorkDir, usualWorkDir } from './expected-work-dir.ts';
import type { AgentFlags } from './flags/agent-flags.ts';
import { readTextOf, resolveFlags } from './flags/resolve.ts';
import { pidsOf } from './flags/signs.ts';
import { readStart } from './flags/start.ts';
import { type FolderNeeds, readFolderNeeds } from './folder-needs.ts';
import type { Host } from './host.ts';
import { type IsolationFacts, isolationPaths, readIsolation } from './isolation.ts';
import { type KernelFacts, readKernel } from './kernel.ts';
import { ifKnown, type Known, unknown } from './known.ts';
import { launcherOf } from './launcher.ts';
import { type MissingLibraries, missingLibraries } from './libraries.ts';
import { type LogrotateFacts, readLogrotate } from './logrotate.ts';
import { type ModuleFacts, readModules } from './modules.ts';
import { type NamedFiles, readNamedFiles } from './named-files.ts';
import { type NetworkFacts, readNetwork } from './network.ts';
import { type Processes, readProcesses } from './processes.ts';
import { programSearch } from './programs.ts';
import { type ProvisionerFacts, readProvisioner } from './provisioner.ts';
import { type ResourceDisk, readResourceDisks } from './resource-disks.ts';
import { defaultRuntimeDir, hasUsualContainers, readRuntimeDir } from './runtime-dir.ts';
import { type Removal, readRemovals } from './start/removals.ts';
import { readSystemd, type SystemdFacts } from './systemd/facts.ts';
import { serviceDirective } from './systemd/settings.ts';
import { readTls, type TlsFacts } from './tls.ts';
import { type AgentUserFact, isUser, readAgentUser, runningUid } from './user.ts';
import { type ChosenVersion, readVersions, type VersionFacts, versionOfWriter, versionToStart } from './versions.ts';
import { findWorkDir, type WorkDir, workingFolder } from './work-dir.ts';

/** What the operator says of a host. */
export interface AskedOfHost {
  /** The work_dir of its agent; that of its flags where it is not given. */
  readonly workDir?: string | undefined;
  /** The version that wrote the checkpoint; found out where it is not given. */
  readonly from?: Version | string | undefined;
  /** The version that will start; the installed one where it is not given, or else the latest release. */
  readonly to?: Version | string | undefined;
  /** Flags that the agent is supposed to have, `--strict=false`: they count most. None where it is not given. */
  readonly supposed?: readonly string[] | undefined;
  /** The time here, in milliseconds since 1970; now where it is not given. */
  readonly now?: number | undefined;
  /**
   * Is told before many processes are read where the work_dir is expected then, and once more where that is another when the agent's start is
   * known: what is begun with it may be in vain.
   * @default nobody is
   */
  readonly onWorkDirExpected?: ((workDir: WorkDir) => void) | undefined;
}

/** What a host says of itself and of its agent: nothing of a checkpoint is in it. */
export interface HostFacts {
  readonly root: string;
  readonly isOwn: boolean;
  /** Of a host that was collected, what it was called and when that was. */
  readonly about: CollectedAbout | undefined;
  readonly clock: Clock;
  readonly processes: Known<Processes>;
  readonly versions: VersionFacts;
  /** The version that will start. */
  readonly to: ChosenVersion;
  /** The version that wrote the checkpoint; undefined where nothing tells. */
  readonly from: ChosenVersion | undefined;
  readonly flags: AgentFlags;
  readonly settings: Settings;
  readonly systemd: SystemdFacts;
  /** Who the agent will run as. */
  readonly user: AgentUserFact;
  /** The user that the agent that runs is, by its number; undefined where none runs, or it is not seen. */
  readonly runningUid: number | undefined;
  /** What of the checkpoint that user may not use. */
  readonly checkpointAccess: Known<CheckpointAccess>;
  /** The files and folders that flags name. */
  readonly named: NamedFiles;
  readonly tls: TlsFacts;
  readonly modules: ModuleFacts;
  /** Undefined where containers have no logger with logrotate. */
  readonly logrotate: LogrotateFacts | undefined;
  /** The folders that the agent makes, and one that it removes. */
  readonly folderNeeds: FolderNeeds;
  /** The disks of `--resources`. */
  readonly resourceDisks: Known<readonly ResourceDisk[]>;
  /** Root file systems of containers; undefined where nothing tells where the work_dir is. */
  readonly provisioner: ProvisionerFacts | undefined;
  /** The launcher that the agent takes. */
  readonly launcher: 'posix' | 'linux';
  /** Whether the agent runs as root. */
  readonly isAgentRoot: boolean;
  readonly cgroups: CgroupFacts;
  readonly kernel: KernelFacts;
  readonly isolation: IsolationFacts;
  /** Undefined where that cannot be told. */
  readonly missingLibraries: MissingLibraries | undefined;
  readonly docker: DockerFacts;
  readonly network: NetworkFacts;
  /** Undefined where nothing tells where the work_dir is. */
  readonly workDir: WorkDir | undefined;
  /** What is run when the agent is started or stopped, as far as it takes the checkpoint away. */
  readonly removals: readonly Removal[];
  readonly runtimeDir: FolderFacts;
  /** Whether containers are recorded where an agent of root has its `runtime_dir` by default. */
  readonly usualRuntime: Known<boolean>;
  readonly activity: Activity;
  /** What the agent will build its info from. */
  readonly infoInput: BuildInput;
}

/** A version below those that are simulated has an answer too, where it is about a downgrade. */
const named = (version: Version | string | undefined): Version | undefined =>
  version === undefined ? undefined : versionNamed(version, () => true);

/**
 * Gathers what a host says. Nothing is changed, and nothing is run.
 * @throws TypeError where a text names no version
 */
export const gatherHost = (host: Host, asked: AskedOfHost): HostFacts => {
  const clock = readClock(host, asked.now ?? Date.now());
  const tell = tellOf(host, asked);
  // To look for agents takes a while, too, and most have a usual place.
  tell?.(usualWorkDir(host, asked.workDir));
  const start = readStart(host);
  tell?.(expectedWorkDir(host, start, named(asked.to) ?? LATEST_RELEASE, asked));
  const processes = readProcesses(host, clock);
  const versions = readVersions(host, processes, start.program, start.agent?.container);
  const to = versionToStart(named(asked.to), versions);
  const flags = resolveFlags(
    start,
    { version: to.version, supposed: asked.supposed },
    readTextOf(host, start.agent?.container),
  );
  const infoInput = buildInputOf(host, flags, to.version);
  const systemd = readSystemd(host, flags);
  const unit = ifKnown(systemd.unit);
  const user = readAgentUser(host, flags, systemd.unit, processes);
  const settings = withRuntimeDir(settingsOf(flags, infoInput.flags), defaultRuntimeDir(host, user, flags.environment));
  const folder = workingFolder(systemd, processes);
  const setting = { container: flags.container, user, folder };
  const modules = readModules(host, infoInput.flags, processes, { ...setting, read: infoInput.read });
  const isAgentRoot = isRootUser(user, flags, systemd);
  const cgroups = readCgroups(host, processes, {
    hierarchy: settings.cgroupsHierarchy.value,
    root: settings.cgroupsRoot.value,
    container: flags.container,
  });
  const workDir = findWorkDir(host, asked.workDir, settings.workDir, { started: folder, container: flags.container });
  return {
    root: host.root,
    isOwn: host.isOwn,
    about: host.about,
    clock,
    processes,
    versions,
    to,
    from: versionOfWriter(named(asked.from), versions),
    flags,
    settings,
    systemd,
    user,
    runningUid: runningUid(host, processes),
    checkpointAccess:
      workDir === undefined
        ? unknown('nothing tells where the work_dir is')
        : readCheckpointAccess(host, workDir.path, user),
    named: readNamedFiles(host, infoInput.flags, flags, { ...setting, version: to.version }),
    tls: readTls(host, flags, processes, setting),
    modules,
    logrotate: readLogrotate(host, modules, infoInput.flags, { ...setting, search: programSearch(flags) }),
    folderNeeds: readFolderNeeds(host, infoInput.flags, {
      ...setting,
      version: to.version,
      workDir: workDir?.inside,
      runtimeDir: settings.runtimeDir.value,
    }),
    resourceDisks: readResourceDisks(host, infoInput.flags, setting),
    provisioner: workDir && readProvisioner(host, workDir.path),
    launcher: launcherOf(settings, to.version, isAgentRoot, cgroups),
    isAgentRoot,
    cgroups,
    kernel: readKernel(host),
    missingLibraries: missingLibraries(host, flags),
    isolation: readIsolation(host, flags, isolationPaths(infoInput)),
    docker: readDocker(
      host,
      processes,
      { socket: settings.dockerSocket.value, client: settings.docker.value },
      programSearch(flags),
      user,
    ),
    network: readNetwork(host),
    workDir,
    removals: readRemovals(host, start.around, workDir),
    runtimeDir: readRuntimeDir(host, settings.runtimeDir.value, flags.container),
    usualRuntime: hasUsualContainers(host),
    activity: readActivity(host, processes, {
      logDir: settings.logDir.value,
      pidFile: unit && serviceDirective(unit, 'PIDFile')?.value,
    }),
    infoInput,
  };
};

/** Where there are fewer processes, reading them does not take long enough for anything else. */
const MANY_PROCESSES = 1000;

/** Says where the work_dir is expected, where that is not what was said before; undefined where there are few processes, or nobody asks. */
const tellOf = (
  host: Host,
  { onWorkDirExpected }: AskedOfHost,
): ((workDir: WorkDir | undefined) => void) | undefined => {
  if (onWorkDirExpected === undefined || pidsOf(host).length < MANY_PROCESSES) return undefined;
  let told: WorkDir | undefined;
  return (workDir) => {
    if (workDir === undefined || (workDir.path === told?.path && workDir.inside === told.inside)) return;
    told = workDir;
    onWorkDirExpected(workDir);
  };
};

/** Whether the agent runs as root; where its user is not found out, what its start calls that tells. */
const isRootUser = (user: AgentUserFact, flags: AgentFlags, systemd: SystemdFacts): boolean => {
  if (user.known) return isUser(user.value) && user.value.uid === 0;
  const unit = ifKnown(systemd.unit);
  const ofUnit = unit === undefined ? undefined : serviceDirective(unit, 'User')?.value;
  const name = flags.user?.value ?? ofUnit;
  return name === undefined || name === 'root' || name === '0';
};

/** The default of `--runtime_dir` hangs on who the agent is. */
const withRuntimeDir = (settings: Settings, byDefault: string): Settings =>
  settings.runtimeDir.origin === undefined
    ? { ...settings, runtimeDir: { ...settings.runtimeDir, value: byDefault } }
    : settings;
