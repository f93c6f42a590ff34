import { compareTexts } from '../text/lossless.ts';
import type { Executor, OrdinaryExecutor } from './model.ts';

/** Both lists of a framework's executors as one, in the order in which they were listed. */
export const inListingOrder = (
  executors: readonly Executor[],
  ordinary: readonly OrdinaryExecutor[],
): readonly (Executor | OrdinaryExecutor)[] => {
  if (ordinary.length === 0) return executors;
  if (executors.length === 0) return ordinary;
  return [...executors, ...ordinary].sort((a, b) => compareTexts(a.id, b.id));
};

/** Whether an executor is one of which little was kept. */
export const isOrdinary = (executor: Executor | OrdinaryExecutor): executor is OrdinaryExecutor =>
  'connection' in executor;
