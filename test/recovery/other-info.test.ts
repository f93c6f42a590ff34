import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { encodeMessage, encodeRecord } from '../../src/format/encode.ts';
import type { Message } from '../../src/format/parse.ts';
import { compareWays } from '../../src/repair/ways/compare.ts';
import { messageType, type SlaveInfo } from '../../src/schema/index.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { infoIn } from '../agent/info/support.ts';
import { waysProblems } from '../repair/ways-problems.ts';
import { applyEdits, HOME, loadTree, nodeAt, pathIn } from '../support/trees.ts';
import { bootIdOf, loadCheckpoint, startsOf, version } from '../support/verify.ts';

const INFO = pathIn('marathon', /slave\.info$/);

const ownInfo = (): SlaveInfo => {
  const node = nodeAt(loadTree('marathon').root, INFO.split('/'));
  if (node?.kind !== 'file') throw new Error('marathon has no slave.info');
  return infoIn(node.bytes);
};

const treeOf = (change: Partial<SlaveInfo>): MemorySource => {
  const message = { ...ownInfo(), ...change } as unknown as Message;
  const bytes = encodeRecord(encodeMessage(messageType('mesos.SlaveInfo'), message));
  return applyEdits(loadTree('marathon'), [{ op: 'write', path: INFO, hex: bytes.toString('hex') }]);
};

/** The first start on a tree whose slave.info was changed, with flags of their own. */
const start = (text: string, change: Partial<SlaveInfo>, now?: Partial<SlaveInfo>) => {
  const agentInfo = now === undefined ? undefined : { info: { ...ownInfo(), ...now }, policy: 'equal' as const };
  return startsOf(loadCheckpoint(treeOf(change)), { version: version(text), agentInfo })[0];
};

describe('an agent whose info is another', () => {
  it('prints it as its version does: with the id that it took, or, before 1.5.0, without one', () => {
    const line = '-'.repeat(60);
    const [old, new_] = ['1.4.3', '1.5.0'].map(
      (each) => start(each, {}, { hostname: 'node8.example' })?.messages[0] ?? '',
    );
    expect(old).toMatch(`Incompatible agent info detected.\n${line}\nOld agent info:\nhostname: "node7.example"`);
    expect(old?.endsWith(`\n${line}`)).toBe(true);
    expect(new_).toMatch(`Incompatible agent info detected. \n\n${line}\nOld agent info:\nhostname: "node7.example"`);
    expect([old, new_].map((text = '') => text.split('id {').length - 1)).toEqual([1, 2]);
  });

  it('refuses before 1.5.0 where the id in slave.info is not the name of its folder, with its own flags too', () => {
    const id = { value: 'another' };
    expect(start('1.4.3', { id })?.verdict).toBe('refuses');
    expect(start('1.4.3', {})?.verdict).toBe('recovers');
    // With its folder's id it goes on, as a best guess, or with the file of a copy.
    const tree = treeOf({ id });
    const options = { version: version('1.4.3'), bootId: bootIdOf('marathon') };
    const ways = compareWays(openSource(tree, { workDir: HOME }), options);
    expect(ways.recommended).toMatchObject({ way: 'salvage', sure: 'suspect', executors: { kept: 3 } });
    expect(waysProblems(tree, options)).toEqual([]);
    const copies = [openSource(loadTree('marathon'), { workDir: HOME }).tree];
    expect(waysProblems(tree, { ...options, sources: { copies } })).toEqual([]);
    expect(
      compareWays(openSource(tree, { workDir: HOME }), { ...options, sources: { copies } }).recommended?.sure,
    ).toBe('exact');
    expect(start('1.5.0', { id })?.messages ?? []).not.toContainEqual(expect.stringMatching('Incompatible'));
  });
});
