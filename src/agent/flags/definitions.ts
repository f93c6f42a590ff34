import { isWithin, since, type Version, type VersionSpan } from '../version.ts';

/** How the agent reads a value. */
export type FlagKind =
  /** Any text. */
  | 'text'
  /** `true`, `1`, `false` or `0`, or nothing at all. */
  | 'switch'
  /** `15mins`, `1.5hrs`. */
  | 'duration'
  /** `10MB`. */
  | 'bytes'
  /** A number, maybe with a fraction. */
  | 'number'
  /** A whole number of 32 bits. */
  | 'integer'
  /** A whole number that is not negative. */
  | 'count'
  /** A whole number up to 65535. */
  | 'port'
  /** Whole numbers with commas between. */
  | 'numbers'
  /** A path, with or without `file://`: the file is read later. */
  | 'path'
  /** A text, or `file://` and where it is; secret. */
  | 'secret'
  /** A JSON object, or the path of one. */
  | 'json';

/** A flag that an agent knows. */
export interface FlagDefinition {
  readonly name: string;
  readonly kind: FlagKind;
  /** As the agent would print it; undefined where there is none, or it is found out at the start. */
  readonly defaultValue: string | undefined;
  /** An older name that is still taken. */
  readonly deprecated: string | undefined;
  /** What the agent must have been built with to know the flag. */
  readonly build: string | undefined;
}

/** The flags that a version knows, by each of their names. */
export type FlagDefinitions = ReadonlyMap<string, FlagDefinition>;

interface More {
  readonly deprecated?: string;
  /** The versions that have it, where not all do. */
  readonly spans?: readonly VersionSpan[];
  readonly build?: string;
}

type Row = readonly [name: string, kind: FlagKind, defaultValue: string | undefined, more?: More];

