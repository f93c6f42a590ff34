import { describe, expect, it } from 'vitest';
import type { Edit } from '../support/cases.ts';
import { run, session, within } from '../support/session.ts';
import { materialise, temporaryFolder } from '../support/trees.ts';
import { DAMAGES, EXECUTOR, FRAMEWORK, HOSTILE, RUN, SECRETIVE, TASK } from './trees.ts';

interface Screen {
  readonly name: string;
  readonly tree: string;
  readonly edits?: readonly Edit[];
  /** What comes behind `inspect`. */
  readonly argv: readonly string[];
  readonly columns?: number;
  readonly colour?: boolean;
}

const SCREENS: readonly Screen[] = [
  { name: 'marathon', tree: 'marathon', argv: ['.'] },
  { name: 'marathon-200', tree: 'marathon', argv: ['.'], columns: 200 },
  { name: 'marathon-wide', tree: 'marathon', argv: ['.', '--wide'] },
  { name: 'marathon-tree', tree: 'marathon', argv: ['.', '--tree'] },
  { name: 'marathon-tree-200', tree: 'marathon', argv: ['.', '--tree'], columns: 200 },
  { name: 'marathon-tasks', tree: 'marathon', argv: ['.', '--task', 'shop_*', '--executor', '*web*'] },
  { name: 'marathon-nothing', tree: 'marathon', argv: ['.', '--task', 'nobody'] },
  { name: 'pods', tree: 'pods', argv: ['meta', '--work-dir', '/var/lib/mesos'] },
  { name: 'operations', tree: 'operations', argv: ['.'] },
  { name: 'targets', tree: 'targets', argv: ['.'] },
  { name: 'legacy', tree: 'legacy', argv: ['.', '--mesos-version', '1.4.0'] },
  { name: 'ids', tree: 'ids', argv: ['.'] },
  { name: 'fresh', tree: 'fresh', argv: ['.'] },
  { name: 'damaged', tree: 'marathon', edits: DAMAGES, argv: ['.'] },
  { name: 'damaged-only', tree: 'marathon', edits: DAMAGES, argv: ['.', '--damaged', '--task', '*'] },
  { name: 'damaged-tree', tree: 'marathon', edits: DAMAGES, argv: ['.', '--damaged', '--tree'], columns: 100 },
  { name: 'damaged-colour', tree: 'marathon', edits: DAMAGES, argv: ['.', '--damaged'], columns: 120, colour: true },
  { name: 'hostile', tree: 'marathon', edits: HOSTILE, argv: ['.'] },
  { name: 'hostile-tree', tree: 'marathon', edits: HOSTILE, argv: ['.', '--tree'] },
  { name: 'agent', tree: 'marathon', argv: [FRAMEWORK.split('/frameworks')[0] ?? '', '--work-dir', '/var/lib/mesos'] },
  { name: 'framework', tree: 'marathon', argv: [FRAMEWORK] },
  { name: 'executor', tree: 'marathon', edits: SECRETIVE, argv: [EXECUTOR] },
  { name: 'executor-secrets', tree: 'marathon', edits: SECRETIVE, argv: [EXECUTOR, '--show-secrets'] },
  { name: 'run', tree: 'marathon', argv: [RUN] },
  { name: 'task', tree: 'marathon', edits: SECRETIVE, argv: [TASK] },
  {
    name: 'dangling',
    tree: 'marathon',
    edits: [{ op: 'remove', path: 'meta/slaves/latest' }],
    argv: ['.', '--work-dir', '/var/lib/mesos'],
  },
  { name: 'no-checkpoint', tree: 'marathon', edits: [{ op: 'rename', path: 'meta', to: 'atem' }], argv: ['.'] },
  { name: 'no-folder', tree: 'fresh', argv: ['nowhere'] },
  { name: 'no-folder-json', tree: 'fresh', argv: ['nowhere', '--json'] },
  { name: 'no-version', tree: 'fresh', argv: ['.', '--mesos-version', 'latest'] },
  { name: 'old-version', tree: 'fresh', argv: ['.', '--mesos-version', '1.3.2'] },
  { name: 'filter-above', tree: 'marathon', argv: [EXECUTOR, '--framework', '*'] },
];

describe('the screens of inspect', () => {
  it.each(SCREENS)('$name', async ({ name, tree, edits = [], argv, columns = 80, colour = false }) => {
    const words = ['inspect', ...argv];
    const ran = await within(materialise(tree, edits), () => run(words, { columns, colour }));
    await expect(session(ran, words)).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('an empty folder', async () => {
    const ran = await within(temporaryFolder(), () => run(['inspect', '.']));
    expect(ran).toEqual({
      out: '',
      err: "mesos-ckpt: .: no checkpoint there: expected a folder 'meta' in the agent's work_dir\n",
      exitCode: 3,
    });
  });
});
