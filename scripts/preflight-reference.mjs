/** Writes `docs/preflight.md` from the checks of preflight. A file whose content would not change is left alone. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SOURCE = fileURLToPath(new URL('../src/preflight/checks/', import.meta.url));
const TARGET = new URL('../docs/preflight.md', import.meta.url);

const { renderReference, checkGroups } = await load(
  "export { renderReference } from './reference.ts'; export { checkGroups } from './index.ts';",
);
const text = renderReference(checkGroups);
if (text !== current()) writeFileSync(TARGET, text);

/** Bundles a module that imports TypeScript, and imports it. */
async function load(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SOURCE, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

function current() {
  try {
    return readFileSync(TARGET, 'utf8');
  } catch {
    return undefined;
  }
}
