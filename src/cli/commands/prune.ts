import { type AppliedPlan, applyPlan } from '../../apply/apply-plan.ts';
import { archiveRefusal } from '../../apply/changing.ts';
import { isArchive, type Opened } from '../../checkpoint/open.ts';
import { comesUp } from '../../recovery/simulate.ts';
import { type Planning, planRepair } from '../../repair/plan-repair.ts';
import { applyJson, applyScreen, resumedText } from '../../report/apply/apply.ts';
import { pruneJson } from '../../report/json/prune.ts';
import { pruneScreen } from '../../report/prune/screen.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import { wrap } from '../../text/wrap.ts';
import { changeOptions } from '../changing.ts';
import type { Define, Session } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { Interrupted, sayFailure } from '../failure.ts';
import { ownBootId } from '../host.ts';
import { openSaying } from '../open.ts';
import { readPlanFile, writePlanFile } from '../plan-file.ts';
import { checkPruneUsage, declarePrune, type PruneOptions, repairOptionsOf } from '../prune-options.ts';
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

const planOnly = async (path: string, options: PruneOptions, session: Session): Promise<number> => {
  const { io } = session;
  const notes: string[] = [];
  const opened = await openTree(path, options, session);
  const planning = planRepair(
    opened,
    repairOptionsOf(options, opened, io, (note) => notes.push(note)),
  );
  if (options.plan !== undefined && planning.plan !== undefined) writePlanFile(options.plan, planning.plan);
  const exitCode = exitCodeOf(planning);
  if (options.json === true) io.out(`${jsonLine(pruneJson(path, planning, exitCode))}\n`);
  else {
    const { columns: width, colour } = io;
    io.out(pruneScreen(planning, { width, colour, planFile: options.plan, isSalvage: options.salvage }));
    for (const note of new Set(notes)) io.out(`${wrap(shown(note), width)}\n`);
  }
  return exitCode;
};

/** Plans and applies, or applies the plan in a file. */
const apply = async (path: string, options: PruneOptions, file: string | true, session: Session): Promise<number> => {
  const { io } = session;
  // An archive need not be read to be refused.
  if (isArchive(path)) throw archiveRefusal(path);
  const plan =
    file === true ? (opened: Opened) => planRepair(opened, repairOptionsOf(options, opened, io)) : readPlanFile(file);
  const { columns: width, colour } = io;
  const isJson = options.json === true;
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
        io.out(pruneScreen(planning, { width, colour, isApplied: true, isSalvage: options.salvage }));
      },
    });
    const { planning } = applied;
    if (planning === undefined) {
      const text = 'stopped while going on with an earlier run; the next prune --apply goes on again';
      throw new Interrupted(text, stopped());
    }
    const exitCode = applied.ending === 'stopped' ? stopped() : appliedExitCode(applied, planning);
    if (isJson) io.out(`${jsonLine({ ...pruneJson(path, planning, exitCode), ...applyJson(applied) })}\n`);
    else io.out(applyScreen(applied, { width, colour, exitCode }));
    return exitCode;
  });
};

/** What the plan comes to; a new agent that was accepted comes up with losses as planned. */
const exitCodeOf = ({ plan, after }: Planning): ExitCode => {
  if (plan === undefined) return EXIT.fails;
  return plan.steps.length === 0 ? after.strict.exitCode : plan.rehearsed.exitCode;
};

/** The plan's own code where the start is as rehearsed; else the verdict on the tree as it is. */
const appliedExitCode = ({ verified, differences }: AppliedPlan, planning: Planning): ExitCode => {
  if (verified === undefined || differences.length === 0) return exitCodeOf(planning);
  const [start] = verified.strict.starts;
  if (start === undefined || !comesUp(start)) return EXIT.fails;
  return start.verdict === 'new-agent' && planning.plan?.rehearsed.verdict !== 'new-agent' ? EXIT.fails : EXIT.losses;
};
