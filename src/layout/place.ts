import { FOLDERS, type FolderKind, type IdNameOf, type IdsOf } from './folders.ts';
import { type FileKind, filesOf, namesIn } from './kinds.ts';
import { LATEST, SLAVES } from './names.ts';

type IdName = IdNameOf<FolderKind>;

/**
 * What a path in a work_dir leads to: the innermost folder that files belong to, by its ids, and what is below it. The ids
 * of folders further in are undefined.
 */
export type Place = {
  [F in FolderKind]: IdsOf<F> & { readonly [Name in Exclude<IdName, IdNameOf<F>>]?: undefined } & {
    readonly folder: F;
    /** It is the sandboxes' part of the tree, `slaves` beside `meta`: the same folders, and none of the files. */
    readonly isSandbox: boolean;
    /** The path in the folder; '' for the folder itself. */
    readonly below: string;
    /** What kind of file, marker or link belongs there, if any. */
    readonly file: FileKind | undefined;
  };
}[FolderKind];

/** What a path is made of. */
export type PlaceParts = {
  [F in FolderKind]: IdsOf<F> & {
    readonly folder: F;
    readonly isSandbox?: boolean;
    readonly below?: string;
  };
}[FolderKind];

interface FolderRow {
  readonly kind: FolderKind;
  readonly in: FolderKind;
  readonly name: string;
  readonly ids: readonly string[];
}

const folders: readonly FolderRow[] = Object.entries(FOLDERS).map(([kind, row]) => ({
  kind: kind as keyof typeof FOLDERS,
  ...row,
}));
/** The sandboxes of agents are below the work_dir itself. */
const sandboxes: readonly FolderRow[] = folders.map((row) => (row.kind === 'agent' ? { ...row, in: 'work_dir' } : row));

const rowsOf = (isSandbox: boolean): readonly FolderRow[] => (isSandbox ? sandboxes : folders);

/** What a path, relative to the work_dir, leads to by the names in it: no link is followed. */
export const placeOf = (path: string): Place => {
  const parts = path.split('/');
  const isSandbox = isOfSandboxes(path);
  const rows = rowsOf(isSandbox);
  const ids: Record<string, string> = {};
  let folder: FolderKind = 'work_dir';
  let at = 0;
  for (;;) {
    const row = rows.find((each) => each.in === folder && each.name === parts[at]);
    const end: number = at + 1 + (row?.ids.length ?? 0);
    // The link among the folders is none of them; in its place there may be a folder all the same.
    if (row === undefined || end > parts.length || isLink(folder, parts, at)) break;
    row.ids.forEach((name, i) => {
      ids[name] = parts[at + 1 + i] as string;
    });
    folder = row.kind;
    at = end;
  }
  const below = parts.slice(at).join('/');
  const file = isSandbox ? undefined : filesOf(folder).get(below);
  return { ...ids, folder, isSandbox, below, file } as Place;
};

const isLink = (folder: FolderKind, parts: readonly string[], at: number): boolean =>
  parts.length === at + 2 && parts[at + 1] === LATEST && filesOf(folder).has(`${parts[at]}/${LATEST}`);

/**
 * Whether a checkpoint's reader comes upon a path by that name: it lists the folders that files belong to, and those right
 * in them, and goes no deeper. Of `runs/latest` it reads where that leads to, and nothing below that name.
 */
export const isComeUpon = (path: string): boolean => {
  const { folder, below, run } = placeOf(path);
  if (run === LATEST) return false;
  const end = below.indexOf('/');
  if (end === -1) return true;
  return below.indexOf('/', end + 1) === -1 && namesIn(folder, below.slice(0, end)).size > 0;
};

/** The path of a place, relative to the work_dir. */
export const pathOf = (place: PlaceParts): string => {
  const rows = rowsOf(place.isSandbox === true);
  const ids = place as unknown as Readonly<Record<string, string>>;
  const parts: string[] = place.below === undefined || place.below === '' ? [] : [place.below];
  for (let folder: FolderKind = place.folder; folder !== 'work_dir'; ) {
    const row = rows.find(({ kind }) => kind === folder) as FolderRow;
    parts.unshift(row.name, ...row.ids.map((name) => ids[name] as string));
    folder = row.in;
  }
  return parts.join('/');
};

/** Whether a path is that of the sandboxes' part of the tree, or in it. */
export const isOfSandboxes = (path: string): boolean => path === SLAVES || path.startsWith(`${SLAVES}/`);

/** The folder that holds those of all agents, and `latest`. */
export const AGENTS_PATH = pathOf({ folder: 'meta', below: SLAVES });

/** The folder of what is reserved and of persistent volumes. */
export const RESOURCES_PATH = pathOf({ folder: 'resources' });
