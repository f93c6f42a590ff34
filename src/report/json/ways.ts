import type { Way, Ways } from '../../repair/ways/way.ts';
import { commandOf } from '../ways/command.ts';

/** The ways out compared, as `prune --json` has them. */
export const waysJson = (
  { ways, recommended }: Ways,
  path: string,
  behind: readonly string[] = [],
): readonly object[] => ways.map((way) => wayJson(way, way === recommended, path, behind));

/** One way out. */
export const wayJson = (way: Way, recommended: boolean, path: string, behind: readonly string[] = []): object => ({
  way: way.way,
  comesUp: way.comesUp,
  executors: way.executors,
  tasks: way.tasks,
  updatesLost: way.updatesLost ?? null,
  reservations: way.reservations,
  sure: way.sure,
  recommended,
  command: commandOf(way, path, behind) ?? [],
});
