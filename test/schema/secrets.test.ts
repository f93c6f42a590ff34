import { describe, expect, it } from 'vitest';
import { defaultOf, messageType, secretFields } from '../../src/schema/index.ts';
import { allMessageTypes, fieldsOf } from './reachable.ts';

describe('secretFields', () => {
  const messages = allMessageTypes();

  it.each(secretFields)('$message.$field exists and is marked', ({ message, field, reason }) => {
    const type = messages.get(message);
    expect(type && fieldsOf(type).find(({ name }) => name === field)).toMatchObject({ secret: true });
    expect(reason).not.toBe('');
  });

  it('names no field twice, and no field is marked that it does not name', () => {
    const marked = [...messages.values()].flatMap((type) =>
      fieldsOf(type).flatMap((field) => (field.secret ? [`${type.name}.${field.name}`] : [])),
    );
    expect(marked.sort()).toEqual(secretFields.map(({ message, field }) => `${message}.${field}`).sort());
  });

  it('leaves the names of variables and secrets visible', () => {
    expect(messageType('mesos.Environment.Variable').fields[1]).toMatchObject({ name: 'name', secret: false });
    expect(messageType('mesos.Secret.Reference').fields[1]).toMatchObject({ name: 'name', secret: false });
    expect(messageType('mesos.Credential').fields[1]).toMatchObject({ name: 'principal', secret: false });
  });

  it('has every field whose name says that it is a secret, if not what is in it', () => {
    const held = [...messages.values()].flatMap((type) =>
      fieldsOf(type)
        .filter((field) => /secret|password|token|credential/i.test(field.name) && !field.secret)
        .map((field) => ({
          field: `${type.name}.${field.name}`,
          hides: field.message !== undefined && hides(field.message),
        })),
    );
    expect(held.filter(({ hides }) => !hides)).toEqual([]);
  });
});

describe('defaultOf', () => {
  it('gives the default that the definition gives', () => {
    expect(defaultOf('mesos.Resource', 'role')).toBe('*');
    expect(defaultOf('mesos.SlaveInfo', 'port')).toBe(5051);
    expect(defaultOf('mesos.CommandInfo', 'shell')).toBe(true);
    expect(defaultOf('mesos.Environment.Variable', 'type')).toBe('VALUE');
  });
});

/** Whether there is a secret field directly in a message or one level below. */
function hides(type: ReturnType<typeof messageType>): boolean {
  return fieldsOf(type).some((field) => field.secret || field.message?.fields.some((below) => below?.secret));
}
