import type { FlagValues } from '../agent/flags/values.ts';
import { isWithin, since, type Version } from '../agent/version.ts';
import type { Host } from './host.ts';
import { isUnseen } from './host.ts';
import { type Known, known, mapKnown, unknown, unseen } from './known.ts';
import { lookAtMade, type MadeFolder, removalTrouble } from './made-folders.ts';
import type { GivenPath, PathSetting } from './named-paths.ts';

/** The folders that an agent makes at its start, and one that it removes. */
export interface FolderNeeds {
  readonly made: readonly MadeFolder[];
  /** The cache of the fetcher, which is removed at each start. */
  readonly cache: MadeFolder;
  /** The place of the socket of executors; undefined where it is not used. */
  readonly socket: MadeFolder | undefined;
}

/** Looks at the folders that an agent makes, and at the one that it removes. */
export const readFolderNeeds = (
  host: Host,
  flags: FlagValues,
  {
    version,
    workDir,
    runtimeDir,
    ...setting
  }: PathSetting & {
    readonly version: Version;
    readonly workDir: string | undefined;
    readonly runtimeDir: string;
  },
): FolderNeeds => {
  const text = (name: string): string | undefined => {
    const value = flags(name);
    return value.kind === 'unknown' ? undefined : value.value;
  };
  const given = (name: string, path: string | undefined): readonly GivenPath[] => {
    const value = flags(name);
    return path === undefined || path === ''
      ? []
      : [{ by: `--${name}`, path, origin: value.kind === 'set' ? value.from : `the default of --${name}` }];
  };
  const hasDocker = /(?:^|,)docker(?:,|$)/i.test(text('image_providers') ?? '');
  const [cache = { by: '--fetcher_cache_dir', path: '/tmp/mesos/fetch', origin: '' }] = given(
    'fetcher_cache_dir',
    text('fetcher_cache_dir'),
  );
  return {
    made: [
      ...given('log_dir', text('log_dir')),
      ...(workDir === undefined ? [] : given('work_dir', `${workDir}/provisioner`)),
      ...(hasDocker ? given('docker_store_dir', text('docker_store_dir')) : []),
    ].map((each) => lookAtMade(host, each, setting)),
    cache: { ...cache, trouble: removalTrouble(host, cache.path, setting) },
    socket: isWithin(version, since('1.10.0')) ? socketOf(host, flags, runtimeDir, setting) : undefined,
  };
};

/** The socket is bound before its folder is made: the folder has to be there. */
const socketOf = (host: Host, flags: FlagValues, runtimeDir: string, setting: PathSetting): MadeFolder | undefined => {
  const isOn = flags('http_executor_domain_sockets');
  if (isOn.kind !== 'set' || isOn.value !== 'true') return undefined;
  const location = flags('domain_socket_location');
  const origin = location.kind === 'set' ? location.from : isOn.from;
  const path = location.kind === 'set' ? location.value : `${runtimeDir}/agent.sock`;
  const given = { by: location.kind === 'set' ? '--domain_socket_location' : '--runtime_dir', path, origin };
  if (path.startsWith('systemd:')) {
    return {
      ...given,
      trouble: unknown(`whether systemd passes the socket ${path.slice('systemd:'.length)} is not known`),
    };
  }
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  const stat = host.stat(folder);
  const trouble: Known<string | undefined> = isUnseen(stat)
    ? unseen(folder, stat)
    : stat === undefined
      ? known(`the folder ${folder} is not there`)
      : mapKnown(lookAtMade(host, { ...given, path }, setting).trouble, (why) => why);
  return { ...given, trouble };
};
