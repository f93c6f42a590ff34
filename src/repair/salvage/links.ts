import * as names from '../../layout/names.ts';
import { type Alternative, type Bench, putLink } from '../mend/bench.ts';
import { ownersOf } from '../mend/losses.ts';
import { agentsIn, recordAt } from './copies.ts';

/** `runs/latest` leads again to the one run that has not ended, where there is just one. */
export const relinkRun = (path: string, bench: Bench): readonly Alternative[] => {
  const { inExecutor } = ownersOf(bench.found, path);
  const left = inExecutor?.runs.filter(({ completed }) => !completed) ?? [];
  const [only] = left;
  if (inExecutor === undefined || only === undefined || left.length > 1) return [];
  return putLink(bench, `${inExecutor.path}/${names.RUNS}/${names.LATEST}`, only.path, { salvage: true });
};

/**
 * `slaves/latest` leads again to the one agent whose slave.info is whole. An agent that found itself changed after a reboot
 * takes the link away on purpose, so that where it is just missing, somebody should know why.
 */
export const relinkAgent = (bench: Bench): readonly Alternative[] => {
  const left = agentsIn(bench.base).filter((agent) => {
    const record = recordAt(bench.base, `${agent}/${names.SLAVE_INFO}`);
    return record?.kind === 'whole' && !record.zeros;
  });
  const [only] = left;
  if (only === undefined || left.length > 1) return [];
  return putLink(bench, `${names.META}/${names.SLAVES}/${names.LATEST}`, only, {
    salvage: true,
    certainty: bench.found.latest.kind === 'absent' ? 'suspect' : 'exact',
  });
};
