import { originText } from '../agent/flags/origin.ts';
import {
  isSupported,
  LATEST_RELEASE,
  NEWEST_VERSION,
  OLDEST_VERSION,
  parseVersion,
  type Version,
} from '../agent/version.ts';
import { textOf } from '../text/lossless.ts';
import type { ContainerStart } from './flags/agent-process.ts';
import { type Host, isUnseen } from './host.ts';
import { ifKnown, type Known, known, unknown, unseen } from './known.ts';
import { agentsIn, type Processes } from './processes.ts';

/** A version of the agent that was found somewhere. */
export interface FoundVersion {
  readonly version: Version;
  /** As it is written there: `1.9.0-2.0.1`. */
  readonly text: string;
  /** Where: a package database, the name of a library or folder, the memory of the running agent. */
  readonly place: string;
}

/** The agents that a host has. */
export interface VersionFacts {
  /** What is installed: the next start runs it. Several where they are not of one mind. */
  readonly installed: readonly FoundVersion[];
  /** What runs now: it wrote the checkpoint. */
  readonly running: Known<FoundVersion | undefined>;
  /** Package databases that are there and are not read. */
  readonly unread: readonly string[];
}

/** The versions of which the recovery is known; of the newest every patch release is. */
export const SUPPORTED_SPAN = `${OLDEST_VERSION} to ${NEWEST_VERSION.replace(/\.0$/, '')}`;
/** What to do where a version is none of them. */
export const SUPPORTED = `Name a version from ${SUPPORTED_SPAN}: those are known.`;

const DPKG = '/var/lib/dpkg/status';
const RPM = ['/var/lib/rpm', '/usr/lib/sysimage/rpm'];
/** Where the library is that every agent needs, with its version in its name. */
const LIBRARY_FOLDERS = [
  ...['/usr/lib', '/usr/lib64', '/usr/local/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'],
  ...['/opt/mesosphere/active/mesos/lib', '/opt/mesosphere/lib', '/opt/mesos/lib'],
];
const LIBRARY = /^libmesos-(\d+\.\d+\.\d+[^/]*?)\.so(?:\.\d+)*$/;

/**
 * Finds out which agents a host has. `program` is the path of the agent's binary, where the flags' places tell it. An agent
 * that is started in a container is that of its image, and not of the host.
 */
export const readVersions = (
  host: Host,
  processes: Known<Processes>,
  program: string | undefined,
  container?: ContainerStart,
): VersionFacts => ({
  installed:
    container === undefined
      ? [...dpkgVersions(host), ...libraryVersions(host, program), ...programVersions(program)]
      : imageVersions(container),
  running: runningVersion(host, processes),
  unread: RPM.filter((path) =>
    ((names) => names !== undefined && !isUnseen(names) && names.length > 0)(host.list(path)),
  ),
});

const found = (text: string, place: string): readonly FoundVersion[] => {
  const version = parseVersion(text);
  return version === undefined ? [] : [{ version, text, place }];
};

/** The files are there, even where the package was not yet set up. */
const UNPACKED = /^Status: \S+ \S+ (?:installed|unpacked|half-configured|triggers-awaited|triggers-pending)$/m;

/** Paragraphs of `FIELD: VALUE`, one a package. */
const dpkgVersions = (host: Host): readonly FoundVersion[] => {
  const bytes = host.read(DPKG);
  if (bytes === undefined || isUnseen(bytes)) return [];
  for (const paragraph of textOf(bytes, 0, bytes.length).split('\n\n')) {
    if (!/^Package: mesos$/m.test(paragraph) || !UNPACKED.test(paragraph)) continue;
    // An epoch stands before the version, the package's own number behind it.
    const text = /^Version: (?:\d+:)?(\S+)$/m.exec(paragraph)?.[1];
    if (text !== undefined) return found(text, DPKG);
  }
  return [];
};

