import { bytesOf } from '../text/lossless.ts';
import type { EntryKind } from './source.ts';
import type { Part } from './tar/header.ts';
import type { ArchiveTree, NewNode } from './tree/tree.ts';

/** What becomes of a member when GNU tar unpacks its archive into an empty folder (`tar -xpf`). */
export type Unpacked =
  | { readonly outcome: 'placed'; readonly node: number | undefined }
  /** Something else was there before; `path`: where that is, links on the way followed. */
  | {
      readonly outcome: 'replaced';
      readonly path: readonly string[];
      readonly before: EntryKind;
      readonly node: number | undefined;
    }
  | { readonly outcome: 'left out'; readonly why: string };

/** As many links does Linux follow in one path. */
const MAX_LINKS = 40;

/** Linux takes no path, and no target of a link, of more bytes; and no name in one. */
export const MAX_PATH = 4095;
export const MAX_NAME = 255;

/** What unpacking has cost that the bytes of an archive do not show. */
export interface Work {
  /** Parts of links that were gone through on the way to members. */
  throughLinks: number;
  /** Folders that were made because a member lies in them. */
  made: number;
}

/** A character of a text takes no more bytes. */
const MAX_CHARACTER = 3;

/** Whether a member's path is longer than one can be on Linux, or a name in it. */
export const isTooLong = (parts: readonly string[]): boolean => {
  let characters = parts.length - 1;
  let longest = 0;
  for (const { length } of parts) {
    characters += length;
    if (length > longest) longest = length;
  }
  if (characters * MAX_CHARACTER <= MAX_PATH && longest * MAX_CHARACTER <= MAX_NAME) return false;
  if (characters > MAX_PATH || longest > MAX_NAME) return true;
  return parts.some((part) => bytesIn(part, MAX_NAME) > MAX_NAME) || bytesIn(parts.join('/'), MAX_PATH) > MAX_PATH;
};

/** Whether the target of a link can be one on Linux: it is something, and not too long. */
export const isTarget = ({ start, end }: Part): boolean => end > start && end - start <= MAX_PATH;

/** The bytes of a text; where it has more characters than it may have bytes, their number. */
const bytesIn = (text: string, most: number): number => (text.length > most ? text.length : bytesOf(text).length);

/** A hard link, whose target is looked for when it is unpacked; or what any other member is. */
export type Unpackable = NewNode | { readonly kind: 'hard link'; readonly target: readonly string[] };

/**
 * Puts a member where GNU tar (1.34) puts it: what is there already is replaced, but not a folder with something in it;
 * folders on the way are made, and links on the way followed. A link that is absolute or has `..` in it stands as a file
 * until all is unpacked: nothing goes through it, and a second such link does not replace it.
 */
export const unpack = (tree: ArchiveTree, parts: readonly string[], member: Unpackable, work: Work): Unpacked => {
  const linked = member.kind === 'hard link' ? targetOf(tree, member.target, work) : undefined;
  if (linked === 'no folder') return leftOut(`${linkText(member)}, which lies below what is not a folder`);
  const way = walk(tree, parts.slice(0, -1), 'made', work);
  if ('why' in way) return leftOut(way.why);
  const name = parts.at(-1);
  if (name === undefined) return { outcome: 'placed', node: undefined };
  if (member.kind === 'hard link' && typeof linked !== 'number')
    return leftOut(`${linkText(member)}, which is not there when it comes`);
  const target = linkTarget(tree, member, linked);
  if (target === '') return leftOut('it is a link to nothing');
  if (target !== undefined && bytesIn(target, MAX_PATH) > MAX_PATH)
    return leftOut('it is a link to a longer name than can be');
  const { folder } = way;
  if (way.characters + 1 + name.length > MAX_PATH) return leftOut(TOO_DEEP);
  const before = tree.child(folder, name);
  if (before === undefined) {
    if (member.kind === 'hard link' && tree.isFolder(linked as number))
      return leftOut(`${linkText(member)}, which is a folder`);
    const node = member.kind === 'hard link' ? (linked as number) : tree.add(member);
    tree.set(folder, name, node);
    return { outcome: 'placed', node };
  }
  if (member.kind === 'folder' && tree.isFolder(before)) return { outcome: 'placed', node: before };
  if (linked === before) return { outcome: 'placed', node: before };
  const replaced = { outcome: 'replaced', path: [...way.path(), name], before: tree.kindOf(before) } as const;
  if (member.kind === 'link' && isDelayed(member.target) && replaced.before === 'link') {
    const stays = tree.targetOf(before);
    if (stays === member.target) return { ...replaced, node: before };
    if (isDelayed(stays)) return leftOut(`the link to ${stays} came before it, and stays`);
  }
  if (isFull(tree, before)) return leftOut('a folder with something in it is there');
  tree.remove(folder, name);
  // What was removed may have been a link on the way.
  const again = unpack(tree, parts, member, work);
  return again.outcome === 'left out' ? again : { ...replaced, node: again.node };
};

