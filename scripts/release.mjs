/**
 * Makes a release, up to what only a person does: `npm run release -- VERSION [--dry-run]`. It wants a clean tree on which
 * `.ci/run` passes; it sets the version, dates the changelog's "Unreleased", packs, checks the package, and says what
 * remains. It commits, tags, pushes and publishes nothing. With --dry-run it does so in a clone, without `.ci/run`.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const UNRELEASED = /^## Unreleased\n+(?=\S)(?!## )/m;

class Refusal extends Error {}

const run = (cwd, program, ...argv) => execFileSync(program, argv, { cwd, stdio: 'inherit' });
/** The same of a program that says nothing which is not said here. */
const quietly = (cwd, program, ...argv) => execFileSync(program, argv, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
const output = (cwd, program, ...argv) => execFileSync(program, argv, { cwd, encoding: 'utf8' });
const read = (folder, name) => fs.readFileSync(path.join(folder, name), 'utf8');
const say = (text) => process.stdout.write(`${text}\n`);

const isLater = (version, than) => {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  const at = a.findIndex((number, i) => number !== b[i]);
  return at >= 0 && a[at] > b[at];
};

/** Refuses what cannot become a release. */
const check = (version) => {
  const current = JSON.parse(read(root, 'package.json')).version;
  if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) throw new Refusal('usage: npm run release -- VERSION [--dry-run]');
  if (!isLater(version, current)) throw new Refusal(`${version} is not later than ${current}`);
  if (output(root, 'git', 'status', '--porcelain') !== '') throw new Refusal('the tree has changes: commit them first');
  if (output(root, 'git', 'tag', '--list', `v${version}`) !== '') throw new Refusal(`there is a tag v${version}`);
  if (!UNRELEASED.test(read(root, 'CHANGELOG.md'))) throw new Refusal('CHANGELOG.md has nothing that is unreleased');
};

/** Sets the version, packs, and checks what was packed. */
const prepare = (folder, version) => {
  quietly(folder, 'npm', 'version', version, '--no-git-tag-version', '--silent');
  const today = new Date().toISOString().slice(0, 10);
  const changelog = read(folder, 'CHANGELOG.md').replace(UNRELEASED, `## Unreleased\n\n## ${version} (${today})\n\n`);
  fs.writeFileSync(path.join(folder, 'CHANGELOG.md'), changelog);
  quietly(folder, 'npm', 'run', '--silent', 'prepack');
  // What V8 compiled differs from build to build, and nobody can read it: what is published is what the sources say.
  fs.rmSync(path.join(folder, 'dist/compiled'), { recursive: true });
  quietly(folder, 'npm', 'pack', '--silent', '--ignore-scripts');
  run(folder, process.execPath, 'scripts/check-package.mjs', `mesos-ckpt-${version}.tgz`);
};

/** A clone of what is committed, with the packages that are installed here. */
const cloneTo = (folder) => {
  run(root, 'git', 'clone', '--quiet', root, folder);
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
};

const release = (version) => {
  run(root, 'bash', '.ci/run');
  if (output(root, 'git', 'status', '--porcelain') !== '') throw new Refusal('.ci/run has changed files');
  prepare(root, version);
  say(`\n${version} is ready. What remains, once you have looked at the changes and the package:\n`);
  say(`  git commit --all --message 'Release ${version}'`);
  say(`  git tag --annotate v${version} --message 'mesos-ckpt ${version}'`);
  say('  git push --follow-tags');
  say(`  npm publish mesos-ckpt-${version}.tgz`);
};

const rehearse = (version) => {
  const temporary = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-release-'));
  try {
    const folder = cloneTo(path.join(temporary, 'clone'));
    prepare(folder, version);
    say(output(folder, 'git', 'diff', '--', ':!node_modules'));
    say(`Nothing was changed. Without --dry-run, .ci/run has to pass first, and these changes are made here.`);
  } finally {
    fs.rmSync(temporary, { recursive: true });
  }
};

try {
  const { values, positionals } = parseArgs({ options: { 'dry-run': { type: 'boolean' } }, allowPositionals: true });
  const [version] = positionals;
  check(version);
  if (values['dry-run']) rehearse(version);
  else release(version);
} catch (error) {
  if (!(error instanceof Refusal) && error.status === undefined) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
