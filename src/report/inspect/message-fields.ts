import { type Cell, cell } from '../../text/cells.ts';
import { type Field, field } from '../../text/fields.ts';
import type { Json, JsonObject } from '../json/message.ts';
import { REDACTED } from '../json/message.ts';

/*
 * The parts of infos that a screen shows in detail. They are read from the JSON form, in which secrets are redacted
 * already, so that a screen cannot show what JSON does not.
 */

/** What is in a JSON value at the end of a path of keys. */
const at = (json: Json | undefined, ...keys: readonly string[]): Json | undefined =>
  keys.reduce<Json | undefined>(
    (value, key) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject)[key] : undefined,
    json,
  );

/** A text or a number there; undefined where there is none. */
export const textAt = (json: Json | undefined, ...keys: readonly string[]): string | undefined => {
  const value = at(json, ...keys);
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
};

const listAt = (json: Json | undefined, ...keys: readonly string[]): readonly Json[] => {
  const value = at(json, ...keys);
  return Array.isArray(value) ? value : [];
};

/** A field with the texts that are there. */
export const textField = (label: string, ...texts: readonly (string | undefined)[]): Field =>
  field(label, ...texts.filter((text) => text !== undefined).map((text) => cell(text)));

/** What a `CommandInfo` runs, as whom, and in which environment. */
export const commandFields = (command: Json | undefined): readonly Field[] => {
  const value = textAt(command, 'value');
  const args = listAt(command, 'arguments').map(String);
  return [
    textField(
      'Command',
      value,
      ...(args.length > 0 ? [`arguments: ${args.map((each) => `'${each}'`).join(' ')}`] : []),
    ),
    textField('User', textAt(command, 'user')),
    environmentField(listAt(command, 'environment', 'variables')),
    textField('URIs', ...listAt(command, 'uris').map((uri) => textAt(uri, 'value'))),
  ];
};

/** Names flow; where values are to be shown, each variable has a line of its own. */
const environmentField = (variables: readonly Json[]): Field => {
  const cells = variables.map((variable) => {
    const value = textAt(variable, 'value') ?? textAt(variable, 'secret', 'value', 'data');
    const reference = textAt(variable, 'secret', 'reference', 'name');
    return {
      name: textAt(variable, 'name') ?? '?',
      value: value ?? (reference === undefined ? undefined : `secret ${reference}`),
    };
  });
  if (cells.some(({ value }) => value !== undefined && value !== REDACTED)) {
    return textField('Environment', ...cells.map(({ name, value }) => `${name}=${value ?? ''}`));
  }
  return {
    label: 'Environment',
    lines: cells.length === 0 ? [] : [{ parts: cells.map(({ name }) => cell(`${name}=${REDACTED}`)), separator: ' ' }],
  };
};

/** What a `ContainerInfo` asks for. */
export const containerFields = (container: Json | undefined): readonly Field[] => {
  const docker = at(container, 'docker');
  const image =
    textAt(docker, 'image') ??
    textAt(container, 'mesos', 'image', 'docker', 'name') ??
    textAt(container, 'mesos', 'image', 'appc', 'name');
  const privileged = textAt(docker, 'privileged') === 'true' ? 'privileged' : undefined;
  return [
    textField('Container', textAt(container, 'type')),
    textField('Image', image),
    textField(
      'Network',
      textAt(docker, 'network'),
      ...listAt(container, 'network_infos').map((each) => textAt(each, 'name')),
    ),
    textField('Ports', ...listAt(docker, 'port_mappings').map(portText)),
    textField(
      'Docker',
      privileged,
      ...listAt(docker, 'parameters').map((each) => `--${textAt(each, 'key')}=${textAt(each, 'value')}`),
    ),
    textField('Volumes', ...listAt(container, 'volumes').map(volumeText)),
  ];
};

const portText = (port: Json): string =>
  `${textAt(port, 'host_port')} -> ${textAt(port, 'container_port')}/${textAt(port, 'protocol') ?? 'tcp'}`;

const volumeText = (volume: Json): string =>
  `${textAt(volume, 'host_path') ?? textAt(volume, 'source', 'type') ?? ''} -> ${textAt(volume, 'container_path')} (${textAt(volume, 'mode')})`;

/** Labels, a line each. */
export const labelsField = (labels: Json | undefined): Field =>
  field('Labels', ...listAt(labels, 'labels').map(labelCell));

const labelCell = (label: Json): Cell => {
  const value = textAt(label, 'value');
  return cell(value === undefined ? (textAt(label, 'key') ?? '') : `${textAt(label, 'key')}: ${value}`);
};

/** The texts of a list there. */
export const textsAt = (json: Json | undefined, ...keys: readonly string[]): readonly string[] =>
  listAt(json, ...keys).map(String);
