import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { displayWidth } from '../../src/text/width.ts';
import { hostNames, hostsInMemory, NOW, readHostFixture } from '../support/fixture-hosts.ts';

const makeHost = hostsInMemory();

const screenOf = async (name: string, columns: number, wide = false): Promise<readonly string[]> => {
  const fixture = readHostFixture(name);
  const host = makeHost(fixture);
  let out = '';
  const say = (text: string): void => {
    out += text;
  };
  const world = { open: () => host, now: () => NOW, isRoot: () => false };
  const argv = ['preflight', '--root', host.root, ...(fixture.argv ?? [])];
  await main(argv, { out: say, err: say, columns, colour: false, wide }, world);
  return out.trimEnd().split('\n');
};

/** Some of each kind: the screens of all of them are in `fixtures/hosts/expected/`. */
const NAMES = hostNames.filter((_, i) => i % 12 === 0);

describe('the screen of preflight', () => {
  it.each(NAMES)('of %s begins with the agent, and ends with the result and what comes next', async (name) => {
    const lines = await screenOf(name, 80);
    expect(lines[0]).toMatch(/^(?:Agent |No agent)/);
    const at = lines.findLastIndex((line) => line.startsWith('RESULT  '));
    expect(lines[at]).toMatch(/^RESULT {2}(?:FAIL|WARN|UNKNOWN|OK): /);
    const next = lines.findLastIndex((line) => line.startsWith('NEXT    '));
    // What is well has nothing to be done, and all of it fits in six lines where its sentences are short.
    if (/^RESULT {2}OK/.test(lines[at] ?? '')) expect([next, lines.length <= 9]).toEqual([-1, true]);
    else if (next >= 0) {
      expect(next).toBeGreaterThan(at);
      // The command stands alone on the last line, whole.
      if (lines.at(-1)?.startsWith('  mesos-ckpt ') !== true) expect(lines[next]).toMatch(/work-dir/);
    }
  });

  it.each([60, 80, 132])('keeps to %i columns, but for what is to be copied', async (columns) => {
    for (const name of NAMES) {
      for (const line of await screenOf(name, columns)) {
        if (displayWidth(line) <= columns) continue;
        // A path, an id with its pid, or a command is not broken: such a line has nothing else.
        const words = line.trim().split(' ').length;
        const isWhole = words <= 2 || /^ {4}\S+ \(pid \d+\)$/.test(line) || /^ {2}mesos-ckpt /.test(line);
        expect(isWhole || /where|to do|to see/.test(line), line).toBe(true);
      }
    }
  });

  it('shortens nothing where the output is no terminal', async () => {
    for (const name of NAMES) expect((await screenOf(name, 60, true)).join('\n')).not.toContain('…');
  });
});
