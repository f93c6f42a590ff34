import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { examplesHelp } from '../../src/cli/examples.ts';
import { EXIT_CODE_TABLE } from '../../src/cli/exit.ts';
import { COMMANDS } from '../../src/cli/main.ts';
import { fileWith, tar } from '../support/archives.ts';
import { collect } from '../support/collect.ts';
import { makeFixtureHost, makeHostOnDisk, readHostFixture } from '../support/fixture-hosts.ts';
import { run } from '../support/session.ts';
import { materialise, pathIn, temporaryFolder } from '../support/trees.ts';

const readme = fs.readFileSync('README.md', 'utf8');
const documents = [
  'README.md',
  'CHANGELOG.md',
  ...fs.readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => path.join('docs', name)),
].filter((name) => name.endsWith('.md'));

/** The commands of this tool in the code blocks of a document. */
const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/```[a-z]*\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .flatMap(
        (line) => /^ *(?:\$ )?(?:node bin\/mesos-ckpt\.js|mesos-ckpt) (.*?)(?: (?:&&|>) .*)?$/.exec(line)?.[1] ?? [],
      ),
  );

let collected: Buffer | undefined;
/** What was collected of a made-up host, once for all documents. */
const collectedHost = (): string => {
  collected ??= collect(makeHostOnDisk(readHostFixture('checkpoint')), {
    name: 'sh',
    shell: ['sh'],
    folder: undefined,
  }).bytes;
  return fileWith(collected);
};

/** A word of a command, or what stands in for it here: a work_dir for a path, an archive for the name of one. */
const placed = (word: string, i: number, words: readonly string[]): string => {
  if (/^(?:-o|--output|--emit-sh)$/.test(words[i - 1] ?? '')) return path.join(temporaryFolder(), word);
  if (words[i - 1] === '--new-info') return fs.realpathSync('fixtures/logs/refused.txt');
  if (word === 'n1.tar') return collectedHost();
  if (word.endsWith('.tar.gz')) return fileWith(tar(['-C', materialise('marathon'), '-zcf', '-', '.']));
  return word.startsWith('/') || /^(?:hosts|var\/lib\/mesos)$/.test(word) ? materialise('marathon') : word;
};

/** The examples of a command, without the name of the program. */
const examplesIn = (name: string): readonly string[] =>
  [...examplesHelp(name).matchAll(/^ {2}mesos-ckpt (.*)$/gm)].map(([, example = '']) => example);

/** The journal of a plan that was applied. */
const appliedJournal = async (): Promise<string> => {
  const folder = materialise('marathon');
  fs.truncateSync(path.join(folder, pathIn('marathon', /task\.info$/)), 20);
  const { out } = await run(['prune', folder, '--as-non-strict', '--apply']);
  return /^journal: (.*)$/m.exec(out)?.[1] ?? '';
};

/** A line of each of two agents, as verify prints it. */
const reports = async (): Promise<string> => {
  const { out } = await run(['verify', materialise('marathon'), materialise('volumes'), '--json']);
  return fileWith(Buffer.from(out), 'today.json');
};

/** The words of a command; a path in it is that of a made-up checkpoint, or the root of a made-up host. */
const argvOf = async (command: string): Promise<readonly string[]> => {
  // What is written to a file is not looked at.
  const [first = '', ...words] = command.replace(/ >.*$/, '').split(' ');
  if (first === 'fleet') {
    const file = await reports();
    return [first, ...words.map((word, i) => (word.startsWith('-') || words[i - 1] === '--by' ? word : file))];
  }
  if (first === 'undo' && words.length === 1) return [first, await appliedJournal()];
  if (first === 'explain' || first === 'completion') return [first, ...words];
  if (first === 'decode') return ['decode', path.join(materialise('marathon'), pathIn('marathon', /slave\.info$/))];
  if (first === 'report' && words.includes('--root')) {
    const host = makeHostOnDisk(readHostFixture('checkpoint'));
    return [first, ...words.map((word, i, all) => (word === '/' ? host : placed(word, i, all)))];
  }
  if (first !== 'preflight') {
    return [first, ...words.map(placed)];
  }
  if (words.includes('n1.tar')) return [first, ...words.map(placed)];
  const { root } = makeFixtureHost(readHostFixture('plain'));
  if (words.includes('hosts')) return [first, ...words.map((word) => (word === 'hosts' ? root : word))];
  return words.includes('--root')
    ? [first, ...words.map((word) => (word === '/mnt' ? root : word))]
    : [first, '--root', root, ...words.map((word, i) => (words[i - 1] === '--output' ? placed(word, i, words) : word))];
};

describe('every command in the documents', () => {
  const all = documents.flatMap((name) =>
    commandsIn(fs.readFileSync(name, 'utf8')).map((command) => ({ name, command })),
  );

  it('is found', () => {
    expect(all.length).toBeGreaterThanOrEqual(4);
  });

  it.each(all)('$name: mesos-ckpt $command', async ({ command }) => {
    const argv = await argvOf(command);
    const { err, exitCode } = await run(argv);
    expect(err).toBe('');
    expect(exitCode).not.toBe(3);
  });
});

describe('every example in the help of a command', () => {
  const helps = COMMANDS.map(({ name }) => ({ name, examples: examplesIn(name) }));

  it.each(helps)('of $name is there, twice at least', async ({ name, examples }) => {
    const { out } = await run([name, '--help']);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) expect(out).toContain(`\n  mesos-ckpt ${example}`);
  });

  it.each(helps.flatMap(({ examples }) => examples))('mesos-ckpt %s', async (example) => {
    const { exitCode } = await run(await argvOf(example));
    expect(exitCode).not.toBe(3);
  });
});

/** The options of every command, which are told once. */
const EVERYWHERE: readonly (string | undefined)[] = ['--help', '--debug', '--quiet', '--color', '--utc'];

/** Commands whose options are told in sentences, not in one table. */
const IN_PROSE: readonly string[] = ['prune', 'undo'];

describe('docs/commands.md', () => {
  const commands = fs.readFileSync('docs/commands.md', 'utf8');

  it.each(COMMANDS.map(({ name }) => name).filter((name) => !IN_PROSE.includes(name)))(
    'names every option of %s, and no other',
    async (command) => {
      const { out } = await run([command, '--help'], { columns: 200 });
      const inHelp = [...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option);
      const section = commands.slice(commands.indexOf(`## ${command}\n`)).split('\n## ')[0] ?? '';
      const inTable = [...section.matchAll(/^\| (.*?) \|/gm)].flatMap(
        ([, cell = '']) => cell.match(/--[a-z-]+/g) ?? [],
      );
      expect(inTable.sort()).toEqual(inHelp.filter((option) => !EVERYWHERE.includes(option)).sort());
    },
  );

  it.each(IN_PROSE)('names every option of %s', async (command) => {
    const { out } = await run([command, '--help'], { columns: 200 });
    const inHelp = [...out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option);
    expect(inHelp.length).toBeGreaterThan(3);
    for (const option of inHelp) if (option !== '--help') expect(commands).toContain(`\`${option}`);
  });
});

