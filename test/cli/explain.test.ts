import { describe, expect, it } from 'vitest';
import { allCodes } from '../../src/findings/catalogue.ts';
import { checkCodes } from '../../src/preflight/checks/index.ts';
import { displayWidth } from '../../src/text/width.ts';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';

/** What is copied from a page stands on a line of its own, however long it is. */
const COPIED = /^ {2}(?:meta\/|slaves\/|src\/)\S+/;

describe('explain', () => {
  it('lists every finding and every check once, the worst findings first', async () => {
    const { out, err, exitCode } = await run(['explain']);
    expect([err, exitCode]).toEqual(['', 0]);
    const codes = [...out.matchAll(/^ {2}([a-z][\w-]+) {2,}/gm)].map(([, code]) => code);
    expect(codes.slice().sort()).toEqual([...allCodes, ...checkCodes].sort());
    expect(out.match(/^\S.*/gm)).toEqual([
      'Findings: fatal',
      'Findings: counted',
      'Findings: loss',
      'Findings: note',
      'Checks of preflight',
    ]);
  });

  it.each([...allCodes, ...checkCodes])('%s has a page, as wide as asked', async (code) => {
    const { out, exitCode } = await run(['explain', code]);
    expect(exitCode).toBe(0);
    expect(out).toContain('What to do\n');
    const wide = out.split('\n').filter((line) => displayWidth(line) > 80 && !COPIED.test(line));
    expect(wide).toEqual([]);
  });

  it('prints JSON as its schema says, of all or of some', async () => {
    const all = (await run(['explain', '--json'])).out.trim().split('\n');
    expect(all).toHaveLength(allCodes.length + checkCodes.length);
    expect(all.flatMap((line) => complaintsOf('explain', JSON.parse(line)))).toEqual([]);
    expect((await run(['explain', 'task-info-damaged', '--json'])).out).toContain('"code":"task-info-damaged"');
  });

  it('tells versions apart, and shows bytes', async () => {
    const { out } = await run(['explain', 'resources-torn']);
    expect(out).toMatch(
      /By version\n {2}FROM +STRICT +NON-STRICT\n {2}1\.4\.0 +loss +loss\n {2}1\.5\.0 +does not meet it/,
    );
    expect(out).toContain('  >>> a record is truncated: its header says 36 bytes, 23 are present\n');
  });

  it.each([
    ['task-damaged', 'did you mean task-info-damaged?'],
    ['nope', 'mesos-ckpt explain lists all codes'],
    ['nonsense', 'mesos-ckpt explain lists all codes'],
    ['\u001b[31m', "'\\x1b[31m'"],
  ])('says what is near to %j', async (code, hint) => {
    const { err, out, exitCode } = await run(['explain', code]);
    expect(err).toContain(hint);
    expect([out, exitCode]).toEqual(['', 3]);
  });
});
