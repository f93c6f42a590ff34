import { expect, test } from 'vitest';
import { debugString } from '../../src/agent/text-format.ts';
import { messageType } from '../../src/schema/index.ts';
import { agentInfo, scalar, textAttribute } from './samples.ts';

test('fields by number, whatever the order of the properties', () => {
  const info = agentInfo({
    domain: {},
    port: 5051,
    checkpoint: true,
    attributes: [textAttribute('rack', 'r1')],
    resources: [scalar('cpus', 0.1, { revocable: {} })],
  });
  expect(debugString(messageType('mesos.SlaveInfo'), info)).toBe(
    [
      'hostname: "n1"',
      'resources {',
      '  name: "cpus"',
      '  type: SCALAR',
      '  scalar {',
      '    value: 0.1',
      '  }',
      '  revocable {',
      '  }',
      '}',
      'attributes {',
      '  name: "rack"',
      '  type: TEXT',
      '  text {',
      '    value: "r1"',
      '  }',
      '}',
      'id {',
      '  value: "S1"',
      '}',
      'checkpoint: true',
      'port: 5051',
      'domain {',
      '}',
      '',
    ].join('\n'),
  );
});

test('strings are escaped, bytes that are not UTF-8 too', () => {
  const text = debugString(messageType('mesos.SlaveID'), { value: 'a"\'\\\n\t\x01\u00e9\udcff' });
  expect(text).toBe('value: "a\\"\\\'\\\\\\n\\t\\001\\303\\251\\377"\n');
});

test.each([
  [1e20, '1e+20'],
  [0.1 + 0.2, '0.30000000000000004'],
  [Number.NaN, 'nan'],
  [Number.NEGATIVE_INFINITY, '-inf'],
])('the double %d', (value, text) => {
  expect(debugString(messageType('mesos.Value.Scalar'), { value })).toBe(`value: ${text}\n`);
});

test('maps are sorted by key, and secrets are not shown', () => {
  const message = {
    volume_id: 'v',
    volume_capability: { access_mode: { mode: 'UNKNOWN' } },
    volume_context: new Map([
      ['b', '2'],
      ['a', '1'],
    ]),
    node_stage_secrets: new Map([['k', { value: { data: new Uint8Array([104, 105]) } }]]),
  };
  const text = debugString(messageType('mesos.Volume.Source.CSIVolume.StaticProvisioning'), message);
  expect(text).toContain('volume_context {\n  key: "a"\n  value: "1"\n}\nvolume_context {\n  key: "b"\n');
  expect(text).toContain('<redacted>');
  expect(text).not.toContain('hi');
});
