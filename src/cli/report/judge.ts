import * as path from 'node:path';
import { readJournalAt } from '../../apply/journal-actions.ts';
import { rehearsePlan } from '../../apply/rehearse-plan.ts';
import type { Opened } from '../../checkpoint/open.ts';
import { UnusablePath } from '../../checkpoint/unusable.ts';
import { compareTrees } from '../../compare/compare.ts';
import { collectedHost } from '../../host/collected.ts';
import { gatherHost } from '../../host/gather.ts';
import type { Host } from '../../host/host.ts';
import { ownBootId } from '../../host/own-boot-id.ts';
import { openHost } from '../../preflight/open-host.ts';
import { runChecks } from '../../preflight/preflight.ts';
import { changesOf } from '../../repair/plan/plan.ts';
import { withChanges } from '../../repair/plan/with-changes.ts';
import type { Compared } from '../../report/diff/compared.ts';
import { differenceJson, diffJsonBegin, diffJsonEnd } from '../../report/diff/json.ts';
import { livingBelow } from '../../report/diff/living-below.ts';
import { Counting } from '../../report/diff/stat.ts';
import { aboutAgentJson } from '../../report/json/about.ts';
import { preflightJson } from '../../report/json/preflight.ts';
import { verifyJson } from '../../report/json/verify.ts';
import type { Said } from '../../report/page/document.ts';
import { saidOf } from '../../report/page/said.ts';
import { nextJson } from '../../report/ways/next.ts';
import { errnoText } from '../../source/errno.ts';
import type { Tree } from '../../source/links.ts';
import { shown } from '../../text/escape.ts';
import type { Verification } from '../../verify/verification.ts';
import { verifyCheckpoint } from '../../verify/verify.ts';
import { aboutCheckpoint } from '../about.ts';
import type { Session } from '../command.ts';
import { journalSides } from '../commands/diff.ts';
import { type LookOptions, lookAt, lookAtHost } from '../commands/preflight.ts';
import { choiceJson, choose } from '../commands/prune.ts';
import { UsageError } from '../failure.ts';
import { changeablePath, nextOfWays } from '../next.ts';
import { openSaying } from '../open.ts';
import { assumedBy } from '../options.ts';
import { readPlanFile } from '../plan-file.ts';
import { type PruneOptions, wordsBehind } from '../prune-options.ts';
import type { ReportOptions } from './options.ts';

/** An agent that was judged: what the other commands say of it. */
export interface JudgedAgent {
  readonly path: string;
  readonly opened: Opened;
  readonly verification: Verification;
  readonly exitCode: number;
  /** The part of the document that is there before its entries are read. */
  readonly head: JudgedHead;
}

/** What each of the commands prints with `--json`, and their words. */
export interface JudgedHead {
  readonly path: string;
  readonly said: Said;
  readonly verify: object;
  readonly prune: object;
  readonly preflight: object | null;
  readonly diff: object | null;
}

/** Judges what is at a PATH by all commands, each fact by the one that tells it. Nothing is written. */
export const judgeAgent = async (
  given: string | undefined,
  options: ReportOptions,
  isOneOfSeveral: boolean,
  session: Session,
): Promise<JudgedAgent> => {
  const { path: at, workDir } = pathOf(given, options, session);
  const opened = await openSaying(at, { ...options, workDir, whole: true }, session);
  const asPrune = pruneOptionsOf(options, workDir);
  const choice = choose(opened, asPrune, session.io);
  const { before } = choice.ways;
  const behind = wordsBehind(asPrune);
  const next = nextOfWays(at, opened, choice.ways, behind);
  const about = aboutCheckpoint(at, { opened, checkpoint: before.checkpoint });
  const verify = verifyJson(at, before, { mode: 'strict', withState: false, next: nextJson(next), about });
  const { exitCode } = before.strict;
  const head: JudgedHead = {
    ...aboutAgentJson(about, before.checkpoint.agent?.id),
    ...{ path: at, exitCode },
    said: saidOf(choice.ways, next, { target: changeablePath(at, opened), behind }),
    verify,
    prune: choiceJson(at, opened, choice, asPrune),
    preflight: preflightOf(at, opened, options, isOneOfSeveral, session),
    diff: diffOf(at, opened, options),
  };
  return { path: at, opened, verification: before, exitCode, head };
};

