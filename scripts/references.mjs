/**
 * Writes `docs/findings.md` from the catalogue of findings, and `docs/preflight.md` from the checks of preflight; and the
 * codes of both into the schemas of what is printed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from './load.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const REFERENCES = [
  {
    source: 'src/findings',
    exports: "export { groups, allCodes as codes } from './catalogue.ts';",
    target: 'docs/findings.md',
    schema: 'schema/verify.json',
  },
  {
    source: 'src/preflight/checks',
    exports: "export { checkGroups as groups, checkCodes as codes } from './index.ts';",
    target: 'docs/preflight.md',
    schema: 'schema/preflight.json',
  },
];

/** The one list of codes in a schema: the part before it, how far its lines are indented, and the list. */
const LIST = /("code": \{\s*"description": "[^"]*",\n( *)"enum": )\[[^\]]*\]/;

for (const { source, exports, target, schema } of REFERENCES) {
  const { renderReference, groups, codes } = await load(
    path.join(root, source),
    `export { renderReference } from './reference.ts'; ${exports}`,
  );
  writeFileSync(path.join(root, target), renderReference(groups));
  const file = path.join(root, schema);
  const text = readFileSync(file, 'utf8');
  if (!LIST.test(text)) throw new Error(`${schema} has no list of codes`);
  const list = (indent) => JSON.stringify(codes, null, 2).replaceAll('\n', `\n${indent}`);
  writeFileSync(
    file,
    text.replace(LIST, (_, before, indent) => before + list(indent)),
  );
}
