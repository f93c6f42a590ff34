import { describe, expect, it } from 'vitest';
import { Edits } from '../../src/format/edit.ts';
import { encodeMessage } from '../../src/format/encode.ts';
import { type Message, parse, WireFailure } from '../../src/format/parse.ts';
import { shapeOf } from '../../src/format/shape.ts';
import { type WireField, walk } from '../../src/format/walk.ts';
import { messageType } from '../../src/schema/index.ts';

const TYPE = messageType('mesos.SlaveInfo');
const message = {
  hostname: 'n1',
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 4 }, reservations: [] },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1n, end: 5n }] }, reservations: [] },
  ],
  attributes: [],
  port: 5051,
};
const bytes = encodeMessage(TYPE, message);
const read = (of: Buffer): Message => {
  const parsed = parse(shapeOf(TYPE, true), of);
  if (parsed instanceof WireFailure) throw new Error(parsed.reason);
  return parsed;
};
const named = (fields: readonly WireField[], name: string): WireField => {
  const found = fields.find(({ field }) => field?.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

describe('changing fields of a message', () => {
  it('without a change gives the same bytes', () => {
    expect(new Edits().apply(bytes, walk(TYPE, bytes).fields)).toEqual(bytes);
  });

  it('takes a field out, and leaves the others where they are', () => {
    const { fields } = walk(TYPE, bytes);
    const port = named(fields, 'port');
    const edits = new Edits();
    edits.cut(port);
    expect(edits.apply(bytes, fields)).toEqual(Buffer.concat([bytes.subarray(0, port.tag), bytes.subarray(port.end)]));
  });

  it('gives what holds a change its new length, two levels up', () => {
    const { fields } = walk(TYPE, bytes);
    const ranges = named(fields.filter(({ field }) => field?.name === 'resources')[1]?.fields ?? [], 'ranges');
    const edits = new Edits();
    const range = {
      range: [
        { begin: 1n, end: 300n },
        { begin: 70_000n, end: 80_000n },
      ],
    };
    edits.replace(named(ranges.fields ?? [], 'range'), encodeMessage(messageType('mesos.Value.Ranges'), range));
    const [cpus, ports] = message.resources;
    expect(read(edits.apply(bytes, fields))).toEqual(
      read(encodeMessage(TYPE, { ...message, resources: [cpus, { ...ports, ranges: range }] })),
    );
  });

  it('puts fields behind others and at the front', () => {
    const { fields } = walk(TYPE, bytes);
    const edits = new Edits();
    const unknown = Buffer.of(0x9a, 0x06, 0x01, 0x41);
    edits.insert(unknown, undefined);
    edits.insert(unknown, named(fields, 'hostname'));
    const at = named(fields, 'hostname').end;
    expect(edits.apply(bytes, fields)).toEqual(
      Buffer.concat([unknown, bytes.subarray(0, at), unknown, bytes.subarray(at)]),
    );
  });

  it('ends what reached past the end of the bytes before something is put behind it', () => {
    // The last resource says that it is longer than the message, which protobuf 3.5.0 lets pass.
    const only = encodeMessage(TYPE, { ...message, port: undefined });
    const { fields } = walk(TYPE, only);
    const last = fields.at(-1) as WireField;
    const open = Buffer.from(only);
    open[last.start - 1] = (open[last.start - 1] as number) + 20;
    const walked = walk(TYPE, open);
    expect(walked.fields.at(-1)?.isPlain).toBe(false);
    const edits = new Edits();
    const port = encodeMessage(
      { ...TYPE, fields: TYPE.fields.filter((field) => field?.name === 'port') },
      { port: 5052 },
    );
    edits.insert(port, walked.fields.at(-1));
    expect(read(edits.apply(open, walked.fields))).toMatchObject({
      port: 5052,
      resources: [{ name: 'cpus' }, { name: 'ports' }],
    });
  });
});
