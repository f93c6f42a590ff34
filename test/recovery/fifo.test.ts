import { expect, it } from 'vitest';
import type { Start } from '../../src/recovery/simulate.ts';
import { withSpecial } from '../findings/special.ts';
import { HOME, loadTree } from '../support/trees.ts';
import { type Assumptions, loadCheckpoint, startsOf, version } from '../support/verify.ts';
import { filesOf } from '../support/walk.ts';

/** The starts on a tree that has a FIFO in the place of the first file of a name, and the path of that. */
const startsWithFifo = (
  name: string,
  tree: string,
  assumptions: Assumptions,
): { readonly path: string; readonly first: Start | undefined } => {
  const source = loadTree(tree);
  const path = [...filesOf(source).keys()].find((each) => each.endsWith(`/${name}`)) ?? '';
  const [first] = startsOf(loadCheckpoint(withSpecial(source, { kind: 'fifo', path })), assumptions);
  return { path, first };
};

it.each(['task.info', 'executor.info', 'forked.pid', 'boot_id'])('the agent waits at a FIFO for %s', (name) => {
  const { first } = startsWithFifo(name, 'marathon', {});
  expect(first).toMatchObject({ verdict: 'hangs', messages: [] });
});

it.each([true, false])('the agent cannot seek in a FIFO for a log of updates, and refuses (strict: %s)', (strict) => {
  const { path, first } = startsWithFifo('task.updates', 'marathon', { strict });
  expect(first).toMatchObject({ verdict: 'refuses', stage: 'state', effects: [] });
  expect(first?.messages[0]).toMatch(/: Failed to lseek status updates file '[^']*':Illegal seek$/);
  expect(first?.messages[0]).toContain(`'${HOME}/${path}'`);
});

it('an agent that is not strict counts a FIFO for the log of an operation', () => {
  const { path, first } = startsWithFifo('operation.updates', 'operations', {});
  expect(first).toMatchObject({ verdict: 'refuses', stage: 'agent' });
  expect(first?.messages[0]).toContain(`Failed to lseek file '${HOME}/${path}': Illegal seek`);
  const { first: other } = startsWithFifo('operation.updates', 'operations', { strict: false });
  expect(other).toMatchObject({ verdict: 'recovers', operationErrors: 1 });
});

it.each([true, false])('1.4 has logs of resources, and refuses a FIFO there, too (strict: %s)', (strict) => {
  const { path, first } = startsWithFifo('resources.info', 'legacy', { version: version('1.4.0'), strict });
  expect(first?.verdict).toBe('refuses');
  expect(first?.messages).toEqual([`Failed to lseek resources file '${HOME}/${path}':Illegal seek`]);
  const { first: newer } = startsWithFifo('resources.info', 'legacy', { version: version('1.5.0'), strict });
  expect(newer?.verdict).toBe('hangs');
});
