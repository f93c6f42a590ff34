import type { ResourceFacts } from '../checkpoint/files.ts';
import type { MessageType } from '../format/message-type.ts';
import type { Message } from '../format/parse.ts';
import { aborts, type Context } from './context.ts';

/** The check that fails where a resource of role `*` has a reservation (`convertResourceFormat`). */
const MESSAGE = 'Check failed: !resource->has_reservation() ';

/** Whether the agent aborts when it brings a resource to the present form: `upgradeResource`. */
export const isStarReserved = (resource: ResourceFacts): boolean =>
  resource.reservations.length === 0 && (resource.role ?? '*') === '*' && resource.reservation !== undefined;

/** Whether one of the resources of a file is of role `*` and reserved, which is met. */
export const meetStarReservation = (context: Context, path: string, resources: readonly ResourceFacts[]): boolean => {
  if (!resources.some(isStarReserved) && !context.disk.isStarReserved(path)) return false;
  context.meet('star-reservation', { path }, 'a resource of role * has a reservation', aborts(MESSAGE));
  return true;
};

/** The resources at any depth of a whole decoded message. */
export const resourcesWithin = (type: MessageType, message: Message): readonly ResourceFacts[] => {
  if (type.name === 'mesos.Resource') return [message as unknown as ResourceFacts];
  return type.fields.flatMap((field) => {
    const value = field === undefined ? undefined : message[field.name];
    if (field?.message === undefined || value === undefined || !holdsResources(field.message)) return [];
    const { message: inner } = field;
    const values = field.isMap ? [] : Array.isArray(value) ? (value as Message[]) : [value as Message];
    return values.flatMap((each) => resourcesWithin(inner, each));
  });
};

const known = new Map<MessageType, boolean>();

const holdsResources = (type: MessageType): boolean => {
  let holds = known.get(type);
  if (holds === undefined) {
    // A message that is asked about again while it is being looked at holds none by that way.
    known.set(type, false);
    holds =
      type.name === 'mesos.Resource' ||
      type.fields.some((field) => field?.message !== undefined && holdsResources(field.message));
    known.set(type, holds);
  }
  return holds;
};
