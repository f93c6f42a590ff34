/** Writes `docs/findings.md` from the catalogue of findings, and `docs/preflight.md` from the checks of preflight. */
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from './load.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const REFERENCES = [
  { source: 'src/findings', groups: "export { groups } from './catalogue.ts';", target: 'docs/findings.md' },
  {
    source: 'src/preflight/checks',
    groups: "export { checkGroups as groups } from './index.ts';",
    target: 'docs/preflight.md',
  },
];

for (const { source, groups: exported, target } of REFERENCES) {
  const { renderReference, groups } = await load(
    path.join(root, source),
    `export { renderReference } from './reference.ts'; ${exported}`,
  );
  writeFileSync(path.join(root, target), renderReference(groups));
}
