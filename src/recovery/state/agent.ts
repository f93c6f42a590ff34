import type { Agent, ResourcesFolder } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import { type Context, prefixed, refuseIfStrict, type Stop } from '../context.ts';
import { damageText } from '../damage.ts';
import { endOver } from '../ending.ts';
import { Listing } from '../listing.ts';
import { readRecord } from '../reading.ts';
import { abortOnStarReservation } from '../star.ts';
import { recoverFramework } from './framework.ts';
import type { RecoveredAgent, RecoveredFramework } from './recovered.ts';
import { recoverOperations } from './resources.ts';

/** Recovers an agent: `SlaveState::recover`. */
export const recoverAgent = (
  context: Context,
  agent: Agent,
  resources: ResourcesFolder,
  stops: Stop[],
): RecoveredAgent => {
  const base: RecoveredAgent = {
    id: agent.id,
    path: agent.path,
    info: undefined,
    frameworks: [],
    draining: false,
    operations: undefined,
    errors: 0,
  };
  const path = fileIn(agent.path, 'slave.info');
  const info = readRecord(agent.info, context.full(path));
  switch (info.kind) {
    case 'missing':
      context.report('agent-info-missing', { path }, 'the agent has no slave.info');
      return base;
    case 'none':
      context.report('agent-info-empty', { path }, 'the file is empty');
      return base;
    case 'abort':
    case 'hang':
      endOver(context, stops, { path, offset: 0, record: 1 }, damageText.of(agent.info), info);
      return base;
    case 'error':
      context.report('agent-info-damaged', { path, ...damageText.location(agent.info) }, damageText.of(agent.info));
      refuseIfStrict(context, stops, `Failed to read agent info from '${context.full(path)}': ${info.message}`);
      return { ...base, errors: 1 };
  }
  if (abortOnStarReservation(context, stops, path, info.value.resources)) return base;
  const listing = Listing.of(agent, context.home);
  const frameworks: RecoveredFramework[] = [];
  let errors = 0;
  for (const framework of listing.frameworks()) {
    const met: Stop[] = [];
    const recovered = recoverFramework(context, listing, framework, met);
    for (const stop of prefixed(met, `Failed to recover framework ${framework.id}: `)) stops.push(stop);
    frameworks.push(recovered);
    errors += recovered.errors;
  }
  const found = { ...base, info: info.value, frameworks, errors };
  if (stops.length > 0) return found;
  const drain = recoverDrain(context, agent, stops);
  const operations = recoverOperations(context, resources, stops);
  return {
    ...found,
    draining: drain.draining,
    operations: operations.operations,
    errors: errors + drain.errors + operations.errors,
  };
};

/** The one file whose damage is counted in both modes. */
const recoverDrain = (context: Context, agent: Agent, stops: Stop[]): { draining: boolean; errors: number } => {
  const nothing = { draining: false, errors: 0 };
  if (!context.rules.drainIsRead) return nothing;
  const path = fileIn(agent.path, 'drain.config');
  const config = readRecord(agent.drain, context.full(path));
  switch (config.kind) {
    case 'some':
      return { draining: true, errors: 0 };
    case 'none':
      context.report('drain-config-empty', { path }, 'the file is empty');
      return nothing;
    case 'error':
      context.report('drain-config-damaged', { path, ...damageText.location(agent.drain) }, damageText.of(agent.drain));
      return { draining: false, errors: 1 };
    case 'abort':
    case 'hang':
      endOver(context, stops, { path, offset: 0, record: 1 }, damageText.of(agent.drain), config);
      return nothing;
    case 'missing':
      return nothing;
  }
};
