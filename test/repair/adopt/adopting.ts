import { downgradeResource } from '../../../src/agent/reservation-format.ts';
import { encodeMessage, encodeRecord } from '../../../src/format/encode.ts';
import type { Message } from '../../../src/format/parse.ts';
import { walk } from '../../../src/format/walk.ts';
import { type AdoptedInfo, adoptAgentInfo, type Extent } from '../../../src/repair/adopt/slave-info.ts';
import { messageType, type SlaveInfo } from '../../../src/schema/index.ts';

const TYPE = messageType('mesos.SlaveInfo');
export const ID = { value: 'S1' };

/** A file as an agent writes it: reservations by flags are roles. */
export const fileOf = (info: SlaveInfo, more: Uint8Array = Buffer.alloc(0)): Buffer => {
  const written = { ...info, id: ID, resources: info.resources.map(downgradeResource) };
  return encodeRecord(Buffer.concat([encodeMessage(TYPE, written as unknown as Message), more]));
};

export const adopt = (
  previous: SlaveInfo,
  current: SlaveInfo,
  extent: Extent,
  { more, fits = () => true }: { more?: Uint8Array; fits?: (info: SlaveInfo) => boolean } = {},
): AdoptedInfo => {
  const adopted = adoptAgentInfo({ bytes: fileOf(previous, more), current, extent, fits });
  if (typeof adopted === 'string') throw new Error(adopted);
  return adopted;
};

/** The top-level fields of a file as bytes. */
export const fieldsOf = (file: Buffer): readonly { readonly name: string; readonly bytes: string }[] =>
  walk(TYPE, file, 4).fields.map(({ field, number, tag, end }) => ({
    name: field?.name ?? String(number),
    bytes: file.toString('hex', tag, end),
  }));

export const sumOf = ({ resources }: SlaveInfo, wanted: string): number =>
  resources.reduce(
    (sum, { name, scalar: own }) => sum + (name === wanted ? Math.round((own?.value ?? 0) * 1000) : 0),
    0,
  );
