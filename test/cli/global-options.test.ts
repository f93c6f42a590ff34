import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/main.ts';
import { run } from '../support/session.ts';
import { loadTree, materialise, pathIn, temporaryFolder, writeTreeTo } from '../support/trees.ts';

const ESCAPE = '\u{1b}[';

describe('the options that every command has', () => {
  it.each(COMMANDS.map(({ name }) => name))('%s takes -q and --debug, and says so', async (name) => {
    const { out } = await run([name, '--help'], { columns: 200 });
    expect(out).toContain('-q, --quiet ');
    expect(out).toContain('--debug ');
  });

  it('--color decides over what the environment says', async () => {
    const path = materialise('marathon');
    for (const colour of [false, true]) {
      const auto = await run(['inspect', path], { colour });
      expect(auto.out.includes(ESCAPE)).toBe(colour);
      const named = await run(['inspect', path, '--color', 'auto'], { colour });
      expect(named.out.includes(ESCAPE)).toBe(colour);
      const always = await run(['inspect', path, '--color=always'], { colour });
      expect(always.out).toContain(ESCAPE);
      const never = await run(['inspect', path, '--color', 'never'], { colour });
      expect(never.out).not.toContain(ESCAPE);
    }
  });

  it.each([['verify'], ['prune']])(
    '--color holds for several PATHs of %s, and for the table of all',
    async (command) => {
      const paths = [materialise('marathon'), materialise('pods')];
      const { out } = await run([command, ...paths, '--color', 'always']);
      expect(out.split('\n').at(-4)).toContain(ESCAPE);
    },
  );

  it('--color takes three words, and says them', async () => {
    const { err, exitCode } = await run(['verify', '.', '--color', 'sometimes']);
    expect(exitCode).toBe(3);
    expect(err).toContain('Allowed choices are auto, always, never');
  });

  it('does not stay from one command line to the next', async () => {
    const path = materialise('marathon');
    await run(['inspect', path, '--color', 'always']);
    expect((await run(['inspect', path])).out).not.toContain(ESCAPE);
  });
});

describe('output that is no terminal', () => {
  it.each([
    ['inspect', []],
    ['inspect', ['--tree']],
    ['verify', ['--no-strict']],
    ['prune', []],
    ['prune', ['--as-non-strict']],
  ] as const)('has every name of %s %j whole', async (command, options) => {
    const path = materialise('marathon', [
      { op: 'truncate', path: pathIn('marathon', /shop_cache.*executor\.info$/), size: 3 },
      { op: 'truncate', path: pathIn('marathon', /shop_web.*02\/.*task\.updates$/), size: 400 },
    ]);
    const { out } = await run([command, path, ...options], { wide: true, columns: 60 });
    expect(out.replaceAll(/…\/\S+'/g, '')).not.toContain('…');
  });

  it('has the hosts and findings of many agents whole in their table', async () => {
    const folder = temporaryFolder();
    const long = `agent-${'a-very-long-name-'.repeat(5)}`;
    const paths = ['1', '2'].map((end) => `${folder}/${long}${end}`);
    for (const path of paths) writeTreeTo(loadTree('fresh'), path);
    const { out } = await run(['verify', ...paths, '--summary'], { wide: true, columns: 60 });
    expect(out).not.toContain('…');
  });
});

describe('an option that there is not', () => {
  it.each([
    [['verify', '--no-colour', '.'], 'Did you mean --color never?'],
    [['prune', '--dry-run', '.'], 'Nothing is changed without --apply.'],
    [['verify', '--strct', '.'], 'Did you mean --strict?'],
    [['inspect', '--zzzzzz', '.'], '--help lists the options.'],
    [['diff', '--jsn', 'a', 'b'], 'Did you mean --json?'],
    [['-v'], 'Did you mean --debug, or --version before a command?'],
    [['-q', 'verify', '.'], 'It goes behind the command, as in mesos-ckpt verify PATH -q.'],
    [
      ['--color=never', 'verify', '.'],
      'Commands that show colors take it behind their name: mesos-ckpt verify PATH --color never.',
    ],
  ])('%j is told what is meant, once', async (argv, hint) => {
    const { err, exitCode } = await run(argv);
    expect(exitCode).toBe(3);
    expect(err).toMatch(/^mesos-ckpt: unknown option '[^']*'\n\([^\n]*\)\n$/);
    expect(err).toContain(`(${hint})`);
  });
});
