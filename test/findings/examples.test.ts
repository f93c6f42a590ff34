import { expect, it } from 'vitest';
import { allCodes } from '../../src/findings/catalogue.ts';
import { exampleOf } from './example.ts';
import { readFixture } from './fixture.ts';

it('the examples of explain are what the fixtures give (npx vitest run test/findings/examples -u writes them)', async () => {
  const examples = Object.fromEntries(allCodes.map((code) => [code, exampleOf(code, readFixture(code))]));
  await expect(`${JSON.stringify(examples, null, 1)}\n`).toMatchFileSnapshot('../../fixtures/examples.json');
});
