import { isWithin, since, type VersionSpan, versionText } from '../../agent/version.ts';
import { ifKnown } from '../../host/known.ts';
import { isRunning } from '../../recovery/living.ts';
import { versionsWith } from '../../recovery/versions.ts';
import { listed } from '../../text/words.ts';
import { type AnyExecutor, executorsOn, isDocker, kindOf } from '../facts/executors.ts';
import type { Facts } from '../facts/facts.ts';
import { isAlive, type Lives } from '../lives/lives.ts';
import { about, ok, type PreflightCheck, type Row, type Subject, warn } from './check.ts';
import { EMPTY_DOCKER_VOLUMES } from './docker-volumes.ts';
import { EMPTY_IMAGE_STORE } from './image-store.ts';

/** A bug of the agent that a recovery meets. */
interface KnownBug {
  readonly id: string;
  /** The versions that have it no more; none where no version has a fix. */
  readonly fixed: readonly VersionSpan[];
  /** Whether this host would meet it. */
  readonly isMet: (subject: Subject) => boolean;
  readonly text: string;
  /** What to do where no other version is at hand. */
  readonly todo: string;
}

const executorsIn = ({ checkpoint }: Facts): readonly AnyExecutor[] =>
  executorsOn(ifKnown(checkpoint)?.verification.checkpoint.agent);
const liveExecutors = (facts: Facts): readonly AnyExecutor[] => executorsIn(facts).filter(isRunning);
const hasLive = (facts: Facts, isKind: (executor: AnyExecutor) => boolean): boolean =>
  liveExecutors(facts).some(isKind);
const isPod = (executor: AnyExecutor): boolean => kindOf(executor)?.type === 'DEFAULT';
const isRebooted = ({ checkpoint }: Facts): boolean => ifKnown(checkpoint)?.verification.boot.rebooted === true;
const hasEmpty = (facts: Facts, kind: 'dockerVolumes' | 'imageStore'): boolean => {
  const files = facts.state?.[kind];
  return files?.known === true && files.value.some(({ state }) => state === 'empty');
};
const losesPods = ({ executors }: Lives, pods: readonly AnyExecutor[]): boolean =>
  executors.some(({ executor, fate }) => !isAlive(fate) && pods.some(({ id }) => id === executor));
const keepsVolumes = ({ checkpoint }: Facts): boolean => {
  const read = ifKnown(checkpoint);
  return read !== undefined && read.verification[read.mode].impact.volumes.kept.length > 0;
};
const hasCgroups = ({ settings }: Facts): boolean =>
  settings.isolation.value.some((name) => name.startsWith('cgroups/'));

/** Whether the next start isolates by a subsystem that the agent that runs does not use. */
const gainsSubsystem = ({ flags, settings }: Facts): boolean => {
  const changed = flags.running?.differences.find(({ name }) => name === 'isolation');
  if (changed === undefined) return false;
  const before = (changed.now ?? '').split(',').map((name) => name.trim());
  return settings.isolation.value.some((name) => name.startsWith('cgroups/') && !before.includes(name));
};

/** So many runs make a recovery large. */
const MANY_RUNS = 10_000;

const runsOn = (facts: Facts): number => executorsIn(facts).reduce((total, { runs }) => total + runs.length, 0);

const NEVER: readonly VersionSpan[] = [];

