import type { ResourceFacts } from '../../checkpoint/files.ts';
import { fileIn } from '../../layout/kinds.ts';
import type { FrameworkInfo } from '../../schema/index.ts';
import { abort, type Context, type Stop } from '../context.ts';
import type { RecoveredAgent, RecoveredFramework } from '../state/recovered.ts';

/** Gives each resource without one the allocation to its framework's role: the first thing in `Slave::recover`. */
export const injectAllocations = (context: Context, agent: RecoveredAgent, stops: Stop[]): void => {
  for (const framework of agent.frameworks) {
    if (framework.info !== undefined && rolesOf(framework.info).size !== 1) checkFramework(context, framework, stops);
  }
};

/** The roles of a framework: `protobuf::framework::getRoles`. */
const rolesOf = (info: FrameworkInfo): ReadonlySet<string> =>
  info.capabilities.some((capability) => capability.type === 'MULTI_ROLE')
    ? new Set(info.roles)
    : new Set([info.role ?? '*']);

const checkFramework = (context: Context, framework: RecoveredFramework, stops: Stop[]): void => {
  const isUnallocated = (resources: readonly ResourceFacts[] | undefined): boolean =>
    resources?.some((resource) => resource.allocation_info === undefined) === true;
  const stop = (path: string): void => {
    context.report(
      'unallocated-resources',
      { path },
      'a resource is allocated to no role, and the framework has several or none',
    );
    abort(
      context,
      stops,
      `Missing 'Resource.AllocationInfo' for resources allocated to MULTI_ROLE framework '${framework.info?.name}'`,
    );
  };
  for (const executor of framework.executors) {
    if (executor.info === undefined) continue;
    if (isUnallocated(executor.info.resources)) stop(fileIn(executor.path, 'executor.info'));
    for (const run of executor.runs.values()) {
      for (const task of run.tasks.values()) {
        if (isUnallocated(task.info?.resources)) stop(fileIn(task.path, 'task.info'));
      }
    }
  }
};
