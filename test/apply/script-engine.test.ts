import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';

const ENGINE = 'src/apply/script/engine';

const textsIn = (folder: string, end: string): readonly string[] =>
  fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));

const engine = textsIn(ENGINE, '.sh').join('\n');
const functions = [...engine.matchAll(/^([a-z_]+)\(\)/gm)].map(([, name = '']) => name);

// The shell takes the last function of a name, and says nothing of the others, or of one that nobody calls.
it('defines each of its functions once, and calls it', () => {
  expect(functions.length).toBeGreaterThan(50);
  expect(functions.filter((name, at) => functions.indexOf(name) !== at)).toEqual([]);
  const all = [engine, ...textsIn('src/apply/script', '.ts')].join('\n');
  const uses = (name: string): number => all.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
  expect(functions.filter((name) => uses(name) < 2)).toEqual([]);
});
