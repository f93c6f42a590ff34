/** The names of the folders in a work_dir, as the agent writes them (`src/slave/paths.hpp` of the agent). */

export const META = 'meta';
export const SLAVES = 'slaves';
export const LATEST = 'latest';
export const FRAMEWORKS = 'frameworks';
export const EXECUTORS = 'executors';
export const RUNS = 'runs';
export const TASKS = 'tasks';
export const PIDS = 'pids';
export const OPERATIONS = 'operations';
export const RESOURCES = 'resources';

export const VOLUME_GID_MANAGER = 'volume_gid_manager';
export const DEVICE_MANAGER = 'device_manager';
export const RESOURCE_PROVIDER_REGISTRY = 'resource_provider_registry';
export const RESOURCE_PROVIDERS = 'resource_providers';

/** The folder beside `meta` that holds the journals of changes, which no agent reads. */
export const JOURNALS = 'mesos-ckpt';
/** The same in a `meta` that is a mount of its own: the agent lists no name in there, and no hidden one anywhere. */
export const JOURNALS_IN_META = '.mesos-ckpt';
/** What the name of either begins with while it is made. */
export const JOURNALS_BEGUN = '.mesos-ckpt-';

/** Whether a name in `meta` is of the journals, and so none of the checkpoint. */
export const isOfJournals = (name: string): boolean => name === JOURNALS_IN_META || name.startsWith(JOURNALS_BEGUN);

/** What a snapshot has beside `meta`, which no agent writes. */
export const MANIFEST = 'mesos-ckpt.snapshot.json';

/** Whether a name is one that `mktemp` makes of `XXXXXX`, beside a file that was being written. */
export const isTemporaryName = (name: string): boolean => /^[0-9A-Za-z]{6}$/.test(name);

/**
 * Whether a name means something else than itself to the agent, which lists a folder with `glob("<its path>/*")`: there
 * it is a pattern.
 */
export const isPattern = (name: string): boolean => /[*?[\\]/.test(name);

/** Whether a text is the name of one entry of a folder, and so leads nowhere else. */
export const isEntryName = (text: string): boolean =>
  text !== '' && text !== '.' && text !== '..' && !/[/\0]/.test(text);
