import { AgentAbort } from '../../agent/agent-abort.ts';
import { upgradeResources } from '../../agent/reservation-format.ts';
import { isDynamicallyReserved, isPersistentVolume } from '../../agent/resource-predicates.ts';
import { resourceText } from '../../agent/resource-text.ts';
import { Resources } from '../../agent/resources.ts';
import type { Checkpoint } from '../../checkpoint/model.ts';
import { comesUp, type Start } from '../../recovery/simulate.ts';
import type { Resource } from '../../schema/index.ts';
import type { Impact, Kept } from '../impact.ts';

/** What the files say is reserved, whether or not the agent takes it from there. */
const knownResources = (checkpoint: Checkpoint): Resources => {
  const { state, info } = checkpoint.resources;
  const known: Resource[][] = [];
  if (state.kind === 'whole' && !state.zeros) known.push([...state.value.resources]);
  else if (info.kind === 'records') known.push([...info.values]);
  try {
    return Resources.of(upgradeResources(known.flat()));
  } catch (error) {
    if (error instanceof AgentAbort) return Resources.none;
    throw error;
  }
};

/** Which reservations and volumes a start keeps. */
export const resourcesImpact = (checkpoint: Checkpoint, start: Start): Pick<Impact, 'reservations' | 'volumes'> => {
  const after = start.started?.resources.resources ?? start.state.resources.resources;
  const known = knownResources(checkpoint);
  const split = (holds: (resource: Resource) => boolean): Kept => {
    const kept = new Set([...after].filter(holds).map(resourceText));
    const lost = [...known]
      .filter(holds)
      .map(resourceText)
      .filter((text) => !kept.has(text));
    // A pending change that was committed is no loss, and an agent that does not come up forgets nothing.
    if (!comesUp(start)) return { kept: [...known].filter(holds).map(resourceText), lost: [] };
    return { kept: [...kept], lost: start.state.resources.target === undefined ? lost : [] };
  };
  return {
    reservations: split((resource) => isDynamicallyReserved(resource) && !isPersistentVolume(resource)),
    volumes: {
      ...split(isPersistentVolume),
      created: start.started?.resources.created ?? [],
      deleted: start.started?.resources.deleted ?? [],
    },
  };
};
