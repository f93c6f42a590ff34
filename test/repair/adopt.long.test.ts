import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInfo } from '../../src/agent/info/survive.ts';
import { knownVersion } from '../../src/agent/version.ts';
import { openSource } from '../../src/checkpoint/open.ts';
import { fileIn } from '../../src/layout/kinds.ts';
import { changesOf } from '../../src/repair/plan/plan.ts';
import { withChanges } from '../../src/repair/plan/with-changes.ts';
import { compareWays, type WaysOptions } from '../../src/repair/ways/compare.ts';
import type { Attribute, Resource, SlaveInfo } from '../../src/schema/index.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { AccessDenied, isErrno } from '../../src/source/source.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { infoIn } from '../agent/info/support.ts';
import { damageTree, faults } from '../support/damage.ts';
import { check, randomly, runsOf } from '../support/random.ts';
import { HOME, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, version } from '../support/verify.ts';
import { waysProblems } from './ways-problems.ts';

const PARTS = [1, 2, 3, 4] as const;
const RUNS = Math.ceil(runsOf(200) / PARTS.length);

/** What an agent of a tree has checkpointed. */
const infoOf = (name: string): SlaveInfo | undefined => {
  const { checkpoint } = verifyCheckpoint(openSource(loadTree(name), { workDir: HOME }), {});
  return checkpoint.agent?.info.kind === 'whole' ? checkpoint.agent.info.value : undefined;
};

/** What the agent builds now: some of its resources are less, more or gone, and so on. */
interface Change {
  readonly factors: readonly number[];
  readonly keeps: readonly boolean[];
  readonly hostname: boolean;
  readonly more: boolean;
}

const changes: fc.Arbitrary<Change> = fc.record({
  factors: fc.array(fc.constantFrom(1, 1, 0.5, 0.9995, 0, 2), { minLength: 8, maxLength: 8 }),
  keeps: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  hostname: fc.boolean(),
  more: fc.boolean(),
});

const changed = (info: SlaveInfo, { factors, keeps, hostname, more }: Change): SlaveInfo => {
  const resources = info.resources.flatMap((resource, i): readonly Resource[] => {
    const factor = factors[i % factors.length] ?? 1;
    if (factor === 0) return [];
    if (resource.scalar !== undefined) return [{ ...resource, scalar: { value: resource.scalar.value * factor } }];
    if (resource.ranges === undefined || factor === 1) return [resource];
    const range = resource.ranges.range.map(({ begin, end }) => ({
      begin: begin + 1n,
      end: factor < 1 ? end - 1n : end,
    }));
    return [{ ...resource, ranges: { range } }];
  });
  const added: Attribute = { name: 'row', type: 'TEXT', text: { value: '3' } };
  return {
    ...info,
    resources,
    attributes: [...info.attributes.filter((_each, i) => keeps[i % keeps.length]), ...(more ? [added] : [])],
    ...(hostname ? { hostname: 'another.example' } : {}),
  };
};

const told = fc.record({
  isOldAgent: fc.boolean(),
  master: fc.constantFrom(undefined, '1.4.3', '1.11.0'),
  agentState: fc.constantFrom(undefined, 'registered' as const, 'recovered' as const, 'unreachable' as const),
  isRebooted: fc.boolean(),
  policy: fc.constantFrom('equal' as const, 'additive' as const),
});

const optionsOf = (
  name: string,
  info: SlaveInfo,
  { isOldAgent, master, agentState, isRebooted, policy }: typeof told extends fc.Arbitrary<infer T> ? T : never,
): WaysOptions => ({
  version: version(isOldAgent ? '1.4.2' : '1.11.0'),
  bootId: isRebooted ? 'another-boot' : bootIdOf(name),
  agentInfo: { info, policy: isOldAgent ? 'equal' : policy },
  adopt: {
    facts: {
      hasPolicy: !isOldAgent,
      masterVersion: master === undefined ? undefined : knownVersion(master),
      agentState,
      isolators: ['posix/cpu'],
    },
  },
});

let adopted = 0;

/** Whether the agent's own check accepts what is in the file after the plan of a way. */
const adoptedProblems = (source: MemorySource, options: WaysOptions): readonly string[] => {
  const { planned, before } = compareWays(openSource(source, { workDir: HOME }), options);
  const plan = planned.adopt?.plan;
  const path = before.checkpoint.agent?.path;
  if (plan === undefined || path === undefined || options.agentInfo === undefined) return [];
  if (!plan.steps.some(({ mends }) => mends.some(({ code }) => code === 'agent-info-changed'))) return [];
  adopted += 1;
  const file = withChanges(source, changesOf(plan)).open(fileIn(path, 'slave.info'));
  if (isErrno(file)) return [file.code];
  const bytes = Buffer.alloc(file.size());
  file.read(bytes, 0, bytes.length, 0);
  file.close();
  const policy = plan.assumed.agentInfo?.policy ?? 'equal';
  const verdict = checkInfo(infoIn(bytes), options.agentInfo.info, policy);
  return verdict.ok ? [] : [verdict.message];
};

const problemsUnlessLinkedOut = (source: MemorySource, options: WaysOptions): readonly string[] => {
  try {
    return [...waysProblems(source, options), ...adoptedProblems(source, options)];
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    return error.message.includes('out of the tree') ? [] : [error.message];
  }
};

const infos = new Map(
  treeNames.flatMap((name) => {
    const info = infoOf(name);
    return info === undefined ? [] : [[name, info] as const];
  }),
);

describe(randomly('an agent whose info is another, on a tree that is damaged or not', RUNS), () => {
  it.each(PARTS)(
    'is adopted so that its own check accepts it, and nothing is left for a second plan: part %i',
    (part) => {
      check(
        RUNS,
        fc.property(
          fc.constantFrom(...infos.keys()),
          fc.option(faults, { nil: [] }),
          changes,
          told,
          (name, all, change, given) => {
            const tree = loadTree(name);
            const source = all.length === 0 ? tree : damageTree(tree, all).source;
            const options = optionsOf(name, changed(infos.get(name) as SlaveInfo, change), given);
            expect(problemsUnlessLinkedOut(source, options)).toEqual([]);
          },
        ),
        part,
      );
      expect(adopted).toBeGreaterThan(0);
    },
  );
});
