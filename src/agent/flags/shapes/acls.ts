import type { MessageType } from '../../../format/message-type.ts';
import { isWithin, type Version } from '../../version.ts';
import { enumeration, message, optional, repeated, required } from './shape.ts';

/** A list of `--acls`: the name of its messages, and what they say who may be done something to. */
export interface AclList {
  /** The field of `--acls`. */
  readonly name: string;
  /** The name of the message of its entries. */
  readonly entry: string;
  /** The field of an entry that is no principal's. */
  readonly object: string;
  /** Whether that may be only any or none: named ones are refused. */
  readonly isAnyOrNone: boolean;
  /** The first version that has it; the others pass over it. */
  readonly from: string | undefined;
}

type Row = readonly [name: string, entry: string, object: string, from?: string];

const listOf =
  (isAnyOrNone: boolean) =>
  ([name, entry, object, from]: Row): AclList => ({ name, entry, object, isAnyOrNone, from });

const NAMED: readonly Row[] = [
  ['register_frameworks', 'RegisterFramework', 'roles'],
  ['run_tasks', 'RunTask', 'users'],
  ['reserve_resources', 'ReserveResources', 'roles'],
  ['unreserve_resources', 'UnreserveResources', 'reserver_principals'],
  ['create_volumes', 'CreateVolume', 'roles'],
  ['destroy_volumes', 'DestroyVolume', 'creator_principals'],
  ['teardown_frameworks', 'TeardownFramework', 'framework_principals'],
  ['update_weights', 'UpdateWeight', 'roles'],
  ['get_endpoints', 'GetEndpoint', 'paths'],
  ['get_quotas', 'GetQuota', 'roles'],
  ['update_quotas', 'UpdateQuota', 'roles'],
  ['view_frameworks', 'ViewFramework', 'users'],
  ['view_tasks', 'ViewTask', 'users'],
  ['view_executors', 'ViewExecutor', 'users'],
  ['access_sandboxes', 'AccessSandbox', 'users'],
  ['view_roles', 'ViewRole', 'roles'],
  ['launch_nested_containers_as_user', 'LaunchNestedContainerAsUser', 'users'],
  ['launch_nested_containers_under_parent_with_user', 'LaunchNestedContainerUnderParentWithUser', 'users'],
  ['kill_nested_containers', 'KillNestedContainer', 'users'],
  ['wait_nested_containers', 'WaitNestedContainer', 'users'],
  ['launch_nested_container_sessions_as_user', 'LaunchNestedContainerSessionAsUser', 'users'],
  [
    'launch_nested_container_sessions_under_parent_with_user',
    'LaunchNestedContainerSessionUnderParentWithUser',
    'users',
  ],
  ['attach_containers_input', 'AttachContainerInput', 'users'],
  ['attach_containers_output', 'AttachContainerOutput', 'users'],
  ['view_containers', 'ViewContainer', 'users'],
  ['remove_nested_containers', 'RemoveNestedContainer', 'users'],
  ['mark_agents_gone', 'MarkAgentGone', 'agents', '1.5.0'],
  ['resize_volumes', 'ResizeVolume', 'roles', '1.6.0'],
  ['create_block_disks', 'CreateBlockDisk', 'roles', '1.7.0'],
  ['destroy_block_disks', 'DestroyBlockDisk', 'roles', '1.7.0'],
  ['create_mount_disks', 'CreateMountDisk', 'roles', '1.7.0'],
  ['destroy_mount_disks', 'DestroyMountDisk', 'roles', '1.7.0'],
  ['destroy_raw_disks', 'DestroyRawDisk', 'roles', '1.7.3'],
];

/** In the order in which the agent looks at them. */
const ANY_OR_NONE: readonly Row[] = [
  ['access_mesos_logs', 'AccessMesosLog', 'logs'],
  ['view_flags', 'ViewFlags', 'flags'],
  ['set_log_level', 'SetLogLevel', 'level'],
  ['register_agents', 'RegisterAgent', 'agents'],
  ['update_maintenance_schedules', 'UpdateMaintenanceSchedule', 'machines'],
  ['get_maintenance_schedules', 'GetMaintenanceSchedule', 'machines'],
  ['start_maintenances', 'StartMaintenance', 'machines'],
  ['stop_maintenances', 'StopMaintenance', 'machines'],
  ['get_maintenance_statuses', 'GetMaintenanceStatus', 'machines'],
  ['drain_agents', 'DrainAgent', 'agents', '1.9.0'],
  ['deactivate_agents', 'DeactivateAgent', 'agents', '1.9.0'],
  ['reactivate_agents', 'ReactivateAgent', 'agents', '1.9.0'],
  ['launch_standalone_containers', 'LaunchStandaloneContainer', 'users', '1.5.0'],
  ['kill_standalone_containers', 'KillStandaloneContainer', 'users', '1.5.0'],
  ['wait_standalone_containers', 'WaitStandaloneContainer', 'users', '1.5.0'],
  ['remove_standalone_containers', 'RemoveStandaloneContainer', 'users', '1.5.0'],
  ['view_standalone_containers', 'ViewStandaloneContainer', 'users', '1.5.0'],
  ['mark_resource_providers_gone', 'MarkResourceProvidersGone', 'resource_providers', '1.8.0'],
  ['view_resource_providers', 'ViewResourceProvider', 'resource_providers', '1.7.0'],
  ['modify_resource_provider_configs', 'ModifyResourceProviderConfig', 'resource_providers', '1.5.0'],
  ['prune_images', 'PruneImages', 'images', '1.5.0'],
];

const LISTS: readonly AclList[] = [...ANY_OR_NONE.map(listOf(true)), ...NAMED.map(listOf(false))];

/** The lists of `--acls` that a version knows. */
export const aclLists = (version: Version): readonly AclList[] =>
  LISTS.filter(({ from }) => from === undefined || isWithin(version, [{ from }]));

const ENTITY = message('mesos.ACL.Entity', {
  type: optional(enumeration('mesos.ACL.Entity.Type', 'SOME', 'ANY', 'NONE')),
  values: repeated('string'),
});

/** `--acls`. */
export const aclsShape = (version: Version): MessageType =>
  message('mesos.ACLs', {
    permissive: optional('bool'),
    ...Object.fromEntries(
      aclLists(version).map(({ name, entry, object }) => [
        name,
        repeated(message(`mesos.ACL.${entry}`, { principals: required(ENTITY), [object]: required(ENTITY) })),
      ]),
    ),
  });
