import type { Brief } from '../checkpoint/load.ts';
import { Glance } from './glance/glance.ts';
import { type Summarising, summariseExecutor } from './summarise-executor.ts';

/** Makes executors short, those that are plain at a glance. */
export const briefly = (summarising: Summarising): Brief => {
  const glance = new Glance(summarising);
  return {
    glance: (files, ids, path, hasSandboxes) => glance.executor(files, ids, path, hasSandboxes),
    summarise: (executor, ids) => summariseExecutor(executor, ids, summarising),
  };
};
