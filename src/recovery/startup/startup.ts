import { AgentAbort } from '../../agent/agent-abort.ts';
import { checkAgentInfo, checkAgentInfo14, type ReconfigurationPolicy } from '../../agent/info/check.ts';
import { agentInfoDifferences } from '../../agent/info/differences.ts';
import { Resources } from '../../agent/resources.ts';
import type { Checkpoint } from '../../checkpoint/model.ts';
import type { FatalCode } from '../../findings/catalogue.ts';
import { fileIn } from '../../layout/kinds.ts';
import { RESOURCES_PATH } from '../../layout/place.ts';
import type { SlaveInfo } from '../../schema/index.ts';
import { listed } from '../../text/words.ts';
import { aborts, type Context, refuses } from '../context.ts';
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
  /** The info that the agent builds, where its flags and its host are known: it is compared with the checkpointed one. */
  readonly agentInfo?: StartingInfo | undefined;
}

/** The info that an agent starts with, from its flags and its host; it has the id of its checkpoint then. */
export interface StartingInfo {
  readonly info: SlaveInfo;
  readonly policy: ReconfigurationPolicy;
}

/** What a start does with the state that it has read. */
export interface Started {
  readonly agent: AgentOutcome | undefined;
  readonly resources: CommittedResources;
  readonly operationErrors: number;
  /** After a reboot it has found another info than its own, and goes on as a new agent. */
  readonly isNewAgent: boolean;
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
  let isNewAgent = false;
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
        total = checkResources(context, (options.agentInfo?.info ?? info).resources, resources.resources);
      });
    },
    () => {
      if (agent === undefined || info === undefined) return;
      const path = fileIn(agent.path, 'slave.info');
      surviving(context, 'agent-attribute-unsupported', path, () => {
        // Where the flags are not known, some infos equal nothing all the same, not even themselves.
        const starting = options.agentInfo ?? { info, policy: 'equal' };
        isNewAgent = meetOtherInfo(context, { path, id: agent.id }, info, starting);
      });
    },
    () => {
      if (agent !== undefined && info !== undefined && !isNewAgent) frameworks = recoverFrameworks(context, agent);
    },
    () => {
      if (options.managesVolumeGids !== false) recoverVolumeGids(context, checkpoint);
    },
    () => {
      if (agent !== undefined && !isNewAgent) frameworks = recoverUpdates(context, agent, frameworks);
    },
    () => recoverDevices(context, checkpoint),
    () => agent !== undefined && !isNewAgent && recoverContainers(context, agent, options),
    () => {
      // Without its info the agent has no id, and so no folder to look for operations in.
      if (agent === undefined || info === undefined || checkpoint.agent === undefined || isNewAgent) return;
      const { agent: found } = checkpoint;
      surviving(context, 'operation-invalid', RESOURCES_PATH, () => {
        operationErrors = recoverOperationUpdates(context, found, agent, total);
      });
    },
  ];
  for (const step of steps) {
    step();
    if (context.isEnded) return { agent: undefined, resources, operationErrors, isNewAgent };
  }
  return { agent: isNewAgent ? undefined : info && { frameworks }, resources, operationErrors, isNewAgent };
};

/**
 * Compares the checkpointed info with the one that the agent starts with, as `Slave::recover` does. Where they do not go
 * together the agent refuses; after a reboot it goes on as a new agent instead, which is told.
 */
const meetOtherInfo = (
  context: Context,
  { path, id }: { readonly path: string; readonly id: string },
  info: SlaveInfo,
  starting: StartingInfo,
): boolean => {
  const isOld = context.rules.folderIdIsCompared;
  const current = { ...starting.info, id: isOld ? { value: id } : info.id };
  const verdict = isOld ? checkAgentInfo14(info, current) : checkAgentInfo(info, current, starting.policy);
  if (verdict.ok) return false;
  const fields = agentInfoDifferences(info, current).map(({ field }) => field);
  const detail = `${listed(fields)} of the agent that starts ${fields.length === 1 ? 'differs' : 'differ'}${isOld ? '' : `, by policy ${starting.policy}`}`;
  const severity = context.rebooted ? ({ strict: 'loss', nonStrict: 'loss' } as const) : undefined;
  context.meet('agent-info-changed', { path }, detail, { ...refuses(verdict.message), severity });
  return context.rebooted;
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
