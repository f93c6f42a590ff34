import { isWithin, since } from '../../agent/version.ts';
import type { PreflightCheck } from './check.ts';
import { judgeFiles } from './state-files.ts';

/** The releases in which an empty file no longer ends the recovery (MESOS-9507). */
export const EMPTY_DOCKER_VOLUMES = since('1.4.4', '1.5.3', '1.6.3', '1.7.3', '1.8.0');

/** What the docker volume isolator keeps. */
export const dockerVolumes: PreflightCheck<'docker-volumes'> = {
  code: 'docker-volumes',
  title: "Containers' docker volumes can be read",
  explanation:
    'The docker/volume isolator keeps a text of JSON for each container under --docker_volume_checkpoint_dir. The agent refuses to start on one that does not parse, and before MESOS-9507 was fixed (1.4.4, 1.5.3, 1.6.3, 1.7.3, 1.8.0) on an empty one too, which a power loss leaves behind.',
  remedy: "Take the container's folder out, and unmount its volumes by hand: docker volume ls shows them.",
  visibility:
    'Run this on the host, as root: by default the files are under /var/run, which a copied disk does not have.',
  judge: ({ facts }) =>
    judgeFiles(facts.state?.dockerVolumes, {
      name: "container's list of docker volumes",
      damaged: { verdict: 'fail', text: 'the agent refuses to start' },
      empty: isWithin(facts.to.version, EMPTY_DOCKER_VOLUMES)
        ? { verdict: 'ok', text: 'the agent takes it for none' }
        : { verdict: 'fail', text: 'this version refuses to start on it (MESOS-9507)' },
    }),
};
