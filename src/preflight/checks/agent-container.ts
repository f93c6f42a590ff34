import { originText } from '../../agent/flags/origin.ts';
import { dontKnow, fail, notSeen, ok, type PreflightCheck, warn } from './check.ts';

/** Whether the agent itself is in a container. */
export const agentContainer: PreflightCheck<'agent-container'> = {
  code: 'agent-container',
  title: 'An agent in a container leaves its executors alone',
  explanation:
    "Where the agent itself runs in a container, what it forks runs in there too and ends with it. With --docker_mesos_image the docker containerizer starts its executors in containers of their own; without, they need at least the host's pid namespace, and the agent's container must not be removed.",
  remedy:
    "What runs in the agent's container now is lost when the container ends: let the frameworks move it before. Then start the container with --pid=host, and give the agent --docker_mesos_image, which puts docker executors into containers of their own.",
  visibility:
    'Run this on the host, as root, while the agent runs: its control groups tell whether it is in a container.',
  judge: ({ facts }) => {
    const { container } = facts.docker;
    const image = facts.settings.dockerImage;
    if (!container.known) {
      return image.value === undefined
        ? [notSeen(container)]
        : [
            warn(
              `the agent is started from the image ${image.value}, and its container cannot be seen: ${container.why}`,
              image.origin,
            ),
          ];
    }
    const running = facts.activity.running.known && facts.activity.running.value.length > 0;
    if (container.value === undefined && !running && facts.flags.container !== undefined) {
      const { image: started, hasHostPids: isHosts, origin } = facts.flags.container;
      const place = originText(origin);
      if (!isHosts) return [fail(`the agent is started in a container of ${started}, without the host's pids`, place)];
      return [
        image.value === undefined
          ? warn(`the agent is started in a container of ${started}, without --docker_mesos_image`, place)
          : ok(`the agent is started in a container of ${started}, with the host's pids`, place),
      ];
    }
    if (container.value === undefined) {
      return [
        running || image.value === undefined
          ? ok(running ? 'the agent runs in no container' : 'no agent runs, and no flag mentions a container')
          : dontKnow(`no agent runs; it is started from the image ${image.value}`, image.origin),
      ];
    }
    const { cgroup, hasHostPids } = container.value;
    if (hasHostPids === false)
      return [fail(`the agent runs in a container, and not in the host's pid namespace`, cgroup)];
    if (image.value === undefined) return [warn('the agent runs in a container, without --docker_mesos_image', cgroup)];
    return [
      hasHostPids === true
        ? ok(`the agent runs in a container of ${image.value}, with the host's pids`, cgroup)
        : dontKnow("the agent runs in a container; this kernel does not show whether it has the host's pids", cgroup),
    ];
  },
};
