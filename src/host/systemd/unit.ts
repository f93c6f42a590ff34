import { compareTexts } from '../../text/lossless.ts';
import { type Host, isUnseen, type Looked, lookAt } from '../host.ts';
import { templateOf, UNIT_FOLDERS } from './services.ts';
import { type Directive, parseUnitFile } from './unit-file.ts';

/** A unit, put together from its file and its drop-ins. */
export interface Unit {
  /** Under its own name, where it was asked for by an alias. */
  readonly name: string;
  /** The file, then its drop-ins in the order in which they are read; none where nothing is behind a mask. */
  readonly files: readonly string[];
  /** Assignments of all files, in that order. */
  readonly directives: readonly Directive[];
  /** The text of each file, by its path: continued lines are found again in it. */
  readonly texts: ReadonlyMap<string, string>;
  /** The file that masks it, where one does: a link to /dev/null, or an empty file. */
  readonly masked: string | undefined;
  /** Its files, and folders of drop-ins that may not be listed. */
  readonly looked: readonly Looked[];
}

/** Whether a file stands for nothing: a link to `/dev/null`, or no bytes. */
const masks = (host: Host, path: string): boolean => {
  if (host.link(path) === '/dev/null') return true;
  const stat = host.stat(path);
  return stat !== undefined && !isUnseen(stat) && stat.kind === 'file' && stat.size === 0;
};

const isThere = (host: Host, path: string): boolean =>
  host.stat(path) !== undefined || typeof host.link(path) === 'string';

/** The files of a unit, the one that counts first; for an instance, those of its template behind its own. */
const fragmentsOf = (host: Host, name: string): readonly string[] => {
  const template = templateOf(name);
  const own = UNIT_FOLDERS.map((folder) => `${folder}/${name}`);
  const shared = template === name ? [] : UNIT_FOLDERS.map((folder) => `${folder}/${template}`);
  return [...own, ...shared].filter((path) => isThere(host, path));
};

const fragmentOf = (host: Host, name: string): string | undefined => fragmentsOf(host, name)[0];

/** The name that a unit really has: a link to a file of another name in the same folders makes an alias of it. */
const followAlias = (host: Host, name: string): { readonly name: string; readonly fragment: string | undefined } => {
  let current = name;
  for (let i = 0; i < 8; i += 1) {
    const fragment = fragmentOf(host, current);
    const target = fragment === undefined ? undefined : host.link(fragment);
    const other = typeof target === 'string' ? target.slice(target.lastIndexOf('/') + 1) : current;
    const isAlias = other !== current && /\.service$/.test(other) && !/@\.service$/.test(other);
    if (!isAlias || fragmentOf(host, other) === undefined) return { name: current, fragment };
    current = other;
  }
  return { name: current, fragment: fragmentOf(host, current) };
};

/** The folders of drop-ins for a name, what is more particular first: `a-b.service.d`, `a-.service.d`, `service.d`. */
const dropInFolders = (names: readonly string[]): readonly string[] => {
  const folders: string[] = [];
  for (const name of names) {
    const [, stem = name, suffix = ''] = /^(.*)(\.[^.]+)$/.exec(name) ?? [];
    const template = stem.replace(/@.*$/, '@');
    const prefix = stem.replace(/@.*$/, '');
    const steps = [stem, ...(template === stem ? [] : [template])];
    for (let at = prefix.lastIndexOf('-'); at > 0; at = prefix.lastIndexOf('-', at - 1))
      steps.push(prefix.slice(0, at + 1));
    folders.push(...steps.map((step) => `${step}${suffix}.d`));
  }
  return [...new Set([...folders, 'service.d'])];
};

/**
 * The drop-ins that count, sorted by their names; of those of one name the first in systemd's order of folders. `unseen`
 * are folders of drop-ins that may not be listed.
 */
const dropInsOf = (
  host: Host,
  names: readonly string[],
): { readonly files: readonly string[]; readonly unseen: readonly string[] } => {
  const byName = new Map<string, string>();
  const unseen: string[] = [];
  for (const folder of dropInFolders(names)) {
    for (const root of UNIT_FOLDERS) {
      const path = `${root}/${folder}`;
      const files = host.list(path);
      if (isUnseen(files)) unseen.push(`${path}/`);
      for (const file of files === undefined || isUnseen(files) ? [] : files) {
        if (file.endsWith('.conf') && !byName.has(file)) byName.set(file, `${path}/${file}`);
      }
    }
  }
  const sorted = [...byName].sort(([a], [b]) => compareTexts(a, b)).map(([, path]) => path);
  return { files: sorted.filter((path) => !masks(host, path)), unseen };
};

/**
 * Reads a unit of the system by its name; undefined where no file of it is there. Of a unit that is masked, the file behind
 * the mask is read, where there is one: it counts as soon as the mask is taken away.
 */
export const readUnit = (host: Host, asked: string): Unit | undefined => {
  const { name, fragment } = followAlias(host, asked);
  if (fragment === undefined) return undefined;
  const masked = masks(host, fragment) ? fragment : undefined;
  const behind = masked === undefined ? fragment : fragmentsOf(host, name).find((path) => !masks(host, path));
  const dropIns = dropInsOf(host, name === asked ? [name] : [name, asked]);
  const files = behind === undefined ? [] : [behind, ...dropIns.files];
  const texts = new Map<string, string>();
  const looked: Looked[] = [];
  for (const file of files) {
    const text = lookAt(host, file, looked);
    if (text !== undefined) texts.set(file, text);
  }
  looked.push(...dropIns.unseen.map((place): Looked => ({ place, outcome: 'unseen' })));
  const directives = [...texts].flatMap(([file, text]) => parseUnitFile(text, file));
  return { name, files, directives, texts, masked, looked };
};
