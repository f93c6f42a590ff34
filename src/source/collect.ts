import { count, sizeText } from '../text/words.ts';
import { KnownFolders, lastPartOf } from './known-folders.ts';
import { LIMITS, type Limits, MAX_ODD } from './limits.ts';
import { Names } from './names.ts';
import type { EntryKind } from './source.ts';
import type { Member, TakeContent } from './tar/reader.ts';
import { ArchiveTree, type NewNode } from './tree/tree.ts';
import { isTarget, isTooLong, MAX_NAME, MAX_PATH, targetOf, type Unpackable, unpack, type Work } from './unpacked.ts';

/** The layout of what is looked for in an archive: names only, which the caller knows. */
export interface Layout {
  /** The name of the folder with the checkpoint. */
  readonly meta: string;
  /** The folder with the agents; beside `meta` it has their sandboxes. */
  readonly slaves: string;
  /** The files and folders in `meta`. */
  readonly inMeta: ReadonlySet<string>;
  /** The names of the files of a checkpoint, in any folder. */
  readonly files: ReadonlySet<string>;
  /** The names of the folders between `slaves` and a sandbox, at every second place: `frameworks`, `executors`, `runs`. */
  readonly levels: readonly string[];
  /** A file beside `meta` that is kept too. */
  readonly manifest: string;
}

/** The members of an archive that cannot be a checkpoint, or are too much. */
export class UnusableArchive extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'UnusableArchive';
  }
}

/** Members that may or may not turn out to be of the checkpoint: an archive of `meta` alone has no name to know it by. */
const MAX_DOUBTFUL = 200_000;
const MAX_FOLDERS = 10_000;
/** Of a path that no checkpoint has, no more is kept: so many parts, and so many characters of each. */
const MAX_PARTS = 64;
const MAX_PART = 64;
/** What a member takes at most besides its name and its bytes. */
const MEMBER_SIZE = 256;
/**
 * Folders that have no member of their own, and steps through links, are not paid for by the bytes of an archive: it has
 * so many for nothing, and one more for so many bytes. An archive of single files has four such folders a file, and none
 * has members that lie behind links.
 */
const FREE_FOLDERS = 100_000;
const BYTES_A_FOLDER = 64;
const FREE_STEPS = 10_000;
const BYTES_A_STEP = 16;

/** A member that replaces another, or that tar cannot unpack. */
export interface OddMember {
  /** The parts of its path in the archive. */
  readonly parts: readonly string[];
  readonly outcome: 'replaced' | 'left out';
  /** What is so about it, a clause. */
  readonly why: string;
}

/** The checkpoint of an archive. */
export interface Found {
  /** Members that came where another was, and those that cannot be unpacked; in the order of the archive. */
  readonly odd: readonly OddMember[];
  /** Of a work_dir: it holds `meta`, and what was kept of what is beside it. Where no `meta` was found, all that was kept. */
  readonly tree: ArchiveTree;
  /** What was found; `meta`: it is alone, under another name or none. */
  readonly what: 'work_dir' | 'meta' | 'nothing';
  /** The folders of the archive that lead to the work_dir, or to that `meta`. */
  readonly above: readonly string[];
}

/** `sandboxes`: the folders that lead to a sandbox, or those of a `meta` whose own name is not in the archive. */
type Zone = 'meta' | 'sandboxes' | 'doubtful';

/** A member that is kept until it is known where in the archive the checkpoint is. */
interface Doubtful {
  readonly parts: readonly string[];
  readonly isFolder: boolean;
}

/** Takes the members of an archive, and keeps those that belong to a checkpoint, wherever in the archive it is. */
export class Collector {
  readonly #tree = new ArchiveTree();
  readonly #work: Work = { throughLinks: 0, made: 0 };
  readonly #layout: Layout;
  readonly #limits: Limits;
  readonly #known = new KnownFolders(this.#tree);
  readonly #names = new Names();
  /** In the order of the archive. */
  #doubtful: Doubtful[] = [];
  #odd: OddMember[] = [];
  #hasMeta = false;
  /** What was not of the checkpoint was passed over: beside `meta`, or for want of room. */
  #hasDropped = false;
  /** Folders that were passed over. */
  readonly #folders = new Set<string>();
  #bytes = 0;
  #members = 0;
  /** Members that have `..` in their names. */
  #upwards = 0;

  constructor(layout: Layout, limits: Limits = LIMITS) {
    this.#layout = layout;
    this.#limits = limits;
  }

