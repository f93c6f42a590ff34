import { Resources } from '../../agent/resources.ts';
import type { Checkpoint } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { errnoText } from '../../source/errno.ts';
import { type Context, refuse, type Stop } from '../context.ts';
import { elsewhereText } from '../elsewhere.ts';
import { hangOver } from '../ending.ts';
import { isFifo } from '../reading.ts';
import { recoverAgent } from './agent.ts';
import type { RecoveredState } from './recovered.ts';
import { recoverResources } from './resources.ts';

/**
 * Recovers the state of an agent: `slave::state::recover`. Every way in which the start might end first is added to
 * `stops`, in the order of a sorted listing; the agent's own order is that of its file system.
 */
export const recoverState = (context: Context, checkpoint: Checkpoint, stops: Stop[]): RecoveredState => {
  const state: RecoveredState = {
    rebooted: context.rebooted,
    resources: { resources: Resources.none, target: undefined, errors: 0 },
    agent: undefined,
  };
  if (!checkpoint.hasMeta) {
    context.report('meta-missing', { path: names.META }, 'there is no meta: to the agent nothing to recover');
    return state;
  }
  const resources = recoverResources(context, checkpoint.resources, stops);
  const found = { ...state, resources };
  if (stops.length > 0) return found;
  if (isFifo(checkpoint.bootId)) {
    hangOver(context, stops, fileIn(names.META, 'boot_id'));
    if (stops.length > 0) return found;
  }
  const path = fileIn(names.META, 'slaves/latest');
  const { latest } = checkpoint;
  switch (latest.kind) {
    case 'absent':
      context.report(
        'agent-latest-missing',
        { path },
        checkpoint.otherAgents.length === 0
          ? 'no agent has registered yet'
          : unnamedText(context, checkpoint.otherAgents),
        checkpoint.otherAgents.length === 0 ? { strict: 'note', nonStrict: 'note' } : undefined,
      );
      return found;
    case 'dangling':
      context.report('agent-latest-dangling', { path }, `it leads to ${latest.target}, which is not there`);
      refuse(context, stops, 'Failed to find latest agent: No such file or directory');
      return found;
    case 'unresolvable':
      context.report('agent-latest-unresolvable', { path }, errnoText(latest.code));
      refuse(context, stops, `Failed to find latest agent: ${errnoText(latest.code)}`);
      return found;
    case 'outside':
      // Of what the link may lead to, the worse is foretold: nothing, where the agent's own folder is beside it.
      if (!latest.beside) break;
      context.report(
        'agent-latest-elsewhere',
        { path },
        elsewhereText(context, `${names.META}/${names.SLAVES}`, latest),
      );
      refuse(context, stops, 'Failed to find latest agent: No such file or directory');
      if (stops.length > 0) return found;
  }
  if (checkpoint.agent === undefined) return found;
  return { ...found, agent: recoverAgent(context, checkpoint.agent, checkpoint.resources, stops) };
};

/** Which agents might be meant where none is named. */
const unnamedText = (context: Context, agents: readonly string[]): string => {
  const folder = `${names.META}/${names.SLAVES}`;
  const [only] = agents;
  if (agents.length !== 1 || only === undefined) return `no agent is named, and ${agents.length} have folders here`;
  const link = `ln -sfn ${context.full(`${folder}/${only}`)} ${context.full(`${folder}/${names.LATEST}`)}`;
  return `no agent is named, and one has a folder here, which is named again by: ${link}`;
};
