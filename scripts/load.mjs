import { build } from 'esbuild';

/** Imports what a text of TypeScript exports; its own imports are from a folder. */
export async function load(resolveDir, contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
