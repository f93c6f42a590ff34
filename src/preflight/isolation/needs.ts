import { hasIsolator, type IsolatorNeeds, isolatorNamed, needsOf } from '../../agent/isolators.ts';
import { isWithin, versionText } from '../../agent/version.ts';
import { ifKnown } from '../../host/known.ts';
import type { Facts } from '../facts/facts.ts';
import { ends, hidden, type Problem, withKnown } from './problem.ts';
import type { IsolationSetting } from './setting.ts';

/** What keeps the names of `--isolation` from being created, one by one. */
export const nameProblems = (facts: Facts, setting: IsolationSetting): readonly Problem[] =>
  setting.isolation.names.flatMap((name) => problemsOfName(facts, setting, name));

const problemsOfName = (facts: Facts, setting: IsolationSetting, name: string): readonly Problem[] => {
  const { version, hasModules } = setting;
  const isolator = isolatorNamed(name);
  if (isolator === undefined || !hasIsolator(version, isolator)) {
    const known = isolator?.versions?.map(({ from, before }) =>
      from === undefined ? `before ${before}` : `from ${from} on`,
    );
    const found = `${versionText(version)} has no isolator '${name}' built in${known === undefined ? '' : `, only versions ${known.join(', ')}`}`;
    return hasModules
      ? [hidden(`${found}; whether a module brings it is not known`)]
      : [ends(found, remedyOfName(name))];
  }
  const ofBuild =
    isolator.build === undefined
      ? []
      : [hidden(`'${name}' is only in builds with ${isolator.build}`, 'Look at how this build was configured.')];
  const all = needsOf(version, isolator);
  // Who is not root takes the posix launcher: that is one thing to mend.
  const lacksRoot = !setting.isRoot && all.some(({ root }) => root === true);
  const needed = lacksRoot ? all.filter(({ linux, root }) => linux !== true || root === true) : all;
  return [...needed.flatMap((needs) => problemsOfNeeds(facts, setting, name, needs)), ...ofBuild];
};

const remedyOfName = (name: string): string =>
  name === name.trim()
    ? `Remove ${name} from --isolation.`
    : `Remove the blanks around ${name.trim()} in --isolation: the agent takes them for a part of its name.`;

const problemsOfNeeds = (
  { kernel, isolation }: Facts,
  setting: IsolationSetting,
  name: string,
  needs: IsolatorNeeds,
): readonly Problem[] => {
  const problems: Problem[] = [];
  if (needs.root && !setting.isRoot) problems.push(ends(`'${name}' needs an agent that runs as root`, RUN_AS_ROOT));
  if (needs.linux && setting.launcher !== 'linux' && (setting.isRoot || !needs.root))
    problems.push(
      ends(`'${name}' needs the Linux launcher`, `Remove ${name} from --isolation, or set --launcher=linux.`),
    );
  const { beside = [], flag, program } = needs;
  if (beside.length > 0 && !beside.some((other) => setting.isolation.text.includes(other))) {
    problems.push(ends(`'${name}' needs '${beside[0]}' beside it`, `Add ${beside[0]} to --isolation.`));
  }
  if (flag !== undefined) problems.push(...problemsOfFlag(setting, name, flag));
  if (program !== undefined) {
    const place = isolation.programs.get(program);
    const missing = ends(`'${name}' runs ${program}, which is not in the agent's PATH`, `Install ${program}.`);
    if (place !== undefined) problems.push(...withKnown(place, (found) => (found === undefined ? [missing] : [])));
  }
  for (const namespace of needs.namespace ?? []) {
    problems.push(
      ...withKnown(kernel.namespaces, (all) =>
        all.has(namespace) ? [] : [ends(`'${name}' needs ${namespace} namespaces, which this kernel lacks`)],
      ),
    );
  }
  if (needs.kernel !== undefined) problems.push(...problemsOfKernel(ifKnown(kernel.release), name, needs.kernel));
  return problems;
};

/** What to do where the agent is not root. */
export const RUN_AS_ROOT = 'Remove User= from the unit: the agent needs root for it.';

const problemsOfFlag = ({ flag: of }: IsolationSetting, name: string, flag: string): readonly Problem[] => {
  const found = of(flag);
  if (found.kind === 'unknown') return [hidden(`'${name}' needs --${flag}: ${found.why}`)];
  return found.value === undefined || found.value === ''
    ? [ends(`'${name}' needs --${flag}, which is not set`, `Set --${flag}.`)]
    : [];
};

const problemsOfKernel = (
  release: string | undefined,
  name: string,
  [major, minor]: readonly [number, number],
): readonly Problem[] => {
  const [, own, ownMinor] = /^(\d+)\.(\d+)/.exec(release ?? '') ?? [];
  if (own === undefined)
    return [hidden(`'${name}' needs Linux ${major}.${minor} or later; the kernel's release is not known`)];
  const isNew = Number(own) > major || (Number(own) === major && Number(ownMinor) >= minor);
  return isNew ? [] : [ends(`'${name}' needs Linux ${major}.${minor} or later, and this is ${release}`)];
};

/** Up to 1.6 isolators are created in the order of the flag, and the one of GPUs has to come last. */
const ORDER_COUNTS = [{ before: '1.7.0' }];

/** Whether what the isolator of GPUs needs is named before it. */
export const orderProblems = ({ version, isolation }: IsolationSetting): readonly Problem[] => {
  const { names } = isolation;
  const at = names.indexOf('gpu/nvidia');
  if (at < 0 || !isWithin(version, ORDER_COUNTS)) return [];
  return ['cgroups/devices', 'filesystem/linux']
    .filter((name) => names.indexOf(name) > at)
    .map((name) =>
      ends(`'${name}' must precede 'gpu/nvidia' in --isolation`, `Move gpu/nvidia to the end of --isolation.`),
    );
};
