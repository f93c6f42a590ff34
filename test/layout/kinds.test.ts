import { expect, it } from 'vitest';
import { checkpointFiles, fileNames, KINDS, kindNamed, rowOf } from '../../src/layout/kinds.ts';
import { isMessageName } from '../../src/schema/index.ts';

it('no two files of a folder have one field', () => {
  const fields = checkpointFiles.map((kind) => `${KINDS[kind].of}.${KINDS[kind].field}`);
  expect(new Set(fields).size).toBe(fields.length);
});

it('just what holds records names a message, and just a text says what it is', () => {
  for (const kind of checkpointFiles) {
    const { form, message, text } = rowOf(kind);
    expect([kind, message !== undefined]).toEqual([kind, ['record', 'sequence', 'log'].includes(form)]);
    expect([kind, text !== undefined]).toEqual([kind, form === 'text']);
    if (message !== undefined) expect(isMessageName(message)).toBe(true);
  }
});

it('a name alone tells the kind of each file that recovery reads, and of nothing else', () => {
  for (const each of fileNames) expect(kindNamed(`anywhere/${each}`)).toBe(each);
  for (const each of ['latest', 'resource_provider.state', 'volumes', '__proto__', '']) {
    expect(kindNamed(each)).toBeUndefined();
  }
});
