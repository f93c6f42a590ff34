import type { ExitGroup } from './exit.ts';
import { FILES } from './files.ts';
import { FLAGS } from './flags.ts';
import { IDENTITY } from './identity.ts';
import { ISOLATION } from './isolation.ts';

/** All ways that are known in which an agent ends before it has recovered, by subject. */
export const exitGroups: readonly ExitGroup[] = [...FLAGS, ...FILES, ...ISOLATION, ...IDENTITY];
