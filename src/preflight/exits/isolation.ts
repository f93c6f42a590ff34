import type { ExitGroup } from './exit.ts';

/** Isolation, control groups, images and docker. */
export const ISOLATION: readonly ExitGroup[] = [];
