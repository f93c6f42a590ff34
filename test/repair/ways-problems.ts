import { isDeepStrictEqual } from 'node:util';
import { openSource } from '../../src/checkpoint/open.ts';
import { comesUp, type Start } from '../../src/recovery/simulate.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import { changesOf, type Plan } from '../../src/repair/plan/plan.ts';
import { withChanges } from '../../src/repair/plan/with-changes.ts';
import { compareKept, compareWays, type WaysOptions } from '../../src/repair/ways/compare.ts';
import { LEVELS, type Level, type Way, type Ways } from '../../src/repair/ways/way.ts';
import { stateJson } from '../../src/report/json/state.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import type { Source } from '../../src/source/source.ts';
import type { Verification } from '../../src/verify/verification.ts';
import { HOME } from '../support/trees.ts';

const open = (source: Source) => openSource(source, { workDir: HOME });

/** What is wrong with a comparison: of each way with what is there once its plan is made, and of the ways with each other. */
export const waysProblems = (source: MemorySource, options: WaysOptions): readonly string[] => {
  const all = compareWays(open(source), options);
  return [...recommendedProblems(all), ...all.ways.flatMap((way) => wayProblems(source, way, all, options))];
};

/** What the recommended way keeps, no other exact way keeps more of, and no plan that a level has is left out. */
const recommendedProblems = ({ ways, recommended, planned, before }: Ways): readonly string[] => {
  const exact = ways.filter(({ way, sure, comesUp: isUp }) => way !== 'remove-latest' && sure === 'exact' && isUp);
  const problems = exact
    .filter((way) => way !== recommended && (way.way !== 'as-is' || before.strict.exitCode < 2))
    .flatMap((way) => {
      if (recommended === undefined) return [`${way.way} is not a recommended way`];
      return moreOf(way, recommended).map(
        (what) => `${way.way} keeps more ${what} than ${recommended.way}, which is recommended`,
      );
    });
  const unnamed = LEVELS.filter((level) => {
    const { plan } = planned[level];
    return (
      plan !== undefined &&
      plan.steps.length > 0 &&
      !ways.some(({ planning }) => isDeepStrictEqual(planning?.plan?.steps, plan.steps))
    );
  });
  if (recommended?.sure === 'suspect' && exact.some(({ way, executors }) => way !== 'as-is' && executors.kept > 0))
    problems.push('a guess is recommended before an exact way');
  return [...problems, ...unnamed.map((level) => `the plan of ${level} is not among the ways`)];
};

/** In what a way keeps more than another. */
const moreOf = (way: Way, other: Way): readonly string[] => {
  const out: string[] = [];
  if (compareKept(way, other) > 0) out.push('in all');
  // A new agent, which forgets all that runs, keeps reservations that the agent itself would refuse to start with.
  if (forgets(way) && !forgets(other)) return out;
  if (way.executors.kept > other.executors.kept) out.push('executors');
  if (way.tasks.kept > other.tasks.kept) out.push('tasks');
  if ((way.updatesLost ?? Infinity) < (other.updatesLost ?? Infinity)) out.push('updates');
  if (way.reservations.kept > other.reservations.kept) out.push('reservations');
  return out;
};

const forgets = ({ after }: Way): boolean => after.strict.starts[0]?.verdict === 'new-agent';

/** The levels that do no more than one is allowed to. */
const upTo = (level: Level): readonly Level[] =>
  level === 'adopt' ? ['adopt'] : LEVELS.slice(0, LEVELS.indexOf(level) + 1);

const wayProblems = (source: MemorySource, way: Way, all: Ways, options: WaysOptions): readonly string[] => {
  const plan = way.planning?.plan;
  if (plan === undefined || way.way === 'as-is' || way.way === 'remove-latest') return [];
  const made = withChanges(source, changesOf(plan));
  const given: WaysOptions = {
    ...options,
    sandboxes: plan.assumed.judgeSandboxes ? 'judge' : 'ignore',
    // An adopted info asks for a policy of its own.
    agentInfo: plan.assumed.agentInfo ?? options.agentInfo,
  };
  const again = compareWays(open(made), given);
  const problems = [...startProblems(again.before), ...keptProblems(way, again.ways[0], all)];
  if (!isSame(way.after, again.before)) problems.push('what was rehearsed is not what is read from the first byte');
  for (const level of upTo(way.way)) {
    const second = again.planned[level]?.plan;
    if (second === undefined) problems.push(`there is no second plan of ${level}`);
    else if (second.steps.length > 0) {
      problems.push(`a second plan of ${level} has ${stepsText(second)}`);
    }
  }
  return problems.map((problem) => `${way.way}: ${problem}`);
};

const stepsText = ({ steps }: Plan): string =>
  steps.map(({ what, mends }) => `${what} (${mends[0].code} ${mends[0].path})`).join('; ');

const startProblems = ({ strict: { starts } }: Verification): readonly string[] => {
  const [first] = starts;
  if (starts.length === 1 && first !== undefined && comesUp(first)) return [];
  return [
    `a strict start does not come up at its first try: ${starts.map(({ messages, afterwards }) => [...messages, afterwards].join(' ')).join('; ')}`,
  ];
};

/** A way keeps what it says; once it is taken, updates are counted against what is left. */
const keptProblems = (way: Way, taken: Way, { ways }: Ways): readonly string[] => {
  const problems: string[] = [];
  if (taken.executors.kept !== way.executors.kept)
    problems.push(`keeps ${taken.executors.kept} executors, not ${way.executors.kept}`);
  if (taken.tasks.kept !== way.tasks.kept) problems.push(`keeps ${taken.tasks.kept} tasks, not ${way.tasks.kept}`);
  if (taken.reservations.kept !== way.reservations.kept)
    problems.push(`keeps ${taken.reservations.kept} reservations, not ${way.reservations.kept}`);
  for (const each of ways) {
    for (const { kept, of } of [each.executors, each.tasks, each.reservations])
      if (kept > of || kept < 0) problems.push(`${kept} of ${of}`);
    if ((each.updatesLost ?? 0) < 0) problems.push(`loses ${each.updatesLost} updates`);
  }
  return problems;
};

/** Whether a rehearsal, which reads again just what has changed, says the same as one that reads all. */
const isSame = (after: Verification, whole: Verification): boolean => {
  const told = ({ strict, findings, version }: Verification) => ({
    state: stateJson((strict.starts[0] as Start).state, rulesOf(version)),
    exitCode: strict.exitCode,
    impact: strict.impact,
    findings: findings.map(({ code, path }) => `${code} ${path}`).sort(),
  });
  return isDeepStrictEqual(told(after), told(whole));
};
