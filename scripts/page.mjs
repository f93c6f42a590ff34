import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The program and the style of the report page, each as one text, and what they are made of. */
export const buildPage = async () => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { page: 'src/page/main.tsx', style: 'src/page/style.css' },
    outdir: 'dist',
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    // It stands in an element of a page, which ends with its name.
    charset: 'ascii',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const textOf = (ending) => outputFiles.find((file) => file.path.endsWith(ending)).text.trim();
  const [script, style] = [textOf('.js'), textOf('.css')];
  for (const [text, end] of [
    [script, '</script'],
    [style, '</style'],
  ]) {
    if (text.toLowerCase().includes(end) || text.includes('<!--'))
      throw new Error(`the page would end at a ${end} in it`);
  }
  return { script, style, metafile };
};
