import type { Check } from './check.ts';
import { checkFiles } from './files.ts';
import { checkForeignIds, checkPatterns } from './ids.ts';
import { checkLinks } from './links.ts';
import { checkLegacyResources } from './resources.ts';
import { checkStrays } from './strays.ts';
import { checkUpdates } from './updates.ts';

/** The checks of what the agent does not look at, in the order in which they are made. */
export const checks: readonly Check[] = [
  checkLinks,
  checkFiles,
  checkUpdates,
  checkForeignIds,
  checkPatterns,
  checkLegacyResources,
  checkStrays,
];
