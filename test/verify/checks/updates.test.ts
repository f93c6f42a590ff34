import { describe, expect, it } from 'vitest';
import { checkUpdates } from '../../../src/verify/checks/updates.ts';
import type { Edit } from '../../support/cases.ts';
import { updateRecord, uuid } from '../../support/wire.ts';
import { MARATHON, VOLUMES } from '../places.ts';
import { appendBytes, bytesOf, predict, remove, writeText } from '../predict.ts';
import { brief, checked } from './run-check.ts';

const { webBefore, web } = MARATHON;
const { first } = VOLUMES;

/** An update without a valid uuid at the end of a task's log. */
const spoilt = (task: string): Edit =>
  appendBytes(`${task}/task.updates`, updateRecord(Buffer.from('short'), { task: 'x' }));

/** What is found of it when everything is looked at: its severity, and how the first start ends. */
const judged = (tree: string, task: string, edits: readonly Edit[] = []): unknown[] => {
  const { findings, strict } = predict(tree, [spoilt(task), ...edits]);
  const found = findings.filter(({ code }) => code === 'update-uuid-invalid');
  return [...found.map(({ severity }) => severity.strict), strict.starts[0]?.verdict];
};

describe('checkUpdates', () => {
  it('finds nothing in a log that the agent takes', () => {
    expect(brief(checked(checkUpdates, 'marathon'))).toEqual([]);
    expect(brief(checked(checkUpdates, 'marathon', [remove(`${web.task}/task.updates`)]))).toEqual([]);
  });

  it('finds the first update without a valid uuid', () => {
    const path = `${webBefore.task}/task.updates`;
    const found = checked(checkUpdates, 'marathon', [spoilt(webBefore.task), spoilt(webBefore.task)]);
    const { length } = updateRecord(Buffer.from('short'), { task: 'x' });
    expect(found).toMatchObject([{ path, offset: bytesOf('marathon', path).length, length, record: 7 }]);
    expect(found[0]?.severity).toEqual({ strict: 'note', nonStrict: 'note' });
  });

  it('finds nothing wrong with a uuid of a known version', () => {
    const good = appendBytes(`${webBefore.task}/task.updates`, updateRecord(uuid(9)));
    expect(brief(checked(checkUpdates, 'marathon', [good]))).toEqual([]);
  });
});

describe('an update that the agent would abort on', () => {
  it('is fatal in the latest run', () => {
    expect(judged('marathon', web.task)).toEqual(['fatal', 'aborts']);
    expect(judged('volumes', first.task)).toEqual(['fatal', 'aborts']);
  });

  it('is a note in a run before it', () => {
    expect(judged('marathon', webBefore.task)).toEqual(['note', 'recovers']);
  });

  it('is a note in a run that has ended', () => {
    expect(judged('volumes', first.task, [writeText(`${first.run}/executor.sentinel`, '')])).toEqual([
      'note',
      'recovers',
    ]);
  });

  it('is a note where its executor is skipped', () => {
    expect(judged('volumes', first.task, [remove(`${first.path}/executor.info`)])).toEqual(['note', 'recovers']);
  });
});
