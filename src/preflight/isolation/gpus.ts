import { parseResources } from '../../agent/resources-flag.ts';
import { NVIDIA_DEVICES } from '../../host/isolation.ts';
import { ifKnown } from '../../host/known.ts';
import type { Facts } from '../facts/facts.ts';
import { RUN_AS_ROOT } from './needs.ts';
import { ends, hidden, type Problem, withKnown } from './problem.ts';
import type { IsolationSetting } from './setting.ts';

const NAME = 'gpu/nvidia';

/** What keeps GPUs from being found or shared out. Mirrors `NvidiaGpuAllocator::resources` and what is created beside it. */
export const gpuProblems = (facts: Facts, setting: IsolationSetting, hasDocker: boolean): readonly Problem[] => {
  const isIsolated = setting.isolation.names.includes(NAME);
  const named = setting.value('nvidia_gpu_devices');
  if (!isIsolated && named !== undefined) {
    return [ends(`--nvidia_gpu_devices is set, and '${NAME}' is not in --isolation`, 'Remove --nvidia_gpu_devices.')];
  }
  const hasNvml = ifKnown(facts.isolation.hasNvml);
  const ofDriver = (isIsolated || hasDocker) && hasNvml === true ? driverProblems(facts, setting) : [];
  if (!isIsolated) return ofDriver;
  return [
    ...withKnown(facts.isolation.hasNvml, (has) =>
      has ? [] : [ends(`'${NAME}' needs libnvidia-ml.so.1, which is not installed`, "Install NVIDIA's driver.")],
    ),
    ...ofDriver,
    ...deviceProblems(facts),
    ...numberProblems(setting, named),
  ];
};

/** The library and the driver have to be of one version: an update takes the driver along at the next boot. */
const driverProblems = ({ isolation, scenario }: Facts, { isRoot }: IsolationSetting): readonly Problem[] => {
  const problems = isRoot ? [] : [ends("NVIDIA's library is installed, and the agent needs root for it", RUN_AS_ROOT)];
  const [driver, library] = [ifKnown(isolation.driver), ifKnown(isolation.library)];
  if (driver === undefined || library === undefined || driver === library || scenario === 'reboot') return problems;
  const found = `NVIDIA's driver is ${driver}, and its library is ${library}: they do not work together`;
  return [...problems, ends(found, 'Reboot, or load the driver of the library.', '/proc/driver/nvidia/version')];
};

const deviceProblems = ({ isolation, scenario }: Facts): readonly Problem[] => {
  const [control, memory] = NVIDIA_DEVICES;
  const judge = (path: string, todo: string): readonly Problem[] =>
    withKnown(isolation.paths.get(path) ?? { known: true, value: 'other' }, (kind) => {
      if (kind === 'other') return [];
      // The driver makes them anew when the host boots.
      return scenario === 'reboot'
        ? [hidden(`${path} is not there, before the reboot`)]
        : [ends(`${path} is not there`, todo)];
    });
  const helper = isolation.programs.get('nvidia-modprobe');
  const isHelped = helper?.known === true && helper.value !== undefined;
  return [...judge(control, 'nvidia-smi'), ...(isHelped ? [] : judge(memory, 'nvidia-modprobe -u -c 0'))];
};

/** How many GPUs flags speak of. */
const numberProblems = ({ value }: IsolationSetting, named: string | undefined): readonly Problem[] => {
  const parsed = parseResources(value('resources') ?? '', value('default_role') ?? '*');
  const listed = parsed.ok ? parsed.value.listed.filter(({ name }) => name === 'gpus') : [];
  const isListed = listed.length > 0;
  const gpus = listed.reduce((sum, { scalar }) => sum + (scalar?.value ?? 0), 0);
  const indices = named?.split(',').filter((word) => word !== '');
  if (isListed && gpus === 0) {
    return indices === undefined
      ? []
      : [ends('--nvidia_gpu_devices is set, and --resources has no GPU', 'Remove --nvidia_gpu_devices.')];
  }
  if (isListed !== (indices !== undefined)) {
    const [is, isNot] = isListed
      ? ['gpus in --resources', '--nvidia_gpu_devices']
      : ['--nvidia_gpu_devices', 'gpus in --resources'];
    return [ends(`${is} is set without ${isNot}`, 'Set both, or neither.')];
  }
  if (indices === undefined) return [];
  if (!Number.isInteger(gpus))
    return [ends(`--resources has ${gpus} GPUs, which is not a whole number`, 'Correct --resources.')];
  if (new Set(indices).size !== indices.length) {
    return [ends('--nvidia_gpu_devices names one device twice', 'Name each once.')];
  }
  return indices.length === gpus
    ? []
    : [ends(`--resources has ${gpus} GPUs, and --nvidia_gpu_devices names ${indices.length}`, 'Make both agree.')];
};
