import { compareVersions, type Version, versionNamed } from '../../agent/version.ts';
import type { Opened } from '../../checkpoint/open.ts';
import { newestOf, type Sign } from '../../host/activity.ts';
import { knownHostPath } from '../../host/flags/contained.ts';
import { type AskedOfHost, gatherHost, type HostFacts } from '../../host/gather.ts';
import { type Host, isUnseen } from '../../host/host.ts';
import { ifKnown, type Known, known, mapKnown, unknown, unseen } from '../../host/known.ts';
import { type Usage, UsageCounter } from '../../host/usage.ts';
import type { WorkDir } from '../../host/work-dir.ts';
import { type AgentInfoFacts, type LostAgentInfo, readAgentInfo, readLostAgentInfo } from './agent-info.ts';
import { type CheckpointFacts, openCheckpoint, type ReadersFor, readCheckpoint } from './checkpoint.ts';
import { type ContainersFacts, readContainers } from './containers.ts';
import { lastSignIn } from './last-sign.ts';
import { type Registration, readRegistration } from './registration.ts';
import { readSandboxes, type SandboxFacts } from './sandboxes.ts';
import { readState, type StateFacts } from './state-files.ts';

/** What is about to happen to the agent. */
export type Scenario = 'restart' | 'upgrade' | 'reboot' | 'cleanup' | 'downgrade';

/** What the operator says. */
export interface Asked extends AskedOfHost {
  /** What is about to happen; where it is not given, what the two versions say. */
  readonly scenario?: Scenario | undefined;
  /** The version of the oldest master, where the operator says it: no file of an agent tells. */
  readonly masterVersion?: Version | string | undefined;
  /** Whether this runs as root: what it may not see then, nobody may. False where it is not given. */
  readonly isRoot?: boolean | undefined;
  /**
   * Whether every executor is kept whole, for who shows the agent's state; what is judged is the same.
   * @default of one in which all is as it should be, just what is judged
   */
  readonly keepsWhole?: boolean | undefined;
  /**
   * What reads the executors of an opened checkpoint, in several threads for example: whole, or as short as is asked for.
   * @default one after the other
   */
  readonly readersFor?: ReadersFor | undefined;
  /**
   * Begins to read an opened checkpoint while the host's many processes are read: `readersFor` will be asked for it, most likely.
   * @default nothing is begun
   */
  readonly readAhead?: ((opened: Opened) => void) | undefined;
}

/** All that is known of a host and of its agent's checkpoint before the agent is stopped, upgraded or rebooted. */
export interface Facts extends HostFacts {
  readonly isRoot: boolean;
  readonly scenario: Scenario;
  /** The version of the oldest master; undefined where the operator does not say it. */
  readonly masterVersion: Version | undefined;
  /** Whether the program of `--ip_discovery_command` is there; undefined where no plain path is set. */
  readonly commandFile: Known<boolean> | undefined;
  /** Under which name and address the master knows the agent. */
  readonly registration: Registration;
  /** The newest thing that an agent wrote that is down: it has not been for longer. Undefined while one runs, too. */
  readonly lastSign: Sign | undefined;
  readonly checkpoint: Known<CheckpointFacts>;
  readonly agentInfo: Known<AgentInfoFacts>;
  /** Undefined where slave.info is whole, or no agent is checkpointed. */
  readonly lostAgentInfo: LostAgentInfo | undefined;
  readonly sandboxes: Known<SandboxFacts>;
  /** What the mesos containerizer keeps of its containers. */
  readonly containers: Known<ContainersFacts>;
  /** What is in the volumes that the start would delete, by path. */
  readonly volumeUsage: ReadonlyMap<string, Usage>;
  /** Undefined where nothing tells where the work_dir is. */
  readonly state: StateFacts | undefined;
}

/** The path by which this machine reaches the host's work_dir; undefined where nothing tells where that is, or an archive holds it. */
export const workDirFromHere = ({ root, isOwn, about, workDir }: Facts): string | undefined => {
  if (workDir === undefined || about !== undefined) return undefined;
  return isOwn ? workDir.path : `${root.replace(/\/+$/, '')}${workDir.path}`;
};

/** How many files and folders are counted for the size of what waits for collection. */
const MOST_COUNTED = 50_000;

