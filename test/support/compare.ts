import type { Start } from '../../src/recovery/simulate.ts';
import type { Rules } from '../../src/recovery/versions.ts';
import { agentOutcomeJson, stateJson } from '../../src/report/json/state.ts';
import type { Expected, ExpectedStart } from './cases.ts';

/** The differences between what the agent does with a case, and what is predicted: one line each. */
export const compareCase = (expected: Expected, starts: readonly Start[], rules: Rules): readonly string[] => {
  const out: string[] = [];
  const [first, second] = starts;
  compareStart('starts[0]', expected, first, out);
  if (expected.secondStart !== undefined) compareStart('starts[1]', expected.secondStart, second, out);
  if (first === undefined) return out;
  if (expected.state !== undefined) differ('state', sorted(expected.state), sorted(stateJson(first.state, rules)), out);
  if (expected.agent !== undefined) {
    const agent = first.started?.agent;
    differ('agent', sorted(expected.agent), sorted(agent === undefined ? null : agentOutcomeJson(agent)), out);
  }
  return out;
};

/** The same for state recovery alone, as far as it was recorded of released versions. */
export const compareVersion = (expected: Expected, start: Start | undefined, rules: Rules): readonly string[] => {
  if (start === undefined) return ['no start'];
  const out: string[] = [];
  differ('verdict', expected.verdict, start.stage === 'agent' ? 'recovers' : start.verdict, out);
  compareMessage('messages', expected, start, out);
  if (expected.recoveryErrors !== undefined) {
    differ('recoveryErrors', expected.recoveryErrors, start.recoveryErrors, out);
  }
  if (expected.effects !== undefined) {
    const effects = start.effects.filter((effect) => !effect.path.endsWith('/operation.updates'));
    differ('effects', sorted(expected.effects), sorted(effects), out);
  }
  if (expected.state !== undefined) {
    differ('state', sorted(withoutUnknown(expected.state)), sorted(stateJson(start.state, rules)), out);
  }
  return out;
};

const compareStart = (at: string, expected: ExpectedStart, start: Start | undefined, out: string[]): void => {
  if (start === undefined) {
    out.push(`${at}: missing`);
    return;
  }
  differ(`${at}.verdict`, expected.verdict, start.verdict, out);
  if (expected.stage !== undefined) differ(`${at}.stage`, expected.stage, start.stage, out);
  compareMessage(`${at}.messages`, expected, start, out);
  if (expected.recoveryErrors !== undefined) {
    differ(`${at}.recoveryErrors`, expected.recoveryErrors, start.recoveryErrors, out);
  }
  if (expected.effects !== undefined) differ(`${at}.effects`, sorted(expected.effects), sorted(start.effects), out);
};

const compareMessage = (at: string, expected: ExpectedStart, start: Start, out: string[]): void => {
  const { message } = expected;
  if (message === undefined || start.messages.includes(message)) return;
  out.push(`${at}: wanted ${message}, found ${short(start.messages)}`);
};

/** A drain config and a marker of a version that knows none of them were recorded as null. */
const withoutUnknown = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => inner !== null || (key !== 'drain' && key !== 'generatedForCommandTask'))
      .map(([key, inner]) => [key, withoutUnknown(inner)]),
  );
};

/** Lists of things with an id, a path or a kind have no order; keys have none either. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const list = value.map(sorted);
    return typeof list[0] === 'object' && list[0] !== null ? list.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) : list;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
};

const keyOf = (value: unknown): string => {
  const { path, id, kind } = value as Readonly<Record<string, unknown>>;
  return JSON.stringify([path, id, kind]);
};

/** Everything that is wanted must be there; what is there besides is left alone, except in lists. */
const differ = (at: string, wanted: unknown, found: unknown, out: string[]): void => {
  if (isObject(wanted) && isObject(found) && Array.isArray(wanted) === Array.isArray(found)) {
    if (Array.isArray(wanted) && Array.isArray(found) && wanted.length !== found.length) {
      out.push(`${at}: ${wanted.length} entries wanted, ${found.length} found: ${short(found)}`);
      return;
    }
    for (const key of Object.keys(wanted)) differ(`${at}.${key}`, wanted[key], found[key], out);
  } else if (wanted !== found) out.push(`${at}: wanted ${short(wanted)}, found ${short(found)}`);
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};