/** Where a member leads that is a link, or a hard link to one. */
const linkTarget = (tree: ArchiveTree, member: Unpackable, linked: ReturnType<typeof targetOf>): string | undefined => {
  if (member.kind === 'link') return member.target;
  return typeof linked === 'number' && tree.kindOf(linked) === 'link' ? tree.targetOf(linked) : undefined;
};

/** What a hard link's name leads to; its last part is not followed. */
export const targetOf = (
  tree: ArchiveTree,
  target: readonly string[],
  work: Work,
): number | undefined | 'not kept' | 'no folder' => {
  const way = walk(tree, target.slice(0, -1), 'there', work);
  if ('why' in way) return way.is === 'missing' ? undefined : way.is;
  const node = target.length === 0 ? way.folder : tree.child(way.folder, target.at(-1) as string);
  return node === undefined && tree.isPartial(way.folder) ? 'not kept' : node;
};

/** Through links one can go deeper than any path leads. */
const TOO_DEEP = 'its path without links is longer than Linux takes';
const leftOut = (why: string): Unpacked => ({ outcome: 'left out', why });

const linkText = (member: Unpackable): string =>
  member.kind === 'hard link' ? `it is a hard link to ${member.target.join('/')}` : '';

/** A folder, and its path without links. */
interface Way {
  readonly folder: number;
  readonly path: () => readonly string[];
  /** Of that path, without the `/` at its begin. */
  readonly characters: number;
}

/** Why a folder cannot be reached. */
interface NoWay {
  readonly is: 'missing' | 'not kept' | 'no folder';
  readonly why: string;
}

const isFull = (tree: ArchiveTree, node: number): boolean =>
  tree.isFolder(node) && (tree.isPartial(node) || tree.countIn(node) > 0);

/** Whether tar makes a link only when all else is unpacked, lest a member is written through it to another place. */
const isDelayed = (target: string): boolean => target.startsWith('/') || target.split('/').includes('..');

/** A path of which every folder on the way knows only its own name, so that a deep one is not copied at each. */
type Trail = { readonly part: string; readonly above: Trail; readonly characters: number } | undefined;

const below = (above: Trail, part: string): NonNullable<Trail> => ({
  part,
  above,
  characters: (above === undefined ? 0 : above.characters + 1) + part.length,
});

const pathOf = (trail: Trail): readonly string[] => {
  const parts: string[] = [];
  for (let at = trail; at !== undefined; at = at.above) parts.push(at.part);
  return parts.reverse();
};

/** Goes down to a folder; what is missing on the way is made, unless it is a link that leads to it. */
const walk = (tree: ArchiveTree, parts: readonly string[], missing: 'made' | 'there', work: Work): Way | NoWay => {
  let folder = tree.root;
  let trail: Trail;
  let links = 0;
  // Parts that are still to go, the next one last; those of a link are not made.
  const rest = parts.map((part) => ({ part, isOfLink: false })).reverse();
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { part, isOfLink } = next;
    if (isOfLink) work.throughLinks++;
    const at = below(trail, part);
    const name = (): string => pathOf(at).join('/');
    let child = tree.child(folder, part);
    if (child === undefined) {
      if (missing === 'there' || isOfLink) {
        return { is: tree.isPartial(folder) ? 'not kept' : 'missing', why: `${name()} is not there` };
      }
      if (at.characters > MAX_PATH) return { is: 'no folder', why: TOO_DEEP };
      child = tree.add({ kind: 'folder' });
      tree.set(folder, part, child);
      work.made++;
    }
    if (tree.isFolder(child)) {
      folder = child;
      trail = at;
      continue;
    }
    if (tree.kindOf(child) !== 'link') return { is: 'no folder', why: `${name()} is not a folder` };
    const target = tree.targetOf(child);
    if (isDelayed(target)) {
      return { is: 'no folder', why: `${name()} is a link that leads elsewhere, and nothing is unpacked through it` };
    }
    if (++links > MAX_LINKS) return { is: 'no folder', why: `${name()} is a link that leads back to itself` };
    const through = target.split('/').filter((each) => each !== '' && each !== '.');
    for (const each of through.reverse()) rest.push({ part: each, isOfLink: true });
  }
  const found = trail;
  return { folder, path: () => pathOf(found), characters: found?.characters ?? 0 };
};
