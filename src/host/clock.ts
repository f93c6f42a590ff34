import type { Host } from './host.ts';
import { isUnseen } from './host.ts';
import { type Known, known, unknown, unseen } from './known.ts';

/** When the host was booted, under which id, and what time it is there. */
export interface Clock {
  /** `/proc/sys/kernel/random/boot_id`. */
  readonly bootId: Known<string>;
  /** In milliseconds since 1970: `btime` of `/proc/stat`, to the second. */
  readonly booted: Known<number>;
  /** In milliseconds since 1970: on a host that is only looked at, the time at which its `/proc` was copied. */
  readonly now: Known<number>;
}

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const NO_PROC = 'there is no /proc here: a disk that is only mounted has none';

/** Reads the clock of a host. `ownNow` is the time here, which counts where the host is this one. */
export const readClock = (host: Host, ownNow: number): Clock => {
  const booted = numberIn(host, '/proc/stat', /^btime (\d+)$/m);
  const uptime = numberIn(host, '/proc/uptime', /^(\d+(?:\.\d+)?) /);
  const bootedAt: Known<number> = booted.known ? known(booted.value * 1000) : booted;
  const sum: Known<number> =
    bootedAt.known && uptime.known
      ? known(bootedAt.value + uptime.value * 1000)
      : unknown('what time it was when this copy was made is not known');
  return {
    bootId: readBootId(host),
    booted: bootedAt,
    now: host.isOwn && host.about === undefined ? known(ownNow) : sum,
  };
};

const readBootId = (host: Host): Known<string> => {
  const bytes = host.read(BOOT_ID);
  if (isUnseen(bytes)) return unseen(BOOT_ID, bytes);
  const text = bytes?.toString('latin1').trim() ?? '';
  return text === '' ? unknown(NO_PROC) : known(text);
};

const numberIn = (host: Host, path: string, pattern: RegExp): Known<number> => {
  const bytes = host.read(path);
  if (isUnseen(bytes)) return unseen(path, bytes);
  if (bytes === undefined) return unknown(NO_PROC);
  const match = pattern.exec(bytes.toString('latin1'));
  return match === null ? unknown(`${path}: not what Linux writes there`) : known(Number(match[1]));
};
