import { isWithin, since, type Version, type VersionSpan, versionText } from '../../agent/version.ts';
import type { Executor } from '../../checkpoint/model.ts';
import { ifKnown } from '../../host/known.ts';
import { isRunning } from '../../recovery/living.ts';
import { rulesOf } from '../../recovery/versions.ts';
import type { Facts } from '../facts/facts.ts';
import { isDocker } from '../lives/fates.ts';
import { isAlive, type Lives } from '../lives/lives.ts';
import { about, ok, type PreflightCheck, type Subject, warn } from './check.ts';
import { EMPTY_DOCKER_VOLUMES } from './docker-volumes.ts';
import { EMPTY_IMAGE_STORE } from './image-store.ts';

/** A bug of the agent's recovery that was mended. */
interface KnownBug {
  readonly id: string;
  readonly isFixed: (version: Version) => boolean;
  /** Whether this host would meet it. */
  readonly isMet: (subject: Subject) => boolean;
  readonly text: string;
}

const fixedIn =
  (versions: readonly VersionSpan[]) =>
  (version: Version): boolean =>
    isWithin(version, versions);

const liveExecutors = ({ checkpoint }: Facts): readonly Executor[] =>
  (ifKnown(checkpoint)?.verification.checkpoint.agent?.frameworks ?? []).flatMap(({ executors }) =>
    executors.filter(isRunning),
  );
const isPod = ({ info }: Executor): boolean => info.kind === 'whole' && info.value.type === 'DEFAULT';
const isRebooted = ({ checkpoint }: Facts): boolean => ifKnown(checkpoint)?.verification.boot.rebooted === true;
const hasEmpty = (
  files: { readonly known: boolean } | undefined,
  facts: Facts,
  kind: 'dockerVolumes' | 'imageStore',
): boolean =>
  files?.known === true &&
  (ifKnown(facts.state?.[kind] ?? { known: true as const, value: [] }) ?? []).some(({ state }) => state === 'empty');
const losesPods = ({ executors }: Lives, pods: readonly Executor[]): boolean =>
  executors.some(({ executor, fate }) => !isAlive(fate) && pods.some(({ id }) => id === executor));

/** From the agent's list of changes, as far as a checkpoint or a host can show that it is met. */
const BUGS: readonly KnownBug[] = [
  {
    id: 'MESOS-9501',
    isFixed: (version) => rulesOf(version).rebootForgetsPids,
    isMet: ({ facts }) => isRebooted(facts) && liveExecutors(facts).length > 0,
    text: "after a reboot the agent believes pids that are somebody else's, and may kill their processes",
  },
  {
    id: 'MESOS-9507',
    isFixed: fixedIn(EMPTY_DOCKER_VOLUMES),
    isMet: ({ facts }) => hasEmpty(facts.state?.dockerVolumes, facts, 'dockerVolumes'),
    text: 'an empty list of docker volumes makes the agent refuse to start',
  },
  {
    id: 'MESOS-8871',
    isFixed: fixedIn(EMPTY_IMAGE_STORE),
    isMet: ({ facts }) => hasEmpty(facts.state?.imageStore, facts, 'imageStore'),
    text: 'an empty list of stored images makes the agent refuse to start',
  },
  {
    id: 'MESOS-9352',
    isFixed: fixedIn(since('1.8.0')),
    isMet: ({ facts }) =>
      liveExecutors(facts).some(isDocker) &&
      ((read) => (read?.verification[read.mode].impact.volumes.kept.length ?? 0) > 0)(ifKnown(facts.checkpoint)),
    text: 'the data of a persistent volume of a docker container can be deleted with its sandbox',
  },
  {
    id: 'MESOS-8877',
    isFixed: fixedIn(since('1.10.0')),
    isMet: ({ facts }) => liveExecutors(facts).some(isDocker),
    text: 'the limits of docker containers are set too high after a recovery',
  },
  {
    id: 'MESOS-9966',
    isFixed: fixedIn(since('1.7.3', '1.8.2', '1.9.1')),
    isMet: ({ facts, lives }) => losesPods(lives, liveExecutors(facts).filter(isPod)),
    text: 'the agent crashes when it destroys nested containers whose executor it does not know',
  },
  {
    id: 'MESOS-9909',
    isFixed: fixedIn(since('1.9.0')),
    isMet: ({ facts }) => facts.settings.isolation.value.includes('network/cni') && liveExecutors(facts).some(isPod),
    text: 'the agent crashes after it has recovered a nested container in a CNI network',
  },
  {
    id: 'MESOS-6285',
    isFixed: fixedIn(since('1.10.0')),
    isMet: ({ facts }) => (ifKnown(facts.sandboxes)?.waiting.count ?? 0) > 10_000,
    text: 'the agent can run out of memory where very many runs wait for collection',
  },
];

/** Mended bugs that the version that starts still has, and that this host would meet. */
export const knownBugs: PreflightCheck<'known-bugs'> = {
  code: 'known-bugs',
  title: 'No known bug of this version is met here',
  explanation: `Bugs of the agent's recovery that later versions have mended, as far as a host shows that it would meet them: ${BUGS.map(({ id }) => id).join(', ')}.`,
  remedy: 'Start a version that has the fix, or take away what leads to the bug.',
  visibility: 'Run this as root, where the work_dir is, and say with --to which version will start.',
  judge: (subject) =>
    about(subject.facts.checkpoint, ({ verification: { version } }) => {
      const met = BUGS.filter((bug) => !bug.isFixed(version) && bug.isMet(subject));
      return met.length === 0
        ? [ok(`none of ${BUGS.length} for ${versionText(version)}`)]
        : met.map(({ id, text }) => warn(`${id}: ${text}`));
    }),
};
