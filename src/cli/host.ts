import * as fs from 'node:fs';

/** The boot id of this machine; undefined where the kernel does not tell. */
export const ownBootId = (): string | undefined => {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
};
