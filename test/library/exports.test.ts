import { describe, expect, it } from 'vitest';

interface Exports {
  readonly changingIn: (text: string) => readonly string[];
  readonly exportedByValue: (code: string, changing: ReadonlySet<string>) => string;
  readonly withNodeAsItIs: (code: string) => string;
  readonly checkAcyclic: (
    outputs: Readonly<
      Record<string, { readonly imports: readonly { readonly path: string; readonly kind: string }[] }>
    >,
  ) => void;
}

const { changingIn, exportedByValue, withNodeAsItIs, checkAcyclic } = (await import(
  new URL('../../scripts/exports.mjs', import.meta.url).href
)) as Exports;

/** A part as esbuild makes it. */
const part = (list: string, body: string): string =>
  `"use strict";\nvar stdin_exports={};__export(stdin_exports,{${list}});module.exports=__toCommonJS(stdin_exports);${body}`;

const run = (code: string): Record<string, unknown> => {
  const module = { exports: {} };
  new Function('module', code)(module);
  return module.exports;
};

/** What a part of the command exports by value is what it exported before. */
describe('exports of a part', () => {
  it('are values, and what a module says may change is asked for each time', () => {
    const text =
      'export let low = 0;\nexport const fixed = 1;\nlet high = 0;\nlet own = 0;\nexport { high, fixed as f };\n';
    expect(changingIn(text)).toEqual(['low', 'high']);
    const body = 'var low2=0,fixed=1,other={high:1};function set(){low2=5;other.high=7}';
    const list = 'low:()=>low2,"a-b":()=>fixed,set:()=>set,high:()=>other.high';
    const exported = run(exportedByValue(part(list, body), new Set(changingIn(text))));
    expect(exported).toMatchObject({ __esModule: true, low: 0, 'a-b': 1, high: 1 });
    (exported['set'] as () => void)();
    expect(exported).toMatchObject({ low: 5, high: 7, 'a-b': 1 });
    expect(Object.getOwnPropertyDescriptor(exported, 'a-b')).toMatchObject({ value: 1 });
  });

  it('are left as they are where a part sets them later, or has none', () => {
    const later = part('late:()=>late', 'var late,init=__esm({a(){late=1}});');
    expect(exportedByValue(later, new Set())).toBe(later);
    expect(exportedByValue('"use strict";run();', new Set())).toBe('"use strict";run();');
  });

  it('that are not understood end the build', () => {
    expect(() => exportedByValue(part('a:()=>b+1', ''), new Set())).toThrow(
      'an export that is not understood: a:()=>b+1',
    );
  });
});

describe("Node's own modules", () => {
  it('are what a part asks for, where it does not ask for their default', () => {
    expect(withNodeAsItIs('var fs=__toESM(require("node:fs")),p=1;fs.openSync(p);')).toBe(
      'var fs=require("node:fs"),p=1;fs.openSync(p);',
    );
    const asking = 'var import_x=__toESM(require("node:fs/promises"));import_x.default.open(1);';
    expect(withNodeAsItIs(asking)).toBe(asking);
    const other = 'var import_y=__toESM(require("./other.cjs"));import_y.open(1);';
    expect(withNodeAsItIs(other)).toBe(other);
  });
});

describe('parts', () => {
  const needs = (kind: string, ...paths: string[]) => ({ imports: paths.map((path) => ({ path, kind })) });

  it('that need each other at once end the build, and not those that load each other later', () => {
    const now = needs.bind(undefined, 'import-statement');
    expect(() => checkAcyclic({ a: now('b', 'c'), b: now('c'), c: now() })).not.toThrow();
    expect(() => checkAcyclic({ a: now('b'), b: needs('dynamic-import', 'a') })).not.toThrow();
    expect(() => checkAcyclic({ a: now('b'), b: now('c'), c: now('a') })).toThrow('parts need each other: a, b, c, a');
  });
});