/** Every flag of the agent from 1.4.0 on, on Linux: slave/flags.cpp and logging/flags.cpp of each release. */
const ROWS: readonly Row[] = [
  ['acls', 'json', undefined],
  ['advertise_ip', 'text', undefined],
  ['advertise_port', 'text', undefined],
  ['agent_features', 'json', undefined, { spans: since('1.5.0') }],
  ['agent_subsystems', 'text', undefined, { deprecated: 'slave_subsystems' }],
  ['allowed_devices', 'json', undefined],
  ['appc_simple_discovery_uri_prefix', 'text', 'http://'],
  ['appc_store_dir', 'text', '/tmp/mesos/store/appc'],
  ['attributes', 'text', undefined],
  ['authenticate_http_executors', 'switch', 'false', { build: 'SSL' }],
  ['authenticate_http_readonly', 'switch', 'false'],
  ['authenticate_http_readwrite', 'switch', 'false'],
  ['authenticatee', 'text', 'crammd5'],
  ['authentication_backoff_factor', 'duration', '1secs'],
  ['authentication_timeout_max', 'duration', '1mins', { spans: since('1.4.3', '1.5.2', '1.6.2') }],
  ['authentication_timeout_min', 'duration', '5secs', { spans: since('1.4.3', '1.5.2', '1.6.2') }],
  ['authorizer', 'text', 'local'],
  ['bounding_capabilities', 'json', undefined],
  ['cgroups_cpu_enable_pids_and_tids_count', 'switch', 'false'],
  ['cgroups_destroy_timeout', 'duration', '1mins', { spans: since('1.7.0') }],
  ['cgroups_enable_cfs', 'switch', 'false'],
  ['cgroups_hierarchy', 'text', '/sys/fs/cgroup'],
  ['cgroups_limit_swap', 'switch', 'false'],
  ['cgroups_net_cls_primary_handle', 'text', undefined],
  ['cgroups_net_cls_secondary_handles', 'text', undefined],
  ['cgroups_root', 'text', 'mesos'],
  ['check_agent_port_range_only', 'switch', 'false', { spans: since('1.5.0'), build: 'network ports' }],
  ['container_disk_watch_interval', 'duration', '15secs'],
  ['container_logger', 'text', undefined],
  ['container_ports_isolated_range', 'text', undefined, { spans: since('1.8.0'), build: 'network ports' }],
  ['container_ports_watch_interval', 'duration', '30secs', { spans: since('1.5.0'), build: 'network ports' }],
  ['containerizers', 'text', 'mesos'],
  ['credential', 'path', undefined],
  ['csi_plugin_config_dir', 'text', undefined, { spans: since('1.11.0') }],
  ['default_container_dns', 'json', undefined],
  ['default_container_info', 'json', undefined],
  ['default_container_shm_size', 'bytes', undefined, { spans: since('1.9.0') }],
  ['default_role', 'text', '*'],
  ['disallow_sharing_agent_ipc_namespace', 'switch', 'false', { spans: since('1.9.0') }],
  ['disallow_sharing_agent_pid_namespace', 'switch', 'false'],
  ['disk_profile_adaptor', 'text', undefined, { spans: [{ from: '1.5.0', before: '1.6.0' }], build: 'gRPC' }],
  ['disk_profile_adaptor', 'text', undefined, { spans: since('1.6.0') }],
  ['disk_watch_interval', 'duration', '1mins'],
  ['docker', 'text', 'docker'],
  ['docker_config', 'json', undefined],
  ['docker_ignore_runtime', 'switch', 'false', { spans: since('1.9.0') }],
  ['docker_kill_orphans', 'switch', 'true'],
  ['docker_mesos_image', 'text', undefined],
  ['docker_registry', 'text', 'https://registry-1.docker.io'],
  ['docker_remove_delay', 'duration', '6hrs'],
  ['docker_socket', 'text', '/var/run/docker.sock'],
  ['docker_stop_timeout', 'duration', '0ns'],
  ['docker_store_dir', 'text', '/tmp/mesos/store/docker'],
  ['docker_volume_checkpoint_dir', 'text', '/var/run/mesos/isolators/docker/volume'],
  ['docker_volume_chown', 'switch', 'false', { spans: since('1.9.0') }],
  ['domain', 'json', undefined],
  ['domain_socket_location', 'text', undefined, { spans: since('1.10.0') }],
  ['effective_capabilities', 'json', undefined, { deprecated: 'allowed_capabilities' }],
  ['egress_burst', 'bytes', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['egress_ceil_limit', 'bytes', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['egress_flow_classifier_parent', 'text', 'root', { build: 'port mapping' }],
  ['egress_rate_limit_per_container', 'bytes', undefined, { build: 'port mapping' }],
  ['egress_rate_per_cpu', 'text', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['egress_unique_flow_per_container', 'switch', 'false', { build: 'port mapping' }],
  ['enforce_container_disk_quota', 'switch', 'false'],
  ['enforce_container_ports', 'switch', 'false', { spans: since('1.7.0'), build: 'network ports' }],
  ['ephemeral_ports_per_container', 'port', '1024', { build: 'port mapping' }],
  ['eth0_name', 'text', undefined, { build: 'port mapping' }],
  ['executor_environment_variables', 'json', undefined],
  ['executor_registration_timeout', 'duration', '1mins'],
  ['executor_reregistration_retry_interval', 'duration', undefined],
  ['executor_reregistration_timeout', 'duration', '2secs'],
  ['executor_shutdown_grace_period', 'duration', '5secs'],
  ['external_log_file', 'text', undefined],
  ['fetcher_cache_dir', 'text', '/tmp/mesos/fetch'],
  ['fetcher_cache_size', 'bytes', '2GB'],
  ['fetcher_stall_timeout', 'duration', '1mins', { spans: since('1.4.3', '1.5.2') }],
  ['firewall_rules', 'json', undefined],
  ['frameworks_home', 'text', ''],
  ['gc_delay', 'duration', '1weeks'],
  ['gc_disk_headroom', 'number', '0.1'],
  ['gc_non_executor_container_sandboxes', 'switch', 'false', { spans: since('1.7.0') }],
  ['hadoop_home', 'text', undefined],
  ['help', 'switch', 'false'],
  ['hooks', 'text', undefined],
  ['host_path_volume_force_creation', 'text', undefined, { spans: since('1.8.0') }],
  ['hostname', 'text', undefined],
  ['hostname_lookup', 'switch', 'true'],
  ['http_authenticators', 'text', undefined],
  ['http_command_executor', 'switch', 'false'],
  ['http_credentials', 'path', undefined],
  ['http_executor_domain_sockets', 'switch', 'false', { spans: since('1.10.0') }],
  ['http_heartbeat_interval', 'duration', '30secs'],
  ['image_gc_config', 'json', undefined, { spans: since('1.5.0') }],
  ['image_providers', 'text', undefined],
  ['image_provisioner_backend', 'text', undefined],
  ['ingress_burst', 'bytes', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['ingress_ceil_limit', 'bytes', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['ingress_isolate_existing_containers', 'switch', 'true', { spans: since('1.12.0'), build: 'port mapping' }],
  ['ingress_rate_limit_per_container', 'bytes', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['ingress_rate_per_cpu', 'text', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['initialize_driver_logging', 'switch', 'true'],
  ['ip', 'text', undefined],
  ['ip6', 'text', undefined],
  ['ip6_discovery_command', 'text', undefined],
  ['ip_discovery_command', 'text', undefined],
  ['isolation', 'text', 'posix/cpu,posix/mem'],
  ['jwt_secret_key', 'path', undefined, { deprecated: 'executor_secret_key', spans: since('1.5.0'), build: 'SSL' }],
  ['launcher', 'text', undefined],
  ['launcher_dir', 'text', undefined],
  ['lo_name', 'text', undefined, { build: 'port mapping' }],
  ['log_dir', 'text', undefined],
  ['logbufsecs', 'integer', '0'],
  ['logging_level', 'text', 'INFO'],
  ['master', 'secret', undefined],
  ['master_detector', 'text', undefined],
  ['max_completed_executors_per_framework', 'count', '150'],
  ['maximum_egress_rate_limit', 'bytes', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['maximum_ingress_rate_limit', 'bytes', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['memory_profiling', 'switch', 'false', { spans: since('1.6.0') }],
  ['minimum_egress_rate_limit', 'bytes', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['minimum_ingress_rate_limit', 'bytes', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['modules', 'json', undefined],
  ['modules_dir', 'text', undefined],
  ['network_cni_config_dir', 'text', undefined],
  ['network_cni_metrics', 'switch', 'true', { spans: since('1.7.0') }],
  ['network_cni_plugins_dir', 'text', undefined],
  [
    'network_cni_root_dir_persist',
    'switch',
    'false',
    {
      spans: since('1.4.3', '1.5.2', '1.6.2', '1.7.1'),
    },
  ],
  ['network_enable_rate_statistics', 'switch', 'false', { spans: since('1.12.0'), build: 'port mapping' }],
  ['network_enable_snmp_statistics', 'switch', 'false', { build: 'port mapping' }],
  ['network_enable_socket_statistics_details', 'switch', 'false', { build: 'port mapping' }],
  ['network_enable_socket_statistics_summary', 'switch', 'false', { build: 'port mapping' }],
  ['network_link_speed', 'bytes', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['network_rate_statistics_interval', 'duration', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['network_rate_statistics_window', 'duration', undefined, { spans: since('1.12.0'), build: 'port mapping' }],
  ['nvidia_gpu_devices', 'numbers', undefined],
  ['oversubscribed_resources_interval', 'duration', '15secs'],
  ['perf_duration', 'duration', '10secs'],
  ['perf_events', 'text', undefined],
  ['perf_interval', 'duration', '1mins'],
  ['port', 'port', '5051'],
  ['qos_controller', 'text', undefined],
  ['qos_correction_interval_min', 'duration', '0ns'],
  ['quiet', 'switch', 'false'],
  ['reconfiguration_policy', 'text', 'equal', { spans: since('1.5.0') }],
  ['recover', 'text', 'reconnect'],
  ['recovery_timeout', 'duration', '15mins'],
  ['registration_backoff_factor', 'duration', '1secs'],
  ['resource_estimator', 'text', undefined],
  ['resource_provider_config_dir', 'text', undefined],
  ['resources', 'text', undefined],
  ['revocable_cpu_low_priority', 'switch', 'true'],
  ['runtime_dir', 'text', '/var/run/mesos'],
  ['sandbox_directory', 'text', '/mnt/mesos/sandbox'],
  ['seccomp_config_dir', 'text', undefined, { spans: since('1.8.0'), build: 'seccomp' }],
  ['seccomp_profile_name', 'text', undefined, { spans: since('1.8.0'), build: 'seccomp' }],
  ['secret_resolver', 'text', undefined],
  ['strict', 'switch', 'true'],
  ['switch_user', 'switch', 'true'],
  ['systemd_enable_support', 'switch', 'true'],
  ['systemd_runtime_directory', 'text', '/run/systemd/system'],
  ['version', 'switch', 'false'],
  ['volume_gid_range', 'text', undefined, { spans: since('1.8.0') }],
  ['work_dir', 'text', undefined],
  ['xfs_kill_containers', 'switch', 'false', { spans: since('1.6.0'), build: 'XFS' }],
  ['xfs_project_range', 'text', '[5000-10000]', { build: 'XFS' }],
  ['xfs_quota_headroom', 'bytes', '10MB', { spans: since('1.12.0'), build: 'XFS' }],
  ['zk_session_timeout', 'duration', '10secs', { spans: since('1.5.0') }],
  ['executor_secret_key', 'path', undefined, { spans: [{ before: '1.5.0' }], build: 'SSL' }],
];

const definitionOf = ([name, kind, defaultValue, more]: Row): FlagDefinition => ({
  name,
  kind,
  defaultValue,
  deprecated: more?.deprecated,
  build: more?.build,
});

/** The flags that a version knows, by each name that it takes, deprecated ones too. */
export const definitionsOf = (version: Version): FlagDefinitions => {
  const definitions = new Map<string, FlagDefinition>();
  for (const row of ROWS) {
    const spans = row[3]?.spans;
    if (spans !== undefined && !isWithin(version, spans)) continue;
    const definition = definitionOf(row);
    definitions.set(definition.name, definition);
    if (definition.deprecated !== undefined) definitions.set(definition.deprecated, definition);
  }
  return definitions;
};

/** The default of a flag, as the agent would print it, in whatever version that has the flag; undefined where there is none. */
export const defaultOf = (name: string): string | undefined => ROWS.find(([each]) => each === name)?.[2];
