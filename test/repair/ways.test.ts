import { describe, expect, it } from 'vitest';
import { openPath, openSource } from '../../src/checkpoint/open.ts';
import { comesUp } from '../../src/recovery/simulate.ts';
import { compareKept, compareWays } from '../../src/repair/ways/compare.ts';
import type { Way, WayName, Ways } from '../../src/repair/ways/way.ts';
import type { Edit } from '../support/cases.ts';
import { applyEdits, HOME, loadTree, pathIn, treeNames } from '../support/trees.ts';
import { bootIdOf, version } from '../support/verify.ts';
import { AGENT, bytesOf, DB2, logOf, writing } from './trees.ts';
import { waysProblems } from './ways-problems.ts';

const waysOf = (tree: string, edits: readonly Edit[] = []): Ways =>
  compareWays(openSource(applyEdits(loadTree(tree), edits), { workDir: HOME }));

const named = (ways: Ways, name: WayName): Way | undefined => ways.ways.find(({ way }) => way === name);

const brief = ({ ways, recommended }: Ways): readonly string[] =>
  ways.map(
    (way) =>
      `${way.way} ${way.executors.kept}/${way.executors.of} ${way.tasks.kept}/${way.tasks.of}` +
      ` ${way.updatesLost ?? '-'} ${way.sure}${way === recommended ? ' recommended' : ''}`,
  );

