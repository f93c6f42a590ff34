import { expect, it } from 'vitest';
import { type Opened, openSource } from '../../src/checkpoint/open.ts';
import { nextOf } from '../../src/cli/next.ts';
import { nextJson, nextText } from '../../src/report/ways/next.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { bytesOf, DB2, logOf, writing } from '../repair/trees.ts';
import type { Edit } from '../support/cases.ts';
import { applyEdits, HOME, loadTree, pathIn } from '../support/trees.ts';
import { version } from '../support/verify.ts';

const OPTIONS = { mesosVersion: version('1.11.0'), launcher: 'linux', sandboxes: 'auto' } as const;

const nextFor = (tree: string, edits: readonly Edit[], more: Partial<Opened> = {}) => {
  const opened = { ...openSource(applyEdits(loadTree(tree), edits), { workDir: HOME }), ...more };
  const next = nextOf(HOME, opened, verifyCheckpoint(opened), OPTIONS);
  return { text: nextText(next, 80), json: nextJson(next) };
};

const LOST_INFO: readonly Edit[] = [{ op: 'truncate', path: pathIn('marathon', /slave\.info$/), size: 0 }];

it('is the prune that finds the flags where slave.info is lost and the tree is in place', () => {
  const { text, json } = nextFor('marathon', LOST_INFO, { inPlace: true, from: 'folder' });
  expect(text).toContain(
    "With the agent's flags, which prune finds on this host, as a best guess:\n  mesos-ckpt prune /var/lib/mesos\n",
  );
  expect(text).not.toContain('--hostname');
  expect(text).not.toContain('No command');
  expect(json).toEqual({ way: null, command: ['mesos-ckpt', 'prune', HOME] });
});

it('says of a copy that it is not enough alone, and what would be', () => {
  const { text, json } = nextFor('marathon', LOST_INFO);
  expect(text).toContain('With what is in this checkpoint alone, nothing keeps what runs here:');
  expect(text).toContain('  mesos-ckpt prune /var/lib/mesos -- --hostname=HOST --port=PORT\n');
  expect(json).toBeNull();
});

it('is the best guess where all else keeps nothing that runs', () => {
  const { text, json } = nextFor('volumes', [{ op: 'truncate', path: pathIn('volumes', /framework\.info$/), size: 3 }]);
  expect(text).toBe(
    'NEXT    keeps 2 of 2 executors and 2 of 2 tasks, as a best guess: look at its\n        plan first\n  mesos-ckpt prune /var/lib/mesos --salvage --allow-suspect\n',
  );
  expect(json).toMatchObject({ way: 'salvage-suspect', sure: 'suspect', recommended: true });
});

it('names a best guess that keeps more beside what is certain', () => {
  const log = logOf(loadTree('volumes'), DB2);
  // The length in front of the first record is wrong: where the next one begins is a guess.
  const shifted = Buffer.concat([
    Buffer.from('07000000ffffffffffffff', 'hex'),
    bytesOf(loadTree('volumes'), log).subarray(7),
  ]);
  const { text, json } = nextFor('volumes', [writing(log, shifted)]);
  expect(json).toMatchObject({ sure: 'exact', recommended: true });
  expect(text).toBe(
    `NEXT    keeps 2 of 2 executors and 2 of 2 tasks, and loses 1 update
  mesos-ckpt prune /var/lib/mesos --as-non-strict
A best guess keeps 2 of 2 executors and 2 of 2 tasks. Look at its plan before
you decide:
  mesos-ckpt prune /var/lib/mesos --salvage
`,
  );
});