/** Gathers the facts of a host, with the checkpoint of its agent. Nothing is changed, and nothing is run. */
export const gatherFacts = (host: Host, asked: Asked = {}): Facts => {
  const { readAhead } = asked;
  const onWorkDirExpected = readAhead && ((at: WorkDir): void => withOpened(openCheckpoint(host, at), readAhead));
  const facts = gatherHost(host, { ...asked, onWorkDirExpected });
  const { workDir, settings, flags } = facts;
  const scenario = asked.scenario ?? scenarioOf(facts);
  const checkpoint = readCheckpoint(host, facts, scenario === 'reboot', asked);
  const read = ifKnown(checkpoint);
  const model = read?.verification.checkpoint;
  const agentInfo = readAgentInfo(facts, read);
  const lastSign = isUp(facts) ? undefined : lastSignOf(facts, read);
  return {
    ...facts,
    isRoot: asked.isRoot === true,
    scenario,
    lastSign,
    masterVersion: asked.masterVersion === undefined ? undefined : versionNamed(asked.masterVersion, () => true),
    commandFile: readCommandFile(host, facts),
    registration: readRegistration(host, facts, { agentInfo, checkpoint, lastSign }),
    checkpoint,
    agentInfo,
    lostAgentInfo: readLostAgentInfo(facts, read),
    sandboxes:
      workDir === undefined || model === undefined
        ? unknown('the checkpoint was not read')
        : readSandboxes(host, workDir.path, model, new UsageCounter(host, MOST_COUNTED)),
    containers: facts.runtimeDir.there.known
      ? readContainers(host, { runtimeDir: facts.runtimeDir.path, cniRoot: cniRootOf(facts) })
      : facts.runtimeDir.there,
    volumeUsage: usageOfDeleted(host, read),
    state:
      workDir &&
      readState(host, {
        workDir: workDir.path,
        agent: mapKnown(checkpoint, ({ verification }) => verification.checkpoint.agent?.path),
        dockerVolumeDir: knownHostPath(settings.dockerVolumeDir.value, flags.container),
        dockerStoreDir: knownHostPath(settings.dockerStoreDir.value, flags.container),
      }),
  };
};

const isUp = ({ activity }: HostFacts): boolean => (ifKnown(activity.running)?.length ?? 0) > 0;

const lastSignOf = ({ workDir, activity }: HostFacts, read: CheckpointFacts | undefined): Sign | undefined => {
  const written =
    read === undefined || workDir === undefined
      ? undefined
      : lastSignIn(read.verification.checkpoint, read.source, workDir.path);
  return newestOf([written, activity.lastLog].filter((sign) => sign !== undefined));
};

const withOpened = (opened: Known<Opened>, then: (opened: Opened) => void): void => {
  if (opened.known) then(opened.value);
};

/** What a plain path in `--ip_discovery_command` leads to; a shell's other words are not looked into. */
const readCommandFile = (host: Host, { infoInput }: HostFacts): Known<boolean> | undefined => {
  const command = infoInput.flags('ip_discovery_command');
  const [, path] = command.kind === 'set' ? (/^\s*(\/[\w./-]+)(?:\s[\w./:= -]*)?$/.exec(command.value) ?? []) : [];
  if (path === undefined) return undefined;
  const stat = host.stat(path);
  if (isUnseen(stat)) return unseen(path, stat);
  return known(stat?.kind === 'file' && (stat.mode & 0o111) !== 0);
};

/**
 * Where the CNI isolator keeps its networks (`getCniRootDir`). It is on unless another isolator of networks is named, and
 * keeps nothing without both of its flags.
 */
const cniRootOf = ({ infoInput: { flags }, settings, runtimeDir, workDir }: HostFacts): string | undefined => {
  const others = settings.isolation.value.filter((name) => name.startsWith('network/') && name !== 'network/ports');
  const isOn = others.length === 0 || others.includes('network/cni');
  const isNamed = ['network_cni_plugins_dir', 'network_cni_config_dir'].every((name) => flags(name).kind !== 'default');
  if (!isOn || !isNamed) return undefined;
  const persist = flags('network_cni_root_dir_persist');
  const isPersistent = persist.kind === 'set' && persist.value !== 'false' && persist.value !== '0';
  return `${isPersistent ? workDir?.path : runtimeDir.path}/isolators/network/cni`;
};

const usageOfDeleted = (host: Host, read: CheckpointFacts | undefined): ReadonlyMap<string, Usage> => {
  const deleted = read === undefined ? [] : read.verification[read.mode].impact.volumes.deleted;
  const counter = new UsageCounter(host, MOST_COUNTED);
  return new Map(deleted.map((path) => [path, counter.of(path)]));
};

/** Without a word the versions say what is about to happen. */
const scenarioOf = ({ from, to }: HostFacts): Scenario => {
  if (from === undefined || to.origin === undefined) return 'restart';
  const difference = compareVersions(to.version, from.version);
  return difference > 0 ? 'upgrade' : difference < 0 ? 'downgrade' : 'restart';
};
