import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agent, Executor, Framework, Run, Task } from '../../src/checkpoint/model.ts';
import { isPattern, matchesPattern } from '../../src/recovery/glob.ts';
import { Listing } from '../../src/recovery/listing.ts';
import { check, randomly } from '../support/random.ts';

const ABSENT = { kind: 'absent', vanished: false } as const;
const NONE = { strays: [], hidden: [] } as const;

type Names = readonly (readonly [
  string,
  readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[],
])[];

/** An agent with frameworks, executors, runs and tasks of these names. */
const agentOf = (names: Names): Agent => ({
  id: 'S',
  path: 'S',
  info: ABSENT,
  drain: ABSENT,
  operations: [],
  otherOperations: undefined,
  ...NONE,
  frameworks: names.map(([id, executors]): Framework => {
    const path = `S/frameworks/${id}`;
    return {
      id,
      path,
      info: ABSENT,
      pid: ABSENT,
      ordinary: [],
      ...NONE,
      executors: executors.map(([executorId, runs]): Executor => {
        const executorPath = `${path}/executors/${executorId}`;
        return {
          id: executorId,
          path: executorPath,
          info: ABSENT,
          generated: ABSENT,
          latest: ABSENT,
          ...NONE,
          runs: runs.map(([runId, tasks]): Run => {
            const runPath = `${executorPath}/runs/${runId}`;
            return {
              id: runId,
              path: runPath,
              completed: false,
              httpMarker: false,
              forkedPid: ABSENT,
              libprocessPid: ABSENT,
              sandbox: undefined,
              ...NONE,
              tasks: tasks.map(
                (taskId): Task => ({
                  id: taskId,
                  path: `${runPath}/tasks/${taskId}`,
                  info: ABSENT,
                  updates: ABSENT,
                  strays: [],
                }),
              ),
            };
          }),
        };
      }),
    };
  }),
});

const like = (pattern: string, name: string): boolean =>
  isPattern(pattern) ? matchesPattern(pattern, name) : pattern === name;

/** What `glob` shows of a level, gone through name by name. */
const globbed = (agent: Agent, framework: string, executor?: string, run?: string): readonly { id: string }[] => {
  const executors = agent.frameworks.filter(({ id }) => like(framework, id)).flatMap((each) => each.executors);
  if (executor === undefined) return executors;
  const runs = executors.filter(({ id }) => like(executor, id)).flatMap((each) => each.runs);
  return run === undefined ? runs : runs.filter(({ id }) => like(run, id)).flatMap((each) => each.tasks);
};

const ids = fc.constantFrom('a', 'ab', 'b', 'a*', '?', '[a]', 'a[', 'b\\', '*', 'abc', '[!a]b');
const children = <T>(each: fc.Arbitrary<T>): fc.Arbitrary<readonly (readonly [string, T])[]> =>
  fc.uniqueArray(fc.tuple(ids, each), { maxLength: 4, selector: ([id]) => id });
const agents = children(children(children(fc.uniqueArray(ids, { maxLength: 3 })))).map(agentOf);

const idsOf = (each: readonly { readonly id: string }[]): readonly string[] => each.map(({ id }) => id);

describe('what the agent lists', () => {
  it(randomly('is what its patterns match, and is opened by name', 1000), () => {
    check(
      1000,
      fc.property(agents, (agent) => {
        const listing = Listing.of(agent, '/var/lib/mesos');
        for (const framework of agent.frameworks) {
          const executors = listing.executors(framework);
          expect(idsOf(executors)).toEqual(idsOf(globbed(agent, framework.id)));
          for (const executor of executors) {
            expect(executor.path).toBe(`${framework.path}/executors/${executor.id}`);
            const own = framework.executors.find(({ id }) => id === executor.id);
            if (own !== undefined) expect(executor).toBe(own);
            const folders = listing.runFolders(framework.id, executor.id, own);
            const runs = folders.flatMap((folder) => folder.runs);
            expect(idsOf(runs)).toEqual(idsOf(globbed(agent, framework.id, executor.id)));
            for (const run of runs) {
              const path = `${executor.path}/runs/${run.id}`;
              const ownRun = own?.runs.find(({ id }) => id === run.id);
              const ids = { framework: framework.id, executor: executor.id, id: run.id };
              const tasks = listing.tasks({ ...ids, path, found: ownRun });
              expect(idsOf(tasks)).toEqual(idsOf(globbed(agent, framework.id, executor.id, run.id)));
              for (const task of tasks) {
                expect(task.path).toBe(`${path}/tasks/${task.id}`);
                const ownTask = ownRun?.tasks.find(({ id }) => id === task.id);
                if (ownTask !== undefined) expect(task).toBe(ownTask);
              }
            }
          }
        }
      }),
    );
  });

  it('of thousands of ids that are patterns is found without trying them again for every run', () => {
    const long = 'x'.repeat(240);
    const each = Array.from({ length: 600 }, (_, i) => [`a*${long}?${i}`, [[`run-${i}`, [`t${i}`]]]] as const);
    const agent = agentOf([['f', each]]);
    const listing = Listing.of(agent, '/var/lib/mesos');
    const [framework] = agent.frameworks;
    for (const executor of framework?.executors ?? []) {
      expect(idsOf(listing.runFolders('f', executor.id, executor))).toEqual([executor.id]);
      for (const run of executor.runs) {
        const listed = { framework: 'f', executor: executor.id, id: run.id, path: run.path, found: run };
        expect(listing.tasks(listed)).toEqual(run.tasks);
      }
    }
  });
});