  /** Takes a member; what takes its content, where that is kept. */
  readonly member = (member: Member): TakeContent | undefined => {
    const known = this.#takeKnown(member);
    if (known !== undefined) return known === 'nothing taken' ? undefined : known;
    const parts = partsOf(member.name);
    if (parts.length === 0) return undefined;
    if (parts.includes('..')) {
      this.#upwards += 1;
      const below = parts.slice(parts.lastIndexOf('..') + 1);
      if (below.length > 0) this.#leaveOut(below, this.#zoneOf(below), UPWARDS);
      return undefined;
    }
    const zone = this.#zoneOf(parts);
    const take = this.#take(member, parts, zone);
    this.#checkWork(member);
    if (zone === 'meta') this.#know(member, parts);
    return take;
  };

  /**
   * Takes a member of a folder that is known, whatever its name is, as `#take` would: nothing of that name is there, or a
   * folder is. Its zone is that of its folder, and nothing is made or followed on the way to it. Undefined where it is
   * another member.
   */
  #takeKnown(member: Member): TakeContent | 'nothing taken' | undefined {
    const { bytes, start, end } = member.bytes;
    const { kind } = member;
    if (kind === 'hard link' || (kind === 'link' && !isTarget(member.targetBytes))) return undefined;
    const last = lastPartOf(member.bytes);
    if (last === undefined || last.end - last.start > MAX_NAME || end - start > MAX_PATH) return undefined;
    const folder = this.#known.find(bytes, start, last.start - 1);
    if (folder === undefined) return undefined;
    const tree = this.#tree;
    const before = tree.childOfBytes(folder, bytes, last.start, last.end);
    if (before !== undefined && (kind !== 'folder' || !tree.isFolder(before))) return undefined;
    this.#countMember(end - start);
    if (before !== undefined) return 'nothing taken';
    const isKept = kind === 'file' && this.#isKnownWanted(member, this.#names.textOf(bytes, last.start, last.end));
    const node = kind === 'link' ? tree.addLink(member.targetBytes, member) : tree.add(newNode(member, kind, isKept));
    tree.setMissed(folder, bytes, last.start, last.end, node);
    if (kind === 'folder') this.#known.enter(bytes, start, last.end, node);
    return isKept ? this.#keep : 'nothing taken';
  }

  /** Remembers the folder of a member, where all that leads to it are folders of the checkpoint. */
  #know({ bytes: { bytes, start, end } }: Member, parts: readonly string[]): void {
    const last = lastPartOf({ bytes, start, end });
    if (last === undefined) return;
    const above = parts.slice(0, -1);
    const folder = this.#zoneOf(above) === 'meta' ? this.#tree.nodeAt(above) : undefined;
    if (this.#tree.isFolder(folder)) this.#known.know(bytes, start, last.start - 1, above, folder);
  }

  #take(member: Member, parts: readonly string[], zone: Zone): TakeContent | undefined {
    if (zone === 'meta' && !this.#hasMeta) this.#startMeta();
    if (isTooLong(parts)) {
      this.#leaveOut(parts, zone, 'its path is longer than Linux takes');
      return undefined;
    }
    if (zone === 'doubtful' && this.#hasMeta) {
      this.#dropped(parts, member.kind === 'folder');
      // It may be what leads to the checkpoint.
      if (this.#tree.nodeAt(parts) !== undefined) {
        unpack(this.#tree, parts, this.#nodeOf(member, parts, zone), this.#work);
        this.#known.forget();
      }
      return undefined;
    }
    if (zone === 'doubtful' && this.#doubtful.length >= MAX_DOUBTFUL) {
      this.#hasDropped = true;
      return undefined;
    }
    this.#countMember(member.bytes.end - member.bytes.start);
    const node = this.#nodeOf(member, parts, zone);
    if (!this.#unpack(parts, node)) return undefined;
    if (zone === 'doubtful') this.#doubtful.push({ parts, isFolder: node.kind === 'folder' });
    return node.kind === 'file' && node.isKept && member.kind === 'file' ? this.#keep : undefined;
  }

  /** Takes content of the file that came last. */
  readonly #keep: TakeContent = (bytes, start, end, position) =>
    this.#tree.keep(bytes, start, end, position, this.#count);

  /** What tar does not unpack either is left out; in a checkpoint, that is said. */
  #leaveOut(parts: readonly string[], zone: Zone, why: string): void {
    if (zone !== 'meta') this.#dropped(parts, false);
    else if (this.#odd.length < MAX_ODD) {
      const told = parts.slice(0, MAX_PARTS).map((part) => part.slice(0, MAX_PART));
      this.#odd.push({ parts: told, outcome: 'left out', why });
    }
  }

  /** Short names can make deep trees and long ways only through one another, which no checkpoint has. */
  #checkWork({ at }: Member): void {
    if (this.#work.made > FREE_FOLDERS + at / BYTES_A_FOLDER) {
      throw new UnusableArchive(`its paths have ${this.#work.made} folders that are not members of it`);
    }
    if (this.#work.throughLinks > FREE_STEPS + at / BYTES_A_STEP) {
      throw new UnusableArchive('its links lead through one another more often than those of a checkpoint');
    }
  }

  /** Finds the checkpoint in what was kept. */
  finish(): Found {
    const { meta, slaves, manifest } = this.#layout;
    const tree = this.#tree;
    const found = this.#hasMeta ? this.#findMeta() : undefined;
    if (found !== undefined) {
      const above = tree.nodeAt(found.slice(0, -1)) as number;
      const root = tree.add({ kind: 'folder' });
      for (const name of [meta, slaves, manifest]) {
        const child = tree.child(above, name);
        if (child !== undefined) tree.set(root, name, child);
      }
      // What else is there was not kept, or is of something else.
      tree.setPartial(root, true);
      tree.beginIn(root);
      return { tree, what: 'work_dir', above: found.slice(0, -1), odd: this.#odd };
    }
    const [only, ...more] = foldersWhere(tree, (folder) => this.#looksLikeMeta(folder));
    if (only === undefined && tree.countIn(tree.root) === 0 && this.#upwards > 0) {
      const members = count(this.#upwards, 'member has', 'members have');
      throw new UnusableArchive(
        `no checkpoint is in it: ${members} '..' in the name, and tar leaves them out without -P`,
      );
    }
    if (only === undefined) return { tree, what: 'nothing', above: [], odd: this.#odd };
    if (more.length > 0) throw severalIn([only, ...more]);
    if (this.#hasDropped) {
      throw new UnusableArchive(
        `it has no folder '${meta}' and more than ${MAX_DOUBTFUL} members; make one of the agent's work_dir, or its meta`,
      );
    }
    const root = tree.add({ kind: 'folder' });
    tree.set(root, meta, tree.nodeAt(only) as number);
    tree.beginIn(root);
    return { tree, what: 'meta', above: only, odd: this.#odd };
  }

  /** What a member may be of, by its path alone. */
  #zoneOf(parts: readonly string[]): Zone {
    const { meta, slaves, inMeta, manifest } = this.#layout;
    const sandbox = this.#sandboxDepth(parts) ?? parts.length;
    for (let at = parts.indexOf(meta); at >= 0 && at < sandbox; at = parts.indexOf(meta, at + 1)) {
      if (inMeta.has(parts[at + 1] ?? '')) return 'meta';
    }
    // An executor, or a folder in a sandbox, may be called so too.
    const at = parts.indexOf(meta);
    const agents = parts.indexOf(slaves);
    if (at >= 0 && (agents < 0 || at < agents)) return 'meta';
    if (parts.at(-1) === manifest) return 'sandboxes';
    if (agents < 0) return 'doubtful';
    return sandbox >= parts.length ? 'sandboxes' : 'doubtful';
  }

  /** How many parts of a path lead to the sandbox that it is in, or is; undefined where it is in none. */
  #sandboxDepth(parts: readonly string[]): number | undefined {
    const { slaves, levels } = this.#layout;
    for (let at = parts.indexOf(slaves); at >= 0; at = parts.indexOf(slaves, at + 1)) {
      if (levels.every((level, i) => parts[at + 2 + 2 * i] === level) && parts.length > at + 1 + 2 * levels.length) {
        return at + 2 + 2 * levels.length;
      }
    }
    return undefined;
  }

  #nodeOf(member: Member, parts: readonly string[], zone: Zone): Unpackable {
    const { kind } = member;
    if (kind === 'hard link') return this.#linked(member);
    return newNode(member, kind, kind === 'file' && this.#isWanted(member, parts, zone));
  }

  /** Whether a file's content is kept. */
  #isWanted({ size }: Member, parts: readonly string[], zone: Zone): boolean {
    if (this.#isWantedAnywhere(parts.at(-1) ?? '')) return true;
    if (zone !== 'meta') return false;
    const { meta, inMeta } = this.#layout;
    return size <= this.#limits.stray || parts.some((part, at) => part === meta && inMeta.has(parts[at + 1] ?? ''));
  }

  /** The same of a file in the innermost folder that is known. */
  #isKnownWanted(member: Member, name: string): boolean {
    if (this.#isWantedAnywhere(name) || member.size <= this.#limits.stray) return true;
    return this.#isWanted(member, [...this.#known.parts(), name], 'meta');
  }

  #isWantedAnywhere(name: string): boolean {
    return name === this.#layout.manifest || this.#layout.files.has(name);
  }

  /** A hard link is the file that it names, which came before it. */
  #linked(member: Member): Unpackable {
    const target = targetPartsOf(member.target);
    const node = targetOf(this.#tree, target, this.#work);
    const isPassedOver = node === 'not kept' || (node === undefined && this.#hasDropped);
    // Of a file that was passed over nothing is known.
    return isPassedOver ? newNode(member, 'file', false) : { kind: 'hard link', target };
  }

  /** Puts a member where tar would; whether it is there then. */
  #unpack(parts: readonly string[], node: Unpackable): boolean {
    const unpacked = unpack(this.#tree, parts, node, this.#work);
    if (unpacked.outcome === 'placed') return true;
    this.#known.forget();
    if (this.#odd.length < MAX_ODD) {
      const { outcome } = unpacked;
      const odd =
        outcome === 'replaced'
          ? { parts: unpacked.path.slice(0, MAX_PARTS), outcome, why: replacing(unpacked.before, node.kind) }
          : { parts: parts.slice(0, MAX_PARTS), outcome, why: unpacked.why };
      this.#odd.push(odd);
    }
    return unpacked.outcome === 'replaced';
  }

  /** From now on what is not below a `meta` is of no checkpoint. */
  #startMeta(): void {
    this.#hasMeta = true;
    for (const { parts, isFolder } of this.#doubtful) {
      this.#dropped(parts, isFolder);
      // The shape of what leads here is kept: links are followed. Of what is in sandboxes, nothing is.
      const sandbox = this.#sandboxDepth(parts);
      const folder = sandbox === undefined ? undefined : this.#tree.folderAt(parts.slice(0, sandbox));
      if (folder !== undefined) this.#tree.clear(folder);
    }
    this.#doubtful = [];
    this.#odd = this.#odd.filter((odd) => this.#zoneOf(odd.parts) !== 'doubtful');
  }

  /** Marks the folder that a dropped member was in, so that nobody takes it for not there. */
  #dropped(parts: readonly string[], isFolder: boolean): void {
    const sandbox = this.#sandboxDepth(parts);
    if (sandbox === undefined || sandbox >= parts.length) {
      // A folder may be one that leads to the checkpoint.
      if (isFolder && this.#folders.size < MAX_FOLDERS && parts.length <= MAX_PARTS) this.#folders.add(parts.join('/'));
      else this.#hasDropped = true;
      return;
    }
    const folder = this.#tree.folderAt(parts.slice(0, sandbox));
    if (folder !== undefined) this.#tree.setPartial(folder, true);
  }

  /** Whether a folder was passed over that does not lead to the checkpoint. */
  #hasFolderBeside(found: readonly string[]): boolean {
    const path = found.join('/');
    return [...this.#folders].some((folder) => !path.startsWith(`${folder}/`));
  }

  #countMember(nameBytes: number): void {
    if (++this.#members > this.#limits.members) {
      throw new UnusableArchive(`more than ${this.#limits.members} of its members belong to a checkpoint`);
    }
    this.#count(MEMBER_SIZE + 2 * nameBytes);
  }

  readonly #count = (bytes: number): void => {
    this.#bytes += bytes;
    if (this.#bytes <= this.#limits.bytes) return;
    throw new UnusableArchive(
      `its checkpoint takes more than ${sizeText(this.#limits.bytes)}: raise --max-size, or unpack it and give the folder`,
    );
  };

  /** The one `meta` that a checkpoint can be. */
  #findMeta(): readonly string[] {
    const { meta } = this.#layout;
    const all: (readonly string[])[] = [];
    const tree = this.#tree;
    const visit = (folder: number, parts: readonly string[]): void => {
      for (const { name, node } of tree.children(folder)) {
        const path = [...parts, name];
        const isMeta = name === meta && (!tree.isFolder(node) || this.#looksLikeMeta(node));
        if (isMeta) all.push(path);
        else if (tree.isFolder(node)) visit(node, path);
      }
    };
    visit(tree.root, []);
    const folders = all.filter((path) => tree.isFolder(tree.nodeAt(path)));
    const [only, ...more] = folders.length > 0 ? folders : all.length > 0 ? all : this.#emptyMetas();
    if (only === undefined) return this.#findNothing();
    if (more.length > 0) throw severalIn([only, ...more]);
    return only;
  }

  /** Folders of that name that hold nothing of a checkpoint: an agent that has not registered yet has one. */
  #emptyMetas(): readonly (readonly string[])[] {
    const metas = foldersWhere(this.#tree, (_folder, parts) => parts.at(-1) === this.#layout.meta);
    return this.#hasDropped || metas.some((path) => this.#hasFolderBeside(path)) ? [] : metas;
  }

  #looksLikeMeta(folder: number): boolean {
    const { slaves, inMeta, levels } = this.#layout;
    const tree = this.#tree;
    for (const name of inMeta) if (name !== slaves && tree.child(folder, name) !== undefined) return true;
    const agents = tree.child(folder, slaves);
    if (!tree.isFolder(agents)) return false;
    // Beside a `meta` that is not in the archive, the folder of the sandboxes has the same name.
    for (const { name, node } of tree.children(agents)) {
      if (name === 'latest') return true;
      if (tree.isFolder(node) && tree.children(node).some((child) => child.name !== levels[0])) return true;
    }
    return false;
  }

  #findNothing(): never {
    throw nothingIn(this.#layout);
  }
}

