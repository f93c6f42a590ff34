/**
 * Writes `docs/findings.md` from the catalogue of findings, and `docs/preflight.md` from the checks of preflight. A file
 * whose content would not change is left alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const REFERENCES = [
  { source: '../src/findings/', groups: "export { groups } from './catalogue.ts';", target: '../docs/findings.md' },
  {
    source: '../src/preflight/checks/',
    groups: "export { checkGroups as groups } from './index.ts';",
    target: '../docs/preflight.md',
  },
];

for (const { source, groups: exported, target } of REFERENCES) {
  const { renderReference, groups } = await load(
    source,
    `export { renderReference } from './reference.ts'; ${exported}`,
  );
  const text = renderReference(groups);
  const file = new URL(target, import.meta.url);
  if (text !== current(file)) writeFileSync(file, text);
}

/** Bundles a module that imports TypeScript, and imports it. */
async function load(source, contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(source, import.meta.url)), loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

function current(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
