import type { ExitGroup } from './exit.ts';

/** All ways that are known in which an agent ends before it has recovered, by subject. */
export const exitGroups: readonly ExitGroup[] = [];
