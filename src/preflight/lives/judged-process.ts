import type { AgentContainer } from '../../host/docker.ts';
import { ifKnown, type Known } from '../../host/known.ts';
import { processOfPid } from '../../host/pid-namespace.ts';
import { type Process, programOf } from '../../host/process.ts';
import type { Processes } from '../../host/processes.ts';
import { fileIn } from '../../layout/kinds.ts';
import type { Source } from '../../source/source.ts';
import { grouped } from '../../text/grouped.ts';
import { durationText } from '../../text/words.ts';
import type { RunningRun } from '../facts/executors.ts';

/**
 * What the process with a run's forked pid is: the executor (`alive`), nobody (`dead`), somebody else (`reused`), or not
 * known. `why` is a clause about the pid.
 */
export interface JudgedProcess {
  readonly state: 'alive' | 'dead' | 'reused' | 'unknown';
  readonly pid: number | undefined;
  readonly why: string;
  readonly process: Process | undefined;
}

/**
 * The kernel tells the start of a process by the clock as it is set now, and to the second: the agent's file of it may
 * seem a little older.
 */
const SLACK = 60_000;

/** A run, and whose it is. */
interface RunOf {
  readonly framework: string;
  readonly executor: string;
  readonly run: Pick<RunningRun, 'id' | 'path' | 'forkedPid'>;
}

/** Judges the process that a run's `forked.pid` names. */
export const judgeProcess = (
  of: RunOf,
  { processes, container }: { readonly processes: Known<Processes>; readonly container: AgentContainer | undefined },
  source: Source,
): JudgedProcess => {
  const { run } = of;
  const text = run.forkedPid ?? '';
  const pid = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  const judged = (state: JudgedProcess['state'], why: string, owner?: Process): JudgedProcess => ({
    state,
    // What is told of it is told of the host's own pid.
    pid: owner?.pid ?? pid,
    why,
    process: owner,
  });
  if (pid === undefined) return judged('unknown', 'no forked pid is checkpointed');
  if (!processes.known) return judged('unknown', processes.why);
  const owner = processOfPid(processes.value, container, pid);
  if (owner === 'untold') {
    return judged(
      'unknown',
      `pid ${pid} may be of the pid namespace of the agent's container, which this kernel does not tell`,
    );
  }
  if (owner === undefined) {
    const where = container?.hasHostPids === false ? " in the agent's container" : '';
    return judged('dead', `no process has pid ${pid}${where}`);
  }
  if (owner.state === 'Z') return judged('dead', `pid ${owner.pid} is a zombie: it has ended`, owner);
  // Nobody else has it from the containerizer; a command line or a working folder anybody may have, and a clock may have been set since.
  if (folderGiven(owner)?.includes(run.id) === true) return judged('alive', `pid ${owner.pid} runs`, owner);
  const written = source.modified(fileIn(run.path, 'forked.pid'));
  if (owner.started !== undefined && written !== undefined && owner.started > written + SLACK) {
    const later = durationText(owner.started - written);
    return judged(
      'reused',
      `pid ${owner.pid} was started ${later} after its file was written: ${nameOf(owner)}`,
      owner,
    );
  }
  const signs = [owner, ...descendantsOf(owner, processes.value)].map((each) => signOf(each, of));
  if (signs.includes('own')) return judged('alive', `pid ${owner.pid} runs`, owner);
  if (signs.includes('other'))
    return judged('reused', `pid ${owner.pid} is of another executor: ${nameOf(owner)}`, owner);
  if (signs.includes('executor')) return judged('alive', `pid ${owner.pid} runs`, owner);
  if (!owner.environment.known) {
    return owner.started !== undefined && written !== undefined
      ? judged('alive', `pid ${owner.pid} is as old as its file`, owner)
      : judged('unknown', `pid ${owner.pid} runs, and may be anybody's: ${owner.environment.why}`, owner);
  }
  return judged('reused', `pid ${owner.pid} is not an executor: ${nameOf(owner)}`, owner);
};

/** Programs of the agent's that start executors, or are some. */
const EXECUTOR =
  /^(lt-)?mesos-(containerizer|executor|docker-executor|default-executor|command-executor|logrotate-logger)/;

/** What shows whose a process is: this run's, another executor's, some executor's, or nothing. */
const signOf = (owner: Process, { framework, executor, run }: RunOf): 'own' | 'other' | 'executor' | undefined => {
  const isNamed = (name: string): boolean => name.includes(run.id);
  if (isNamed(folderGiven(owner) ?? '') || owner.command.some(isNamed) || owner.cgroups.some(isNamed)) return 'own';
  if (isNamed(owner.folder ?? '')) return 'own';
  const environment = ifKnown(owner.environment);
  const id = environment?.get('MESOS_EXECUTOR_ID');
  if (id !== undefined)
    return id === executor && environment?.get('MESOS_FRAMEWORK_ID') === framework ? 'own' : 'other';
  return EXECUTOR.test(programOf(owner)) ? 'executor' : undefined;
};

/** The sandbox that the agent tells an executor of. */
const folderGiven = (owner: Process): string | undefined => {
  const environment = ifKnown(owner.environment);
  return environment?.get('MESOS_DIRECTORY') ?? environment?.get('MESOS_SANDBOX');
};

/** The processes below another, at any depth: the nearest first. */
export const descendantsOf = (owner: Process, processes: Processes): readonly Process[] => {
  const children = childrenIn(processes);
  const all: Process[] = [];
  const found = new Set([owner.pid]);
  for (let at: Process | undefined = owner, next = 0; at !== undefined; at = all[next++]) {
    for (const child of children.get(at.pid) ?? []) {
      if (found.has(child.pid)) continue;
      found.add(child.pid);
      all.push(child);
    }
  }
  return all;
};

const byParents = new WeakMap<Processes, ReadonlyMap<number, readonly Process[]>>();

/** The children of each process, by the pid of their parent; found out once. */
const childrenIn = (processes: Processes): ReadonlyMap<number, readonly Process[]> => {
  const known = byParents.get(processes);
  if (known !== undefined) return known;
  const byParent = grouped(processes.values(), ({ parent }) => parent);
  byParents.set(processes, byParent);
  return byParent;
};

const nameOf = (owner: Process): string => owner.command[0] ?? owner.name;
