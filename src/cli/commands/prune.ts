import { type AppliedPlan, applyPlan } from '../../apply/apply-plan.ts';
import { archiveRefusal, changeable, refuseWhileRunning } from '../../apply/changing.ts';
import { Refusal } from '../../apply/refusal.ts';
import { planScript } from '../../apply/script/script.ts';
import { isArchive, type Opened } from '../../checkpoint/open.ts';
import { agentsIn } from '../../checkpoint/several.ts';
import { ownBootId } from '../../host/own-boot-id.ts';
import { comesUp } from '../../recovery/simulate.ts';
import type { Planning } from '../../repair/plan-repair.ts';
import { compareKept, compareWays } from '../../repair/ways/compare.ts';
import type { Level, Ways } from '../../repair/ways/way.ts';
import { applyJson, applyScreen, resumedText } from '../../report/apply/apply.ts';
import { pruneJson } from '../../report/json/prune.ts';
import { waysJson } from '../../report/json/ways.ts';
import { agentsJson } from '../../report/prune/no-way.ts';
import { pruneScreen } from '../../report/prune/screen.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import { styles } from '../../text/style.ts';
import { wrap } from '../../text/wrap.ts';
import { aboutCheckpoint } from '../about.ts';
import type { KnownAgent } from '../agent-info.ts';
import { changeOptions } from '../changing.ts';
import type { Define, Session } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { Interrupted, UsageError } from '../failure.ts';
import { type Io, screenOf } from '../io.ts';
import { type Judge, type Told, tellFailure, tellOne } from '../many/one.ts';
import { judgeAll, refuseForSeveral } from '../many/run.ts';
import { changeablePath } from '../next.ts';
import { openSaying } from '../open.ts';
import { pathsAndFlags } from '../options.ts';
import { checkOutside } from '../output-file.ts';
import { readPlanFile, writePlanFile, writeScriptFile } from '../plan-file.ts';
import {
  checkPruneUsage,
  declarePrune,
  knownAgentOf,
  levelIn,
  optionForOne,
  type PruneOptions,
  waysOptionsOf,
  wordsBehind,
} from '../prune-options.ts';
import { STANDARD_INPUT, STANDARD_OUTPUT } from '../standard.ts';
import { Undecided } from '../undecided.ts';
import { watching } from '../watching.ts';

export const define: Define = (command, session) =>
  declarePrune(command).action(async (words, options, own) => {
    const { paths, flags } = pathsAndFlags(words, own);
    session.exit(await prune(paths, { ...options, flags }, session));
  });

/** `prune PATH...`: prints what is planned and rehearsed, carries it out with `--apply`, and returns the exit code. */
const prune = async (given: readonly string[], options: PruneOptions, session: Session): Promise<number> => {
  checkPruneUsage(options);
  const alone = optionForOne(options);
  if (alone === undefined) return judgeAll({ command: 'prune', judge, given, options, agentsIn }, session);
  refuseForSeveral(given, options, alone);
  const [path = ''] = given;
  if (path === '') throw new UsageError('PATH is empty: is a variable not set?');
  if (options.newInfo === STANDARD_INPUT && path === STANDARD_INPUT)
    throw new UsageError('PATH and --new-info cannot both be standard input');
  if (options.apply === undefined) return (await judge(path, options, toldOf(options), session)).exitCode;
  try {
    return await apply(path, options, options.apply, session);
  } catch (error) {
    if (error instanceof Undecided) return error.say(options.json === true, session.io);
    return tellFailure('prune', path, error, toldOf(options), session.io).exitCode;
  }
};

const toldOf = ({ json }: PruneOptions): Told => ({
  each: json === true ? 'json' : 'screen',
  isOneOfSeveral: false,
  isSummedUp: false,
  isPlanned: true,
});

/** Plans for one PATH of several. */
export const judge: Judge<PruneOptions> = async (path, options, told, session) => {
  try {
    return await planOnly(path, options, told, session);
  } catch (error) {
    return tellFailure('prune', path, error, told, session.io);
  }
};

