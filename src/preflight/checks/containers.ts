import { compareVersions, knownVersion, type Version } from '../../agent/version.ts';
import { ifKnown } from '../../host/known.ts';
import { isInMemory } from '../../host/mounts.ts';
import { rulesOf } from '../../recovery/versions.ts';
import { count, some } from '../../text/words.ts';
import type { ContainersFacts, FileFault, RuntimeContainer } from '../facts/containers.ts';
import { executorsOf, isDocker, kindOf, runningIn } from '../facts/executors.ts';
import type { Facts } from '../facts/facts.ts';
import { about, aboutFlag, dontKnow, endsStart, notSeen, ok, type PreflightCheck, type Row } from './check.ts';

/** What the mesos containerizer keeps in the runtime_dir. */
export const containers: PreflightCheck<'containers'> = {
  code: 'containers',
  title: "The runtime_dir's containers can be recovered",
  explanation:
    'Under containers/ of the runtime_dir the mesos containerizer has a folder for each container, with nested ones below. It aborts on anything there that is not a folder, and on the noted end (termination) of a container that is in no other one; and the recovery fails where a pid, config, launch_info or the pid of an I/O switchboard that it needs does not read, or what it keeps of a CNI network. Of config and launch_info is seen whether they are whole, not what they hold.',
  remedy: 'Move what is named elsewhere before the agent starts.',
  visibility: 'Run this on the host, as root: /run is in memory, and no copy of a disk has it.',
  judge: ({ facts }) => {
    const { settings, scenario, runtimeDir } = facts;
    if (settings.containerizers.isSure && !settings.containerizers.value.includes('mesos'))
      return [ok('the mesos containerizer is not enabled')];
    const mount = ifKnown(runtimeDir.mount);
    if (scenario === 'reboot' && mount !== undefined && isInMemory(mount))
      return [ok(`a reboot empties ${runtimeDir.path}`)];
    return about(facts.containers, (found) => {
      const isEmpty = found.containers.length + found.strays.length === 0;
      // Of a disk that is only mounted, /run is an empty folder.
      if (isEmpty && !facts.processes.known && mount === undefined) {
        return [
          facts.processes.needsRoot
            ? notSeen(facts.processes)
            : dontKnow(`${found.folder} is not there; on a host that runs it may be in memory`),
        ];
      }
      const rows = rowsOf(facts, found);
      if (rows.length > 0) return rows;
      // Which containers the agent recovers by its checkpoint decides what else it reads of them.
      const needsCheckpoint = found.containers.some(
        ({ faults, hasTermination }) => faults.length > 0 || hasTermination,
      );
      if (needsCheckpoint && !facts.checkpoint.known) return [notSeen(facts.checkpoint)];
      if (!settings.runtimeDir.isSure) {
        return [
          aboutFlag(
            facts,
            dontKnow(`--runtime_dir may be set where nothing was found; by default it is ${runtimeDir.path}`),
          ),
        ];
      }
      return [ok(isEmpty ? 'none is here' : `${count(found.containers.length, 'container')} in ${found.folder}`)];
    });
  },
};

const rowsOf = (facts: Facts, { containers: all, strays, networks }: ContainersFacts): readonly Row[] => {
  const { version } = facts.to;
  const live = liveContainers(facts);
  const rows: Row[] = [];
  const add = (faults: readonly FileFault[], what: string, todo: string): void => {
    const [first] = faults;
    if (first === undefined) return;
    const more = faults.length === 1 ? '' : `, and ${faults.length - 1} more`;
    rows.push(endsStart(`${what}: ${first.problem}${more}`, some(faults.map(({ path }) => path)), todo));
  };
  add(
    strays.map((path) => ({ path, problem: 'it is not a folder' })),
    'the agent aborts on what is among its containers',
    'Move it elsewhere: it is not a container.',
  );
  if (!facts.checkpoint.known) return rows;
  add(
    endedOf(all, version, live).map(({ path }) => ({ path: `${path}/termination`, problem: 'its end is noted' })),
    'the agent aborts on a container that is in no other',
    "Move the container's folder elsewhere: the container has ended.",
  );
  for (const { file, what, todo } of FILES) {
    const faults = all.flatMap((each) =>
      isReadOf(each, file, version, live) ? each.faults.filter((fault) => fault.file === file) : [],
    );
    add(faults, `the recovery fails on ${what}`, todo);
  }
  add(
    networks,
    'the recovery fails on what is kept of a CNI network',
    'Move it elsewhere: without it the agent only warns.',
  );
  return rows;
};

type FileName = RuntimeContainer['faults'][number]['file'];

/** In the order in which the agent reads them. */
const FILES: readonly { readonly file: FileName; readonly what: string; readonly todo: string }[] = [
  {
    file: 'config',
    what: "a container's config",
    todo: "Move the file elsewhere: without it the container's image is not pruned, and nothing else is lost.",
  },
  {
    file: 'pid',
    what: "a container's pid",
    todo: "Move the container's folder elsewhere when its processes are gone.",
  },
  {
    file: 'launch_info',
    what: "a container's launch_info",
    todo: 'Move the file elsewhere: the agent recovers the container without it.',
  },
  {
    file: 'io_switchboard',
    what: "the pid of a container's I/O switchboard",
    todo: "Move the container's io_switchboard folder elsewhere: the container is then recovered, and nobody can attach to it.",
  },
];

/** The containers of executors that the agent recovers from its checkpoint: of these it reads less here. */
const liveContainers = ({ checkpoint }: Facts): ReadonlySet<string> => {
  const verification = ifKnown(checkpoint)?.verification;
  const agent = verification?.checkpoint.agent;
  if (verification === undefined || agent === undefined) return new Set();
  if (verification.boot.rebooted && rulesOf(verification.version).rebootForgetsPids) return new Set();
  const runs = agent.frameworks.flatMap((framework) =>
    executorsOf(framework).flatMap((executor) => {
      const isOurs = kindOf(executor) !== undefined && !isDocker(executor);
      const run = isOurs ? runningIn(framework, executor) : undefined;
      return run?.hasForkedPid === true ? [run.id] : [];
    }),
  );
  return new Set(runs);
};

const isAtLeast = (version: Version, bound: string): boolean => compareVersions(version, knownVersion(bound)) >= 0;

/** Before 1.7.0 it aborts only where a container below one that has ended has not. */
const endedOf = (
  all: readonly RuntimeContainer[],
  version: Version,
  live: ReadonlySet<string>,
): readonly RuntimeContainer[] =>
  all
    .filter(({ isNested, hasTermination, root }) => !isNested && hasTermination && !live.has(root))
    .filter(
      ({ root }) =>
        isAtLeast(version, '1.7.0') || all.some((each) => each.isNested && each.root === root && !each.hasTermination),
    );

/** Whether the agent reads a file of a container (`MesosContainerizerProcess::recover`). */
const isReadOf = (
  { root, isNested, hasTermination, hasPid, isDoomed, isStandalone }: RuntimeContainer,
  file: FileName,
  version: Version,
  live: ReadonlySet<string>,
): boolean => {
  const isOfCheckpoint = !isNested && live.has(root);
  if (hasTermination && !isOfCheckpoint) return false;
  if (file === 'pid') return !isOfCheckpoint;
  if (file === 'config') return isAtLeast(version, '1.5.0');
  const isNestedRecovered = isNested && hasPid && !isDoomed && live.has(root);
  return isOfCheckpoint || isNestedRecovered || (isStandalone && hasPid);
};
