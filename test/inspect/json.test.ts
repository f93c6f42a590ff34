import { describe, expect, it } from 'vitest';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { materialise, treeNames } from '../support/trees.ts';
import { AGENT, DAMAGES, EXECUTOR, FRAMEWORK, HOSTILE, RUN, SECRETIVE, TASK } from './trees.ts';

interface Output {
  readonly [key: string]: never;
}

/** Runs the command, checks its output against the schema, and gives it as a value. */
const inspected = async (path: string, ...options: readonly string[]): Promise<Output> => {
  const { out } = await run(['inspect', path, '--json', ...options]);
  expect(out.indexOf('\n')).toBe(out.length - 1);
  const value = JSON.parse(out) as Output;
  expect(complaintsOf('inspect', value)).toEqual([]);
  return value;
};

/** What is at the end of a path of keys and indices. */
const at = (value: unknown, ...keys: readonly (string | number)[]): unknown =>
  keys.reduce<unknown>((each, key) => (each as Record<string | number, unknown>)[key], value);

describe('the JSON of inspect', () => {
  it.each(treeNames)('of %s follows the schema', async (name) => {
    const value = await inspected(materialise(name));
    expect(at(value, 'counts')).toEqual(at(value, 'total'));
  });

  it.each([
    ['damage', DAMAGES],
    ['hostile ids', HOSTILE],
    ['secrets', SECRETIVE],
  ] as const)('with %s follows the schema', async (_, edits) => {
    const path = materialise('marathon', edits);
    await inspected(path);
    await inspected(path, '--damaged', '--show-secrets');
    for (const part of [AGENT, FRAMEWORK, EXECUTOR, RUN, TASK]) await inspected(`${path}/${part}`);
  });

  it('of a PATH that is not there follows the schema', async () => {
    expect(await inspected('/no/such/folder')).toEqual({
      path: '/no/such/folder',
      error: expect.stringContaining('/no/such/folder: no such folder'),
    });
  });

  it('has damage in the place of the message', async () => {
    const value = await inspected(materialise('marathon', DAMAGES));
    expect(at(value, 'agent', 'info')).toEqual({
      damage: { kind: 'unparsable', offset: 0, record: 1, reason: expect.stringMatching(/\w/) },
    });
    expect(at(value, 'counts', 'damaged')).toBe(6);
    expect(at(value, 'checkpoint', 'unknown')).toEqual([{ path: 'meta/oops.txt', kind: 'file' }]);
  });

  it('has whole messages: enums as names, 64-bit integers as strings, bytes in hexadecimal', async () => {
    const value = await inspected(materialise('pods'));
    expect(at(value, 'agent', 'drain')).toEqual({ max_grace_period: { nanoseconds: '60000000000' }, mark_gone: false });
    const operations = await inspected(materialise('operations'));
    expect(at(operations, 'checkpoint', 'resources', 'operations', 0, 'uuid')).toEqual({
      value: '1f7a2b3c111142228333444455556661',
    });
    expect(at(operations, 'checkpoint', 'resources', 'operations', 0, 'info', 'type')).toBe('RESERVE');
  });

  it('has the place that a PATH tells', async () => {
    const value = await inspected(`${materialise('marathon')}/${TASK}`);
    expect(at(value, 'level')).toBe('task');
    expect(at(value, 'place')).toEqual({
      agent: AGENT.split('/').at(-1),
      framework: FRAMEWORK.split('/').at(-1),
      executor: EXECUTOR.split('/').at(-1),
      run: RUN.split('/').at(-1),
      task: TASK.split('/').at(-1),
    });
    expect(at(value, 'task', 'lastUpdate')).toEqual({ timestamp: 1_500_000_003, time: '2017-07-14T02:40:03.000Z' });
    expect(at(value, 'task', 'pending')).toBe(1);
  });

  it('has names that are no UTF-8 as what stands for their bytes', async () => {
    const { out } = await run(['inspect', materialise('marathon', HOSTILE), '--json']);
    expect(out).toContain(String.raw`no utf-8 \udcff\udc80`);
    for (const hostile of ['\u{202e}', '\u{1b}', '\u{9b}']) expect(out).not.toContain(hostile);
  });
});
