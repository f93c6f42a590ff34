import { posix } from 'node:path';
import { type Settings, settingsOf } from '../../agent/flags/settings.ts';
import { flagValues } from '../../agent/flags/values.ts';
import { isSupported, LATEST_RELEASE, type Version, versionText } from '../../agent/version.ts';
import { openPath, UnusablePath } from '../../checkpoint/open.ts';
import type { Mode } from '../../findings/finding.ts';
import { type Clock, readClock } from '../../host/clock.ts';
import { type FolderFacts, readFolder } from '../../host/disks.ts';
import { type DockerFacts, readDocker } from '../../host/docker.ts';
import type { AgentFlags } from '../../host/flags/agent-flags.ts';
import { gatherFlags, readTextOf } from '../../host/flags/resolve.ts';
import { type Host, isUnseen } from '../../host/host.ts';
import { ifKnown, type Known, known, mapKnown, unknown } from '../../host/known.ts';
import { agentsIn, type Processes, readProcesses } from '../../host/processes.ts';
import { readSystemd, type SystemdFacts, serviceDirective } from '../../host/systemd/facts.ts';
import { type Usage, UsageCounter } from '../../host/usage.ts';
import {
  installedVersion,
  readVersions,
  SUPPORTED,
  SUPPORTED_SPAN,
  type VersionFacts,
  writingVersion,
} from '../../host/versions.ts';
import { AccessDenied, type Source } from '../../source/source.ts';
import { type Verification, verifyCheckpoint } from '../../verify/verify.ts';
import { type Activity, readActivity } from './activity.ts';
import { type AgentInfoFacts, type LostAgentInfo, readAgentInfo, readLostAgentInfo } from './agent-info.ts';
import { readSandboxes, type SandboxFacts } from './sandboxes.ts';
import { readState, type StateFacts } from './state-files.ts';

/** What is about to happen to the agent. */
export type Scenario = 'restart' | 'upgrade' | 'reboot' | 'cleanup' | 'downgrade';

/** What the operator says of it. */
export interface Asked {
  readonly workDir?: string | undefined;
  /** The version that wrote the checkpoint, and that which will start. */
  readonly from?: Version | undefined;
  readonly to?: Version | undefined;
  readonly scenario?: Scenario | undefined;
  /** Flags that the agent is supposed to have: they count most. */
  readonly supposed?: readonly string[] | undefined;
  /** Whether this runs as root: what it may not see then, nobody may. */
  readonly isRoot?: boolean | undefined;
  /** The time here, in milliseconds since 1970. */
  readonly now: number;
}

/** A version, and how it is known. */
export interface ChosenVersion {
  readonly version: Version;
  /** `--to`, the place of an installed version, or undefined where it is assumed. */
  readonly origin: string | undefined;
}

/** All that is known of a host before its agent is stopped, upgraded or rebooted. */
export interface Facts {
  readonly root: string;
  readonly isOwn: boolean;
  readonly isRoot: boolean;
  readonly scenario: Scenario;
  /** The version that will start. */
  readonly to: ChosenVersion;
  /** The version that wrote the checkpoint; undefined where nothing tells. */
  readonly from: ChosenVersion | undefined;
  readonly flags: AgentFlags;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly processes: Known<Processes>;
  readonly versions: VersionFacts;
  readonly systemd: SystemdFacts;
  readonly docker: DockerFacts;
  /** Undefined where nothing tells where the work_dir is. */
  readonly workDir: WorkDir | undefined;
  readonly runtimeDir: FolderFacts;
  readonly activity: Activity;
  readonly checkpoint: Known<CheckpointFacts>;
  readonly agentInfo: Known<AgentInfoFacts>;
  /** Undefined where slave.info is whole, or no agent is checkpointed. */
  readonly lostAgentInfo: LostAgentInfo | undefined;
  readonly sandboxes: Known<SandboxFacts>;
  /** What is in the volumes that the start would delete, by path. */
  readonly volumeUsage: ReadonlyMap<string, Usage>;
  readonly state: StateFacts | undefined;
}

/** The work_dir, and how it is known. */
export interface WorkDir extends FolderFacts {
  /** `--work-dir`, or the flag's place; undefined where a checkpoint was found at a usual place. */
  readonly origin: string | undefined;
  /** What the flag says, where it is no absolute path: it counts from the folder that the agent is started in. */
  readonly relative: string | undefined;
  /** What it is called where the agent is: in its container, as a volume; the links in it lead there. */
  readonly inside: string;
  /** Whether it is in the agent's container alone, in none of its volumes. */
  readonly isContained: boolean;
}

/** What is foretold of the checkpoint. */
export interface CheckpointFacts {
  readonly verification: Verification;
  /** The mode that decides: strict unless the flags say otherwise. */
  readonly mode: Mode;
  readonly source: Source;
}

