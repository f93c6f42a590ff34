// Builds dist/: the command, in chunks that are loaded when they are used, the library, and the licences of what is
// bundled. Nothing of the build is needed by those who use the package. docs/decisions/0018-build.md says why it is so.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { compile } from './compile.mjs';
import { changingIn, checkAcyclic, exportedByValue, withNodeAsItIs } from './exports.mjs';
import { packed, packsOf } from './packs.mjs';
import { buildPage } from './page.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(root, ...parts);
const { version } = JSON.parse(fs.readFileSync(at('package.json'), 'utf8'));

execFileSync(process.execPath, [at('scripts/generate.mjs')], { stdio: 'inherit' });
fs.rmSync(at('dist'), { recursive: true, force: true });

/** Commander could start programs, and loads for that what takes longer to load than all the rest of it. */
const withoutProcesses = {
  name: 'without-processes',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'no-processes', namespace: 'none' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * Modules that take long to load, and that most starts do not use. string-width builds tables of Unicode, and most texts
 * are ASCII; zlib loads streams, and minizlib more of them, and most checkpoints are in folders; cli-table3 draws tables, and an agent that
 * recovers has none; those of Node bring streams and sockets.
 */
const SELDOM_USED_PACKAGES = ['cli-table3', 'minizlib', 'string-width'];
const SELDOM_USED = new RegExp(`^(${SELDOM_USED_PACKAGES.join('|')}|node:(crypto|os|tty|v8|worker_threads|zlib))$`);

/**
 * Files of ours that most starts do not use, and what others call of them: most checkpoints are in folders, and an agent that
 * recovers has nothing that the catalogue tells of.
 */
const SELDOM_USED_FILES = {
  'src/checkpoint/open-archive.ts': ['openArchive', 'openArchiveBeside', 'readCollected'],
  'src/findings/entry-of.ts': ['entryOf'],
};

/** What packages import they get as it is; and a thread asks for what it was told before it does anything. */
const USES_AT_ONCE = /[\\/]node_modules[\\/]|[\\/]many[\\/]worker\.ts$/;

/** The part of the command that a package or a file is, from the other parts. */
const partOf = (name) => (name.startsWith('node:') ? name : `./${path.basename(name, '.ts')}.cjs`);

/** Loads a module when one of its functions is first called: what is imported from our sources stands for the function. */
const whenUsed = {
  name: 'when-used',
  setup({ onResolve, onLoad }) {
    // What packages import they get as it is: the tables' own copy of string-width is an older one.
    onResolve({ filter: SELDOM_USED }, ({ path: name, namespace, importer }) =>
      namespace === 'file' && importer !== '' && !USES_AT_ONCE.test(importer)
        ? { path: name, namespace: 'when-used' }
        : undefined,
    );
    onResolve({ filter: /\.ts$/ }, ({ path: name, namespace, importer, resolveDir }) => {
      const file = path.relative(root, path.resolve(resolveDir, name));
      return namespace === 'file' && importer !== '' && Object.hasOwn(SELDOM_USED_FILES, file)
        ? { path: file, namespace: 'when-used' }
        : undefined;
    });
    onResolve({ filter: /.*/ }, ({ path: name, namespace }) =>
      namespace === 'when-used' ? { path: name, external: true } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'when-used' }, async ({ path: name }) => ({
      contents: (SELDOM_USED_FILES[name] ?? (await functionsOf(name)))
        .map((key) => `export ${key === 'default' ? 'default' : `const ${key} =`} ${standIn(name, key)};`)
        .join('\n'),
      resolveDir: root,
    }));
  },
};

/** All that a package exports, whichever kind of module it is. */
const wholePackage = {
  name: 'whole-package',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^whole:/ }, ({ path: name }) => ({ path: name.slice('whole:'.length), namespace: 'whole' }));
    onLoad({ filter: /.*/, namespace: 'whole' }, async ({ path: name }) => ({
      contents: (await functionsOf(name)).map((key) => `export { ${key} } from '${name}';`).join('\n'),
      resolveDir: root,
    }));
  },
};

/** What a module exports that can be called, by the names of its exports. */
const functionsOf = async (name) =>
  Object.entries(await import(name))
    .filter(([key, value]) => typeof value === 'function' && /^[\w$]+$/.test(key))
    .map(([key]) => key)
    .filter((key) => !(name.startsWith('node:') && key === 'default'));

const standIn = (name, key) =>
  `/* @__PURE__ */ new Proxy(function () {}, {
    apply: (_, self, values) => Reflect.apply(require('${partOf(name)}').${key}, self, values),
    construct: (_, values) => new (require('${partOf(name)}').${key})(...values),
  })`;

const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  metafile: true,
  logLevel: 'warning',
  logOverride: { 'import-is-undefined': 'error' },
  define: { __VERSION__: JSON.stringify(version) },
};

