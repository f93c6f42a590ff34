// Puts parts of the command that are loaded together into one file: to read, to check and to take what was compiled of eighty files took a start
// longer than what is in them (docs/decisions/0062-compiled.md). A part still runs when it is first asked for.
import * as path from 'node:path';

/** What nearly every command needs. */
const COMMON = 'common.cjs';

/**
 * The other files, and what they are for, in this order: each holds what its own need of what several need, but for what is in one before it. Of a
 * tree that is no copy, and of one in which nothing is found, `verify` loads less.
 */
const PACKS = [
  ['verifying.cjs', ['src/cli/commands/verify.ts', 'src/cli/in-place.ts', 'src/findings/entry-of.ts']],
  ['archives.cjs', ['src/checkpoint/open-archive.ts']],
  ['inspecting.cjs', ['src/cli/commands/inspect.ts', 'src/cli/commands/decode.ts']],
  ['planning.cjs', ['src/cli/commands/prune.ts', 'src/cli/next.ts']],
  ['looking.cjs', ['src/cli/commands/preflight.ts']],
];

/** The parts that are loaded when a part is, itself included. */
const loadedWith = (outputs, name, found = new Set()) => {
  if (found.has(name)) return found;
  found.add(name);
  for (const { path: other, kind } of outputs[name].imports) {
    if (kind === 'import-statement' && outputs[other] !== undefined) loadedWith(outputs, other, found);
  }
  return found;
};

/** Which file each part lies in that does not have one of its own, by the names of files in `dist/`: by what esbuild says of its outputs. */
export const packsOf = (outputs) => {
  const names = Object.keys(outputs);
  const outputOf = (source) => {
    const found = names.find((name) => outputs[name].entryPoint === source);
    if (found === undefined) throw new Error(`${source} is no part of its own`);
    return found;
  };
  const start = loadedWith(outputs, outputOf('src/cli/run.ts'));
  const commands = names.filter((name) => outputs[name].entryPoint?.startsWith('src/cli/commands/'));
  const sets = commands.map((name) => loadedWith(outputs, name, new Set(start)));
  const files = PACKS.map(([file, sources]) => ({
    file,
    holds: new Set(sources.flatMap((source) => [...loadedWith(outputs, outputOf(source))])),
  }));
  return Object.fromEntries(
    names.flatMap((name) => {
      const users = sets.filter((set) => set.has(name)).length;
      if (users < 2) return [];
      const file = users > (3 * commands.length) / 4 ? COMMON : files.find(({ holds }) => holds.has(name))?.file;
      return file === undefined ? [] : [[`${path.basename(name, path.extname(name))}.cjs`, file]];
    }),
  );
};

/** The text of a file that holds parts: a function for each, as Node has one for each file. */
export const packed = (parts) =>
  `({\n${parts
    .map(
      ([name, code]) =>
        `${JSON.stringify(name)}: function (exports, require, module, __filename, __dirname) {${code}\n}`,
    )
    .join(',\n')}\n})`;
