import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cksum } from '../../src/apply/script/cksum.ts';
import { partsLeft } from '../../src/apply/script/content.ts';
import { printed } from '../../src/apply/script/json-text.ts';
import { scriptOf } from '../../src/apply/script/script.ts';
import { scriptSteps } from '../../src/apply/script/script-steps.ts';
import { FolderSource } from '../../src/source/folder.ts';
import { check, randomly } from '../support/random.ts';
import { AGENT, CHANGES, makeTree, planned } from './support.ts';

const cksum = (bytes: Uint8Array): string => {
  const sum = new Cksum();
  // In two parts, as a file is read.
  sum.update(bytes.subarray(0, 3));
  sum.update(bytes.subarray(3));
  return sum.digest();
};

describe('the checksum', () => {
  it('is that of POSIX', () => {
    expect(cksum(Buffer.from(''))).toBe('4294967295');
    expect(cksum(Buffer.from('123456789'))).toBe('930766865');
  });

  it(randomly('is what cksum prints', 20), () => {
    check(
      20,
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        const { stdout } = spawnSync('cksum', { input: bytes, encoding: 'utf8' });
        expect(`${cksum(bytes)} ${bytes.length}`).toBe(stdout.trim());
      }),
    );
  });
});

describe('what a cut leaves', () => {
  it.each([
    [10, [{ offset: 4, length: 6 }], [{ offset: 0, length: 4 }]],
    [10, [{ offset: 0, length: 4 }], [{ offset: 4, length: 6 }]],
    [10, [{ offset: 0, length: 10 }], []],
    [
      10,
      [
        { offset: 2, length: 2 },
        { offset: 6, length: 1 },
      ],
      [
        { offset: 0, length: 2 },
        { offset: 4, length: 2 },
        { offset: 7, length: 3 },
      ],
    ],
  ])('of %j bytes without %j', (size, spans, parts) => {
    expect(partsLeft(size, spans)).toEqual(parts);
  });
});

describe('the steps of a script', () => {
  const steps = () => {
    const folder = makeTree();
    return scriptSteps(planned(folder, CHANGES), new FolderSource(folder));
  };

  it('know which of them come after others of their path', () => {
    expect(steps().map(({ isFirst }) => isFirst)).toEqual([true, true, true, false, true, false, false, true, false]);
    expect(steps().map(({ later }) => later)).toEqual([
      undefined,
      undefined,
      4,
      undefined,
      6,
      undefined,
      undefined,
      9,
      undefined,
    ]);
    expect(steps().map(({ inside }) => inside)).toEqual([[], [], [], [], [], [7], [], [], []]);
  });

  it('are like what is there before the first of them', () => {
    expect(steps().map(({ like }) => like)).toEqual([
      ...[undefined, undefined, undefined, `${AGENT}/log`, undefined, AGENT, AGENT, undefined],
      `${AGENT}/slave.info`,
    ]);
  });

  it('are refused where a file has other bytes than the plan saw', () => {
    const folder = makeTree();
    const all = planned(folder, CHANGES);
    const other = all.map((step) =>
      step.before.kind === 'file' ? { ...step, before: { ...step.before, sha256: 'a'.repeat(64) } } : step,
    );
    expect(() => scriptSteps(other, new FolderSource(folder))).toThrow('has other bytes than it had');
  });
});

describe('a script', () => {
  it('is ASCII, whatever names it holds, and each line of its head is a comment', () => {
    const folder = makeTree();
    const text = scriptOf({
      header: [],
      steps: planned(folder, CHANGES),
      source: new FolderSource(folder),
      home: '/x\n\udcff\u202e',
      isRebooted: false,
      comesUp: true,
    });
    expect(text).toMatch(/^[\n -~]*$/);
    expect(text).toContain("given=$(printf '/x\\012\\377\\342\\200\\256.') && given=");
    expect(spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('says what it may not do with a journal', () => {
    const folder = makeTree();
    const parts = {
      header: [],
      steps: [],
      source: new FolderSource(folder),
      home: '/x',
      isRebooted: false,
      comesUp: true,
    };
    expect(() => scriptOf({ ...parts, journal: 'here' })).toThrow('an absolute path');
  });

  it('prints long texts in arguments that any host takes', () => {
    const text = `${"it's %s \\n ".repeat(2000)}\n`;
    const commands = printed(text);
    expect(Math.max(...commands.map(({ length }) => length))).toBeLessThan(20_000);
    expect(spawnSync('sh', [], { input: commands.join('\n'), encoding: 'utf8' }).stdout).toBe(text);
  });
});
