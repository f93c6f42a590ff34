import { expect, it } from 'vitest';
import { type AgentInfoVerdict, checkCompatibility, type ReconfigurationPolicy } from '../../src/index.ts';
import { type CompatCase, readCompatCases } from '../support/cases.ts';

const cases = readCompatCases();

const differs = (wanted: CompatCase['equal'], found: AgentInfoVerdict): boolean =>
  wanted.ok !== found.ok || (wanted.message !== undefined && (found.ok || wanted.message !== found.message));

it.each<ReconfigurationPolicy>(['equal', 'additive'])('%s', (policy) => {
  const differing = cases.flatMap((each, i) => {
    const found = checkCompatibility(Buffer.from(each.old, 'hex'), Buffer.from(each.new, 'hex'), policy);
    return differs(each[policy], found) ? [{ pair: i + 1, wanted: each[policy], found }] : [];
  });
  expect(differing).toEqual([]);
});

it('leaves no pair out', () => {
  expect(cases).toHaveLength(200);
  for (const policy of ['equal', 'additive'] as const) {
    expect(new Set(cases.map((each) => each[policy].ok))).toEqual(new Set([true, false]));
  }
});
