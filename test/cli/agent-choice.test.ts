import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { HOME, materialise, pathIn } from '../support/trees.ts';

const FIRST = path.basename(path.dirname(pathIn('marathon', /slave\.info$/)));
const [SLAVES, LATEST] = ['meta/slaves', 'meta/slaves/latest'];
/** A name that a shell would make more of. */
const SECOND = "-S 8'$(id)";

/** A work_dir with two agents, whose `slaves/latest` is gone, or leads nowhere. */
const treeOf = (latest: 'gone' | 'dangling'): string => {
  const tree = materialise('marathon');
  fs.cpSync(path.join(tree, SLAVES, FIRST), path.join(tree, SLAVES, SECOND), {
    recursive: true,
    verbatimSymlinks: true,
  });
  for (const [agent, day] of [
    [FIRST, '2024-05-02'],
    [SECOND, '2024-05-01'],
  ] as const) {
    fs.utimesSync(path.join(tree, SLAVES, agent, 'slave.info'), new Date(day), new Date(day));
  }
  fs.rmSync(path.join(tree, LATEST));
  if (latest === 'dangling') fs.symlinkSync(`${HOME}/${SLAVES}/another`, path.join(tree, LATEST));
  return tree;
};

const prune = (tree: string, ...options: string[]) => run(['prune', tree, '--work-dir', HOME, ...options]);

it.each(['gone', 'dangling'] as const)(
  'a latest that is %s, and two agents: which one is told in words',
  async (latest) => {
    const tree = treeOf(latest);
    const { out, exitCode } = await prune(tree);
    expect(exitCode).toBe(2);
    expect(out).toContain(
      `prune ${tree} --salvage --agent ${FIRST} --work-dir ${HOME}\n    registered 2024-05-02T00:00:00Z, has 4 executors: the newest\n`,
    );
    expect(out).toContain(`--agent '-S 8'\\''$(id)' --work-dir`);
    const json = JSON.parse((await prune(tree, '--json')).out);
    expect(complaintsOf('prune', json)).toEqual([]);
    const { agents } = json;
    expect(
      agents.map(({ agent, registered, executors }: Record<string, unknown>) => [agent, registered, executors]),
    ).toEqual([
      [FIRST, '2024-05-02T00:00:00.000Z', 4],
      [SECOND, '2024-05-01T00:00:00.000Z', 4],
    ]);
    // The command as it is told, and with --apply behind.
    const command = agents[0].command.slice(1);
    expect((await run(command)).out).toContain('--apply');
    const applied = await run([...command, '--apply']);
    expect([applied.exitCode, applied.err]).toEqual([0, '']);
    expect(fs.readlinkSync(path.join(tree, LATEST))).toBe(`${HOME}/${SLAVES}/${FIRST}`);
    expect((await prune(tree, '--salvage')).out).toMatch(/^Nothing to do/);
    expect((await run(['verify', tree, '--work-dir', HOME])).out).not.toContain('NEXT');
  },
);

it('the one that a copy names is taken, with the command that is told', async () => {
  const tree = treeOf('gone');
  const { out } = await prune(tree, '--from', materialise('marathon'));
  expect(out).toMatch(/make latest lead to/);
  expect(out).toMatch(/--salvage --apply/);
});

it('is refused where it is not there, and where the link leads to one', async () => {
  const tree = treeOf('gone');
  expect(await prune(tree, '--salvage', '--agent', 'another')).toMatchObject({
    exitCode: 3,
    err: expect.stringContaining("no agent 'another'"),
  });
  expect(await prune(materialise('marathon'), '--salvage', '--agent', FIRST)).toMatchObject({
    exitCode: 3,
    err: expect.stringContaining(`leads to ${FIRST}`),
  });
  expect(await prune(tree, '--as-non-strict', '--agent', FIRST)).toMatchObject({ exitCode: 3 });
});
