import picomatch from 'picomatch';
import type {
  Contents,
  Entry,
  InspectedAgent,
  InspectedExecutor,
  InspectedFramework,
  InspectedRun,
  InspectedTask,
} from './inspected.ts';

/** What is asked for; an empty list of patterns asks for all. An id or name matches as a whole. */
export interface Selection {
  readonly framework: readonly string[];
  readonly executor: readonly string[];
  readonly task: readonly string[];
  /** Only what is damaged, and what holds it. */
  readonly damaged: boolean;
}

/** Picks what is asked for, entry by entry. */
export const selectorOf = (selection: Selection): Selector => new Selector(selection);

/** The part of what was read that is asked for: entries, and those that hold one. */
export const select = <C extends Contents>(contents: C, selection: Selection): C => {
  const keep = new Selector(selection);
  const { agent, framework, executor, run } = contents;
  return {
    ...contents,
    agent: agent && keep.inAgent(agent),
    framework: framework && keep.inFramework(framework),
    executor: executor && keep.inExecutor(executor),
    run: run && keep.inRun(run),
  };
};

type Match = (entry: { readonly id: string }, name: string | undefined) => boolean;

/** Ids and names are no paths: `*` matches dots at the beginning, slashes and line breaks too. */
const OPTIONS = { dot: true, bash: true, nonegate: true, noextglob: true, flags: 's' };

const matcher = (patterns: readonly string[]): Match => {
  if (patterns.length === 0) return () => true;
  // Parentheses are no groups, and a pattern that is an id finds it, whatever its characters mean in a pattern.
  const globs = patterns.map((pattern) => picomatch(pattern.replace(/[()|]/g, '\\$&'), OPTIONS));
  const matches = (text: string): boolean => patterns.includes(text) || globs.some((glob) => glob(text));
  return ({ id }, name) => matches(id) || (name !== undefined && matches(name));
};

/** Picks entries, and those that hold one. */
export class Selector {
  readonly #selection: Selection;
  readonly #framework: Match;
  readonly #executor: Match;
  readonly #task: Match;

  constructor(selection: Selection) {
    this.#selection = selection;
    this.#framework = matcher(selection.framework);
    this.#executor = matcher(selection.executor);
    this.#task = matcher(selection.task);
  }

  inAgent(agent: InspectedAgent): InspectedAgent {
    return {
      ...agent,
      frameworks: agent.frameworks
        .filter((framework) => this.asksFor(framework))
        .map((framework) => this.inFramework(framework))
        .filter((framework) => framework.executors.length > 0 || this.isShownAlone(framework)),
    };
  }

  inFramework(framework: InspectedFramework): InspectedFramework {
    return {
      ...framework,
      executors: framework.executors.flatMap((executor) => this.ofFramework(executor) ?? []),
    };
  }

  /** Whether a framework may be shown, by its name. */
  asksFor(framework: InspectedFramework): boolean {
    return this.#framework(framework, framework.info?.name);
  }

  /** Whether a framework is shown of which no executor is. */
  isShownAlone(framework: InspectedFramework): boolean {
    return this.#isKept(framework, [], this.#asksForExecutors);
  }

  /** What is shown of an executor of a framework that is asked for; undefined where nothing is. */
  ofFramework(executor: InspectedExecutor): InspectedExecutor | undefined {
    if (this.takesAll) return executor;
    if (!this.#executor(executor, executor.info?.name)) return undefined;
    const shown = this.inExecutor(executor);
    return this.#isKept(shown, shown.runs, this.#asksForTasks) ? shown : undefined;
  }

  inExecutor(executor: InspectedExecutor): InspectedExecutor {
    return {
      ...executor,
      runs: executor.runs
        .map((run) => this.inRun(run))
        .filter((run) => this.#isKept(run, run.tasks, this.#asksForTasks) || this.#tellsOf(executor, run)),
    };
  }

  inRun(run: InspectedRun): InspectedRun {
    return {
      ...run,
      tasks: run.tasks.filter(
        (task: InspectedTask) => this.#task(task, task.info?.name) && this.#isKept(task, [], false),
      ),
    };
  }

  /** Whether an entry is shown with what is left below it; one that was asked for something below must hold it. */
  #isKept(entry: Entry, below: readonly Entry[], asksForBelow: boolean): boolean {
    if (below.length > 0) return true;
    return !asksForBelow && (!this.#selection.damaged || entry.damage.length > 0);
  }

  /** The latest run of a damaged executor is shown, because it says whether the executor is live. */
  #tellsOf(executor: InspectedExecutor, run: InspectedRun): boolean {
    return executor.damage.length > 0 && !this.#asksForTasks && run.isLatest === true;
  }

  /** All of a framework that is asked for is shown. */
  get takesAll(): boolean {
    return !this.#asksForExecutors && !this.#selection.damaged;
  }

  get #asksForTasks(): boolean {
    return this.#selection.task.length > 0;
  }

  get #asksForExecutors(): boolean {
    return this.#selection.executor.length > 0 || this.#asksForTasks;
  }
}
