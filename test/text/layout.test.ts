import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cell } from '../../src/text/cells.ts';
import { field, renderFields } from '../../src/text/fields.ts';
import { styles } from '../../src/text/style.ts';
import { isoTime, timeText } from '../../src/text/time.ts';
import { renderTree, type TreeNode } from '../../src/text/tree.ts';
import { displayWidth } from '../../src/text/width.ts';
import { check } from '../support/random.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const linesOf = (screen: string): readonly string[] => screen.split('\n').slice(0, -1);

describe('renderTree', () => {
  const tree: TreeNode = {
    parts: [{ text: 'framework', style: 'dim' }, { ...cell('2b1a7c1e-6f2d-4a0e'), min: 8 }, cell('DAMAGED', 'bad')],
    children: [
      { parts: [cell('executor'), cell('a')], children: [{ parts: [cell('run')], children: [] }] },
      {
        parts: [cell('executor'), cell('b'), { ...cell('a name to spare, and a long one'), spare: true }],
        children: [],
      },
    ],
  };

  it('draws what hangs below what', () => {
    expect(renderTree([tree], { width: 30, colour: false })).toMatchInlineSnapshot(`
      "framework 2b1a7c…-4a0e DAMAGED
      ├─ executor a
      │  └─ run
      └─ executor b
      "
    `);
  });

  it('has no line that is too wide, however deep and narrow it is', () => {
    const part = fc.record({ text, min: fc.option(fc.nat(9), { nil: undefined }), spare: fc.boolean() });
    const parts = fc.array(part, { maxLength: 5 }).map((all) => all.map((each) => ({ ...each, ...cell(each.text) })));
    const leaf = parts.map((its): TreeNode => ({ parts: its, children: [] }));
    const holding = (below: fc.Arbitrary<TreeNode>): fc.Arbitrary<TreeNode> =>
      fc.record({ parts, children: fc.array(below, { maxLength: 2 }) });
    const node = [1, 2, 3, 4].reduce(holding, leaf);
    check(
      100,
      fc.property(node, fc.nat(60), fc.boolean(), (root, width, colour) => {
        for (const line of linesOf(renderTree([root], { width, colour }))) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });
});

describe('renderFields', () => {
  it('sets labels beside texts, and breaks lines between their parts', () => {
    const fields = [
      field('Host', cell('node7.example')),
      { label: 'Resources', lines: [{ parts: ['cpus:16', 'mem:64000', 'disk:400000'].map((each) => cell(each)) }] },
      field('Nothing'),
      field('Old agents', cell('one'), cell('another, with a very long id')),
    ];
    expect(renderFields(fields, { width: 32, colour: false })).toMatchInlineSnapshot(`
      "Host        node7.example
      Resources   cpus:16; mem:64000;
                  disk:400000
      Old agents  one
                  another, wi… long id
      "
    `);
  });

  it('has no line that is too wide', () => {
    check(
      100,
      fc.property(fc.array(text), fc.integer({ min: 8, max: 60 }), fc.boolean(), (texts, width, colour) => {
        const lines = [{ parts: texts.map((each) => cell(each, 'good')) }];
        const screen = renderFields([{ label: 'Label', lines }], { width, colour });
        for (const line of linesOf(screen)) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('styles', () => {
  it('leave a text alone without colour', () => {
    expect(styles(false).bad('text')).toBe('text');
  });

  it('switch on and off again', () => {
    expect(styles(true).bad('text')).toBe('\u{1b}[1;31mtext\u{1b}[22;39m');
    expect(styles(true).dim('')).toBe('');
  });
});

describe('times', () => {
  it('are ISO 8601 in UTC', () => {
    expect(isoTime(1_500_000_002.25)).toBe('2017-07-14T02:40:02.250Z');
    expect(timeText(1_500_000_002.25)).toBe('2017-07-14T02:40:02Z');
    expect(timeText(-0.5)).toBe('1969-12-31T23:59:59Z');
  });

  it('are shown as the number that they are where that is no time', () => {
    for (const seconds of [Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e15]) {
      expect(isoTime(seconds)).toBeUndefined();
      expect(timeText(seconds)).toBe(String(seconds));
    }
  });
});
