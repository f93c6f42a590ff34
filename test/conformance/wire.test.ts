import { describe, expect, it } from 'vitest';
import { parse, WireFailure } from '../../src/format/parse.ts';
import { type Selection, type Shape, shapeOf } from '../../src/format/shape.ts';
import { parseMessage } from '../../src/index.ts';
import { messageType } from '../../src/schema/index.ts';
import { readWireCases, type WireCase } from '../support/cases.ts';

const cases = readWireCases();

const parses = (shape: Shape, { hex }: WireCase): boolean =>
  !(parse(shape, Buffer.from(hex, 'hex')) instanceof WireFailure);

/** The cases that a way of reading decides otherwise than the agent. */
const differing = (shapesOf: (type: WireCase['type']) => readonly Shape[]): readonly string[] =>
  cases
    .filter((each) => shapesOf(each.type).some((shape) => parses(shape, each) !== each.parses))
    .map(({ type, hex, parses: wanted }) => `${type} ${hex}: ${wanted ? 'parses' : 'does not parse'} in the agent`);

const fieldNames = (type: WireCase['type']): readonly string[] =>
  messageType(type).fields.flatMap((field) => (field === undefined ? [] : [field.name]));

const only = (names: readonly string[], selection: Selection): Selection =>
  Object.fromEntries(names.map((name) => [name, selection]));

/** What is kept of a message must not decide whether it is one. */
describe("the verdict is the agent's", () => {
  it('where all is kept', () => {
    expect(differing((type) => [shapeOf(messageType(type), true)])).toEqual([]);
  });

  it('in the library', () => {
    const differing = cases.filter(({ type, hex, parses: wanted }) => {
      const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
      return parseMessage(type, bytes).ok !== wanted;
    });
    expect(differing).toEqual([]);
  });

  it('where nothing is kept', () => {
    expect(differing((type) => [shapeOf(messageType(type), {})])).toEqual([]);
  });

  it('where one field is kept', () => {
    const shapes = new Map<string, readonly Shape[]>();
    const shapesOf = (type: WireCase['type']): readonly Shape[] => {
      const made = shapes.get(type) ?? fieldNames(type).map((name) => shapeOf(messageType(type), only([name], true)));
      shapes.set(type, made);
      return made;
    };
    expect(differing(shapesOf)).toEqual([]);
  });

  it('where the presence of every field is kept', () => {
    const shapes = new Map<string, readonly Shape[]>();
    const shapesOf = (type: WireCase['type']): readonly Shape[] => {
      const made = shapes.get(type) ?? [shapeOf(messageType(type), only(fieldNames(type), {}))];
      shapes.set(type, made);
      return made;
    };
    expect(differing(shapesOf)).toEqual([]);
  });
});

describe('failures', () => {
  it('name a byte of the message or its end, and a reason', () => {
    const wrong = cases.filter(({ type, hex, parses: fine }) => {
      if (fine) return false;
      const bytes = Buffer.from(`ffff${hex}`, 'hex');
      const failure = parse(shapeOf(messageType(type), true), bytes, 2);
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
