import type { Checkpoint } from '../../checkpoint/model.ts';
import { isRunning } from '../../recovery/living.ts';
import { count } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import { isDocker } from '../lives/fates.ts';
import { about, dontKnow, endsStart, fail, notSeen, ok, type PreflightCheck, type Row } from './check.ts';

/** Whether docker is there for the executors that need it. */
export const docker: PreflightCheck<'docker'> = {
  code: 'docker',
  title: 'Docker answers for the executors that need it',
  explanation:
    'An agent with docker among its --containerizers runs docker ps -a when it recovers, and refuses to start where that does not answer. Executors in docker containers are recovered by no other containerizer, and containers that the checkpoint does not know are killed (--docker_kill_orphans).',
  remedy:
    'Start docker before the agent, and keep docker among the --containerizers as long as an executor is in one of its containers.',
  visibility: 'Run this on the host, as root, or give --containerizers behind --.',
  judge: ({ facts }) =>
    about(facts.checkpoint, ({ verification }) => {
      const executors = dockerExecutors(verification.checkpoint);
      const { settings } = facts;
      const isEnabled = settings.containerizers.value.includes('docker');
      if (executors > 0 && settings.containerizers.isSure && !isEnabled) {
        const place = settings.containerizers.origin ?? 'the default of --containerizers';
        return [fail(`${count(executors, 'executor is', 'executors are')} docker's, and docker is not enabled`, place)];
      }
      if (!isEnabled) {
        return [
          settings.containerizers.isSure
            ? ok('docker is not enabled, and no executor needs it')
            : dontKnow(
                `whether docker is enabled is not known; ${executors === 0 ? 'no executor needs it' : `${count(executors, 'executor needs', 'executors need')} it`}`,
              ),
        ];
      }
      return needs(facts, executors);
    }),
};

const dockerExecutors = ({ agent }: Checkpoint): number =>
  (agent?.frameworks ?? []).flatMap(({ executors }) =>
    executors.filter((executor) => isDocker(executor) && isRunning(executor)),
  ).length;

const needs = ({ docker: { socket, client, daemon }, settings }: Facts, executors: number): readonly Row[] => {
  const rows: Row[] = [];
  if (!client.known) rows.push(notSeen(client));
  else if (client.value === undefined)
    rows.push(endsStart(`there is no ${settings.docker.value} to run`, settings.docker.origin));
  if (!socket.there.known) rows.push(notSeen(socket.there));
  else if (!socket.there.value)
    rows.push(endsStart(`there is no socket at ${socket.path}`, settings.dockerSocket.origin));
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
