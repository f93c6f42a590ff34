import { AgentAbort } from '../../agent/agent-abort.ts';
import { checkAgentInfo } from '../../agent/info/check.ts';
import { Resources } from '../../agent/resources.ts';
import type { Checkpoint } from '../../checkpoint/model.ts';
import type { FatalCode } from '../../findings/catalogue.ts';
import { fileIn } from '../../layout/kinds.ts';
import { RESOURCES_PATH } from '../../layout/place.ts';
import { aborts, type Context } from '../context.ts';
import type { RecoveredState } from '../state/recovered.ts';
import { resourcePaths } from '../state/resource-files.ts';
import { injectAllocations } from './allocation.ts';
import { checkResources } from './checkpointed-resources.ts';
import { type Launcher, recoverContainers } from './containers.ts';
import { recoverDevices } from './devices.ts';
import { recoverFrameworks } from './frameworks.ts';
import { recoverOperationUpdates } from './operations.ts';
import type { AgentOutcome, FrameworkOutcome } from './outcome.ts';
import { type CommittedResources, commitTarget, targetPath } from './target.ts';
import { recoverUpdates } from './updates.ts';
import { recoverVolumeGids } from './volume-gids.ts';

/** What is known of the agent that starts, beyond its checkpoint. */
export interface StartOptions {
  readonly launcher: Launcher;
  readonly judgeSandboxes: boolean;
  /** Whether the agent manages the gids of volumes (`--volume_gid_range`): it does unless that is known to be false. */
  readonly managesVolumeGids?: boolean | undefined;
}

/** What a start does with the state that it has read. */
export interface Started {
  readonly agent: AgentOutcome | undefined;
  readonly resources: CommittedResources;
  readonly operationErrors: number;
}

/** Takes the agent through its start with the state that it has recovered: `Slave::recover` and what follows it. */
export const startUp = (
  context: Context,
  checkpoint: Checkpoint,
  state: RecoveredState,
  options: StartOptions,
): Started => {
  let resources: CommittedResources = { resources: state.resources.resources, created: [], deleted: [] };
  let total = Resources.none;
  let operationErrors = 0;
  let frameworks: readonly FrameworkOutcome[] = [];
  const { agent } = state;
  const info = agent?.info;
  const steps: (() => void)[] = [
    () => agent && injectAllocations(context, agent),
    () => {
      const path = targetPath(context, checkpoint.resources);
      surviving(context, 'volume-without-place', path, () => {
        resources = commitTarget(context, checkpoint.resources, state.resources);
      });
    },
    () => {
      if (info === undefined) return;
      surviving(context, 'resources-incompatible', resourcePaths.state, () => {
        total = checkResources(context, info.resources, resources.resources);
      });
    },
    () => {
      if (agent === undefined || info === undefined) return;
      // The flags are not known here, but some infos equal nothing, not even themselves.
      const path = fileIn(agent.path, 'slave.info');
      surviving(context, 'agent-attribute-unsupported', path, () => checkAgentInfo(info, info, 'equal'));
    },
    () => {
      if (agent !== undefined && info !== undefined) frameworks = recoverFrameworks(context, agent);
    },
    () => {
      if (options.managesVolumeGids !== false) recoverVolumeGids(context, checkpoint);
    },
    () => {
      if (agent !== undefined) frameworks = recoverUpdates(context, agent, frameworks);
    },
    () => recoverDevices(context, checkpoint),
    () => agent && recoverContainers(context, agent, options),
    () => {
      // Without its info the agent has no id, and so no folder to look for operations in.
      if (agent === undefined || info === undefined || checkpoint.agent === undefined) return;
      const { agent: found } = checkpoint;
      surviving(context, 'operation-invalid', RESOURCES_PATH, () => {
        operationErrors = recoverOperationUpdates(context, found, agent, total);
      });
    },
  ];
  for (const step of steps) {
    step();
    if (context.isEnded) return { agent: undefined, resources, operationErrors };
  }
  return { agent: info && { frameworks }, resources, operationErrors };
};

/** Takes a step of the agent's own arithmetic, and meets what the agent does not survive in it. */
const surviving = (context: Context, code: FatalCode, path: string, step: () => void): void => {
  try {
    step();
  } catch (error) {
    if (!(error instanceof AgentAbort)) throw error;
    context.meet(code, { path }, `the agent does not survive it: ${error.message}`, aborts(error.message));
  }
};
