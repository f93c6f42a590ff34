import { AgentAbort } from '../../agent/agent-abort.ts';
import { checkAgentInfo } from '../../agent/agent-info.ts';
import type { Checkpoint } from '../../checkpoint/model.ts';
import type { FindingCode } from '../../findings/catalogue.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import type { SlaveInfo } from '../../schema/index.ts';
import { abort, type Context, refuse, type Stop } from '../context.ts';
import { damageText } from '../damage.ts';
import { endOver } from '../ending.ts';
import { readRecord } from '../reading.ts';
import type { RecoveredState } from '../state/recovered.ts';
import { injectAllocations } from './allocation.ts';
import { type Launcher, recoverContainers } from './containers.ts';
import { recoverFrameworks } from './frameworks.ts';
import { recoverOperationUpdates } from './operations.ts';
import type { AgentOutcome, FrameworkOutcome } from './outcome.ts';
import { type CommittedResources, checkResources, commitTarget, targetPath } from './target.ts';
import { recoverUpdates } from './updates.ts';

/** What is known of the agent that starts, beyond its checkpoint. */
export interface StartOptions {
  readonly launcher: Launcher;
  readonly judgeSandboxes: boolean;
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
  stops: Stop[],
): Started => {
  let resources: CommittedResources = { resources: state.resources.resources, created: [], deleted: [] };
  let agent: AgentOutcome | undefined;
  let operationErrors = 0;
  const info = state.agent?.info;
  let frameworks: readonly FrameworkOutcome[] = [];
  const steps: (() => void)[] = [
    () => {
      if (state.agent !== undefined) injectAllocations(context, state.agent, stops);
    },
    () => {
      const path = targetPath(context, checkpoint.resources);
      reported(context, 'volume-without-place', path, () => {
        resources = commitTarget(context, checkpoint.resources, state.resources, stops);
      });
    },
    () => {
      if (info !== undefined) checkResources(context, info.resources, resources.resources, stops);
    },
    () => {
      if (info === undefined || state.agent === undefined) return;
      const path = fileIn(state.agent.path, 'slave.info');
      reported(context, 'agent-attribute-unsupported', path, () => checkInfo(info));
    },
    () => {
      if (state.agent !== undefined && info !== undefined) frameworks = recoverFrameworks(context, state.agent, stops);
    },
    () => checkVolumeGids(context, checkpoint, stops),
    () => {
      if (state.agent !== undefined) frameworks = recoverUpdates(context, state.agent, frameworks, stops);
    },
    () => checkDevices(context, checkpoint, stops),
    () => {
      if (state.agent !== undefined) recoverContainers(context, state.agent, options, stops);
    },
    () => {
      // Without its info the agent has no id, and so no folder to look for operations in.
      if (info !== undefined && state.agent !== undefined && checkpoint.agent !== undefined) {
        operationErrors = recoverOperationUpdates(context, checkpoint.agent, state.agent, stops).errors;
      }
    },
  ];
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      if (!(error instanceof AgentAbort)) throw error;
      abort(context, stops, error.message);
    }
    if (stops.length > 0) return { agent: undefined, resources, operationErrors };
  }
  if (info !== undefined) agent = { frameworks };
  return { agent, resources, operationErrors };
};

/** Takes a step, and reports what it meets that the agent does not survive. */
const reported = (context: Context, code: FindingCode, path: string, step: () => void): void => {
  try {
    step();
  } catch (error) {
    if (error instanceof AgentAbort) context.report(code, { path }, `the agent does not survive it: ${error.message}`);
    throw error;
  }
};

/** The checkpointed agent info against itself: the flags are not known here, but some infos equal nothing. */
const checkInfo = (info: SlaveInfo): void => {
  checkAgentInfo(info, info, 'equal');
};

const checkVolumeGids = (context: Context, checkpoint: Checkpoint, stops: Stop[]): void => {
  if (!context.rules.operationsAreRead) return;
  const path = fileIn(names.META, 'volume_gids');
  const read = readRecord(checkpoint.volumeGids, context.full(path));
  if (read.kind === 'none') context.report('volume-gids-empty', { path }, 'the file is empty');
  const file = checkpoint.volumeGids;
  if (read.kind === 'abort' || read.kind === 'hang') endOver(context, stops, { path }, damageText.of(file), read);
  if (read.kind !== 'error') return;
  context.report('volume-gids-damaged', { path, ...damageText.location(file) }, damageText.of(file));
  refuse(context, stops, `Failed to read volume gid infos from '${context.full(path)}' ${read.message}`);
};

const checkDevices = (context: Context, checkpoint: Checkpoint, stops: Stop[]): void => {
  if (!context.rules.devicesAreRead) return;
  const path = fileIn(names.META, 'device.state');
  const read = readRecord(checkpoint.devices, context.full(path));
  const file = checkpoint.devices;
  if (read.kind === 'abort' || read.kind === 'hang') endOver(context, stops, { path }, damageText.of(file), read);
  if (read.kind !== 'error') return;
  context.report('device-state-damaged', { path, ...damageText.location(file) }, damageText.of(file));
  refuse(context, stops, `Failed to read device configuration info from '${context.full(path)}': ${read.message}`);
};
