import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LIBRARY = pathToFileURL(path.join(ROOT, 'dist/index.js')).href;
const text = fs.readFileSync(path.join(ROOT, 'docs/library.md'), 'utf8');

/** The examples, each with the heading that it stands below. */
const examples = [...text.matchAll(/^(?:## (.*)\n[\s\S]*?)?```js\n([\s\S]*?)```/gm)].map(([, name, code = '']) => ({
  name: name ?? 'and another',
  code,
}));

/** What stands between the outputs of two examples. */
const END = '\n== the end of an example ==\n';

/**
 * Runs the examples against the built library, one after the other in one process, each in a folder of its own with a copy
 * of the sample agent in the place that it names.
 */
const runAll = (folder: string): readonly { readonly out: string; readonly err: string }[] => {
  const steps = examples.map(({ code }, i) => {
    const own = path.join(folder, String(i));
    const workDir = path.join(own, 'mesos');
    fs.cpSync(path.join(ROOT, 'fixtures/sample-agent'), workDir, { recursive: true, verbatimSymlinks: true });
    const placed = code.replaceAll("'mesos-ckpt'", `'${LIBRARY}'`).replaceAll('/backup/node7', workDir);
    fs.writeFileSync(path.join(own, 'example.mjs'), placed);
    return [
      `process.chdir(${JSON.stringify(own)});`,
      `await import('./${i}/example.mjs').catch(console.error);`,
      `for (const each of [process.stdout, process.stderr]) each.write(${JSON.stringify(END)});`,
    ].join('\n');
  });
  fs.writeFileSync(path.join(folder, 'all.mjs'), steps.join('\n'));
  const { stdout, stderr } = spawnSync(process.execPath, ['all.mjs'], { cwd: folder, encoding: 'utf8' });
  const [outs, errs] = [stdout.split(END), stderr.split(END)];
  return examples.map((_, i) => ({ out: outs[i] ?? 'nothing', err: errs[i] ?? 'nothing' }));
};

/** What an example says that it prints. */
const printed = (code: string): string =>
  [...code.matchAll(/; \/\/ → (.*)\n/g)].map(([, line]) => `${line}\n`).join('');

describe('docs/library.md', () => {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-test-'));
  let ran: ReturnType<typeof runAll>;
  beforeAll(() => {
    ran = runAll(folder);
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  it.each(examples.map(({ name, code }, i) => ({ name, code, i })))(
    'has an example that runs: $name',
    ({ code, i }) => {
      expect(printed(code)).not.toBe('');
      expect(ran[i]).toEqual({ out: printed(code), err: '' });
    },
  );

  it('has an example below every heading, and names every export', async () => {
    const below = examples.map(({ name }) => name).filter((name) => name !== 'and another');
    expect(below).toEqual([...text.matchAll(/^## (.*)$/gm)].map(([, name]) => name));
    const index = fs.readFileSync(path.join(ROOT, 'src/index.ts'), 'utf8');
    const values = Object.keys(await import('../../src/index.ts'));
    const types = [...index.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) =>
      names.split(',').map((name) =>
        name
          .trim()
          .replace(/^type /, '')
          .replace(/^.* as /, ''),
      ),
    );
    const all = [...values, ...types.filter((name) => name !== '')];
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter((name) => !new RegExp(`\\b${name}s?\\b`).test(text))).toEqual([]);
  });
});
