import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cell } from '../../src/text/cells.ts';
import { type Column, renderTable } from '../../src/text/table.ts';
import { displayWidth } from '../../src/text/width.ts';
import { check } from '../support/random.ts';

const COLUMNS: readonly Column[] = [
  { title: 'ID', min: 8, ids: true },
  { title: 'NAME', min: 6, priority: 1 },
  { title: 'N', align: 'right' },
];

const ROWS = [
  [cell('shop_web.4d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e02'), cell('web'), '1'],
  [cell('日本語の名前'), cell('a rather long name'), { text: '1200', style: 'bad' as const }],
];

const plain = { width: 60, colour: false };

describe('renderTable', () => {
  it('gives each column what it needs where there is room', () => {
    expect(renderTable(COLUMNS, ROWS, { ...plain, width: 80 })).toMatchInlineSnapshot(`
      "ID                                             NAME                   N
      shop_web.4d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e02  web                    1
      日本語の名前                                   a rather long name  1200
      "
    `);
  });

  it('shortens the widest', () => {
    expect(renderTable(COLUMNS, ROWS, { ...plain, width: 40 })).toMatchInlineSnapshot(`
      "ID                NAME                 N
      shop_web.…4d5e02  web                  1
      日本語の名前      a rather …g name  1200
      "
    `);
  });

  it('shortens first what yields', () => {
    const [id = COLUMNS[0] as Column, ...others] = COLUMNS;
    const run: Column = { title: 'RUN', min: 6, ids: true, yields: true };
    const rows = ROWS.map(([first = '', ...rest]) => [first, '7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e02', ...rest]);
    expect(renderTable([id, run, ...others], rows, { ...plain, width: 82 })).toMatchInlineSnapshot(`
      "ID                                             RUN        NAME                   N
      shop_web.4d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e02  7d0c…5e02  web                    1
      日本語の名前                                   7d0c…5e02  a rather long name  1200
      "
    `);
  });

  it('leaves out what is spare before anything is shortened', () => {
    const columns: readonly Column[] = [...COLUMNS, { title: 'LOCAL', spare: true }];
    const rows = ROWS.map((row) => [...row, '04:40:02+02:00']);
    expect(renderTable(columns, rows, { ...plain, width: 87 })).toContain('04:40:02+02:00');
    expect(renderTable(columns, rows, { ...plain, width: 86 })).toBe(
      renderTable(COLUMNS, ROWS, { ...plain, width: 86 }),
    );
  });

  it('never shows different ids alike, for which others give way', () => {
    // What tells them apart stands where no cut of eight columns leaves it.
    const ids = ['a', 'b', 'c'].map((each) => `shop.aaaaaaaaaa${each}aaaaaaaaaaaa-2017`);
    const rows = ids.map((id) => [cell(id), cell('a rather long name'), '1']);
    for (const width of [30, 40, 50]) {
      const lines = renderTable(COLUMNS, rows, { ...plain, width })
        .trimEnd()
        .split('\n')
        .slice(1);
      expect(new Set(lines).size, String(width)).toBe(3);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('leaves out what is least important', () => {
    const table = renderTable(COLUMNS, ROWS, { ...plain, width: 20 });
    expect(table).not.toContain('NAME');
    expect(table).toContain('1200');
  });

  it('shortens nothing, and leaves out nothing, where it may be wide', () => {
    expect(renderTable(COLUMNS, ROWS, { width: 10, colour: false, wide: true })).toBe(
      renderTable(COLUMNS, ROWS, { width: 200, colour: false }),
    );
  });

  it('colours the text, and not the blanks about it', () => {
    const table = renderTable(COLUMNS, ROWS, { width: 80, colour: true });
    expect(table).toContain(' \u{1b}[1;31m1200\u{1b}[22;39m\n');
    expect(displayWidth(table.split('\n')[0] ?? '')).toBe(71);
  });

  it('is nothing without rows', () => {
    expect(renderTable(COLUMNS, [], plain)).toBe('');
  });

  it('does not depend on how many rows there are', () => {
    const row = [cell('id'), cell('name'), '1'];
    const lines = renderTable(COLUMNS, Array(1000).fill(row), plain).trimEnd().split('\n');
    expect(lines).toHaveLength(1001);
    expect(new Set(lines.slice(1)).size).toBe(1);
  });

  it('has as many lines as rows and no line that is too wide, whatever is in it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    const rows = fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 6 });
    check(
      300,
      fc.property(rows, fc.integer({ min: 5, max: 100 }), fc.boolean(), fc.nat(4), (texts, width, colour, indent) => {
        const table = renderTable(
          COLUMNS,
          texts.map((row) => row.map((each) => cell(each, 'warn'))),
          { width, colour, indent },
        );
        const lines = table.split('\n').slice(0, -1);
        expect(lines).toHaveLength(texts.length + 1);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
