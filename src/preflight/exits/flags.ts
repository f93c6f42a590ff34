import type { ExitGroup } from './exit.ts';

/** Flags. */
export const FLAGS: readonly ExitGroup[] = [];
