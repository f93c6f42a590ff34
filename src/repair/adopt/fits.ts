import { applyCheckpointedResources } from '../../agent/checkpointed-resources.ts';
import { survive } from '../../agent/info/survive.ts';
import { upgradeResources } from '../../agent/reservation-format.ts';
import { Resources } from '../../agent/resources.ts';
import type { SlaveInfo } from '../../schema/index.ts';
import type { Workspace } from '../mend/mender.ts';

/** Whether the checkpointed reservations and volumes fit the resources of an info. */
export const fitsIn = ({ start }: Workspace, { resources }: SlaveInfo): boolean => {
  const wanted = start.started?.resources.resources ?? start.state.resources.resources;
  return survive(() => applyCheckpointedResources(Resources.of(upgradeResources(resources)), wanted))?.ok === true;
};

/**
 * Why the resources of the flags are no matter of the checkpoint: they are beneath what is reserved, and those of
 * `slave.info` are not. Undefined where it is the checkpoint that is wrong.
 */
export const beneathReservations = (workspace: Workspace): string | undefined => {
  const { agentInfo } = workspace.assumed;
  const { info } = workspace.start.state.agent ?? {};
  if (agentInfo === undefined || info === undefined) return undefined;
  if (fitsIn(workspace, agentInfo.info) || !fitsIn(workspace, info)) return undefined;
  return 'the resources that the agent starts with are less than what is reserved: start it with --resources that hold that, as slave.info does';
};
