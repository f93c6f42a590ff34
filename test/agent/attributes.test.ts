import { expect, test } from 'vitest';
import { AgentAbort } from '../../src/agent/agent-abort.ts';
import { attributesEqual, attributeText } from '../../src/agent/attributes.ts';
import { rangesAttribute, scalarAttribute, setAttribute, textAttribute } from './samples.ts';

test('attributeText', () => {
  expect(attributeText(textAttribute('rack', 'r1'))).toBe('rack=r1');
  expect(attributeText(scalarAttribute('zone', 3.5))).toBe('zone=3.5');
  expect(attributeText(rangesAttribute('level', [1, 10]))).toBe('level=[1-10]');
  expect(attributeText(setAttribute('os', 'a', 'b'))).toBe('os={a, b}');
});

test('equal in any order, with the same length', () => {
  const [rack, zone, level] = [
    textAttribute('rack', 'r1'),
    scalarAttribute('zone', 3),
    rangesAttribute('level', [1, 4]),
  ];
  expect(attributesEqual([rack, zone, level], [rangesAttribute('level', [3, 4], [1, 2]), rack, zone])).toBe(true);
  expect(attributesEqual([rack, rack, zone], [rack, zone, zone])).toBe(true);
  expect(attributesEqual([rack, rack], [rack])).toBe(false);
  expect(attributesEqual([rack], [textAttribute('rack', 'r2')])).toBe(false);
  expect(attributesEqual([rack], [scalarAttribute('rack', 1)])).toBe(false);
});

test('two sets end the agent, one does not', () => {
  expect(() => attributesEqual([setAttribute('os', 'a')], [setAttribute('os', 'a')])).toThrow(
    new AgentAbort('Sets not supported for attributes'),
  );
  expect(attributesEqual([setAttribute('os', 'a')], [textAttribute('os', 'a')])).toBe(false);
});