/** Where agents keep their work, where nothing says where. */
const USUAL_WORK_DIRS = ['/var/lib/mesos/slave', '/var/lib/mesos', '/tmp/mesos'];

/** How many files and folders are counted for the size of what waits for collection. */
const MOST_COUNTED = 50_000;

/** Gathers the facts of a host. Nothing is changed, and nothing is run. */
export const gatherFacts = (host: Host, asked: Asked): Facts => {
  const clock = readClock(host, asked.now);
  const processes = readProcesses(host, clock);
  // Which flags there are depends on the version, and the agent's program, which the flags tell, may tell the version.
  const first = readVersions(host, processes, undefined);
  const before = gatherFlags(host, { version: versionToStart(asked, first).version, supposed: asked.supposed });
  const versions = readVersions(host, processes, before.program, before.container);
  const to = versionToStart(asked, versions);
  const flags = gatherFlags(host, { version: to.version, supposed: asked.supposed });
  const settings = settingsOf(flags, flagValues(flags, to.version, readTextOf(host)));
  const systemd = readSystemd(host, flags);
  const from = versionOfWriter(asked, versions);
  const scenario = asked.scenario ?? scenarioOf(from, to);
  const workDir = workDirOf(host, asked, settings, {
    started: workingFolder(systemd, processes),
    container: flags.container,
  });
  const opened =
    workDir === undefined ? unknown('nothing tells where the work_dir is; --work-dir does') : open(host, workDir);
  const launcher = launcherOf(settings, systemd);
  const checkpoint = foretell(opened, { to: to.version, clock, scenario, launcher, settings });
  const read = ifKnown(checkpoint);
  const model = read?.verification.checkpoint;
  const unit = ifKnown(systemd.unit);
  return {
    root: host.root,
    isOwn: host.isOwn,
    isRoot: asked.isRoot === true,
    scenario,
    to,
    from,
    flags,
    settings,
    clock,
    processes,
    versions,
    systemd,
    docker: readDocker(host, processes, { socket: settings.dockerSocket.value, client: settings.docker.value }),
    workDir,
    runtimeDir: readFolder(host, settings.runtimeDir.value),
    activity: readActivity(
      host,
      processes,
      read === undefined || workDir === undefined || model === undefined
        ? undefined
        : { model, source: read.source, workDir: workDir.path },
      {
        logDir: settings.logDir.value,
        pidFile: unit === undefined ? undefined : serviceDirective(unit, 'PIDFile')?.value,
      },
    ),
    checkpoint,
    agentInfo: readAgentInfo(host, flags, read),
    lostAgentInfo: readLostAgentInfo(host, flags, read),
    sandboxes:
      workDir === undefined || model === undefined
        ? unknown('the checkpoint was not read')
        : readSandboxes(host, workDir.path, model, new UsageCounter(host, MOST_COUNTED)),
    volumeUsage: usageOfDeleted(host, read),
    state:
      workDir === undefined
        ? undefined
        : readState(host, {
            workDir: workDir.path,
            agent: mapKnown(checkpoint, ({ verification }) => verification.checkpoint.agent?.path),
            dockerVolumeDir: settings.dockerVolumeDir.value,
            dockerStoreDir: settings.dockerStoreDir.value,
          }),
  };
};

const usageOfDeleted = (host: Host, read: CheckpointFacts | undefined): ReadonlyMap<string, Usage> => {
  const deleted = read === undefined ? [] : read.verification[read.mode].impact.volumes.deleted;
  const counter = new UsageCounter(host, MOST_COUNTED);
  return new Map(deleted.map((path) => [path, counter.of(path)]));
};

const versionToStart = (asked: Asked, versions: VersionFacts): ChosenVersion => {
  if (asked.to !== undefined) return { version: asked.to, origin: '--to' };
  const installed = installedVersion(versions);
  if (installed !== undefined && isSupported(installed.version)) {
    return { version: installed.version, origin: installed.place };
  }
  return { version: LATEST_RELEASE, origin: undefined };
};

const versionOfWriter = (asked: Asked, versions: VersionFacts): ChosenVersion | undefined => {
  if (asked.from !== undefined) return { version: asked.from, origin: '--from' };
  const found = writingVersion(versions);
  return found === undefined ? undefined : { version: found.version, origin: found.place };
};

/** Without a word the versions say what is about to happen. */
const scenarioOf = (from: ChosenVersion | undefined, to: ChosenVersion): Scenario => {
  if (from === undefined || to.origin === undefined) return 'restart';
  const [a, b] = [from.version, to.version];
  const difference = b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
  return difference > 0 ? 'upgrade' : difference < 0 ? 'downgrade' : 'restart';
};

