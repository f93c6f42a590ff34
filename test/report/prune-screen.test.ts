import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import type { RepairOptions } from '../../src/repair/options.ts';
import { planRepair } from '../../src/repair/plan-repair.ts';
import { pruneScreen } from '../../src/report/prune/screen.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { bytesOf, DB1, DB2, logOf, volumesWith, writing } from '../repair/trees.ts';
import { HOME, pathIn } from '../support/trees.ts';
import { bootIdOf } from '../support/verify.ts';

const bad = Buffer.from('01000000ff', 'hex');
const intact = volumesWith();
const log = logOf(intact, DB2);
const damaged = volumesWith(
  writing(`${DB1}/executor.info`, bad),
  writing(log, Buffer.concat([bytesOf(intact, log), bad])),
  writing(`${DB2}/executor_generated_for_command_task`, '1\n'),
);

const screen = (tree: MemorySource, width = 80, options: RepairOptions = {}): readonly string[] =>
  pruneScreen(planRepair(openSource(tree, { workDir: HOME }), { bootId: bootIdOf('volumes'), ...options }), {
    width,
    colour: false,
  }).split('\n');

describe('the screen of a plan', () => {
  it('says of each step what it does, where, why, and what is lost with it', () => {
    const lines = screen(damaged);
    const at = lines.indexOf('The plan: 3 steps');
    expect(lines.slice(at + 1, at + 10)).toEqual([
      '     1  set aside executor.info',
      `        ${DB1}/executor.info`,
      '        for executor-info-damaged',
      '        lost: executor db-docker.1 with 1 task',
      '     2  cut 1 byte out of executor_generated_for_command_task',
      expect.stringMatching(/^ {8}meta\/.*\/executor_generated_for_command_task$/),
      '        for generated-marker-malformed',
      '        lost: nothing',
      '     3  cut 5 bytes out of task.updates',
    ]);
  });

  it('shortens nothing of what is lost', () => {
    const path = pathIn('volumes', /framework\.info$/);
    const text = screen(volumesWith(writing(path, bad))).join(' ');
    expect(text.replace(/\s+/g, ' ')).toMatch(/lost: framework [0-9a-f-]+-0002 with 2 executors and 2 tasks/);
  });

  it('says what it does and where, what it costs, and what removing latest costs', () => {
    const lines = screen(damaged);
    expect(lines).toContain(`        ${DB1}/executor.info`);
    expect(lines).toContain('     2  cut 1 byte out of executor_generated_for_command_task');
    expect(lines).toContain('A non-strict start would not come up here either: step 2 goes beyond it.');
    expect(lines).toContain('  removing slaves/latest instead: all that runs here: 2 executors with 2 tasks.');
    expect(lines[0]).toBe('now: refuses to start, and again at every start');
    expect(lines[1]).toBe('with the plan: recovers, 1 executor and 1 task lost');
  });

  it.each([40, 60, 80, 120])('is no wider than %i columns, but for names that are not broken', (width) => {
    const wide = screen(damaged, width).filter((line) => line.length > width && line.trim().includes(' '));
    expect(wide).toEqual([]);
  });

  it('is short where nothing is to be done', () => {
    expect(screen(intact)).toEqual([
      'Nothing to do. strict: recovers',
      'Mesos 1.11.0 at /var/lib/mesos, not rebooted; sandboxes not checked.',
      '',
    ]);
  });

  it('names the option that is needed, and what it costs', () => {
    const { path } = { path: 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7/slave.info' };
    const text = screen(volumesWith(writing(path, bad)))
      .join(' ')
      .replace(/ +/g, ' ');
    expect(text).toContain('No plan lets it come up');
    expect(text).toContain(
      "it needs --accept-new-agent: set aside slave.info, which costs the agent's id, with 2 executors and 2 tasks",
    );
  });
});
