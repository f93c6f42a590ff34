// Builds dist/: the command, in chunks that are loaded when they are used, the library, its types, and the licences of
// what is bundled. Nothing of the build is needed by those who use the package.
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

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

/** Loads an export of a package when it is first called. */
const whenUsed = (name, contents) => ({
  name: `${name}-when-used`,
  setup({ onResolve, onLoad }) {
    // The tables' own copy of string-width is an older one, which they call as what require() gives.
    onResolve({ filter: new RegExp(`^${name}$`) }, ({ namespace, importer }) =>
      namespace === 'file' && !/[\\/]node_modules[\\/]/.test(importer)
        ? { path: name, namespace: `when-used-${name}` }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: `when-used-${name}` }, () => ({ contents, resolveDir: root }));
  },
});

/** Its tables of Unicode take as long to build as a small checkpoint to verify, and most texts are ASCII. */
const widthWhenUsed = whenUsed(
  'string-width',
  "let width; export default (text) => (width ??= require('string-width').default)(text);",
);

/** It loads streams and zlib, and most checkpoints are in folders. */
const gzipWhenUsed = whenUsed(
  'minizlib',
  "export const Gunzip = new Proxy(class {}, { construct: (_, given) => new (require('minizlib').Gunzip)(...given) });",
);

/** Modules of Node's own that take long to load, and that most starts do not use. */
const SELDOM_USED = /(?<==)require\(("node:(?:crypto|os|tty|v8|worker_threads)")\)/g;
const FILE_URL = "const __fileUrl = require('node:url').pathToFileURL(__filename).href;";
const LOADER = 'const __whenUsed = (name) => new Proxy({}, { get: (_, key) => require(name)[key] });';

const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  metafile: true,
  logLevel: 'warning',
};

// Node starts CommonJS in half the time that modules take (docs/performance.md). esbuild splits modules only, so that what
// a command needs is loaded with it; each part is made CommonJS afterwards.
const command = await build({
  ...common,
  entryPoints: { cli: 'src/cli/run.ts', worker: 'src/verify/threads/worker.ts' },
  outExtension: { '.js': '.cjs' },
  format: 'esm',
  splitting: true,
  minifySyntax: true,
  define: { __VERSION__: JSON.stringify(version) },
  plugins: [withoutProcesses, widthWhenUsed, gzipWhenUsed],
  write: false,
});
fs.mkdirSync(at('dist'));
for (const { path: file, text } of command.outputFiles) {
  const { code } = await transform(text, {
    platform: 'node',
    target: common.target,
    format: 'cjs',
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__fileUrl' },
    // As modules are.
    banner: `"use strict";${text.includes('import.meta.url') ? FILE_URL : ''}`,
  });
  const lazy = code.replace(SELDOM_USED, '__whenUsed($1)');
  fs.writeFileSync(file, lazy === code ? code : lazy.replace('"use strict";', `$&${LOADER}`));
}

const library = await build({
  ...common,
  entryPoints: { index: 'src/index.ts' },
  format: 'esm',
  define: { __VERSION__: JSON.stringify(version) },
  // What is bundled and was written for require() finds Node's own modules by it.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});

execFileSync(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.build.json')], {
  stdio: 'inherit',
});

/** The folder of the package that a bundled file is of: the innermost, because a package may hold others. */
const packageOf = (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
const bundled = new Set(
  [command, library]
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .map(packageOf)
    .filter((folder) => folder !== undefined),
);
const notices = [...bundled].sort().map((folder) => {
  const { name, version, license } = JSON.parse(fs.readFileSync(at(folder, 'package.json'), 'utf8'));
  const file = fs.readdirSync(at(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} is bundled and has no licence file`);
  return `${name} ${version} (${license})\n\n${fs.readFileSync(at(folder, file), 'utf8').trim()}\n`;
});
fs.writeFileSync(at('dist/THIRD-PARTY-LICENSES.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`));
