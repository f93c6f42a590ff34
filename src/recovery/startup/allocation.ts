import type { ResourceFacts } from '../../checkpoint/files.ts';
import { fileIn } from '../../layout/kinds.ts';
import type { FrameworkInfo } from '../../schema/index.ts';
import { aborts, type Context } from '../context.ts';
import type { RecoveredAgent, RecoveredFramework } from '../state/recovered.ts';

/** Gives each resource without one the allocation to its framework's role: the first thing in `Slave::recover`. */
export const injectAllocations = (context: Context, agent: RecoveredAgent): void => {
  for (const framework of agent.frameworks) {
    if (framework.info !== undefined && rolesOf(framework.info).size !== 1) checkFramework(context, framework);
  }
};

/** The roles of a framework: `protobuf::framework::getRoles`. */
const rolesOf = (info: FrameworkInfo): ReadonlySet<string> =>
  info.capabilities.some((capability) => capability.type === 'MULTI_ROLE')
    ? new Set(info.roles)
    : new Set([info.role ?? '*']);

const checkFramework = (context: Context, framework: RecoveredFramework): void => {
  const name = framework.info?.name;
  const check = (path: string, resources: readonly ResourceFacts[] = []): void => {
    if (resources.every((resource) => resource.allocation_info !== undefined)) return;
    const detail = 'a resource is allocated to no role, and the framework has several or none';
    const message = `Missing 'Resource.AllocationInfo' for resources allocated to MULTI_ROLE framework '${name}'`;
    context.meet('unallocated-resources', { path }, detail, aborts(message));
  };
  for (const executor of framework.executors) {
    if (executor.info === undefined) continue;
    check(fileIn(executor.path, 'executor.info'), executor.info.resources);
    for (const run of executor.runs.values()) {
      for (const task of run.tasks.values()) check(fileIn(task.path, 'task.info'), task.info?.resources);
    }
  }
};
