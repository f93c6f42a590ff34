/** A field that must not be shown or written unasked, and why. */
export interface SecretField {
  /** The message's full name, or that of the entry behind a map. */
  readonly message: string;
  /** The field's name. */
  readonly field: string;
  readonly reason: string;
}

const STATIC_PROVISIONING = 'mesos.Volume.Source.CSIVolume.StaticProvisioning';
const VOLUME_STATE = 'mesos.csi.state.VolumeState';

/**
 * Every field that is secret by its meaning. Names (of variables, of credentials, of references to a secret that is kept
 * elsewhere) are not in it: an operator needs them, and they give nothing away.
 */
export const secretFields: readonly SecretField[] = [
  {
    message: 'mesos.Environment.Variable',
    field: 'value',
    reason: 'passwords and tokens are handed to tasks in their environment',
  },
  { message: 'mesos.Secret.Value', field: 'data', reason: 'the secret itself, also of variables, images and volumes' },
  { message: 'mesos.Credential', field: 'secret', reason: 'the password that goes with the principal' },
  {
    message: 'mesos.Parameter',
    field: 'value',
    reason: 'an option of docker run can be `env`, one of a volume driver the password of a share',
  },
  {
    message: 'mesos.TaskStatus',
    field: 'data',
    reason: 'the docker executor puts the output of docker inspect here, with the whole environment',
  },
  {
    message: 'mesos.TaskInfo',
    field: 'data',
    reason: "the framework's own bytes, often the command and its variables",
  },
  {
    message: 'mesos.ExecutorInfo',
    field: 'data',
    reason: "the framework's own bytes, often the command and its variables",
  },
  {
    message: 'mesos.Volume.Source.CSIVolume.VolumeCapability.MountVolume',
    field: 'mount_flags',
    reason: 'the CSI specification says that they may hold sensitive information',
  },
  {
    message: `${STATIC_PROVISIONING}.NodeStageSecretsEntry`,
    field: 'value',
    reason: 'what the plugin needs to stage the volume',
  },
  {
    message: `${STATIC_PROVISIONING}.NodePublishSecretsEntry`,
    field: 'value',
    reason: 'what the plugin needs to publish the volume',
  },
  {
    message: `${VOLUME_STATE}.NodeStageSecretsEntry`,
    field: 'value',
    reason: 'what the plugin needs to stage the volume',
  },
  {
    message: `${VOLUME_STATE}.NodePublishSecretsEntry`,
    field: 'value',
    reason: 'what the plugin needs to publish the volume',
  },
  {
    message: 'mesos.slave.ContainerMountInfo',
    field: 'options',
    reason: 'mount options, which can hold the password of a share',
  },
  {
    message: 'docker.spec.v1.ImageManifest.Config',
    field: 'Env',
    reason: 'lines of NAME=value: the environment that the image brings along',
  },
  {
    message: 'appc.spec.ImageManifest.Environment',
    field: 'value',
    reason: 'the environment that the image brings along',
  },
];

/**
 * Fields that are no secret by their meaning, and that people put secrets into all the same: what else is blanked where
 * nothing may be given away. An operator who mends an agent needs to see them.
 */
const tellingFields: readonly SecretField[] = [
  {
    message: 'mesos.CommandInfo',
    field: 'value',
    reason: 'a command line can hold a password, as an option or before the command',
  },
  { message: 'mesos.CommandInfo', field: 'arguments', reason: 'the same, a word each' },
  {
    message: 'mesos.CommandInfo.URI',
    field: 'value',
    reason: 'a user and a password before the host, or a signature in the query',
  },
  { message: 'mesos.CheckInfo.Http', field: 'path', reason: 'a token in the query' },
  { message: 'mesos.HealthCheck.HTTPCheckInfo', field: 'path', reason: 'a token in the query' },
  { message: 'mesos.FrameworkInfo', field: 'webui_url', reason: 'a user and a password before the host' },
  { message: 'mesos.Label', field: 'value', reason: 'labels carry whatever schedulers and operators hand on' },
  {
    message: `${STATIC_PROVISIONING}.VolumeContextEntry`,
    field: 'value',
    reason: 'what the plugin wants to know of a volume, such as the options of its mount',
  },
  { message: `${VOLUME_STATE}.VolumeContextEntry`, field: 'value', reason: 'the same, as it is checkpointed' },
];

const namesOf = (fields: readonly SecretField[]): ReadonlySet<string> =>
  new Set(fields.map(({ message, field }) => `${message}.${field}`));

const secretNames = namesOf(secretFields);
const tellingNames = namesOf(tellingFields);

/** Whether a field is one of `tellingFields`. */
export const isTelling = (message: string, field: string): boolean => tellingNames.has(`${message}.${field}`);

/** Whether a field, given by the full name of its message and its own name, is one of `secretFields`. */
export function isSecret(message: string, field: string): boolean {
  return secretNames.has(`${message}.${field}`);
}