describe('the ways out', () => {
  it('of the sample agent: what is whole behind a bad record is kept by salvage alone', () => {
    expect(brief(compareWays(openPath('fixtures/sample-agent')))).toEqual([
      'as-is 0/4 0/3 - exact',
      'as-non-strict 2/4 1/3 2 exact',
      'salvage 2/4 1/3 1 exact recommended',
      'remove-latest 0/4 0/3 5 exact',
    ]);
  });

  it('where latest is gone: a new agent is no way out, and the one agent that is there is a best guess', () => {
    expect(brief(waysOf('marathon', [{ op: 'remove', path: 'meta/slaves/latest' }]))).toEqual([
      'as-is 0/4 0/3 7 exact',
      'salvage 3/4 2/3 0 suspect recommended',
    ]);
  });

  it('where the folder of the agent was renamed: its own name leads to it again, and all is kept at the first plan', () => {
    const name = AGENT.slice('meta/slaves/'.length);
    const ways = waysOf('marathon', [{ op: 'rename', path: AGENT, to: `meta/slaves/.${name}` }]);
    expect(brief(ways)).toEqual([
      'as-is 0/4 0/3 - exact',
      'salvage 3/4 2/3 0 exact recommended',
      'remove-latest 0/4 0/3 7 exact',
    ]);
    const changes = ways.recommended?.planning?.plan?.steps.flatMap((step) => step.changes) ?? [];
    expect(changes).toEqual([
      expect.objectContaining({ kind: 'create-link', path: AGENT, target: `${HOME}/meta/slaves/.${name}` }),
    ]);
  });

  it('after a reboot, keep those whose end the agent will tell: none of a framework that it does not read', () => {
    const torn = pathIn('volumes', /framework\.info$/);
    const source = applyEdits(loadTree('volumes'), [{ op: 'truncate', path: torn, size: 3 }]);
    const copies = [openSource(loadTree('volumes'), { workDir: HOME }).tree];
    const ways = compareWays(openSource(source, { workDir: HOME }), { bootId: 'another-boot', sources: { copies } });
    expect(brief(ways)).toEqual([
      'as-is 0/2 0/2 - exact',
      'as-non-strict 0/2 0/2 4 exact',
      'salvage 2/2 2/2 0 exact recommended',
      'remove-latest 0/2 0/2 4 exact',
    ]);
  });

  it('take what is certain from --salvage, and what is just likely with --allow-suspect alone', () => {
    const intact = loadTree('volumes');
    const pid = pathIn('volumes', /framework\.pid$/);
    const log = logOf(intact, DB2);
    const bytes = bytesOf(intact, log);
    // The length in front of the first record is wrong: where the next one begins is a guess.
    const shifted = Buffer.concat([Buffer.from('07000000ffffffffffffff', 'hex'), bytes.subarray(7)]);
    const ways = waysOf('volumes', [{ op: 'truncate', path: pid, size: 0 }, writing(log, shifted)]);
    expect(ways.recommended).toMatchObject({ way: 'salvage', sure: 'exact', tasks: { kept: 2 } });
    expect(named(ways, 'salvage-suspect')).toMatchObject({ sure: 'suspect' });
    expect(compareKept(named(ways, 'salvage-suspect') as Way, ways.recommended as Way)).toBeGreaterThan(0);
  });

  it('go on where a link of somebody shows more once the first changes are made', () => {
    const task = pathIn('pods', /node-0__executor.*\/tasks\/node-0-backup__a2$/);
    const latest = 'meta/slaves/latest';
    const edits: readonly Edit[] = [
      { op: 'remove', path: task },
      { op: 'symlink', path: task, target: `${HOME}/${latest}` },
      { op: 'remove', path: latest },
    ];
    const source = applyEdits(loadTree('pods'), edits);
    const copies = [openSource(loadTree('pods'), { workDir: HOME }).tree];
    expect(waysProblems(source, { bootId: bootIdOf('pods'), sources: { copies } })).toEqual([]);
  });

  it('read what the log of another executor leads to, once that is a file of its own again', () => {
    const logs = ['db-docker.1', 'db-docker.2'].map((id) => pathIn('operations', new RegExp(`${id}/task\\.updates$`)));
    const [first, second] = logs as [string, string];
    const edits: readonly Edit[] = [
      { op: 'remove', path: first },
      { op: 'symlink', path: first, target: `${HOME}/${second}` },
      { op: 'flip', path: second, offset: 0, mask: 3 },
    ];
    const copies = [openSource(loadTree('operations'), { workDir: HOME }).tree];
    const options = { bootId: bootIdOf('operations'), version: version('1.4.0'), sources: { copies } };
    expect(waysProblems(applyEdits(loadTree('operations'), edits), options)).toEqual([]);
  });

  it('take no file for a run, and keep what a change of resources that is under way says', () => {
    const runs = pathIn('lone-legacy-target', /db-docker\.1\/runs$/);
    const info = 'meta/resources/resources.info';
    const edits: readonly Edit[] = [
      { op: 'remove', path: runs },
      { op: 'symlink', path: runs, target: `${HOME}/meta/resources` },
      { op: 'write', path: info, hex: '01000000ff' },
    ];
    const source = applyEdits(loadTree('lone-legacy-target'), edits);
    const options = { bootId: bootIdOf('lone-legacy-target'), version: version('1.7.2') };
    expect(waysProblems(source, options)).toEqual([]);
    const { recommended } = compareWays(openSource(source, { workDir: HOME }), options);
    expect(recommended).toMatchObject({ way: 'as-non-strict', reservations: { kept: 2, of: 2 } });
    const changes = recommended?.planning?.plan?.steps.flatMap((step) => step.changes.map(({ path }) => path));
    expect(changes).toEqual([info, info]);
  });

  it('leave out what a copy brings back just to have it go, and nothing else of its executor', () => {
    const tree = 'default-executor-task-without-executor';
    const edits: readonly Edit[] = [
      { op: 'flip', path: pathIn(tree, /node-0-backup__a2\/task\.updates$/), offset: 0, mask: 1 },
      { op: 'flip', path: pathIn(tree, /node-0-init__a3\/task\.info$/), offset: 0, mask: 1 },
      { op: 'flip', path: pathIn(tree, /node-1-server__b1\/task\.info$/), offset: 0, mask: 5 },
    ];
    const copies = [openSource(loadTree(tree), { workDir: HOME }).tree];
    const options = {
      bootId: bootIdOf(tree),
      version: version('1.4.0'),
      launcher: 'posix' as const,
      sources: { copies },
    };
    expect(waysProblems(applyEdits(loadTree(tree), edits), options)).toEqual([]);
  });

  it('mend beside what cannot be brought back, in the same framework', () => {
    const [tasks, others] = [/node-0__executor.*\/tasks$/, /node-1__executor.*\/tasks$/].map((end) =>
      pathIn('pods', end),
    );
    const edits: readonly Edit[] = [
      { op: 'remove', path: tasks as string },
      { op: 'symlink', path: tasks as string, target: `${HOME}/${others}` },
      { op: 'write', path: pathIn('pods', /node-1__executor.*\/forked\.pid$/), hex: 'f9f0' },
      { op: 'remove', path: pathIn('pods', /slave\.info$/) },
    ];
    const source = applyEdits(loadTree('pods'), edits);
    const copies = [openSource(loadTree('pods'), { workDir: HOME }).tree];
    const options = { bootId: bootIdOf('pods'), sources: { copies } };
    expect(waysProblems(source, options)).toEqual([]);
    expect(compareWays(openSource(source, { workDir: HOME }), options).recommended?.executors).toEqual({
      kept: 2,
      of: 2,
    });
  });

  it('of a tree on which all recover: it is started as it is', () => {
    expect(brief(waysOf('volumes'))).toHaveLength(1);
    expect(waysOf('volumes').recommended?.way).toBe('as-is');
  });

  it('where a torn framework.info costs everything, and what its executors say brings it back', () => {
    const torn = pathIn('volumes', /framework\.info$/);
    const ways = waysOf('volumes', [{ op: 'truncate', path: torn, size: 3 }]);
    // What is exact keeps nothing that runs, and so it is not what one would do.
    expect(brief(ways)).toEqual([
      'as-is 0/2 0/2 - exact',
      'as-non-strict 0/2 0/2 4 exact',
      'salvage-suspect 2/2 2/2 0 suspect recommended',
      'remove-latest 0/2 0/2 4 exact',
    ]);
  });

  it('count updates from the logs, whether or not the start gets as far as to read them', () => {
    const open = (sandboxes: 'judge' | 'ignore') => compareWays(openPath('fixtures/sample-agent'), { sandboxes });
    const lost = ({ ways }: Ways) => Object.fromEntries(ways.map(({ way, updatesLost }) => [way, updatesLost ?? '-']));
    // Where sandboxes count, a start that is not strict aborts before it reads a log.
    expect(lost(open('judge'))).toEqual(lost(open('ignore')));
    expect(lost(open('judge'))).toMatchObject({ 'as-non-strict': 2, salvage: 1, 'remove-latest': 5 });
  });

  it.each(treeNames)(
    'of %s come up as they say, and the recommended one keeps most of those that are exact',
    (name) => {
      for (const file of [/task\.info$/, /executor\.info$/, /slave\.info$/, /task\.updates$/, /boot_id$/, /latest$/]) {
        const path = pathOfAny(name, file);
        if (path === undefined) continue;
        const ways = waysOf(name, [{ op: 'remove', path }]);
        const [asIs] = ways.ways;
        expect(asIs.way).toBe('as-is');
        for (const way of ways.ways) {
          const [start] = way.after.strict.starts;
          expect(way.comesUp).toBe(start !== undefined && comesUp(start));
          expect(way.executors.kept).toBeLessThanOrEqual(way.executors.of);
          expect(way.tasks.kept).toBeLessThanOrEqual(way.tasks.of);
          expect(way.updatesLost ?? 0).toBeGreaterThanOrEqual(0);
          if (way.planning === undefined || way.sure === 'suspect') continue;
          expect(compareKept(way, ways.recommended as Way)).toBeLessThanOrEqual(0);
        }
      }
    },
  );
});

const pathOfAny = (name: string, end: RegExp): string | undefined => {
  try {
    return pathIn(name, end);
  } catch {
    return undefined;
  }
};
