/**
 * Checks the package as those who install it get it: what publint and attw say of it, and that its command runs without the
 * sources. `npm run check-package [FILE.tgz]`; without a file it packs one.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Packs the package into a folder, built anew; the path of the file. */
export function pack(folder) {
  const packed = execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { cwd: root });
  return path.join(folder, JSON.parse(packed)[0].filename);
}

/** What is wrong with a packed package, a line each. */
export async function problemsOf(file) {
  return [...(await lint(file)), ...(await checkTypes(file)), ...run(file)];
}

async function lint(file) {
  const bytes = fs.readFileSync(file);
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

/** The package is of ES modules: resolutions that know none of them need not find its types. */
const WITHOUT_MODULES = ['node10', 'node16-cjs'];

async function checkTypes(file) {
  const { problems = [], types } = await checkPackage(createPackageFromTarballData(fs.readFileSync(file)));
  if (!types) return ['attw: there are no types'];
  return problems
    .filter(({ resolutionKind }) => !WITHOUT_MODULES.includes(resolutionKind))
    .map((problem) => `attw: ${JSON.stringify(problem)}`);
}

/** Runs the packed command and loads the packed library, in a folder with nothing else. */
function run(file) {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-package-'));
  try {
    execFileSync('tar', ['-xzf', file, '-C', folder]);
    const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package/package.json'), 'utf8'));
    const node = (...argv) => execFileSync(process.execPath, argv, { cwd: folder, encoding: 'utf8' });
    const said = node('package/bin/mesos-ckpt.js', '--version');
    node('--input-type=module', '--eval', `import '${pathToFileURL(path.join(folder, 'package/dist/index.js'))}';`);
    return said.trim() === version ? [] : [`the command says it is ${said.trim()}, the package that it is ${version}`];
  } catch (error) {
    return [String(error)];
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-package-'));
  const problems = await problemsOf(process.argv[2] ?? pack(folder));
  fs.rmSync(folder, { recursive: true });
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
