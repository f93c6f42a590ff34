import type { Agent, ResourcesFolder } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import type { Context } from '../context.ts';
import { damageText } from '../damage.ts';
import { readInfo } from '../info-file.ts';
import { Listing } from '../listing.ts';
import { meetNoReturn } from '../no-return.ts';
import { readRecord } from '../reading.ts';
import { meetStarReservation } from '../star-reservation.ts';
import { recoverFramework } from './framework.ts';
import { recoverOperations } from './operations.ts';
import type { RecoveredAgent, RecoveredFramework } from './recovered.ts';

/** Recovers an agent: `SlaveState::recover`. */
export const recoverAgent = (context: Context, agent: Agent, resources: ResourcesFolder): RecoveredAgent => {
  const { id, path } = agent;
  const infoPath = fileIn(path, 'slave.info');
  const { value: info, errors: infoErrors } = readInfo(context, infoPath, agent.info, {
    missing: ['agent-info-missing', 'the agent has no slave.info'],
    empty: 'agent-info-empty',
    damaged: ['agent-info-damaged', 'Failed to read agent info from'],
  });
  const base = { id, path, info, frameworks: [], draining: false, operations: undefined, errors: infoErrors };
  if (info === undefined) return base;
  if (meetStarReservation(context, infoPath, info.resources)) return { ...base, info: undefined };
  const listing = Listing.of(agent, context.home);
  const frameworks: RecoveredFramework[] = [];
  let errors = 0;
  for (const framework of listing.frameworks()) {
    const own = context.within(`Failed to recover framework ${framework.id}: `);
    const recovered = recoverFramework(own, listing, framework);
    frameworks.push(recovered);
    errors += recovered.errors;
  }
  if (context.isEnded) return { ...base, frameworks, errors };
  const drain = recoverDrain(context, agent);
  const { operations, errors: operationErrors } = recoverOperations(context, resources);
  errors += drain.errors + operationErrors;
  return { ...base, frameworks, draining: drain.draining, operations, errors };
};

/** The one file whose damage is counted in both modes. */
const recoverDrain = (context: Context, agent: Agent): { draining: boolean; errors: number } => {
  const nothing = { draining: false, errors: 0 };
  if (!context.rules.drainIsRead) return nothing;
  const path = fileIn(agent.path, 'drain.config');
  const config = readRecord(agent.drain, context.full(path));
  const damage = damageText.of(agent.drain);
  switch (config.kind) {
    case 'some':
      return { draining: true, errors: 0 };
    case 'none':
      context.meet('drain-config-empty', { path }, 'the file is empty');
      return nothing;
    case 'error': {
      const location = { path, ...damageText.location(agent.drain) };
      return { draining: false, errors: context.meet('drain-config-damaged', location, damage) };
    }
    case 'abort':
    case 'hang':
      meetNoReturn(context, { path, offset: 0, record: 1 }, damage, config);
      return nothing;
    case 'missing':
      return nothing;
  }
};
