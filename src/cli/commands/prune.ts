import { planDigest } from '../../apply/actions.ts';
import { stepsOf } from '../../apply/plan-steps.ts';
import { type Opened, openPath, UnusablePath } from '../../checkpoint/open.ts';
import { type Planning, planRepair } from '../../repair/plan-repair.ts';
import { applyJson, applyScreen, resumedText } from '../../report/apply/apply.ts';
import { pruneJson } from '../../report/json/prune.ts';
import { pruneScreen } from '../../report/prune/screen.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import { wrap } from '../../text/wrap.ts';
import { type ApplyRequest, applyPlan } from '../apply.ts';
import type { Define } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { sayFailure } from '../failure.ts';
import type { Io } from '../io.ts';
import { planIn, planningOf, rehearsalOptions, writePlan } from '../plan-file.ts';
import { checkPruneUsage, declarePrune, type PruneOptions, repairOptionsOf } from '../prune-options.ts';

export const define: Define = (command, { io, exit }) =>
  declarePrune(command).action(async (path, flags, options) => exit(await prune(path, { ...options, flags }, io)));

/** `prune PATH`: prints what is planned and rehearsed, carries it out with `--apply`, and returns the exit code. */
const prune = async (path: string, options: PruneOptions, io: Io): Promise<number> => {
  checkPruneUsage(path, options);
  const open = (): Opened => openTree(path, options.workDir);
  try {
    return options.apply === undefined ? planOnly(path, open(), options, io) : await applied(path, open, options, io);
  } catch (error) {
    return sayFailure(path, error, options.json === true, io);
  }
};

const openTree = (path: string, workDir: string | undefined): Opened => {
  const opened = openPath(path, { workDir });
  if (opened.level === 'work_dir' || opened.level === 'meta') return opened;
  throw new UnusablePath(path, `the folder of one ${opened.level}; expected the agent's work_dir, or its meta`);
};

const planOnly = (path: string, opened: Opened, options: PruneOptions, io: Io): number => {
  const notes: string[] = [];
  const planning = planRepair(
    opened,
    repairOptionsOf(options, opened, (note) => notes.push(note)),
  );
  if (options.plan !== undefined && planning.plan !== undefined) writePlan(options.plan, planning);
  const exitCode = exitCodeOf(planning);
  if (options.json === true) io.out(`${jsonLine(pruneJson(path, planning, exitCode))}\n`);
  else {
    const { columns: width, colour } = io;
    io.out(pruneScreen(planning, { width, colour, planFile: options.plan, isSalvage: options.salvage }));
    for (const note of new Set(notes)) io.out(`${wrap(shown(note), width)}\n`);
  }
  return exitCode;
};

const applied = async (path: string, open: () => Opened, options: PruneOptions, io: Io): Promise<number> => {
  const isJson = options.json === true;
  const file = typeof options.apply === 'string' ? options.apply : undefined;
  const request: ApplyRequest = {
    path,
    journal: options.journal,
    force: options.force === true,
    open,
    plan: (resumed) => {
      const plan = file === undefined ? undefined : planIn(file);
      // What an earlier run has left of this very plan has just been done.
      const isDone = plan !== undefined && resumed.some((run) => run.plan === planDigest(stepsOf(plan)));
      if (plan === undefined || isDone) {
        const opened = open();
        return planRepair(opened, repairOptionsOf(options, opened));
      }
      return planningOf(plan, open(), options);
    },
    verifyOptions: ({ before }) => rehearsalOptions(before.assumed, options),
    show: (planning, resumed) => {
      if (isJson) return;
      io.out(resumedText(resumed, io.columns));
      const { columns: width, colour } = io;
      io.out(pruneScreen(planning, { width, colour, isApplied: true, isSalvage: options.salvage }));
    },
  };
  const { planning, resumed, result, stopped } = await applyPlan(request, io);
  if (planning === undefined) {
    const error = 'stopped while going on with an earlier run; the next prune --apply goes on again';
    if (isJson) io.out(`${jsonLine({ path, error })}\n`);
    else io.err(`mesos-ckpt: ${error}\n`);
    return stopped;
  }
  const exitCode = result?.exitCode ?? exitCodeOf(planning);
  if (isJson) {
    const outcome = result === undefined ? {} : { outcome: result.ending };
    io.out(`${jsonLine({ ...pruneJson(path, planning, exitCode), ...outcome, ...applyJson(result, resumed) })}\n`);
  } else if (result !== undefined) io.out(`\n${applyScreen(result, { width: io.columns, colour: io.colour })}`);
  return exitCode;
};

/** What the plan comes to; a new agent that was accepted comes up with losses as planned. */
const exitCodeOf = ({ plan, after }: Planning): ExitCode => {
  if (plan === undefined) return EXIT.fails;
  return plan.steps.length === 0 ? after.strict.exitCode : plan.rehearsed.exitCode;
};