const openTree = (path: string, options: PruneOptions, session: Session): Promise<Opened> =>
  openSaying(path, { ...options, whole: true }, session);

/** The ways out, and the plan of the one that is asked for, or of the one that keeps most. */
export interface Choice {
  readonly ways: Ways;
  readonly planning: Planning;
  /** What was given and could not be used, and why: a sentence each. */
  readonly notes: readonly string[];
  /** The agent that starts, where its info is known. */
  readonly known: KnownAgent | undefined;
}

export const choose = (opened: Opened, options: PruneOptions, io: Io): Choice => {
  const notes = new Set<string>();
  const known = knownAgentOf(options, opened);
  const ways = compareWays(
    opened,
    waysOptionsOf(options, opened, io, known, (text) => notes.add(text)),
  );
  const level = levelIn(options);
  const planning = level === undefined ? ways.recommended?.planning : ways.planned[level];
  const unknown = known?.adopt.unknown ?? [];
  if (options.adopt === true && unknown.length > 0 && !refusesByInfo(ways)) {
    notes.add(`${unknown.join('; ')}: assumed unchanged. If it has changed, give the agent's log with --new-info.`);
  }
  for (const note of unsuited(ways, options, level, known)) notes.add(note);
  const otherwise = refusesByInfo(ways) ? ways.planned.adopt : undefined;
  return { ways, planning: planning ?? otherwise ?? ways.planned['as-non-strict'], notes: [...notes], known };
};

/** What was asked for, and does nothing here: a sentence each. */
const unsuited = (
  { ways, planned, before }: Ways,
  options: PruneOptions,
  level: Level | undefined,
  known: KnownAgent | undefined,
): readonly string[] => {
  const isOther = before.findings.some(({ code }) => code === 'agent-info-changed');
  const salvage = planned[level === 'salvage-suspect' ? 'salvage-suspect' : 'salvage'].plan;
  const isRow = ways.some(({ planning }) => planning?.plan === salvage);
  const isSalvage = options.salvage === true && options.adopt !== true && level !== undefined;
  return [
    ...(options.adopt === true && known !== undefined && (known.adopt.unknown ?? []).length === 0 && !isOther
      ? ["--adopt: the agent's info has not changed, so there is nothing to adopt."]
      : []),
    ...(isSalvage && salvage !== undefined && salvage.steps.length > 0 && !isRow
      ? [
          `${level === 'salvage-suspect' ? '--salvage --allow-suspect' : '--salvage'} keeps no more here than a way above it, and is the same plan.`,
        ]
      : []),
  ];
};

/** Says that an agent runs on the tree, where it does: `--apply` would refuse. */
const runningNote = (opened: Opened, io: Io): readonly string[] => {
  if (opened.from !== 'folder' || !opened.inPlace) return [];
  try {
    refuseWhileRunning(changeable(opened), changeOptions(io));
    return [];
  } catch (error) {
    if (error instanceof Refusal) return [`--apply would refuse now: ${error.message}.`];
    throw error;
  }
};

/** Whether the agent that starts has another info than the checkpointed one. */
const refusesByInfo = ({ before }: Ways): boolean => before.findings.some(({ code }) => code === 'agent-info-changed');

const notesText = (notes: readonly string[], { columns }: Io): string =>
  notes.map((note) => `${wrap(shown(note), columns)}\n`).join('');