/** The path of what is to be read, where a host or a journal tells it. */
const pathOf = (
  given: string | undefined,
  { root, journal, workDir }: ReportOptions,
  { world }: Session,
): { readonly path: string; readonly workDir: string | undefined } => {
  if (given !== undefined) return { path: given, workDir };
  if (journal !== undefined) return { path: treeOfJournal(journal), workDir };
  if (root === undefined) throw new UsageError('no PATH is given');
  const host = openRoot(root, world?.open ?? openHost);
  const found = gatherHost(host, { workDir, now: world?.now() ?? Date.now() }).workDir;
  const local = found === undefined ? undefined : host.local(found.path);
  if (found === undefined || local === undefined) {
    throw new UsageError(`--root: nothing in ${shown(root)} tells where the work_dir is: name it as PATH`);
  }
  return { path: path.normalize(local), workDir: found.inside };
};

/** The tree that a journal is of. */
const treeOfJournal = (journal: string): string => {
  const { workDir, meta } = readJournalAt(journal).place.target;
  return path.join(workDir, meta);
};

/** @throws UsageError where a root cannot be looked at */
const openRoot = (root: string, open: (root: string) => Host): Host => {
  try {
    return open(root);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof UnusablePath) throw new UsageError(`--root: ${error.message}`);
    if (code === undefined) throw error;
    throw new UsageError(`--root: ${shown(root)}: ${errnoText(code)}; expected a folder that holds a host's /etc`);
  }
};

/** What `prune` is asked for, where nothing is asked for but to compare. */
const pruneOptionsOf = (
  { root, mesosVersion, bootId, rebooted, launcher, sandboxes, maxSize, maxRecord }: ReportOptions,
  workDir: string | undefined,
): PruneOptions => ({
  ...defined({ root, bootId, rebooted, workDir }),
  ...{ mesosVersion, launcher, sandboxes, maxSize, maxRecord, flags: [] },
});

const lookOptionsOf = ({ workDir, to, scenario, maxSize }: ReportOptions): LookOptions => ({
  ...defined({ workDir, to, scenario }),
  ...{ maxSize, supposed: [] },
});

/** What is there of some options: one that was not given is not there, and not undefined. */
const defined = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;

/** What `preflight` says of the host that is named, or that was collected with the checkpoint; null where there is none. */
const preflightOf = (
  given: string,
  { collectedTree }: Opened,
  options: ReportOptions,
  isOneOfSeveral: boolean,
  session: Session,
): object | null => {
  const asked = lookOptionsOf(options);
  const looked =
    options.root !== undefined
      ? lookAt(options.root, asked, isOneOfSeveral, session)
      : collectedTree !== undefined
        ? lookAtHost(given, collectedHost(given, collectedTree), asked, isOneOfSeveral, session)
        : undefined;
  if (looked === undefined) return null;
  const { facts, about } = looked;
  return preflightJson(runChecks(facts, { only: [], skip: [], failOn: new Map() }), { showSecrets: false, about });
};

/** What `diff` says of the tree before and after a plan or a journal; null where neither is given. */
const diffOf = (given: string, opened: Opened, options: ReportOptions): object | null => {
  const { plan, journal } = options;
  if (plan !== undefined) return diffOfPlan(given, opened, plan, options);
  if (journal === undefined) return null;
  const assumed = assumedBy(options);
  const [a, b] = journalSides(journal, options).map(({ name, opened: side }) => ({
    tree: side.tree,
    compared: { name, verification: verifyCheckpoint(side, { ...assumed, brief: true }) },
  })) as [Side, Side];
  return differences(a, b);
};

/** A tree, and what it comes to. */
interface Side {
  readonly tree: Tree;
  readonly compared: Compared;
}

const diffOfPlan = (given: string, opened: Opened, file: string, { bootId, rebooted }: ReportOptions): object => {
  const plan = readPlanFile(file, '--plan');
  const { before, after } = rehearsePlan(plan, opened, { bootId, rebooted, ownBootId: ownBootId() });
  const source = withChanges(opened.tree.source, changesOf(plan));
  return differences(
    { tree: opened.tree, compared: { name: `${given} (now)`, verification: before } },
    { tree: { ...opened.tree, source }, compared: { name: `${given} (with ${file})`, verification: after } },
  );
};

/** The document of `diff --json`. */
const differences = (a: Side, b: Side): object => {
  const counting = new Counting();
  const living = livingBelow(a.compared, b.compared);
  const all: string[] = [];
  for (const difference of compareTrees(a.tree, b.tree)) {
    counting.add(difference);
    all.push(differenceJson(difference, living, false));
  }
  return JSON.parse(`${diffJsonBegin(a.compared, b.compared)}${all.join(',')}${diffJsonEnd(counting)}`);
};
