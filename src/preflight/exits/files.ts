import type { ExitGroup } from './exit.ts';

/** What flags name, modules, TLS and disks. */
export const FILES: readonly ExitGroup[] = [];
