import type { Attribute } from '../schema/index.ts';
import { type FromText, parseValue, tokenize } from './value-text.ts';

/** The numbers that the agent prints in place of a type's name. */
const SET_NUMBER = 2;

/**
 * Reads `--attributes`, `rack:2;zone:eu`. Mirrors `Attributes::parse`, which ends the agent by LOG(FATAL) where this says
 * a message.
 */
export const parseAttributes = (text: string): FromText<readonly Attribute[]> => {
  const attributes: Attribute[] = [];
  for (const token of tokenize(text, ';\n')) {
    const at = token.indexOf(':');
    const [name, given] = at < 0 ? ['', ''] : [token.slice(0, at), token.slice(at + 1)];
    if (name === '' || given === '') {
      return { ok: false, message: `Invalid attribute key:value pair '${token}'` };
    }
    const parsed = parseValue(given);
    if (!parsed.ok) {
      return { ok: false, message: `Failed to parse attribute ${name} text ${given} error ${parsed.message}` };
    }
    if (parsed.value.type === 'SET') {
      return { ok: false, message: `Bad type for attribute ${name} text ${given} type ${SET_NUMBER}` };
    }
    attributes.push({ name, ...parsed.value });
  }
  return { ok: true, value: attributes };
};

/** The text for `--attributes` that gives these attributes again; undefined where none does. */
export const attributesFlag = (attributes: readonly Attribute[]): string | undefined => {
  const texts = attributes.map((attribute) => `${attribute.name}:${valueFlag(attribute)}`);
  return texts.some((text) => text.includes(';') || text.includes('\n')) ? undefined : texts.join(';');
};

const valueFlag = (attribute: Attribute): string => {
  switch (attribute.type) {
    case 'SCALAR':
      return String(attribute.scalar?.value ?? 0);
    case 'RANGES':
      return `[${(attribute.ranges?.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(',')}]`;
    case 'SET':
      return `{${(attribute.set?.item ?? []).join(',')}}`;
    case 'TEXT':
      return attribute.text?.value ?? '';
  }
};
