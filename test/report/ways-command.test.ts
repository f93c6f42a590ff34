import { expect, it } from 'vitest';
import { commandOf, scriptCommandOf } from '../../src/report/ways/command.ts';

const SALVAGE = { way: 'salvage', after: { home: '/var/lib/mesos' }, over: undefined } as Parameters<
  typeof commandOf
>[0];

it.each([
  ['/var/lib/mesos', '/var/lib/mesos'],
  ['-n1', './-n1'],
  ['--', './--'],
  // Standard input is no file of that name.
  ['-', '-'],
])('a command takes the path %j as %j', (path, word) => {
  expect(commandOf(SALVAGE, path)).toEqual(['mesos-ckpt', 'prune', word, '--salvage', '--apply']);
  expect(scriptCommandOf(SALVAGE, path)).toEqual(['mesos-ckpt', 'prune', word, '--salvage', '--emit-sh', 'plan.sh']);
});
