import { type Opened, openPath } from '../checkpoint/open.ts';
import { FolderHost } from '../host/folder.ts';
import { agentInfoRebuilder } from '../preflight/agent-info/rebuilder.ts';
import type { RepairOptions, Salvage } from '../repair/plan-repair.ts';
import { leftOutBy, selectorProblem } from '../repair/selection.ts';
import { errnoText } from '../source/errno.ts';
import type { Tree } from '../source/links.ts';
import { shown } from '../text/escape.ts';
import { UsageError } from './io.ts';
import { type AssumedOptions, agentFlagsIn, assumedBy, versionOf } from './options.ts';

/** The options of `prune`, as the command line gives them. */
export interface PruneOptions extends AssumedOptions {
  readonly plan?: string;
  /** True without a FILE. */
  readonly apply?: string | true;
  readonly journal?: string;
  readonly force?: boolean;
  readonly salvage?: boolean;
  readonly from?: readonly string[];
  readonly allowSuspect?: boolean;
  readonly root?: string;
  /** Those that the agent is supposed to have. */
  readonly flags?: readonly string[];
  readonly acceptNewAgent?: boolean;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly json?: boolean;
}

/** @throws UsageError where the options of `prune` make no sense */
export const checkPruneUsage = (path: string, options: PruneOptions): void => {
  if (path === '') throw new UsageError('PATH is empty: is a variable not set?');
  assumedBy(options);
  checkApplyUsage(options);
  if (options.plan === '') throw new UsageError('--plan: the name of a file is wanted');
  if (options.from !== undefined && options.salvage !== true) throw new UsageError('--from goes with --salvage');
  if (options.allowSuspect === true && options.salvage !== true) {
    throw new UsageError('--allow-suspect goes with --salvage');
  }
  if (options.root !== undefined && options.salvage !== true) throw new UsageError('--root goes with --salvage');
  if (agentFlagsIn(options.flags ?? []).length > 0 && options.salvage !== true) {
    throw new UsageError('flags of the agent, behind --, go with --salvage');
  }
  for (const name of ['only', 'skip'] as const) {
    for (const text of options[name] ?? []) {
      const problem = selectorProblem(text);
      if (problem !== undefined) throw new UsageError(`--${name}: '${shown(text)}': ${problem}`);
    }
  }
};

const checkApplyUsage = (options: PruneOptions): void => {
  const { apply, plan, journal, force } = options;
  if (apply === '') throw new UsageError('--apply: the name of a file is empty: is a variable not set?');
  if (journal === '') throw new UsageError('--journal: the name of a folder is wanted');
  if (apply !== undefined && plan !== undefined) throw new UsageError('--plan and --apply do not go together');
  if (apply === undefined && (journal !== undefined || force === true)) {
    throw new UsageError(`--${journal === undefined ? 'force' : 'journal'} goes with --apply`);
  }
  if (typeof apply !== 'string') return;
  const planning = [
    'salvage',
    'from',
    'allowSuspect',
    'root',
    'acceptNewAgent',
    'only',
    'skip',
    'launcher',
    'sandboxes',
  ] as const;
  const given = planning.find((name) => options[name] !== undefined && options[name] !== DEFAULTS[name]);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${flag} is for planning, and the plan is in ${shown(apply)} already`);
};

/** What commander hands over where an option was not given. */
const DEFAULTS: Partial<Record<keyof PruneOptions, unknown>> = { launcher: 'posix', sandboxes: 'auto' };

/** Is told what could not be done, and why, in a sentence. */
type Note = (text: string) => void;

/** What is planned, and assumed, by the command line. */
export const repairOptionsOf = (options: PruneOptions, opened: Opened, note: Note = () => {}): RepairOptions => ({
  ...assumedBy(options),
  acceptNewAgent: options.acceptNewAgent,
  salvage: salvageOf(options, opened, note),
  isLeftOut: leftOutBy({ only: options.only, skip: options.skip ?? [] }),
});

/**
 * A copy, opened as it is: where it lived on its agent is found out from it.
 * @throws UsageError where secrets in it were blanked: that would be put into a checkpoint that an agent reads
 */
const copyAt = (path: string): Tree => {
  const { tree, manifest } = openPath(path);
  if (manifest === undefined || manifest.redacted === null) return tree;
  throw new UsageError(
    `--from: ${shown(path)}: this snapshot was made with --redact, so that nothing is taken from it`,
  );
};

const salvageOf = (options: PruneOptions, opened: Opened, note: Note): Salvage | undefined =>
  options.salvage === true
    ? {
        copies: (options.from ?? []).map(copyAt),
        allowSuspect: options.allowSuspect === true,
        rebuildAgentInfo: rebuilderOf(options, opened, note),
      }
    : undefined;

/** The flags are those of the host that the tree is in place on, or of one whose root is named. */
const rebuilderOf = (
  { root, mesosVersion, flags }: PruneOptions,
  opened: Opened,
  note: Note,
): Salvage['rebuildAgentInfo'] => {
  const folder = root ?? (opened.inPlace ? '/' : undefined);
  if (folder === undefined) return undefined;
  const rebuild = agentInfoRebuilder(hostAt(folder), versionOf(mesosVersion), opened.tree.home, flags);
  return (agentId) => {
    const rebuilt = rebuild(agentId);
    if (!rebuilt.ok) note(`slave.info could be made anew from the agent's flags, but ${rebuilt.why}.`);
    return rebuilt;
  };
};

const hostAt = (root: string): FolderHost => {
  try {
    return new FolderHost(root);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`--root: ${shown(root)}: ${errnoText(code)}; expected a folder that holds a host's /etc`);
  }
};
