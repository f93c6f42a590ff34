import type { Edits } from '../../format/edit.ts';
import { encodeMessage } from '../../format/encode.ts';
import type { Message } from '../../format/parse.ts';
import type { WireField } from '../../format/walk.ts';
import type { Attribute, Resource, Value_Type } from '../../schema/index.ts';

/** The field that holds a value of a type, and the one in it that the value is made of. */
const PARTS: Readonly<Partial<Record<Value_Type, readonly [holder: 'scalar' | 'ranges' | 'set', inner: string]>>> = {
  SCALAR: ['scalar', 'value'],
  RANGES: ['ranges', 'range'],
  SET: ['set', 'item'],
};

/**
 * Gives a resource or an attribute of a file another value: what is in the value and is not known stays, and so do the
 * ranges and items that are in the new one too.
 */
export const setValue = (
  edits: Edits,
  field: WireField,
  old: Resource | Attribute,
  value: Resource | Attribute,
): void => {
  const [holder, inner] = PARTS[value.type] ?? [];
  if (holder === undefined || inner === undefined) return;
  const holders = (field.fields ?? []).filter((each) => each.field?.name === holder);
  const parts = holders.flatMap(({ fields = [] }) => fields.filter((each) => each.field?.name === inner));
  const type = holders[0]?.field?.message;
  const [last] = parts.slice(-1);
  const wanted = (value as unknown as Readonly<Record<string, Message | undefined>>)[holder];
  if (type === undefined || last === undefined || wanted === undefined) return;
  const listed = (message: unknown): readonly unknown[] => {
    const list = (message as Message | undefined)?.[inner];
    return Array.isArray(list) ? list : [];
  };
  const kept = keptOf(listed((old as unknown as Readonly<Record<string, unknown>>)[holder]), listed(wanted));
  for (const [i, part] of parts.entries()) {
    if (kept === undefined ? part !== last : !kept.has(i)) edits.cut(part);
  }
  if (kept === undefined) edits.replace(last, encodeMessage(type, wanted));
};

/** The places in a list of what another list consists of, in its order; undefined where it has something of its own. */
const keptOf = (list: readonly unknown[], wanted: readonly unknown[]): ReadonlySet<number> | undefined => {
  const kept = new Set<number>();
  let at = 0;
  for (const each of wanted) {
    const found = list.findIndex((other, i) => i >= at && textOf(other) === textOf(each));
    if (found < 0) return undefined;
    kept.add(found);
    at = found + 1;
  }
  return wanted.length === 0 ? undefined : kept;
};

/** A range or an item as a text that is the same where they are. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));