/** The folder that the agent will be started in: that of its unit, `/` unless it says so, or that of the one that runs. */
const workingFolder = ({ unit }: SystemdFacts, processes: Known<Processes>): string | undefined => {
  const found = ifKnown(unit);
  if (found === undefined) return agentsIn(ifKnown(processes) ?? new Map())[0]?.folder;
  const folder = serviceDirective(found, 'WorkingDirectory')?.value.replace(/^-/, '') ?? '/';
  return folder.startsWith('/') ? folder : undefined;
};

const workDirOf = (
  host: Host,
  asked: Asked,
  settings: Settings,
  { started, container }: { readonly started: string | undefined; readonly container: AgentFlags['container'] },
): WorkDir | undefined => {
  const at = (path: string, origin: string | undefined, relative?: string): WorkDir => {
    const onHost = origin === undefined || origin === '--work-dir' ? path : hostPathOf(path, container);
    return {
      ...readFolder(host, onHost ?? path),
      origin,
      relative,
      inside: path,
      isContained: onHost === undefined,
    };
  };
  if (asked.workDir !== undefined) return at(asked.workDir, '--work-dir');
  const { value, origin } = settings.workDir;
  if (value?.startsWith('/') === true) return at(value, origin);
  if (value !== undefined) return started === undefined ? undefined : at(posix.join(started, value), origin, value);
  const found = USUAL_WORK_DIRS.find((path) => {
    const stat = host.stat(`${path}/meta`);
    return stat !== undefined && !isUnseen(stat) && stat.kind === 'folder';
  });
  return found === undefined ? undefined : at(found, undefined);
};

type Opened = ReturnType<typeof openPath>;

/** Where a path of the agent's container is on its host; undefined where it is in none of the volumes. */
const hostPathOf = (path: string, container: AgentFlags['container']): string | undefined => {
  if (container === undefined) return path;
  const holding = container.volumes
    .filter(({ inside }) => `${path}/`.startsWith(inside.endsWith('/') ? inside : `${inside}/`))
    .toSorted((a, b) => b.inside.length - a.inside.length)[0];
  return holding === undefined ? undefined : posix.join(holding.host, posix.relative(holding.inside, path));
};

const open = (host: Host, { path: workDir, inside }: WorkDir): Known<Opened> => {
  const local = host.local(workDir);
  if (local === undefined) {
    const stat = host.stat(workDir);
    return isUnseen(stat)
      ? unknown(`${workDir}: it may not be looked at`, true)
      : unknown(`${workDir}: it is not there`);
  }
  try {
    return known(openPath(local, { workDir: inside }));
  } catch (error) {
    return failureOf(workDir, error);
  }
};

const failureOf = (workDir: string, error: unknown): Known<never> => {
  if (error instanceof AccessDenied) return unknown(`${workDir}: ${error.message}`, true);
  if (error instanceof UnusablePath) return unknown(error.message, /permission/.test(error.message));
  throw error;
};

/** Root is what the agent runs as, unless its unit says otherwise; it then takes the Linux launcher. */
const launcherOf = (settings: Settings, systemd: SystemdFacts): 'posix' | 'linux' => {
  const { value } = settings.launcher;
  if (value === 'posix' || value === 'linux') return value;
  const unit = ifKnown(systemd.unit);
  const user = unit === undefined ? undefined : serviceDirective(unit, 'User')?.value;
  return unit !== undefined && (user === undefined || user === 'root') ? 'linux' : 'posix';
};

const foretell = (
  opened: Known<Opened>,
  {
    to,
    clock,
    scenario,
    launcher,
    settings,
  }: {
    readonly to: Version;
    readonly clock: Clock;
    readonly scenario: Scenario;
    readonly launcher: 'posix' | 'linux';
    readonly settings: Settings;
  },
): Known<CheckpointFacts> => {
  if (!opened.known) return opened;
  if (!isSupported(to)) {
    return unknown(`the recovery of ${versionText(to)} is not known; that of ${SUPPORTED_SPAN} is`, false, SUPPORTED);
  }
  try {
    const verification = verifyCheckpoint(opened.value, {
      version: to,
      bootId: ifKnown(clock.bootId),
      rebooted: scenario === 'reboot' ? true : undefined,
      launcher,
    });
    if (!verification.checkpoint.hasMeta) {
      return unknown(`${verification.home}: there is no folder 'meta' in it, so it is no work_dir, or a new one`);
    }
    const mode: Mode = settings.strict.value ? 'strict' : 'nonStrict';
    return known({ verification, mode, source: opened.value.tree.source });
  } catch (error) {
    return failureOf(opened.value.tree.home, error);
  }
};
