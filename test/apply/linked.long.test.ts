import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { applyPlan, openPath, type Planning, planJson, planRepair, undoJournal } from '../../src/index.ts';
import { jsonLine } from '../../src/text/escape.ts';
import type { Edit } from '../support/cases.ts';
import { HOME, materialise, pathIn } from '../support/trees.ts';
import { quickly } from './calls.ts';
import { FakeProcesses, fingerprint, settle } from './support.ts';

quickly();

const pathTo = (end: RegExp): string => pathIn('marathon', end);
const EDITS: readonly Edit[] = [
  { op: 'append', path: pathTo(/shop_web.*forked\.pid$/), hex: '0a' },
  { op: 'truncate', path: pathTo(/shop_cache.*executor\.info$/), size: 3 },
];
const RUN = pathTo(/shop_web.*forked\.pid$/).replace(/\/pids\/forked\.pid$/, '');
const up = (path: string, levels: number): string => path.split('/').slice(0, -levels).join('/');

/** What a plan does, or why there is none. */
const gist = ({ plan, blocked }: Planning): string =>
  plan === undefined ? jsonLine(blocked.map(({ reason }) => reason)) : jsonLine(planJson(plan));

const OTHER = pathTo(/shop_cache.*executor\.info$/).replace(/\/executor\.info$/, '');

/** Where the link is: one more in a folder, or in the place of one. */
const AT: readonly string[] = [
  ...['meta', 'meta/slaves', up(RUN, 4), up(RUN, 2), up(RUN, 1), `${RUN}/tasks`].map((folder) => `${folder}/linked`),
  ...[up(OTHER, 1), `${OTHER}/runs`, `${RUN}/tasks`, `${RUN}/pids`],
];

it.each(
  AT.flatMap((at) =>
    [HOME, `${'../'.repeat(at.split('/').length - 1)}.`].flatMap((target) =>
      [false, true].map((salvage) => [at, target, salvage] as const),
    ),
  ),
)(
  'the plan applied is the plan shown where %s leads to the work_dir (%s, salvage: %s)',
  async (at, target, salvage) => {
    const tree = fs.realpathSync(materialise('marathon', EDITS));
    if (at.endsWith('/linked')) fs.symlinkSync(target, `${tree}/${at}`);
    else {
      fs.rmSync(`${tree}/${at}`, { recursive: true });
      fs.symlinkSync(target, `${tree}/${at}`);
    }
    settle(tree);
    const before = fingerprint(tree);
    const open = () => openPath(tree, { workDir: HOME });
    const shown = gist(planRepair(open(), { salvage }));
    let planned: Planning | undefined;
    const applied = await applyPlan(open(), (opened) => planRepair(opened, { salvage }), {
      processes: new FakeProcesses().folder,
      onPlanned: (planning) => {
        planned = planning;
      },
    });
    expect(planned && gist(planned)).toBe(shown);
    expect(applied.differences).toEqual([]);
    if (applied.run !== undefined) await undoJournal(applied.run.journal, { processes: new FakeProcesses().folder });
    expect(fingerprint(tree)).toEqual(before);
  },
);
