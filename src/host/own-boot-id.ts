import * as fs from 'node:fs';

/** The boot id of this machine; undefined where the kernel does not tell. */
export const ownBootId = (): string | undefined => {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
};

/**
 * What `openPath`, `verifyCheckpoint`, `planRepair`, `compareWays` and `applyPlan` are to know of the machine that this runs
 * on, where it may be the agent's own: without it they do not see that the host was rebooted.
 */
export const thisHost = (): { readonly ownBootId: string | undefined } => ({ ownBootId: ownBootId() });
