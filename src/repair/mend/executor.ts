import * as names from '../../layout/names.ts';
import type { Alternative, Bench, Mender } from './bench.ts';
import { setAside } from './bench.ts';
import { executorLoss, ownersOf } from './losses.ts';

/**
 * A `latest` that the agent cannot follow, or that names no run: without it the executor is skipped. Where pattern
 * characters in an id lead the agent to another executor's link, it is the description that has to go, or the folder.
 */
export const mendRunLatest: Mender = ({ path }, bench) => {
  const { inExecutor } = ownersOf(bench.found, path);
  const loses = executorLoss(bench.found, path);
  return [
    ...setAside(bench, path, { loses }),
    ...(inExecutor === undefined ? [] : withoutExecutor(bench, inExecutor.path, loses)),
  ];
};

/** Takes an executor out of what the agent sees, in the smaller way first. */
const withoutExecutor = (bench: Bench, path: string, loses: string): readonly Alternative[] => [
  ...setAside(bench, `${path}/${names.EXECUTOR_INFO}`, { loses }),
  ...setAside(bench, path, { what: 'set aside the folder of the executor', loses }),
];
