import type { Checkpoint } from '../../checkpoint/model.ts';
import { hierarchyOf, isV2Alone } from '../../host/cgroups.ts';
import { ifKnown } from '../../host/known.ts';
import { isRunning } from '../../recovery/living.ts';
import { count, listed } from '../../text/words.ts';
import { executorsOn, isDocker } from '../facts/executors.ts';
import type { Facts } from '../facts/facts.ts';
import { BOOT_WITH_V1 } from '../isolation/hierarchies.ts';
import { about, aboutFlag, dontKnow, endsStart, fail, notSeen, ok, type PreflightCheck, type Row } from './check.ts';

/** Whether docker is there for the executors that need it. */
export const docker: PreflightCheck<'docker'> = {
  code: 'docker',
  title: 'Docker answers for the executors that need it',
  explanation:
    'An agent with docker among its --containerizers looks for the subsystem cpu of cgroups v1, runs docker --version, and docker ps -a when it recovers; it refuses to start where one of them fails. Executors in docker containers are recovered by no other containerizer, and containers that the checkpoint does not know are killed (--docker_kill_orphans).',
  remedy:
    'Start docker before the agent, and keep docker among the --containerizers as long as an executor is in one of its containers.',
  visibility: 'Run this on the host, as root, or give --containerizers behind --.',
  judge: ({ facts }) =>
    about(facts.checkpoint, ({ verification }) => {
      const executors = dockerExecutors(verification.checkpoint);
      const { settings } = facts;
      const isEnabled = settings.containerizers.value.includes('docker');
      const strange = strangeNames(facts);
      if (strange.length > 0) {
        const found = `--containerizers names ${listed(strange.map((name) => `'${name}'`))}, which no version knows: the agent does not start`;
        return [
          dontKnow(`${found}, and whether docker is meant is not known`, settings.containerizers.origin, NAME_THEM),
        ];
      }
      if (executors > 0 && settings.containerizers.isSure && !isEnabled) {
        const place = settings.containerizers.origin ?? 'the default of --containerizers';
        return [fail(`${count(executors, 'executor is', 'executors are')} docker's, and docker is not enabled`, place)];
      }
      if (!isEnabled) {
        return [
          settings.containerizers.isSure
            ? ok('docker is not enabled, and no executor needs it')
            : aboutFlag(
                facts,
                dontKnow(
                  `whether docker is enabled is not known; ${executors === 0 ? 'no executor needs it' : `${count(executors, 'executor needs', 'executors need')} it`}`,
                ),
              ),
        ];
      }
      return needs(facts, executors);
    }),
};

const NAME_THEM = 'Set --containerizers to mesos, docker, or both with a comma and no blank between.';

/** What is no containerizer. A blank is a part of a name. */
const strangeNames = ({ infoInput }: Facts): readonly string[] => {
  const flag = infoInput.flags('containerizers');
  return flag.kind === 'set' ? flag.value.split(',').filter((name) => name !== 'mesos' && name !== 'docker') : [];
};

/** Docker's own check of control groups. Mirrors `Docker::create`: no version looks for cgroups v2. */
const cgroupRows = ({ cgroups }: Facts): readonly Row[] => {
  if (!cgroups.mounts.known || hierarchyOf(cgroups.mounts.value, 'cpu') !== undefined) return [];
  const found = 'the docker containerizer needs the subsystem cpu of cgroups v1, which is mounted nowhere';
  return [endsStart(found, '/proc/mounts', isV2Alone(cgroups.mounts.value) ? BOOT_WITH_V1 : 'Mount it.')];
};

const dockerExecutors = ({ agent }: Checkpoint): number =>
  executorsOn(agent).filter((executor) => isDocker(executor) && isRunning(executor)).length;

const needs = (facts: Facts, executors: number): readonly Row[] => {
  const {
    docker: { socket, client, daemon },
    settings,
  } = facts;
  const rows: Row[] = [...cgroupRows(facts)];
  if (!client.known) rows.push(notSeen(client));
  else if (client.value === undefined)
    rows.push(endsStart(`there is no ${settings.docker.value} to run`, settings.docker.origin));
  if (!socket.there.known) rows.push(notSeen(socket.there));
  else if (!socket.there.value)
    rows.push(endsStart(`there is no socket at ${socket.path}`, settings.dockerSocket.origin));
  const denial = ifKnown(socket.denial);
  if (ifKnown(socket.there) === true && denial !== undefined && facts.flags.container === undefined) {
    const name = facts.user.known ? facts.user.value.name : 'the agent';
    rows.push(
      endsStart(
        `${name} may not use ${socket.path}: ${denial.at} is of ${denial.owner}`,
        socket.path,
        `Add ${name} to the group of the socket, or remove User= from the unit.`,
      ),
    );
  }
  if (daemon.known && !daemon.value) rows.push(endsStart('no docker daemon is among the processes'));
  if (rows.length > 0) return rows;
  const needed = executors === 0 ? 'no executor needs it' : `${count(executors, 'executor')} of docker's`;
  const found = `${needed}; ${socket.path} is there`;
  if (!daemon.known) return [notSeen(daemon)];
  return [
    executors > 0 && settings.dockerKillOrphans.value
      ? ok(`${found}; containers that the checkpoint does not know are killed`)
      : ok(found),
  ];
};
