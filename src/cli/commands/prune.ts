import * as fs from 'node:fs';
import { openPath, UnusablePath } from '../../checkpoint/open.ts';
import { planJson } from '../../repair/plan-json.ts';
import { type Planning, planRepair, type RepairOptions } from '../../repair/plan-repair.ts';
import { leftOutBy, selectorProblem } from '../../repair/selection.ts';
import { pruneJson } from '../../report/json/prune.ts';
import { pruneScreen } from '../../report/prune/screen.ts';
import { jsonLine, shown } from '../../report/text/escape.ts';
import { sayFailure } from '../failure.ts';
import { ownBootId } from '../host.ts';
import { EXIT, type ExitCode, type Io, OutputError, UsageError } from '../io.ts';
import { versionOf, workDirOf } from '../options.ts';

/** The options of `prune`, as the command line gives them. */
interface Options {
  readonly plan?: string;
  readonly salvage?: boolean;
  readonly from?: readonly string[];
  readonly allowSuspect?: boolean;
  readonly acceptNewAgent?: boolean;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly mesosVersion?: string;
  readonly bootId?: string;
  readonly rebooted?: boolean;
  readonly workDir?: string | undefined;
  readonly launcher?: 'posix' | 'linux';
  readonly sandboxes?: 'auto' | 'judge' | 'ignore';
  readonly json?: boolean;
}

/** `prune PATH`: prints what is planned and rehearsed, and returns the exit code. */
export const prune = (path: string, given: Readonly<Record<string, unknown>>, io: Io): number => {
  const options = given as Options;
  checkUsage(path, options);
  const workDir = workDirOf(options.workDir);
  try {
    const opened = openPath(path, { workDir });
    if (opened.level !== 'work_dir' && opened.level !== 'meta') {
      throw new UnusablePath(path, `the folder of one ${opened.level}; expected the agent's work_dir, or its meta`);
    }
    const planning = planRepair(opened, repairOptionsOf(options));
    if (options.plan !== undefined && planning.plan !== undefined) writePlan(options.plan, planning);
    const exitCode = exitCodeOf(planning);
    if (options.json === true) io.out(`${jsonLine(pruneJson(path, planning, exitCode))}\n`);
    else io.out(pruneScreen(planning, { width: io.columns, colour: io.colour, planFile: options.plan }));
    return exitCode;
  } catch (error) {
    return sayFailure(path, error, options.json === true, io);
  }
};

const checkUsage = (path: string, options: Options): void => {
  if (path === '') throw new UsageError('PATH is empty: is a variable not set?');
  if (options.bootId?.trim() === '') throw new UsageError('--boot-id: it is empty; leave it out where it is not known');
  if (options.plan === '') throw new UsageError('--plan: the name of a file is wanted');
  if (options.from !== undefined && options.salvage !== true) throw new UsageError('--from goes with --salvage');
  if (options.allowSuspect === true && options.salvage !== true) {
    throw new UsageError('--allow-suspect goes with --salvage');
  }
  for (const name of ['only', 'skip'] as const) {
    for (const text of options[name] ?? []) {
      const problem = selectorProblem(text);
      if (problem !== undefined) throw new UsageError(`--${name}: '${shown(text)}': ${problem}`);
    }
  }
};

/** What is planned, and assumed, by the command line. */
export const repairOptionsOf = (options: Options): RepairOptions => ({
  version: versionOf(options.mesosVersion),
  bootId: options.bootId?.trim(),
  rebooted: options.rebooted,
  ownBootId: ownBootId(),
  sandboxes: options.sandboxes ?? 'auto',
  launcher: options.launcher ?? 'posix',
  acceptNewAgent: options.acceptNewAgent,
  isLeftOut: leftOutBy({ only: options.only, skip: options.skip ?? [] }),
});

/** What the plan comes to; a new agent that was accepted comes up with losses as planned. */
const exitCodeOf = ({ plan, after }: Planning): ExitCode => {
  if (plan === undefined) return EXIT.fails;
  return plan.steps.length === 0 ? after.strict.exitCode : plan.rehearsed.exitCode;
};

/** A plan may hold what is in a checkpoint: it is for its owner alone. What is there already is not overwritten. */
const writePlan = (file: string, { plan }: Planning): void => {
  if (plan === undefined) return;
  try {
    fs.writeFileSync(file, `${jsonLine(planJson(plan))}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`--plan: ${shown(file)} is there already; give the name of a new file`);
    throw new OutputError(`${shown(file)}: ${code ?? String(error)}`);
  }
};
