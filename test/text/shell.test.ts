import { expect, it } from 'vitest';
import { shellWord } from '../../src/text/shell.ts';

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
