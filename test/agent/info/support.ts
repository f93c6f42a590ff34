import { definitionsOf } from '../../../src/agent/flags/definitions.ts';
import type { FlagValues } from '../../../src/agent/flags/values.ts';
import type { BuildInput } from '../../../src/agent/info/build.ts';
import type { Detected, DetectedHost } from '../../../src/agent/info/detected.ts';
import { readDetected } from '../../../src/host/detected.ts';
import { parseMessage } from '../../../src/index.ts';
import type { SlaveInfo } from '../../../src/schema/index.ts';
import { type HostFiles, makeHost } from '../../support/hosts.ts';

export const GIGABYTE = 2 ** 30;

/** A flag by its value; what is `null` cannot be known. */
export type Flags = Readonly<Record<string, string | null>>;

const definitions = definitionsOf([1, 11, 0]);

const flagsOf =
  (flags: Flags): FlagValues =>
  (name) => {
    const value = flags[name];
    if (value === undefined) return { kind: 'default', value: definitions.get(name)?.defaultValue };
    return value === null
      ? { kind: 'unknown', why: `what --${name} is has to be run`, from: '/etc/default/mesos-slave:1' }
      : { kind: 'set', value, from: `/etc/mesos-slave/${name}` };
  };

const known = (value: number, from: string): Detected => ({ known: true, value, from });

export interface Made {
  readonly flags?: Flags;
  readonly files?: HostFiles;
  readonly environment?: Readonly<Record<string, string>>;
  readonly cpus?: number;
  readonly memory?: number;
  readonly gpus?: number;
  /** Bytes; `null` where it cannot be told. */
  readonly disk?: number | null;
}

const detectedOf = (files: HostFiles): DetectedHost =>
  readDetected(makeHost({ '/etc/hostname': 'n1\n', ...files }), '/var/lib/mesos');

let plain: DetectedHost | undefined;

/** What is read of a host with no files of its own, which is made once for all. */
const plainDetected = (): DetectedHost => {
  plain ??= detectedOf({});
  return plain;
};

/** A host of 8 processors, 16 GiB of memory and 100 GiB of disk, called n1. */
export const inputOf = ({ flags = {}, files, environment = {}, ...facts }: Made): BuildInput => ({
  host: {
    ...(files === undefined ? plainDetected() : detectedOf(files)),
    cpus: known(facts.cpus ?? 8, '/proc/cpuinfo'),
    memory: known(facts.memory ?? 16 * GIGABYTE, '/proc/meminfo'),
    gpus: known(facts.gpus ?? 0, 'no libnvidia-ml.so.1'),
    disk:
      facts.disk === null
        ? { known: false, why: 'the size of the file system can be told on the host alone' }
        : known(facts.disk ?? 100 * GIGABYTE, 'the file system of /var/lib/mesos'),
  },
  flags: flagsOf({ work_dir: '/var/lib/mesos', ...flags }),
  environment: (name) => {
    const value = environment[name];
    return value === undefined ? undefined : { value, from: '/etc/agent.env:1' };
  },
  read: () => ({ error: 'No such file or directory' }),
});

/** The info in a whole `slave.info` file. */
export const infoIn = (file: Buffer): SlaveInfo => {
  const length = file.readUInt32LE(0);
  if (length !== file.length - 4) throw new Error('not one whole record');
  const parsed = parseMessage('mesos.SlaveInfo', file.subarray(4));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.message;
};
