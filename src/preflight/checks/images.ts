import { wordsOf } from '../../agent/isolators.ts';
import type { Facts } from '../facts/facts.ts';
import { RUN_AS_ROOT } from '../isolation/needs.ts';
import { ends, type Problem, rowsOf, withKnown } from '../isolation/problem.ts';
import { type IsolationSetting, isolationSetting, runsAlready } from '../isolation/setting.ts';
import { aboutFlag, dontKnow, ok, type PreflightCheck } from './check.ts';

/** Whether images can be provisioned. */
export const images: PreflightCheck<'images'> = {
  code: 'images',
  title: 'The agent can provision images',
  looksAtStart: true,
  explanation:
    'With --image_providers the mesos containerizer starts containers from images. It ends where filesystem/linux, the Linux launcher, or docker/runtime for images of docker is missing, and where the backend that --image_provisioner_backend names is one that the kernel does not have: a module that is not loaded, as overlay after an update of the kernel.',
  remedy: 'Add what is missing to --isolation, or load the module of the backend.',
  visibility: 'Run this on the host itself.',
  judge: ({ facts }) => {
    if (!facts.settings.containerizers.value.includes('mesos')) return [ok('the mesos containerizer is not enabled')];
    const setting = isolationSetting(facts);
    const [providers, backend, isolation] = ['image_providers', 'image_provisioner_backend', 'isolation'].map((name) =>
      setting.flag(name),
    );
    for (const flag of [providers, backend, isolation])
      if (flag?.kind === 'unknown') return [aboutFlag(facts, dontKnow(flag.why, flag.from))];
    const problems = [...providerProblems(setting), ...backendProblems(facts, setting)];
    const place = providers?.kind === 'set' ? providers.from : undefined;
    const rows = rowsOf(problems, place, runsAlready(facts));
    if (rows.length > 0) return rows;
    const named = setting.value('image_providers');
    return [ok(named === undefined ? 'none is provisioned' : `--image_providers=${named}`, place)];
  },
};

/** Mirrors what `MesosContainerizer::create` and `Store::create` ask of the other flags. */
const providerProblems = ({ value, isolation, launcher, isRoot }: IsolationSetting): readonly Problem[] => {
  const providers = value('image_providers');
  if (providers === undefined) return [];
  const problems: Problem[] = [];
  if (!isolation.text.includes('filesystem/linux')) {
    problems.push(
      ends("--image_providers needs 'filesystem/linux' in --isolation", 'Add filesystem/linux to --isolation.'),
    );
  }
  if (launcher !== 'linux') {
    const todo = isRoot ? 'Remove --image_providers, or set --launcher=linux.' : RUN_AS_ROOT;
    problems.push(ends('--image_providers needs the Linux launcher', todo));
  }
  const isDocker = wordsOf(providers).some((word) => word.toUpperCase() === 'DOCKER');
  if (isDocker && !isolation.text.includes('docker/runtime')) {
    problems.push(
      ends("docker in --image_providers needs 'docker/runtime' in --isolation", 'Add docker/runtime to --isolation.'),
    );
  }
  return problems;
};

/** Mirrors `Backend::create`: what the kernel does not have now, or a user may not have, is not there. */
const backendProblems = ({ kernel }: Facts, { flag, isRoot }: IsolationSetting): readonly Problem[] => {
  const backend = flag('image_provisioner_backend');
  if (backend.kind !== 'set' || backend.value === 'copy') return [];
  const name = `--image_provisioner_backend=${backend.value}`;
  if (!['overlay', 'aufs', 'bind'].includes(backend.value)) {
    return [ends(`${name} is not a backend`, 'Name one of overlay, aufs, bind and copy.', backend.from)];
  }
  if (!isRoot) return [ends(`${name} needs an agent that runs as root`, RUN_AS_ROOT, backend.from)];
  if (backend.value === 'bind') return [];
  return withKnown(kernel.filesystems, (all) =>
    all.has(backend.value) || all.has(`${backend.value}fs`)
      ? []
      : [
          {
            ...ends(`${name}, and the kernel has no ${backend.value} now`, `modprobe ${backend.value}`, backend.from),
            command: ['modprobe', backend.value],
          },
        ],
  );
};