/** An archive in which no checkpoint was found. */
export const nothingIn = ({ meta }: Layout): UnusableArchive =>
  new UnusableArchive(
    `there is no checkpoint in it: expected the agent's work_dir, or its ${meta}, in any folder of the archive`,
  );

/** An archive in which there is more than one of what was looked for. */
export const severalIn = (paths: readonly (readonly string[])[], what = 'checkpoints'): UnusableArchive => {
  const named = paths.slice(0, 5).map((path) => path.join('/') || '.');
  return new UnusableArchive(
    `it holds ${paths.length} ${what} (${named.join(', ')}${paths.length > 5 ? ', ...' : ''}); give archives of one agent each`,
  );
};

/** The outermost folders that are what is looked for. */
export const foldersWhere = (
  tree: ArchiveTree,
  is: (folder: number, parts: readonly string[]) => boolean,
): readonly (readonly string[])[] => {
  const found: (readonly string[])[] = [];
  const visit = (folder: number, parts: readonly string[]): void => {
    if (is(folder, parts)) {
      found.push(parts);
      return;
    }
    for (const { name, node } of tree.children(folder)) if (tree.isFolder(node)) visit(node, [...parts, name]);
  };
  visit(tree.root, []);
  return found;
};

/** What a member is, as a node of the tree. */
const newNode = (member: Member, kind: EntryKind, isKept: boolean): NewNode => {
  switch (kind) {
    case 'file':
      return { kind, size: member.size, isKept, attributes: member };
    case 'folder':
      return { kind, attributes: member };
    case 'link':
      return { kind, target: member.target, attributes: member };
    case 'other':
      return { kind, special: member.special, attributes: member };
  }
};

const KINDS = {
  file: 'a file',
  folder: 'a folder',
  link: 'a link',
  other: 'a FIFO or device',
  'hard link': 'a hard link',
};

/** What is said of a member that came where another was. */
const replacing = (before: EntryKind, now: Unpackable['kind']): string =>
  before === now
    ? `${KINDS[now]} of this name is in the archive more than once, and the last one counts`
    : `${KINDS[now]} takes the place of ${KINDS[before]} that came before it`;

/** The parts of a hard link's target: what is before the last `..` is taken off, as tar does. */
const targetPartsOf = (target: string): readonly string[] => {
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  return parts.slice(parts.lastIndexOf('..') + 1);
};

/** What is said of a member that tar leaves out lest it is unpacked elsewhere (`contains_dot_dot` of GNU tar). */
const UPWARDS = "its name has '..' in it, which tar unpacks only with -P";

/** The parts of a member's name, from the archive's root: `./` and `/` in front say nothing. */
const partsOf = (name: string): readonly string[] => name.split('/').filter((part) => part !== '' && part !== '.');