/** By the tag of the image: `mesosphere/mesos-slave:1.11.0`. */
const imageVersions = ({ image, origin }: ContainerStart): readonly FoundVersion[] => {
  const tag = /:(\d+\.\d+\.\d+[^/:@]*)(?:@.*)?$/.exec(image)?.[1];
  return tag === undefined ? [] : found(tag, `the image ${image}, ${originText(origin)}`);
};

/** Besides the usual folders, that which is beside the binary's: DC/OS has each version in a folder of its own. */
const libraryVersions = (host: Host, program: string | undefined): readonly FoundVersion[] => {
  const beside = /^(.*)\/s?bin\/[^/]*$/.exec(program ?? '')?.[1];
  const byVersion = new Map<string, FoundVersion>();
  for (const folder of new Set([...LIBRARY_FOLDERS, ...(beside === undefined ? [] : [`${beside}/lib`])])) {
    const names = host.list(folder);
    for (const name of names === undefined || isUnseen(names) ? [] : names) {
      const text = LIBRARY.exec(name)?.[1];
      for (const each of text === undefined ? [] : found(text, `${folder}/${name}`)) {
        if (!byVersion.has(each.text)) byVersion.set(each.text, each);
      }
    }
  }
  return [...byVersion.values()];
};

/** A folder on the way to the binary that has the version in its name: `/opt/mesos-1.11.0/sbin/mesos-agent`. */
const programVersions = (program: string | undefined): readonly FoundVersion[] => {
  const text = /\/mesos[-_](\d+\.\d+\.\d+[^/]*)\//.exec(program ?? '')?.[1];
  return text === undefined ? [] : found(text, program ?? '');
};

/** The library that the running agent has in its memory, which may no longer be the one on disk. */
const runningVersion = (host: Host, processes: Known<Processes>): Known<FoundVersion | undefined> => {
  if (!processes.known) return processes;
  const [agent] = agentsIn(processes.value);
  if (agent === undefined) return known(undefined);
  const path = `/proc/${agent.pid}/maps`;
  const maps = host.read(path);
  if (isUnseen(maps)) return unseen(path, maps);
  const text = /\/libmesos-(\d+\.\d+\.\d+[^/\n]*?)\.so/.exec(maps?.toString('latin1') ?? '')?.[1];
  const [version] = text === undefined ? programVersions(agent.command[0]) : found(text, path);
  return version === undefined ? unknown(`${path} names no libmesos`) : known(version);
};

/** The version that the next start runs, where what is installed tells one only. */
export const installedVersion = ({ installed }: VersionFacts): FoundVersion | undefined => {
  const [first, ...others] = installed;
  const isSame = (other: FoundVersion): boolean => other.version.join('.') === first?.version.join('.');
  return others.every(isSame) ? first : undefined;
};

/** A version, and how it is known. */
export interface ChosenVersion {
  readonly version: Version;
  /** `--to`, the place of an installed version, or undefined where it is assumed. */
  readonly origin: string | undefined;
}

/**
 * The version that will start: what the operator says, or what is installed and can be simulated. Where nothing is installed
 * as far as is seen, that which runs is assumed to start again, or else the latest release.
 */
export const versionToStart = (given: Version | undefined, versions: VersionFacts): ChosenVersion => {
  if (given !== undefined) return { version: given, origin: '--to' };
  const installed = installedVersion(versions);
  if (installed !== undefined && isSupported(installed.version)) {
    return { version: installed.version, origin: installed.place };
  }
  const running = versions.installed.length === 0 ? ifKnown(versions.running) : undefined;
  const isTaken = running !== undefined && isSupported(running.version);
  return { version: isTaken ? running.version : LATEST_RELEASE, origin: undefined };
};

/** The version that wrote the checkpoint, as far as the operator or the host tells. */
export const versionOfWriter = (given: Version | undefined, versions: VersionFacts): ChosenVersion | undefined => {
  if (given !== undefined) return { version: given, origin: '--from' };
  const found = ifKnown(versions.running) ?? installedVersion(versions);
  return found === undefined ? undefined : { version: found.version, origin: found.place };
};
