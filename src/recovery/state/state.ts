import { Resources } from '../../agent/resources.ts';
import type { Checkpoint } from '../../checkpoint/model.ts';
import { alike } from '../../findings/entry.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { AGENTS_PATH } from '../../layout/place.ts';
import { errnoText } from '../../source/errno.ts';
import { type Context, refuses } from '../context.ts';
import { latestOutsideText } from '../latest-outside.ts';
import { meetFifo } from '../no-return.ts';
import { isFifo } from '../reading.ts';
import { recoverAgent } from './agent.ts';
import type { RecoveredState } from './recovered.ts';
import { recoverResources } from './resources.ts';

/** Recovers the state of an agent: `slave::state::recover`. */
export const recoverState = (context: Context, checkpoint: Checkpoint): RecoveredState => {
  const state: RecoveredState = {
    rebooted: context.rebooted,
    resources: { resources: Resources.none, target: undefined, errors: 0 },
    agent: undefined,
  };
  if (!checkpoint.hasMeta) {
    context.meet('meta-missing', { path: names.META }, 'there is no meta: for the agent there is nothing to recover');
    return state;
  }
  const found = { ...state, resources: recoverResources(context, checkpoint.resources) };
  if (context.isEnded) return found;
  if (isFifo(checkpoint.bootId)) meetFifo(context, fileIn(names.META, 'boot_id'));
  if (context.isEnded || !isAgentFound(context, checkpoint) || checkpoint.agent === undefined) return found;
  return { ...found, agent: recoverAgent(context, checkpoint.agent, checkpoint.resources) };
};

/** Whether `slaves/latest` leads the agent to its own folder. */
const isAgentFound = (context: Context, { latest, otherAgents }: Checkpoint): boolean => {
  const path = fileIn(names.META, 'slaves/latest');
  const unfound = (error: string) => refuses(`Failed to find latest agent: ${error}`);
  switch (latest.kind) {
    case 'absent':
      if (otherAgents.length > 0) context.meet('agent-latest-missing', { path }, unnamedText(context, otherAgents));
      else context.meet('agent-latest-missing', { path }, 'no agent has registered yet', { severity: alike('note') });
      return false;
    case 'dangling': {
      const detail = `it leads to ${latest.target}, which is not there`;
      context.meet('agent-latest-dangling', { path }, detail, unfound('No such file or directory'));
      return false;
    }
    case 'unresolvable':
      context.meet('agent-latest-unresolvable', { path }, errnoText(latest.code), unfound(errnoText(latest.code)));
      return false;
    case 'outside': {
      // Of what the link may lead to, the worse is predicted: nothing, where the agent's own folder is beside it.
      if (!latest.beside) return true;
      const detail = latestOutsideText(context, AGENTS_PATH, latest);
      context.meet('agent-latest-elsewhere', { path }, detail, unfound('No such file or directory'));
      return !context.isEnded;
    }
    case 'found':
      return true;
  }
};

/** Which agents might be meant where none is named. */
const unnamedText = (context: Context, agents: readonly string[]): string => {
  const folder = AGENTS_PATH;
  const [only] = agents;
  if (agents.length !== 1 || only === undefined) return `no agent is named, and ${agents.length} have folders here`;
  const link = `ln -sfn ${context.full(`${folder}/${only}`)} ${context.full(`${folder}/${names.LATEST}`)}`;
  return `no agent is named, and one has a folder here, which is named again by: ${link}`;
};
