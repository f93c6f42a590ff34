import { describe, expect, it } from 'vitest';
import { parse, WireFailure } from '../../src/format/parse.ts';
import { type Plan, planOf, type Selection } from '../../src/format/plan.ts';
import { parseMessage } from '../../src/index.ts';
import { messageType } from '../../src/schema/index.ts';
import { readWireCases, type WireCase } from '../support/cases.ts';

const cases = readWireCases();

const parses = (plan: Plan, { hex }: WireCase): boolean =>
  !(parse(plan, Buffer.from(hex, 'hex')) instanceof WireFailure);

/** The cases that a way of reading decides otherwise than the agent. */
const differing = (plansOf: (type: WireCase['type']) => readonly Plan[]): readonly string[] =>
  cases
    .filter((each) => plansOf(each.type).some((plan) => parses(plan, each) !== each.parses))
    .map(({ type, hex, parses: wanted }) => `${type} ${hex}: ${wanted ? 'parses' : 'does not parse'} in the agent`);

const fieldNames = (type: WireCase['type']): readonly string[] =>
  messageType(type).fields.flatMap((field) => (field === undefined ? [] : [field.name]));

const only = (names: readonly string[], selection: Selection): Selection =>
  Object.fromEntries(names.map((name) => [name, selection]));

/** What is kept of a message must not decide whether it is one. */
describe("the verdict is the agent's", () => {
  it('where all is kept', () => {
    expect(differing((type) => [planOf(messageType(type), true)])).toEqual([]);
  });

  it('in the library', () => {
    const differing = cases.filter(({ type, hex, parses: wanted }) => {
      const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
      return parseMessage(type, bytes).ok !== wanted;
    });
    expect(differing).toEqual([]);
  });

  it('where nothing is kept', () => {
    expect(differing((type) => [planOf(messageType(type), {})])).toEqual([]);
  });

  it('where one field is kept', () => {
    const plans = new Map<string, readonly Plan[]>();
    const plansOf = (type: WireCase['type']): readonly Plan[] => {
      const made = plans.get(type) ?? fieldNames(type).map((name) => planOf(messageType(type), only([name], true)));
      plans.set(type, made);
      return made;
    };
    expect(differing(plansOf)).toEqual([]);
  });

  it('where the presence of every field is kept', () => {
    const plans = new Map<string, readonly Plan[]>();
    const plansOf = (type: WireCase['type']): readonly Plan[] => {
      const made = plans.get(type) ?? [planOf(messageType(type), only(fieldNames(type), {}))];
      plans.set(type, made);
      return made;
    };
    expect(differing(plansOf)).toEqual([]);
  });
});

describe('failures', () => {
  it('name a byte of the message or its end, and a reason', () => {
    const wrong = cases.filter(({ type, hex, parses: fine }) => {
      if (fine) return false;
      const bytes = Buffer.from(`ffff${hex}`, 'hex');
      const failure = parse(planOf(messageType(type), true), bytes, 2);
      return !(
        failure instanceof WireFailure &&
        failure.offset >= 2 &&
        failure.offset <= bytes.length &&
        /^[a-z0-9]/.test(failure.reason) &&
        !failure.reason.endsWith('.')
      );
    });
    expect(wrong).toEqual([]);
  });
});

it('leaves no case out', () => {
  expect(cases).toHaveLength(1200);
  expect(cases.some(({ parses: fine }) => fine) && cases.some(({ parses: fine }) => !fine)).toBe(true);
});
