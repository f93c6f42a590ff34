import type { Framework } from '../../checkpoint/model.ts';
import { encodeMessage, encodeRecord } from '../../format/encode.ts';
import { shapeOf } from '../../format/shape.ts';
import { fileIn } from '../../layout/kinds.ts';
import { type ExecutorInfo, messageType, type Resource, type Task } from '../../schema/index.ts';
import { putFile, readerOf } from '../mend/alternatives.ts';
import { ownersOf } from '../mend/losses.ts';
import type { Alternative, Workspace } from '../mend/mender.ts';

/** The empty pid: to the agent that of a framework that uses HTTP. */
const EMPTY_PID = '@0.0.0.0:0';

/** With the empty pid the framework and its tasks live, and its scheduler's comes back when it registers again. */
export const emptyPid = (path: string, workspace: Workspace): readonly Alternative[] => {
  const { inFramework } = ownersOf(workspace.found, path);
  if (inFramework === undefined || inFramework.executors.length === 0) return [];
  return putFile(workspace, path, Buffer.from(EMPTY_PID), {
    what: `write ${EMPTY_PID} into framework.pid, until its scheduler registers again`,
    salvage: true,
  });
};

/**
 * The least that the agent takes for a framework, of what its executors say. The master sends the true one when the agent
 * registers, and the agent writes that.
 */
export const rebuiltFramework = (path: string, workspace: Workspace): readonly Alternative[] => {
  const { inFramework } = ownersOf(workspace.found, path);
  if (inFramework === undefined) return [];
  const executors = executorsOf(inFramework, workspace);
  if (executors.length === 0) return [];
  const resources = [...executors, ...tasksOf(inFramework, workspace)].flatMap((each) => each.resources);
  const roles = [...new Set(resources.flatMap(roleOf))].sort();
  const users = executors.flatMap(({ command }) => (command?.user === undefined ? [] : [command.user]));
  const [role] = roles;
  const info = {
    user: users[0] ?? 'root',
    name: inFramework.id,
    id: { value: inFramework.id },
    checkpoint: true,
    // Several roles are those of a framework that says that it may have several.
    ...(roles.length > 1 ? { roles, capabilities: [{ type: 'MULTI_ROLE' }] } : role === undefined ? {} : { role }),
  };
  return putFile(workspace, path, encodeRecord(encodeMessage(messageType('mesos.FrameworkInfo'), info)), {
    what: 'make framework.info of what the executors say, until the master sends the true one',
    loses: "the framework's name, and what else it said of itself, until it registers again",
    salvage: true,
    certainty: 'suspect',
    needs: '--allow-suspect',
  });
};

/** The executors of a framework, whole, as far as they can be read. */
const executorsOf = (framework: Framework, workspace: Workspace): readonly ExecutorInfo[] => {
  const reader = readerOf(workspace);
  return framework.executors.flatMap(({ path, info }) => {
    if (info.kind !== 'whole') return [];
    const file = reader.record<ExecutorInfo>(
      fileIn(path, 'executor.info'),
      'link',
      shapeOf(messageType('mesos.ExecutorInfo'), true),
    );
    return file.kind === 'whole' ? [file.value] : [];
  });
};

/** The tasks of a framework, whole, as far as they can be read. */
const tasksOf = (framework: Framework, workspace: Workspace): readonly Task[] => {
  const reader = readerOf(workspace);
  const tasks = framework.executors.flatMap(({ runs }) => runs.flatMap((run) => run.tasks));
  return tasks.flatMap(({ path, info }) => {
    if (info.kind !== 'whole') return [];
    const file = reader.record<Task>(fileIn(path, 'task.info'), 'link', shapeOf(messageType('mesos.Task'), true));
    return file.kind === 'whole' ? [file.value] : [];
  });
};

/** The role that a resource is allocated to. */
const roleOf = ({ allocation_info, role }: Resource): readonly string[] => {
  const allocated = allocation_info?.role ?? role;
  return allocated === undefined || allocated === '*' ? [] : [allocated];
};
