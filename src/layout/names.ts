/** The names in a work_dir, as the agent writes them (`src/slave/paths.hpp` of the agent). */

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

export const BOOT_ID = 'boot_id';
export const SLAVE_INFO = 'slave.info';
export const DRAIN_CONFIG = 'drain.config';
export const FRAMEWORK_INFO = 'framework.info';
export const FRAMEWORK_PID = 'framework.pid';
export const EXECUTOR_INFO = 'executor.info';
export const EXECUTOR_GENERATED = 'executor_generated_for_command_task';
export const EXECUTOR_SENTINEL = 'executor.sentinel';
export const HTTP_MARKER = 'http.marker';
export const FORKED_PID = 'forked.pid';
export const LIBPROCESS_PID = 'libprocess.pid';
export const TASK_INFO = 'task.info';
export const TASK_UPDATES = 'task.updates';
export const OPERATION_UPDATES = 'operation.updates';
export const RESOURCE_STATE = 'resources_and_operations.state';
export const RESOURCE_STATE_TARGET = 'resources_and_operations.target';
export const RESOURCES_INFO = 'resources.info';
export const RESOURCES_TARGET = 'resources.target';
export const VOLUME_GID_MANAGER = 'volume_gid_manager';
export const VOLUME_GIDS = 'volume_gids';
export const DEVICE_MANAGER = 'device_manager';
export const DEVICE_STATE = 'device.state';
export const RESOURCE_PROVIDER_REGISTRY = 'resource_provider_registry';
export const RESOURCE_PROVIDERS = 'resource_providers';

/** The folder beside `meta` that holds the journals of changes, which no agent reads. */
export const JOURNALS = 'mesos-ckpt';

/** What a snapshot has beside `meta`, which no agent writes. */
export const MANIFEST = 'mesos-ckpt.snapshot.json';

/** The names of the files that the agent reads. */
export const FILES: ReadonlySet<string> = new Set([
  ...[BOOT_ID, SLAVE_INFO, DRAIN_CONFIG, FRAMEWORK_INFO, FRAMEWORK_PID, EXECUTOR_INFO, EXECUTOR_GENERATED],
  ...[EXECUTOR_SENTINEL, HTTP_MARKER, FORKED_PID, LIBPROCESS_PID, TASK_INFO, TASK_UPDATES, OPERATION_UPDATES],
  ...[RESOURCE_STATE, RESOURCE_STATE_TARGET, RESOURCES_INFO, RESOURCES_TARGET, VOLUME_GIDS, DEVICE_STATE],
]);

/** Whether a name is one that `mktemp` makes of `XXXXXX`, beside a file that was being written. */
export const isTemporaryName = (name: string): boolean => /^[0-9A-Za-z]{6}$/.test(name);

/**
 * Whether a name means something else than itself to the agent, which lists a folder with `glob("<its path>/*")`: there
 * it is a pattern.
 */
export const isPattern = (name: string): boolean => /[*?[\\]/.test(name);
