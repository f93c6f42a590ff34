import { Command } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/main.ts';
import { repeatableList } from '../../src/cli/options.ts';
import { run } from '../support/session.ts';

describe('the list of commands', () => {
  it.each(COMMANDS)('says what $name takes, as the command itself does', async ({ name, takes, load }) => {
    const command = new Command(name);
    (await load()).define(command, {
      io: { out() {}, err() {}, columns: 80, colour: false },
      exit() {},
      world: undefined,
    });
    expect(command.usage()).toBe(`[options] ${takes}`.trim());
  });

  it('is shown without what a command says of itself', async () => {
    const { out } = await run(['--help'], { columns: 200 });
    for (const { name, alias, takes, summary } of COMMANDS) {
      expect(out).toContain(`  ${alias === undefined ? name : `${name}|${alias}`} ${takes}`);
      expect(out).toContain(`  ${summary}\n`);
    }
  });

  it('fits a terminal of 80 columns', async () => {
    const { out } = await run(['--help'], { columns: 80 });
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('an option that is repeatable', () => {
  it.each([
    ['executor-info-damaged', ['executor-info-damaged']],
    ['a,b', ['a', 'b']],
    ['meta/{a,b}/*,c', ['meta/{a,b}/*', 'c']],
    ['x[,]y,c', ['x[,]y', 'c']],
  ])('may have several values at a time: %s', (value, values) => {
    expect(repeatableList(value, undefined)).toEqual(values);
    expect(repeatableList(value, ['first'])).toEqual(['first', ...values]);
  });

  it('is split alike by prune and preflight', async () => {
    const prune = await run(['prune', 'fixtures/sample-agent', '--skip', 'executor-info-damaged,nonsense']);
    expect(prune.err).toMatch(/^mesos-ckpt: --skip: 'nonsense': no finding has that code/);
    const preflight = await run(['preflight', '--root', '/nonexistent', '--skip', 'agent-info,nonsense']);
    expect(preflight.err).toMatch(/^mesos-ckpt: --skip: '(agent-info|nonsense)' is not a check/);
  });
});