// Node starts CommonJS in half the time that modules take (docs/performance.md). esbuild splits modules only, so that what
// a command needs is loaded with it; each part is made CommonJS afterwards.
const command = await build({
  ...common,
  entryPoints: {
    cli: 'src/cli/run.ts',
    'many-part': 'src/cli/many/worker.ts',
    ...Object.fromEntries(Object.keys(SELDOM_USED_FILES).map((file) => [path.basename(file, '.ts'), file])),
  },
  outExtension: { '.js': '.cjs' },
  format: 'esm',
  splitting: true,
  minifySyntax: true,
  define: { ...common.define, 'import.meta.dirname': '__dirname' },
  plugins: [withoutProcesses, whenUsed],
  write: false,
});
checkAcyclic(command.metafile.outputs);
const files = Object.keys(command.metafile.inputs)
  .map((name) => at(name))
  .filter((name) => fs.existsSync(name));
const changing = new Set(files.flatMap((name) => changingIn(fs.readFileSync(name, 'utf8'))));
const packs = packsOf(command.metafile.outputs);
/** The parts that lie in one file, by its name. */
const together = new Map();
fs.mkdirSync(at('dist'));
for (const { path: file, text } of command.outputFiles) {
  const { code } = await transform(text, {
    platform: 'node',
    target: common.target,
    format: 'cjs',
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
    // As modules are.
    banner: '"use strict";',
  });
  const name = path.basename(file);
  // Without what nothing of the part uses any more.
  const { code: cjs } = await transform(withNodeAsItIs(exportedByValue(code, changing)), {
    platform: 'node',
    target: common.target,
    minifyWhitespace: true,
    minifySyntax: true,
    treeShaking: true,
  });
  if (/[^\0-\x7f]/.test(cjs))
    throw new Error(`${name} has other characters than ASCII's: V8 keeps two bytes then of each that it has`);
  const pack = packs[name];
  if (pack === undefined) fs.writeFileSync(file, cjs);
  else together.set(pack, [...(together.get(pack) ?? []), [name, cjs]]);
}
for (const [pack, parts] of together) fs.writeFileSync(at('dist', pack), packed(parts));

const packages = await build({
  ...common,
  entryPoints: Object.fromEntries(SELDOM_USED_PACKAGES.map((name) => [name, `whole:${name}`])),
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [wholePackage],
});

const worker = await build({
  ...common,
  entryPoints: {
    worker: 'src/verify/threads/worker.ts',
    'inspect-worker': 'src/cli/threads/worker.ts',
    'snapshot-worker': 'src/snapshot/threads/worker.ts',
    'pair-worker': 'src/cli/pairs/worker.ts',
  },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
});

const library = await build({
  ...common,
  entryPoints: { index: 'src/index.ts' },
  format: 'esm',
  // What is bundled and was written for require() finds Node's own modules by it.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
for (const name of ['require.cjs', 'require.d.cts']) fs.copyFileSync(at('src', name), at('dist', name));
const start = fs.readFileSync(at('src/cli/start.cjs'), 'utf8');
const withPacks = start.replace('const PACKS = {};', `const PACKS = ${JSON.stringify(packs)};`);
if (withPacks === start) throw new Error('src/cli/start.cjs has no place for what lies together in one file');
fs.writeFileSync(at('dist/start.cjs'), withPacks);
// A thread begins with a file, and that file's parts are where those of the command are.
fs.writeFileSync(at('dist/many.cjs'), "require('./start.cjs').loadPart('many-part.cjs');\n");

// It is in the command already, as a text; what it is made of has licences too.
const page = await buildPage();

/** The folder of the package that a bundled file is of: the innermost, because a package may hold others. */
const packageOf = (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
const bundled = new Set(
  [command, packages, worker, library, page]
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .map(packageOf)
    .filter((folder) => folder !== undefined),
);
const notices = [...bundled].sort().map((folder) => {
  const { name, version, license } = JSON.parse(fs.readFileSync(at(folder, 'package.json'), 'utf8'));
  const own = fs.readdirSync(at(folder)).find((each) => /^licen[cs]e/i.test(each));
  // A package may name its licence without holding it.
  const file = own === undefined ? at('scripts/licences', `${name}.txt`) : at(folder, own);
  if (!fs.existsSync(file)) throw new Error(`${name} is bundled and has no licence file`);
  return `${name} ${version} (${license})\n\n${fs.readFileSync(file, 'utf8').trim()}\n`;
});
fs.writeFileSync(at('dist/THIRD-PARTY-LICENSES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));

// The manual page, by the command itself: it is made from the same place as its help.
const manual = execFileSync(process.execPath, [at('bin/mesos-ckpt.js'), 'completion', 'man']);
fs.writeFileSync(at('dist/mesos-ckpt.1'), manual);

// Last, because what was compiled of a part holds only for the part as it is.
compile();
