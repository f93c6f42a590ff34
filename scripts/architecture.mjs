/** Writes what is made from the import table: `docs/architecture.svg`, the table in `docs/architecture.md`, READMEs in `src/`. */
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from './load.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { generatedFiles } = await load(path.join(root, 'test/architecture'), "export * from './generated.ts';");
const architecture = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
for (const [file, text] of await generatedFiles(architecture)) writeFileSync(path.join(root, file), text);
