import type { MessageType } from '../../../format/message-type.ts';
import { messageType } from '../../../schema/index.ts';
import { type Version, versionText } from '../../version.ts';
import { aclsShape } from './acls.ts';
import { enumeration, message, optional, repeated, required } from './shape.ts';

const PARAMETER = message('mesos.Parameter', { key: required('string'), value: required('string') });

/** `--modules`, and every file in `--modules_dir`. */
const MODULES = message('mesos.Modules', {
  libraries: repeated(
    message('mesos.Modules.Library', {
      file: optional('string'),
      name: optional('string'),
      modules: repeated(
        message('mesos.Modules.Library.Module', { name: optional('string'), parameters: repeated(PARAMETER) }),
      ),
    }),
  ),
});

const FIREWALL = message('mesos.internal.Firewall', {
  disabled_endpoints: optional(message('mesos.internal.Firewall.DisabledEndpointsRule', { paths: repeated('string') })),
});

const DEVICE_NUMBER = message('mesos.Device.Number', {
  major_number: required('uint64'),
  minor_number: required('uint64'),
});

const DEVICES = message('mesos.DeviceWhitelist', {
  allowed_devices: repeated(
    message('mesos.DeviceAccess', {
      device: required(message('mesos.Device', { path: optional('string'), number: optional(DEVICE_NUMBER) })),
      access: required(
        message('mesos.DeviceAccess.Access', {
          read: optional('bool'),
          write: optional('bool'),
          mknod: optional('bool'),
        }),
      ),
    }),
  ),
});

const DNS = { nameservers: repeated('string'), search: repeated('string'), options: repeated('string') };

const CONTAINER_DNS = message('mesos.internal.ContainerDNSInfo', {
  mesos: repeated(
    message('mesos.internal.ContainerDNSInfo.MesosInfo', {
      network_mode: optional(enumeration('NetworkMode', 'UNKNOWN', 'HOST', 'CNI')),
      network_name: optional('string'),
      dns: required(message('mesos.internal.slave.cni.spec.DNS', { ...DNS, domain: optional('string') })),
    }),
  ),
  docker: repeated(
    message('mesos.internal.ContainerDNSInfo.DockerInfo', {
      network_mode: optional(enumeration('NetworkMode', 'UNKNOWN', 'HOST', 'BRIDGE', 'USER')),
      network_name: optional('string'),
      dns: required(message('mesos.internal.ContainerDNSInfo.DockerInfo.DNS', DNS)),
    }),
  ),
});

const IMAGE_GC = message('mesos.internal.ImageGcConfig', {
  image_disk_headroom: required('double'),
  image_disk_watch_interval: required(messageType('mesos.DurationInfo')),
  excluded_images: repeated(messageType('mesos.Image')),
});

/** Names that a version does not know are passed over: which are there, the rule about them looks at. */
const CAPABILITIES = message('mesos.internal.SlaveCapabilities', {
  capabilities: repeated(
    message('mesos.SlaveInfo.Capability', {
      type: optional(
        enumeration(
          'mesos.SlaveInfo.Capability.Type',
          ...['UNKNOWN', 'MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'RESOURCE_PROVIDER'],
          ...['RESIZE_VOLUME', 'AGENT_OPERATION_FEEDBACK', 'AGENT_DRAINING', 'TASK_RESOURCE_LIMITS'],
        ),
      ),
    }),
  ),
});

const SHAPES: ReadonlyMap<string, (version: Version) => MessageType> = new Map([
  ['acls', aclsShape],
  ['agent_features', () => CAPABILITIES],
  ['allowed_devices', () => DEVICES],
  ['bounding_capabilities', () => messageType('mesos.CapabilityInfo')],
  ['default_container_dns', () => CONTAINER_DNS],
  ['default_container_info', () => messageType('mesos.ContainerInfo')],
  ['domain', () => messageType('mesos.DomainInfo')],
  ['effective_capabilities', () => messageType('mesos.CapabilityInfo')],
  ['firewall_rules', () => FIREWALL],
  ['image_gc_config', () => IMAGE_GC],
  ['modules', () => MODULES],
]);

const made = new Map<string, MessageType>();

/** The message that a flag's JSON is read into; undefined where any object will do. */
export const shapeOfFlag = (flag: string, version: Version): MessageType | undefined => {
  const make = SHAPES.get(flag);
  if (make === undefined) return undefined;
  const key = `${flag} ${versionText(version)}`;
  const shape = made.get(key) ?? make(version);
  made.set(key, shape);
  return shape;
};
