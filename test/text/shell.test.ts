import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, textOf } from '../../src/text/lossless.ts';
import { printfFormat, shellAssignment, shellWord } from '../../src/text/shell.ts';
import { check, randomly } from '../support/random.ts';

it.each([
  ['/var/lib/mesos', '/var/lib/mesos'],
  ['n1', 'n1'],
  ['with space', "'with space'"],
  ["it's", "'it'\\''s'"],
  ['$(reboot)', "'$(reboot)'"],
  ['-rf', "'-rf'"],
  ['a\nb', 'PATH'],
  ['\u001b[31m', 'PATH'],
])('a path %j is typed as %s', (path, word) => {
  expect(shellWord(path)).toBe(word);
});

/** Names may hold all bytes but this one. */
const withoutZero = fc
  .uint8Array({ maxLength: 60 })
  .map((bytes) => textOf(Buffer.from(bytes.filter((byte) => byte !== 0))));

it(randomly('any text is set in a variable, to the byte', 30), () => {
  check(
    30,
    fc.property(fc.array(withoutZero, { minLength: 1, maxLength: 20 }), (texts) => {
      const script = texts.map((text) => `${shellAssignment('a', text)} && printf '%s/' "$a"`).join('\n');
      expect(script).toMatch(/^[\n -~]*$/);
      const { stdout } = spawnSync('sh', [], { input: `LC_ALL=C\n${script}\n` });
      expect(stdout).toEqual(bytesOf(texts.map((text) => `${text}/`).join('')));
    }),
  );
});

it(randomly('any bytes are written by printf', 30), () => {
  check(
    30,
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const { stdout } = spawnSync('sh', [], { input: `printf '${printfFormat(bytes)}'` });
      expect(stdout).toEqual(Buffer.from(bytes));
    }),
  );
});