/** From the agent's list of changes, as far as a checkpoint or a host can show that it is met. */
const BUGS: readonly KnownBug[] = [
  {
    id: 'MESOS-9501',
    fixed: versionsWith('rebootForgetsPids'),
    isMet: ({ facts }) => isRebooted(facts) && liveExecutors(facts).length > 0,
    text: 'after a reboot the agent believes pids that belong to other processes by then, and may kill them',
    todo: 'Start a version with the fix. Without one, remove pids/forked.pid and pids/libprocess.pid of each live run before the agent starts.',
  },
  {
    id: 'MESOS-8125',
    fixed: since('1.4.2', '1.5.1', '1.6.0'),
    isMet: ({ facts }) => isRebooted(facts) && hasLive(facts, isDocker),
    text: "after a reboot the agent waits for the process that now has a docker executor's pid",
    todo: 'Start a version with the fix. Without one, remove pids/forked.pid of each live docker run before the agent starts.',
  },
  {
    id: 'MESOS-9507',
    fixed: EMPTY_DOCKER_VOLUMES,
    isMet: ({ facts }) => hasEmpty(facts, 'dockerVolumes'),
    text: 'an empty list of docker volumes makes the agent refuse to start',
    todo: 'Do what the check docker-volumes says.',
  },
  {
    id: 'MESOS-8871',
    fixed: EMPTY_IMAGE_STORE,
    isMet: ({ facts }) => hasEmpty(facts, 'imageStore'),
    text: 'an empty list of stored images makes the agent refuse to start',
    todo: 'Do what the check image-store says.',
  },
  {
    id: 'MESOS-9352',
    fixed: NEVER,
    isMet: ({ facts }) => hasLive(facts, isDocker) && keepsVolumes(facts),
    text: 'the data of a persistent volume of a docker container can be deleted with its sandbox',
    todo: 'Copy the data of the persistent volumes elsewhere before the agent stops.',
  },
  {
    id: 'MESOS-8877',
    fixed: since('1.10.0'),
    isMet: ({ facts }) => hasLive(facts, isDocker),
    text: 'the limits of docker containers are set too high after a recovery',
    todo: 'Start 1.10.0 or later. Without it, set the limits again with docker update when the agent has recovered.',
  },
  {
    id: 'MESOS-8840',
    fixed: NEVER,
    isMet: ({ facts }) => hasLive(facts, isDocker) && isOn(facts, 'cgroups_enable_cfs'),
    text: 'cpu.cfs_quota_us of a command task in a docker container may be set by mistake during a recovery',
    todo: 'Compare cpu.cfs_quota_us of the docker containers before the stop and after the start, and write back what it was.',
  },
  {
    id: 'MESOS-10066',
    fixed: NEVER,
    isMet: ({ facts }) => hasLive(facts, isDocker),
    text: 'mesos-docker-executor was seen to end when the agent stops, and the recovery to fail then',
    todo: 'Try it on a host without tasks first: after systemctl stop, ps must still show each mesos-docker-executor.',
  },
  {
    id: 'MESOS-9966',
    fixed: since('1.7.3', '1.8.2', '1.9.1'),
    isMet: ({ facts, lives }) => losesPods(lives, liveExecutors(facts).filter(isPod)),
    text: 'the agent crashes when it destroys nested containers whose executor it does not know',
    todo: 'Start a version with the fix. Without one, let systemd start the agent again after the crash: Restart=always.',
  },
  {
    id: 'MESOS-9909',
    fixed: since('1.9.0'),
    isMet: ({ facts }) => facts.settings.isolation.value.includes('network/cni') && hasLive(facts, isPod),
    text: 'the agent crashes after it has recovered a nested container in a CNI network',
    todo: 'Start 1.9.0 or later. Without it, let the frameworks move the pods that are in a CNI network first.',
  },
  {
    id: 'MESOS-9305',
    fixed: since('1.5.2', '1.6.2', '1.7.1'),
    isMet: ({ facts }) => ifKnown(facts.systemd.present) === true && hasCgroups(facts),
    text: 'systemd may remove the control groups of --cgroups_root, and no container is then started until the agent is started again',
    todo: 'After a systemctl daemon-reload look whether --cgroups_root is still below each control group hierarchy; if not, restart the agent.',
  },
  {
    id: 'MESOS-9295',
    fixed: since('1.7.1'),
    isMet: ({ facts }) => gainsSubsystem(facts) && hasLive(facts, isPod),
    text: 'nested containers under executors that run now cannot be started once --isolation has a new cgroups subsystem',
    todo: 'Keep --isolation as the running agent has it until these executors have ended.',
  },
  {
    id: 'MESOS-6285',
    fixed: NEVER,
    isMet: ({ facts }) => runsOn(facts) > MANY_RUNS,
    text: `the agent can run out of memory during a recovery of more than ${MANY_RUNS} runs`,
    todo: 'Have runs that are over collected before the stop: with a smaller --gc_delay the agent does so by itself.',
  },
];

const isOn = ({ infoInput }: Facts, name: string): boolean => {
  const flag = infoInput.flags(name);
  return flag.kind === 'set' && flag.value !== 'false' && flag.value !== '0';
};

const idsOf = (isFixed: boolean): string =>
  BUGS.filter(({ fixed }) => fixed.length > 0 === isFixed)
    .map(({ id }) => id)
    .join(', ');

const fixedText = (versions: readonly VersionSpan[]): string =>
  listed(versions.flatMap(({ from }) => (from === undefined ? [] : [from])));

/** Where the agent's project says of it that it is not mended. */
const UNRESOLVED = "Mesos's CHANGELOG, unresolved up to 1.11.0";

/** Known bugs that the version that starts has, and that this host would meet. */
export const knownBugs: PreflightCheck<'known-bugs'> = {
  code: 'known-bugs',
  title: 'No known bug of this version is met here',
  explanation: `Bugs of the agent's recovery, by its list of changes, as far as a host shows that it would meet them. Fixed in some version: ${idsOf(true)}. Fixed in none: ${idsOf(false)}.`,
  remedy: 'Start a version that has the fix, or take away what leads to the bug: each row says how.',
  visibility: 'Run this as root, where the work_dir is, and say with --to which version will start.',
  judge: (subject) =>
    about(subject.facts.checkpoint, ({ verification: { version } }) => {
      const met = BUGS.filter((bug) => !isWithin(version, bug.fixed) && bug.isMet(subject));
      return met.length === 0 ? [ok(`none of ${BUGS.length} for ${versionText(version)}`)] : met.map(rowOf);
    }),
};

const rowOf = ({ id, text, fixed, todo }: KnownBug): Row =>
  warn(`${id}: ${text}`, fixed.length === 0 ? UNRESOLVED : `Mesos's CHANGELOG, fixed in ${fixedText(fixed)}`, todo);