const planOnly: Judge<PruneOptions> = async (path, options, told, session) => {
  const { io } = session;
  const opened = await openTree(path, options, session);
  for (const file of [options.plan, options.emitSh]) {
    if (file !== undefined && file !== STANDARD_OUTPUT) checkOutside(opened, file);
  }
  const choice = choose(opened, options, io);
  const { planning } = choice;
  const target = changeablePath(path, opened);
  if (options.plan !== undefined && planning.plan !== undefined) await writePlanFile(options.plan, planning.plan);
  const script = options.emitSh === undefined ? undefined : planScript(planning, options);
  if (script !== undefined) await emit(script, options.emitSh, io);
  const exitCode = exitCodeOf(planning, levelIn(options) !== 'adopt');
  // Where the script is printed, what is said of it is not to be among it.
  const beside = options.emitSh === STANDARD_OUTPUT ? { ...io, out: io.err } : io;
  return tellOne(exitCode, told, beside, {
    screen: () => screenText(path, choice, { opened, target, hasScript: script !== undefined }, options, told, io),
    json: () => choiceJson(path, opened, choice, options),
  });
};

/** What was planned, as `--json` prints it. */
export const choiceJson = (path: string, opened: Opened, choice: Choice, options: PruneOptions): object => {
  const { ways, planning, notes, known } = choice;
  const [target, behind] = [changeablePath(path, opened), wordsBehind(options)];
  const agents = agentsJson(planning, target, behind);
  const compared = { ways: waysJson(ways, target, behind), notes, ...(agents.length === 0 ? {} : { agents }) };
  const about = aboutCheckpoint(path, { opened, checkpoint: planning.before.checkpoint });
  const exitCode = exitCodeOf(planning, levelIn(options) !== 'adopt');
  return { ...pruneJson(path, planning, exitCode, known, about), ...compared };
};

/** What was read, and what was written. */
interface Seen {
  readonly opened: Opened;
  readonly target: string;
  readonly hasScript: boolean;
}

const screenText = (
  path: string,
  { ways, planning, notes, known }: Choice,
  { opened, target, hasScript }: Seen,
  options: PruneOptions,
  { isOneOfSeveral }: Told,
  io: Io,
): string => {
  const screen = screenOf(io);
  const scriptFile = hasScript ? options.emitSh : undefined;
  const saidOf = { ways, path: target, behind: wordsBehind(options), starting: known };
  const hasSteps = planning.plan !== undefined && planning.plan.steps.length > 0;
  return [
    isOneOfSeveral ? `${styles(io.colour).bold(shown(path))}\n` : '',
    pruneScreen(planning, { ...screen, planFile: options.plan, scriptFile, ...saidOf }),
    notesText([...notes, ...(hasSteps ? runningNote(opened, io) : [])], io),
    options.emitSh !== undefined && !hasScript ? `${wrap(NO_SCRIPT, screen.width)}\n` : '',
    isOneOfSeveral ? '\n' : '',
  ].join('');
};

const NO_SCRIPT = 'No script was written: the plan has no steps that it could carry out.';

const emit = async (script: string, file: string | undefined, io: Io): Promise<void> => {
  if (file === STANDARD_OUTPUT) io.out(script);
  else if (file !== undefined) await writeScriptFile(file, script);
};

/**
 * The plan that is applied where none is in a file.
 * @throws Undecided where no level was asked for, and they differ in what they keep: that is chosen in words
 */
const chooseToApply = (path: string, opened: Opened, options: PruneOptions, io: Io): Choice => {
  const choice = choose(opened, options, io);
  const { ways, recommended } = choice.ways;
  const others = ways.filter(({ planning }) => planning !== undefined);
  const isPlain = others.every((way) => way.sure === 'exact' && recommended && compareKept(way, recommended) === 0);
  if (levelIn(options) !== undefined || isPlain) return choice;
  throw new Undecided(choice.ways, path, wordsBehind(options));
};