describe('the README', () => {
  it('has the table of exit codes', () => {
    for (const [code, meaning] of EXIT_CODE_TABLE) expect(readme).toContain(`| ${code} | ${meaning} |`);
  });

  it('and every document lead to files that are there', () => {
    for (const name of documents) {
      for (const [, target = ''] of fs.readFileSync(name, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        expect(fs.existsSync(path.join(path.dirname(name), target)), `${name}: ${target}`).toBe(true);
      }
    }
  });

  it('and the decisions have numbers of their own', () => {
    const numbers = fs.readdirSync('docs/decisions').map((name) => name.slice(0, 4));
    expect(numbers).toEqual([...new Set(numbers)]);
  });

  it('has an example of the library that runs', async () => {
    const code = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const logged: unknown[][] = [];
    const library = await import('../../src/index.ts');
    const body = code
      .replace(/import \{(.*)\} from 'mesos-ckpt';/, 'const {$1} = library;')
      .replace("'/var/lib/mesos'", JSON.stringify(path.resolve('fixtures/sample-agent')));
    new Function('library', 'console', body)(library, { log: (...words: unknown[]) => logged.push(words) });
    expect(logged[0]?.[0]).toEqual(['refuses', 'refuses']);
    expect(logged[0]?.[1]).toContain('executor-info-damaged');
  });
});
