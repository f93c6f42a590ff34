import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/agent/flags/notation/json.ts';

describe('JSON', () => {
  it.each<[string, unknown]>([
    ['{}', {}],
    [' \t\n[1, -2.5e+3 ,"a", true,false , null]\n', [1, -2500, 'a', true, false, null]],
    ['{"a": {"b": []}, "a": 2}', { a: 2 }],
    ['[01, 1., -.5]', [1, 1, -0.5]],
    [String.raw`"\" \\ \/ \b\f\n\r\t A 😀"`, '" \\ / \b\f\n\r\t A 😀'],
    ['"\u007f"', '\u007f'],
  ])('%j is read', (text, value) => {
    expect(parseJson(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['', 'syntax error at line 1 near: '],
    ['{', 'syntax error at line 1 near: '],
    ['{\n', 'syntax error at line 1 near: '],
    ['{"a": 1,}', 'syntax error at line 1 near: }'],
    ['[1,]', 'syntax error at line 1 near: ]'],
    ['{\n  // a comment\n}', 'syntax error at line 2 near: // a comment'],
    ["{'a': 1}", "syntax error at line 1 near: 'a': 1}"],
    ['{a: 1}', 'syntax error at line 1 near: a: 1}'],
    ['"a\nb"', 'syntax error at line 1 near: '],
    ['["a\tb"]', 'syntax error at line 1 near: b"]'],
    [String.raw`"\q"`, 'syntax error at line 1 near: "'],
    [String.raw`"\ud83d"`, 'syntax error at line 1 near: "'],
    [String.raw`"\u12"`, 'syntax error at line 1 near: "'],
    ['nope', 'syntax error at line 1 near: ope'],
    ['1-2', 'syntax error at line 1 near: '],
    ['1e999', 'Value out of range'],
    ['{} x', 'Parsed JSON included non-whitespace trailing characters:  x'],
    ['\ufeff{}', 'syntax error at line 1 near: \ufeff{}'],
    ['['.repeat(201), 'syntax error at line 1 near: '],
  ])('%j is refused', (text, message) => {
    expect(parseJson(text)).toEqual({ ok: false, message });
  });

  it('may be as deep as the agent reads', () => {
    expect(parseJson('['.repeat(200) + ']'.repeat(200)).ok).toBe(true);
  });
});
