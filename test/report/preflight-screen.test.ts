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

const COMMAND = /^ {2}(?:sudo )?(?:mesos-ckpt|systemctl|modprobe) \S/;

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
      // The command stands alone on the last line, whole; where there is none, a sentence says what to do.
      expect(lines.slice(next).join('\n')).not.toContain('mesos-ckpt explain');
      if (!COMMAND.test(lines.at(-1) ?? '')) {
        expect(lines.slice(next).join(' ')).toMatch(/^NEXT {4}[a-z-]+ *(?:\([^)]+\))?: +[A-Z].*[a-z]{3}/);
      }
    }
  });

  it.each([
    ['unit-masked', /\n {2}systemctl unmask mesos-agent\.service$/],
    ['unit-not-enabled', /\n {2}systemctl enable mesos-agent\.service$/],
    ['not-root', /\n {2}sudo mesos-ckpt preflight --root \S+$/],
    [
      'findings',
      /\nNEXT {4}keeps 3 of 4 executors and 2 of 3 tasks\n {2}mesos-ckpt prune \S+ --as-non-strict --boot-id \S+$/,
    ],
  ])('of %s ends with the command that does it', async (name, end) => {
    expect((await screenOf(name, 80)).join('\n')).toMatch(end);
  });

  it('of a damaged checkpoint leads to what verify leads to', async () => {
    const host = makeHost(readHostFixture('checkpoint'));
    const lines = await screenOf('checkpoint', 80);
    const words = lines.at(-1)?.trim().split(' ') ?? [];
    const bootId = words[words.indexOf('--boot-id') + 1] ?? '';
    let out = '';
    const say = (text: string): void => {
      out += text;
    };
    const world = { open: () => host, now: () => NOW, isRoot: () => false };
    expect(words.slice(0, 2)).toEqual(['mesos-ckpt', 'prune']);
    const local = host.local('/var/lib/mesos');
    if (local === undefined) return;
    await main(['verify', local, '--boot-id', bootId], { out: say, err: say, columns: 80, colour: false }, world);
    expect(out.trimEnd().split('\n').slice(-2)).toEqual(
      lines.slice(-2).map((line) => line.replace(words[2] ?? '', local)),
    );
  });

  it.each([60, 80, 132])('keeps to %i columns, but for what is to be copied', async (columns) => {
    for (const name of NAMES) {
      for (const line of await screenOf(name, columns)) {
        if (displayWidth(line) <= columns) continue;
        // A path, an id with its pid, or a command is not broken: such a line has nothing else.
        const words = line
          .replace(/^(?:unknown|warn|fail) +[a-z-]+ +/, '')
          .trim()
          .split(' ').length;
        const isWhole = words <= 2 || /^ {4}\S+ \(pid \d+\)$/.test(line) || COMMAND.test(line);
        expect(isWhole || /where|to do|to see/.test(line), line).toBe(true);
      }
    }
  });

  it('shortens nothing where the output is no terminal', async () => {
    for (const name of NAMES) expect((await screenOf(name, 60, true)).join('\n')).not.toContain('…');
  });
});
