import { describe, expect, it } from 'vitest';
import { isMessageName, messageNames, messageType } from '../../src/schema/index.ts';
import { allEnumTypes, allMessageTypes, fieldsOf } from './reachable.ts';

describe('messageType', () => {
  it.each(messageNames)('builds %s', (name) => {
    const type = messageType(name);
    expect(type.name).toBe(name);
    expect(type.requiredCount).toBe(fieldsOf(type).filter((field) => field.label === 'required').length);
    for (const [number, field] of type.fields.entries()) {
      if (field === undefined) continue;
      expect(field.number).toBe(number);
      expect(field.message !== undefined, field.name).toBe(field.kind === 'message');
      expect(field.enum !== undefined, field.name).toBe(field.kind === 'enum');
    }
  });

  it('gives the same object each time, within other messages too', () => {
    const framework = messageType('mesos.Task').fields[3];
    expect(framework?.name).toBe('framework_id');
    expect(framework?.message).toBe(messageType('mesos.FrameworkID'));
    expect(messageType('mesos.Task')).toBe(messageType('mesos.Task'));
  });

  it('lets a message hold itself', () => {
    const container = messageType('mesos.ContainerID');
    expect(container.fields[2]?.message).toBe(container);
  });

  it('leaves holes for numbers that are not in use', () => {
    expect(messageType('mesos.SlaveInfo').fields[2]).toBeUndefined();
    expect(messageType('mesos.Resource.SharedInfo').fields).toEqual([]);
  });

  it('takes a map for a repeated message of key and value', () => {
    const limits = messageType('mesos.Task').fields[17];
    expect(limits).toMatchObject({ name: 'limits', label: 'repeated', kind: 'message', isMap: true });
    const entry = limits?.message;
    expect(entry?.name).toBe('mesos.Task.LimitsEntry');
    expect(entry?.fields[1]).toMatchObject({ name: 'key', label: 'optional', kind: 'string' });
    expect(entry?.fields[2]).toMatchObject({ name: 'value', label: 'optional', kind: 'message' });
    expect(entry?.fields[2]?.message).toBe(messageType('mesos.Value.Scalar'));
  });

  it('knows the members of a oneof', () => {
    const capability = messageType('mesos.Volume.Source.CSIVolume.VolumeCapability');
    expect(fieldsOf(capability).map((field) => field.oneof)).toEqual(['access_type', 'access_type', undefined]);
  });

  it('keeps the values of an enumeration in their order, of which the first has a meaning', () => {
    expect(allEnumTypes().get('mesos.TaskState')?.nameByNumber.entries().next().value).toEqual([6, 'TASK_STAGING']);
  });
});

describe('isMessageName', () => {
  it('is true of every name and of nothing else', () => {
    for (const name of messageNames) expect(isMessageName(name)).toBe(true);
    for (const name of ['', 'Task', '.mesos.Task', 'mesos.TaskState', 'mesos.Task.LimitsEntry', 'toString']) {
      expect(isMessageName(name), name).toBe(false);
    }
  });
});

it('messageNames are sorted and lack only the messages behind maps', () => {
  expect(messageNames).toEqual([...messageNames].sort());
  const rest = [...allMessageTypes().keys()].filter((name) => !isMessageName(name));
  expect(rest.every((name) => name.endsWith('Entry'))).toBe(true);
});
