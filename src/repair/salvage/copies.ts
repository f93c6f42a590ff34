import { parseInteger } from '../../agent/numbers.ts';
import type { RecordFile } from '../../checkpoint/files.ts';
import { FileReader } from '../../checkpoint/read.ts';
import { shapeOf } from '../../format/shape.ts';
import { type FileRow, kindNamed, rowOf } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { AGENTS_PATH, pathOf, placeOf } from '../../layout/place.ts';
import { parsePid } from '../../recovery/pid.ts';
import { messageType } from '../../schema/index.ts';
import { resolve, type Tree } from '../../source/links.ts';
import { baseName, isErrno } from '../../source/source.ts';
import { bytesAt, putFile } from '../mend/alternatives.ts';
import type { Alternative, Workspace } from '../mend/mender.ts';

/** A file of a copy: where it is there, and its bytes. */
interface Copy {
  readonly tree: Tree;
  readonly path: string;
  readonly bytes: Buffer;
}

/** The ids that a file of one record gives itself: they have to be those of its place. */
interface Ids {
  readonly id?: { readonly value: string };
  readonly executor_id?: { readonly value: string };
  readonly task_id?: { readonly value: string };
}

/** The place of a file that is damaged or missing here, filled from a copy in which it is whole. */
export const fromCopies = (
  path: string,
  workspace: Workspace,
  copies: readonly Tree[],
  options: Partial<Alternative> = {},
): readonly Alternative[] =>
  copiesOf(path, copies).flatMap(({ tree, path: at, bytes }) =>
    putFile(workspace, path, bytes, {
      what: `take ${baseName(path)} from ${tree.source.name}${at === path ? '' : ` (${at})`}`,
      salvage: true,
      ...options,
    }),
  );

/** Whole files for a path: at the same path of each copy; of a framework.info, of any agent that runs the framework. */
const copiesOf = (path: string, copies: readonly Tree[]): readonly Copy[] =>
  copies.flatMap((tree) => {
    const own = wholeFile(tree, path);
    if (own !== undefined) return [own];
    const { framework } = placeOf(path);
    if (kindNamed(path) !== 'framework.info' || framework === undefined) return [];
    const other = agentsIn(tree)
      .map((agent) => wholeFile(tree, pathOf({ folder: 'framework', agent, framework, below: 'framework.info' })))
      .find((found) => found !== undefined);
    return other === undefined ? [] : [other];
  });

/** The ids of a tree's agents. */
export const agentsIn = (tree: Tree): readonly string[] => {
  const folder = AGENTS_PATH;
  const entries = tree.source.list(folder);
  return isErrno(entries)
    ? []
    : entries.filter(({ name, kind }) => kind === 'folder' && name !== names.LATEST).map(({ name }) => name);
};

/** What a file is that may come from a copy, by its name. */
const restorable = (path: string): FileRow | undefined => {
  const kind = kindNamed(path);
  return kind !== undefined && rowOf(kind).isRestorable === true ? rowOf(kind) : undefined;
};

const wholeFile = (tree: Tree, path: string): Copy | undefined => {
  const bytes = bytesAt(tree, path);
  return bytes !== undefined && isWhole(tree, path, bytes) ? { tree, path, bytes } : undefined;
};

const isWhole = (tree: Tree, path: string, bytes: Buffer): boolean => {
  const text = bytes.toString('latin1');
  switch (restorable(path)?.text) {
    case 'number':
      return parseInteger(text) !== undefined;
    case 'pid': {
      const { malformed, hostName } = parsePid(text);
      return !malformed && hostName === undefined;
    }
    default: {
      const record = recordAt(tree, path);
      return record?.kind === 'whole' && !record.zeros && isOwn(record.value, path);
    }
  }
};

/** The record of a file that has one; undefined where the name is of no such file. */
export const recordAt = (tree: Tree, path: string): RecordFile<Ids> | undefined => {
  const row = restorable(path);
  if (row?.form !== 'record' || row.message === undefined) return undefined;
  const kind = resolve(tree, path).kind === 'found' ? 'link' : undefined;
  return new FileReader(tree).record<Ids>(path, kind, shapeOf(messageType(row.message), true));
};

/** The id in the slave.info of an agent's folder, which may have been renamed; undefined where that is not whole. */
export const agentIdIn = (tree: Tree, agent: string): string | undefined => {
  // It is asked for once for each log that is damaged.
  const known = agentIds.get(tree) ?? new Map<string, string | undefined>();
  agentIds.set(tree, known);
  if (!known.has(agent)) {
    const record = recordAt(tree, pathOf({ folder: 'agent', agent, below: 'slave.info' }));
    known.set(agent, record?.kind === 'whole' && !record.zeros ? record.value.id?.value : undefined);
  }
  return known.get(agent);
};

const agentIds = new WeakMap<Tree, Map<string, string | undefined>>();

const isOwn = ({ id, executor_id, task_id }: Ids, path: string): boolean => {
  const { agent, framework, executor, task } = placeOf(path);
  switch (kindNamed(path)) {
    case 'slave.info':
      return id?.value === agent;
    case 'framework.info':
      return id === undefined || id.value === framework;
    case 'executor.info':
      return executor_id?.value === executor;
    case 'task.info':
      return task_id?.value === task;
    default:
      return true;
  }
};