/** Plans and applies, or applies the plan in a file. */
const apply = async (path: string, options: PruneOptions, file: string | true, session: Session): Promise<number> => {
  const { io } = session;
  // An archive need not be read to be refused.
  if (isArchive(path)) throw archiveRefusal(path);
  // Half of the screen comes before the change, and who reads it may have gone by then: what is asked for is done all the same.
  io.goOnUnread?.();
  let choice: Choice | undefined;
  const chosen = (opened: Opened): Planning => {
    choice = chooseToApply(path, opened, options, io);
    return choice.planning;
  };
  const plan = file === true ? chosen : readPlanFile(file);
  const screen = screenOf(io);
  const { width } = screen;
  const isJson = options.json === true;
  const behind = wordsBehind(options);
  return watching(async ({ signal, exitCode: stopped }) => {
    const applied = await applyPlan(await openTree(path, options, session), plan, {
      ...changeOptions(io),
      signal,
      force: options.force,
      journal: options.journal,
      bootId: options.bootId,
      rebooted: options.rebooted,
      ownBootId: ownBootId(),
      unfinished: 'go-on',
      onUnreadable: (why) =>
        io.err(`mesos-ckpt: an earlier journal cannot be read, and is left alone: ${shown(why)}\n`),
      onPlanned: (planning, resumed) => {
        if (isJson) return;
        io.out(resumedText(resumed, width));
        const told = { ways: choice?.ways, path, behind, starting: choice?.known };
        io.out(pruneScreen(planning, { ...screen, isApplied: true, ...told }));
        io.out(notesText(choice?.notes ?? [], io));
      },
    });
    const { planning } = applied;
    if (planning === undefined) {
      const text = 'stopped while going on with an earlier run; the next prune --apply goes on again';
      throw new Interrupted(text, stopped());
    }
    const exitCode = applied.ending === 'stopped' ? stopped() : appliedExitCode(applied, planning);
    if (isJson) {
      const compared = choice === undefined ? {} : { ways: waysJson(choice.ways, path, behind), notes: choice.notes };
      io.out(
        `${jsonLine({ ...pruneJson(path, planning, exitCode, choice?.known, aboutCheckpoint(path, { checkpoint: planning.before.checkpoint, opened: planning.opened })), ...compared, ...applyJson(applied) })}\n`,
      );
    } else {
      const { inPlace, tree } = planning.opened;
      io.out(applyScreen(applied, screen, inPlace ? undefined : tree.home));
      if (applied.run === undefined && exitCode !== EXIT.recovers) io.out(`${wrap(notApplied(choice), width)}\n`);
    }
    return exitCode;
  });
};

/** Why nothing was changed, where a change was asked for. */
const notApplied = (choice: Choice | undefined): string =>
  choice !== undefined && refusesByInfo(choice.ways)
    ? "Not applied, and nothing was changed: the agent's info has changed, which no other repair helps against. Plan with --adopt."
    : 'Not applied, and nothing was changed.';

/** What the plan comes to; a new agent that was accepted comes up with losses as planned. */
const exitCodeOf = ({ plan, after, startWith }: Planning, isWithOwnFlags: boolean): ExitCode => {
  if (plan === undefined) return EXIT.fails;
  // With the flags that it has it refuses, and nothing in the tree is to be changed.
  if (plan.steps.length === 0 && startWith !== undefined && isWithOwnFlags) return EXIT.fails;
  return plan.steps.length === 0 ? after.strict.exitCode : plan.rehearsed.exitCode;
};

/** So that the agent may be started behind `&&`: 0 where a strict start comes up, and as the plan said. */
const appliedExitCode = ({ verified, differences }: AppliedPlan, { plan, after, startWith }: Planning): ExitCode => {
  // It comes up with flags that it does not have: started as it is, it refuses.
  if (startWith !== undefined) return EXIT.fails;
  // Without meta this is the wrong folder, more often than not.
  if (verified === undefined && after.strict.exitCode === EXIT.unknown) return EXIT.unknown;
  const [start] = (verified ?? after).strict.starts;
  if (plan === undefined || differences.length > 0 || start === undefined || !comesUp(start)) return EXIT.fails;
  // Nothing was changed, and the start would be that of a new agent which forgets what runs here.
  return verified === undefined && after.strict.exitCode === EXIT.fails ? EXIT.fails : EXIT.recovers;
};
