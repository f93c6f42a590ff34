import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/trees.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LIBRARY = pathToFileURL(path.join(ROOT, 'dist/index.js')).href;
const text = fs.readFileSync(path.join(ROOT, 'docs/library.md'), 'utf8');

/** The examples, each with the heading that it stands below. */
const examples = [...text.matchAll(/^## (.*)\n[\s\S]*?```js\n([\s\S]*?)```/gm)].map(([, name = '', code = '']) => ({
  name,
  code,
}));

/** Runs an example against the built library, with a copy of the sample agent in the place that it names. */
const run = (code: string): { readonly out: string; readonly err: string } => {
  const folder = temporaryFolder();
  const workDir = path.join(folder, 'mesos');
  fs.cpSync(path.join(ROOT, 'fixtures/sample-agent'), workDir, { recursive: true, verbatimSymlinks: true });
  // The place of the tree is where it is read; where it lives on its agent is as the document has it.
  const placed = code
    .replaceAll("'mesos-ckpt'", `'${LIBRARY}'`)
    .replace(/(?<!workDir: |home: )(['`])\/var\/lib\/mesos(?=[/'`])/g, `$1${workDir}`);
  fs.writeFileSync(path.join(folder, 'example.mjs'), placed);
  const { stdout, stderr } = spawnSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' });
  return { out: stdout, err: stderr };
};

/** What an example says that it prints. */
const printed = (code: string): string =>
  [...code.matchAll(/; \/\/ → (.*)\n/g)].map(([, line]) => `${line}\n`).join('');

describe('docs/library.md', () => {
  it.each(examples)('has an example that runs: $name', ({ code }) => {
    expect(printed(code)).not.toBe('');
    expect(run(code)).toEqual({ out: printed(code), err: '' });
  });

  it('has an example below every heading, and names every export', async () => {
    expect(examples.map(({ name }) => name)).toEqual([...text.matchAll(/^## (.*)$/gm)].map(([, name]) => name));
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
