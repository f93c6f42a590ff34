import type { ExitGroup } from './exit.ts';

/** Addresses, the checkpoint and the runtime folder. */
export const IDENTITY: readonly ExitGroup[] = [];
