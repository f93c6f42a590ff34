import { expect, it } from 'vitest';
import { allCodes, entryOf } from '../../src/findings/catalogue.ts';
import { menders, NEVER_FATAL } from '../../src/repair/mend/table.ts';
import { endsStrictStart } from '../../src/repair/search/survey.ts';

it('has a way for every finding that can end a strict start, and for no other', () => {
  const fatal = allCodes.filter((code) => endsStrictStart({ code, severity: entryOf(code).severity }));
  expect(fatal.length).toBeGreaterThan(30);
  expect(allCodes.filter((code) => menders[code] !== NEVER_FATAL)).toEqual(fatal);
});
