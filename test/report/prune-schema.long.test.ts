import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { planJson } from '../../src/repair/plan/codec.ts';
import { type Planning, planRepair } from '../../src/repair/plan-repair.ts';
import { pruneJson } from '../../src/report/json/prune.ts';
import { jsonLine } from '../../src/text/escape.ts';
import { readCases } from '../support/cases.ts';
import { complaintsOf } from '../support/schemas.ts';
import { applyEdits, HOME, loadTree } from '../support/trees.ts';
import { bootIdOf, HEAD } from '../support/verify.ts';

const complaints = (name: string, value: object): readonly string[] => complaintsOf(name, JSON.parse(jsonLine(value)));

const problemsOf = (planning: Planning): readonly string[] => [
  ...complaints('prune', pruneJson('/srv/copy', planning, 0)),
  ...(planning.plan === undefined ? [] : complaints('plan', planJson(planning.plan))),
];

describe('schema/prune.json and schema/plan.json', () => {
  const cases = readCases().filter((each, i) => i % 4 === 0 || each.strict.verdict === 'aborts');

  it.each([false, true])(
    'describe what is printed and written of every fourth case (new agent accepted: %s)',
    (acceptNewAgent) => {
      expect(cases.length).toBeGreaterThan(300);
      const lines = cases.flatMap(({ tree, name, edits, rebooted }) => {
        const source = applyEdits(loadTree(tree), edits);
        const copies = [openSource(loadTree(tree), { workDir: HOME }).tree];
        const planning = planRepair(openSource(source, { workDir: HOME }), {
          version: HEAD,
          bootId: rebooted ? 'another-boot' : bootIdOf(tree),
          acceptNewAgent,
          salvage: acceptNewAgent ? { copies, allowSuspect: true } : undefined,
        });
        return problemsOf(planning).map((line) => `${tree}: ${name}: ${line}`);
      });
      expect(lines).toEqual([]);
    },
  );

  it('refuse what is none', () => {
    expect(complaints('prune', { path: '/x', error: 'no such folder' })).toEqual([]);
    expect(complaints('prune', { command: 'prune' })).not.toEqual([]);
    expect(complaints('plan', { kind: 'mesos-ckpt plan' })).not.toEqual([]);
  });
});
