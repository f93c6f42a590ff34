import { type Brief, Loader } from '../../checkpoint/load.ts';
import type { Executor, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { Comparer, type Unlike } from '../../compare/trees.ts';
import type { ExecutorIds } from '../../layout/folders.ts';
import { SLAVES } from '../../layout/names.ts';
import { briefly } from '../../recovery/briefly.ts';
import type { Rules } from '../../recovery/versions.ts';
import type { Tree } from '../../source/links.ts';
import { RememberingSource } from '../../source/remembered.ts';

/** An executor of two trees, as far as it can be told by itself: what cannot is undefined, and is read by who reads all of a tree. */
export interface ExecutorPair {
  readonly own: Executor | OrdinaryExecutor | undefined;
  /** The one of the other tree: the same value where nothing differs. */
  readonly others: Executor | OrdinaryExecutor | undefined;
  /** Where the two folders differ; undefined where that was not found out, or is much. */
  readonly unlike: readonly Unlike[] | undefined;
}

/** Of a folder that differs in more places, they are looked for again when they are to be told. */
const MOST_UNLIKE = 16;

/** One of the two trees. */
class Side {
  readonly tree: Tree;
  readonly source: RememberingSource;
  /** Whether the tree has sandboxes: the loader looks for one only then. */
  readonly hasSandboxes: boolean;
  readonly #loader: Loader;
  readonly #brief: Brief;

  constructor(tree: Tree, rules: Rules) {
    this.tree = tree;
    this.source = new RememberingSource(tree.source);
    this.hasSandboxes = tree.source.kindOf(SLAVES) !== undefined;
    this.#loader = new Loader({ ...tree, source: this.source }, 'verdict');
    this.#brief = briefly({ rules, isNamed: false });
  }

  executor(ids: ExecutorIds, path: string): Executor | OrdinaryExecutor | undefined {
    return this.#loader.apart(ids, path, this.#brief);
  }
}

/**
 * Reads executors of two trees in one go: what their folders hold is compared, and each is told from the bytes that were
 * compared. Of two that are the same, one is told, and stands for both.
 */
export class PairReader {
  readonly #own: Side;
  readonly #other: Side;
  readonly #compare: Comparer;

  constructor(own: Tree, other: Tree, rules: Rules) {
    this.#own = new Side(own, rules);
    this.#other = new Side(other, rules);
    this.#compare = new Comparer(this.#own.source, this.#other.source);
  }

  /** An executor by its folder, which may be in both trees. */
  read(ids: ExecutorIds, folder: string, isInBoth: boolean): ExecutorPair {
    const pair = isInBoth ? this.#both(ids, folder) : this.#alone(ids, folder);
    this.#own.source.forget();
    this.#other.source.forget();
    return pair;
  }

  #alone(ids: ExecutorIds, folder: string): ExecutorPair {
    return { own: orNothing(() => this.#own.executor(ids, folder)), others: undefined, unlike: undefined };
  }

  #both(ids: ExecutorIds, folder: string): ExecutorPair {
    const unlike = orNothing(() => this.#unlikeIn(folder));
    this.#own.source.note();
    const own = orNothing(() => this.#own.executor(ids, folder));
    const isOfBoth = own !== undefined && unlike?.length === 0 && this.#isSameTo();
    const others = isOfBoth ? own : orNothing(() => this.#other.executor(ids, folder));
    return { own, others, unlike };
  }

  /** Whether the same would have been told of the same bytes in the other tree: its home and its sandboxes count, too. */
  #isSameTo(): boolean {
    const [own, other] = [this.#own, this.#other];
    if (own.tree.home !== other.tree.home || own.hasSandboxes !== other.hasSandboxes) return false;
    return orNothing(() => own.source.answersAs(other.tree.source)) === true;
  }

  #unlikeIn(folder: string): readonly Unlike[] | undefined {
    const found: Unlike[] = [];
    for (const unlike of this.#compare.at(folder, 'folder', 'folder')) {
      if (found.push(unlike) > MOST_UNLIKE) return undefined;
    }
    return found;
  }
}

/** What fails here fails for the main thread too, which says what it is. */
const orNothing = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};
