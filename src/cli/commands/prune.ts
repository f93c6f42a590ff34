import { type AppliedPlan, applyPlan } from '../../apply/apply-plan.ts';
import { archiveRefusal } from '../../apply/changing.ts';
import { Refusal } from '../../apply/refusal.ts';
import { isArchive, type Opened } from '../../checkpoint/open.ts';
import { comesUp } from '../../recovery/simulate.ts';
import type { Planning } from '../../repair/plan-repair.ts';
import { compareKept, compareWays } from '../../repair/ways/compare.ts';
import type { Ways } from '../../repair/ways/way.ts';
import { applyJson, applyScreen, resumedText } from '../../report/apply/apply.ts';
import { pruneJson } from '../../report/json/prune.ts';
import { waysJson } from '../../report/json/ways.ts';
import { pruneScreen } from '../../report/prune/screen.ts';
import { commandOf, typed } from '../../report/ways/command.ts';
import { keepsText } from '../../report/ways/table.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import { wrap } from '../../text/wrap.ts';
import { changeOptions } from '../changing.ts';
import type { Define, Session } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { Interrupted, sayFailure } from '../failure.ts';
import { ownBootId } from '../host.ts';
import type { Io } from '../io.ts';
import { changeablePath } from '../next.ts';
import { openSaying } from '../open.ts';
import { readPlanFile, writePlanFile } from '../plan-file.ts';
import {
  checkPruneUsage,
  declarePrune,
  levelIn,
  type PruneOptions,
  waysOptionsOf,
  wordsBehind,
} from '../prune-options.ts';
import { watching } from '../watching.ts';

export const define: Define = (command, session) =>
  declarePrune(command).action(async (path, flags, options) =>
    session.exit(await prune(path, { ...options, flags }, session)),
  );

/** `prune PATH`: prints what is planned and rehearsed, carries it out with `--apply`, and returns the exit code. */
const prune = async (path: string, options: PruneOptions, session: Session): Promise<number> => {
  checkPruneUsage(path, options);
  try {
    return await (options.apply === undefined
      ? planOnly(path, options, session)
      : apply(path, options, options.apply, session));
  } catch (error) {
    return sayFailure(path, error, options.json === true, session.io);
  }
};

const openTree = (path: string, { workDir }: PruneOptions, session: Session): Promise<Opened> =>
  openSaying(path, { workDir, whole: true }, session);

/** The ways out, and the plan of the one that is asked for, or of the one that keeps most. */
interface Choice {
  readonly ways: Ways;
  readonly planning: Planning;
}

const choose = (opened: Opened, options: PruneOptions, io: Io, note?: (text: string) => void): Choice => {
  const ways = compareWays(opened, waysOptionsOf(options, opened, io, note));
  const level = levelIn(options);
  const planning = level === undefined ? ways.recommended?.planning : ways.planned[level];
  return { ways, planning: planning ?? ways.planned['as-non-strict'] };
};

const planOnly = async (path: string, options: PruneOptions, session: Session): Promise<number> => {
  const { io } = session;
  const notes: string[] = [];
  const opened = await openTree(path, options, session);
  const { ways, planning } = choose(opened, options, io, (note) => notes.push(note));
  const target = changeablePath(path, opened);
  if (options.plan !== undefined && planning.plan !== undefined) writePlanFile(options.plan, planning.plan);
  const exitCode = exitCodeOf(planning);
  const behind = wordsBehind(options);
  if (options.json === true) {
    io.out(`${jsonLine({ ...pruneJson(path, planning, exitCode), ways: waysJson(ways, target, behind) })}\n`);
  } else {
    const { columns: width, colour } = io;
    io.out(pruneScreen(planning, { width, colour, planFile: options.plan, ways, path: target, behind }));
    for (const note of new Set(notes)) io.out(`${wrap(shown(note), width)}\n`);
  }
  return exitCode;
};

/**
 * The plan that is applied where none is in a file.
 * @throws Refusal where no level was asked for, and they differ in what they keep: that is chosen in words
 */
const chooseToApply = (path: string, opened: Opened, options: PruneOptions, io: Io): Choice => {
  const choice = choose(opened, options, io);
  const { ways, recommended } = choice.ways;
  const others = ways.filter(({ planning }) => planning !== undefined);
  const isPlain = others.every((way) => way.sure === 'exact' && recommended && compareKept(way, recommended) === 0);
  if (levelIn(options) !== undefined || isPlain) return choice;
  const commands = others.map(
    (way) => `${typed(commandOf(way, path, wordsBehind(options)) ?? [])} (${keepsText(way)})`,
  );
  throw new Refusal(
    others.length === 1
      ? `the only way is a best guess, so it is taken in words: ${commands[0]}`
      : `the ways differ in what they keep, so say which one: ${commands.join(', or ')}`,
  );
};

/** Plans and applies, or applies the plan in a file. */
const apply = async (path: string, options: PruneOptions, file: string | true, session: Session): Promise<number> => {
  const { io } = session;
  // An archive need not be read to be refused.
  if (isArchive(path)) throw archiveRefusal(path);
  let ways: Ways | undefined;
  const chosen = (opened: Opened): Planning => {
    const choice = chooseToApply(path, opened, options, io);
    ways = choice.ways;
    return choice.planning;
  };
  const plan = file === true ? chosen : readPlanFile(file);
  const { columns: width, colour } = io;
  const isJson = options.json === true;
  const behind = wordsBehind(options);
  return watching(io, 'applying', async ({ signal, onStep, exitCode: stopped }) => {
    const applied = await applyPlan(await openTree(path, options, session), plan, {
      ...changeOptions(io),
      signal,
      onStep,
      force: options.force,
      journal: options.journal,
      bootId: options.bootId,
      ownBootId: ownBootId(),
      unfinished: 'go-on',
      onUnreadable: (why) =>
        io.err(`mesos-ckpt: an earlier journal cannot be read, and is left alone: ${shown(why)}\n`),
      onPlanned: (planning, resumed) => {
        if (isJson) return;
        io.out(resumedText(resumed, width));
        io.out(pruneScreen(planning, { width, colour, isApplied: true, ways, path, behind }));
      },
    });
    const { planning } = applied;
    if (planning === undefined) {
      const text = 'stopped while going on with an earlier run; the next prune --apply goes on again';
      throw new Interrupted(text, stopped());
    }
    const exitCode = applied.ending === 'stopped' ? stopped() : appliedExitCode(applied, planning);
    if (isJson) {
      const compared = ways === undefined ? {} : { ways: waysJson(ways, path, behind) };
      io.out(`${jsonLine({ ...pruneJson(path, planning, exitCode), ...compared, ...applyJson(applied) })}\n`);
    } else io.out(applyScreen(applied, { width, colour }));
    return exitCode;
  });
};

/** What the plan comes to; a new agent that was accepted comes up with losses as planned. */
const exitCodeOf = ({ plan, after }: Planning): ExitCode => {
  if (plan === undefined) return EXIT.fails;
  return plan.steps.length === 0 ? after.strict.exitCode : plan.rehearsed.exitCode;
};

/** So that the agent may be started behind `&&`: 0 where a strict start comes up, and as the plan said. */
const appliedExitCode = ({ verified, differences }: AppliedPlan, { plan, after }: Planning): ExitCode => {
  const [start] = (verified ?? after).strict.starts;
  if (plan === undefined || differences.length > 0 || start === undefined || !comesUp(start)) return EXIT.fails;
  // Nothing was changed, and the start would be that of a new agent which forgets what runs here.
  return verified === undefined && after.strict.exitCode === EXIT.fails ? EXIT.fails : EXIT.recovers;
};
