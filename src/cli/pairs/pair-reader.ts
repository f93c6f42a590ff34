import { type Brief, Loader } from '../../checkpoint/load.ts';
import type { Executor, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { heldIn, sideOf } from '../../compare/compare.ts';
import { type Side as CompareSide, SideReader } from '../../compare/sides.ts';
import { Comparer, type Holds, type Unlike } from '../../compare/trees.ts';
import type { ExecutorIds } from '../../layout/folders.ts';
import { SLAVES } from '../../layout/names.ts';
import { placeOf } from '../../layout/place.ts';
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
  /** What the folder holds, where one tree lacks it. */
  readonly holds?: Holds | undefined;
}

/** Of a folder that differs in more places, they are looked for again when they are to be told. */
const MOST_UNLIKE = 16;

/** One of the two trees. */
class Side {
  readonly tree: Tree;
  readonly source: RememberingSource;
  /** Whether the tree has sandboxes: the loader looks for one only then. */
  readonly hasSandboxes: boolean;
  readonly reader: SideReader;
  readonly #loader: Loader;
  readonly #brief: Brief;

  constructor(tree: Tree, rules: Rules) {
    this.tree = tree;
    this.source = new RememberingSource(tree.source);
    this.reader = new SideReader({ ...tree, source: this.source });
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
    const own = orNothing(() => this.#own.executor(ids, folder));
    return { own, others: undefined, unlike: undefined, holds: orNothing(() => heldIn(this.#own.source, folder)) };
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
      if (found.push(this.#told(unlike)) > MOST_UNLIKE) return undefined;
    }
    return found;
  }

  /** With what both have there, of the logs of which little is told: the bytes are at hand now. */
  #told(unlike: Unlike): Unlike {
    const { path, a, b } = unlike;
    const { file } = placeOf(path);
    if (file !== 'task.updates' || a !== 'file' || b !== 'file') return unlike;
    const sides = { a: sideOf(this.#own.reader, path, a, file), b: sideOf(this.#other.reader, path, b, file) };
    return isPlain(sides.a) && isPlain(sides.b) ? { ...unlike, sides } : unlike;
  }
}

/** Whether a message brings all of it to another thread as it is. */
const isPlain = (side: CompareSide): boolean => side.kind === 'log' && side.ending.kind !== 'bad';

/** What fails here fails for the main thread too, which says what it is. */
const orNothing = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};
