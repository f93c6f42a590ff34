import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What is built last, of what the build makes from the sources. */
const BUILT = 'dist/compiled';

/** What a build is made of. */
const SOURCES = ['src', 'scripts', 'bench', 'contrib', 'package.json'];

const changed = (file: string): number => fs.statSync(path.join(ROOT, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const filesIn = (name: string): readonly string[] =>
  fs.statSync(path.join(ROOT, name)).isDirectory()
    ? fs.readdirSync(path.join(ROOT, name), { recursive: true, encoding: 'utf8' }).map((file) => path.join(name, file))
    : [name];

/** Builds what is missing or older than its sources, so that any test runs on a fresh clone, and of what is there now. */
export const setup = (): void => {
  const built = changed(BUILT);
  if (SOURCES.flatMap(filesIn).every((file) => changed(file) <= built)) return;
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/build.mjs')], { stdio: 'inherit' });
};
