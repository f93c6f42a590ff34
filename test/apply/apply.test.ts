import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { apply, CHANGES, FakeProcesses, fingerprint, makeTree, outline, planned, standings, undo } from './support.ts';

const processes = () => new FakeProcesses().start();

it('applies, and takes back to the byte', async () => {
  const folder = makeTree();
  const before = fingerprint(folder);
  const { mtimeNs } = fs.statSync(folder, { bigint: true });
  const own = processes();
  const { place, ending, done, of } = await apply(folder, planned(folder, CHANGES), own);
  expect([ending, done, of]).toEqual(['applied', 9, 9]);
  expect(standings(folder)).toEqual(['applied']);
  const agent = `${folder}/meta/slaves/S1`;
  expect(fs.readFileSync(`${agent}/log`, 'utf8')).toBe('first|second|third');
  expect(fs.readFileSync(`${agent}/torn`, 'utf8')).toBe('whole|');
  expect([...fs.readFileSync(`${agent}/bad.info`)]).toEqual([0, 255, 10]);
  expect(fs.readlinkSync(`${agent}/latest`, { encoding: 'buffer' }).toString('latin1')).toBe('/elsewhere/\xfe');
  expect(outline(folder)).not.toEqual(before);
  expect(await undo(place, own)).toMatchObject({ ending: 'undone', done: 0, notes: [] });
  expect(fingerprint(folder)).toEqual(before);
  expect(standings(folder)).toEqual(['undone']);
  expect(fs.statSync(folder, { bigint: true }).mtimeNs).toBe(mtimeNs);
});
