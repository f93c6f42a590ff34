import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDER = 'contrib/ansible';
const ROLE = path.join(FOLDER, 'roles/mesos_ckpt');

const read = (...names: readonly string[]): string => fs.readFileSync(path.join(...names), 'utf8');

const namesIn = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

describe('the variables of the role', () => {
  const specified = namesIn(read(ROLE, 'meta/argument_specs.yml'), /^ {6}(mesos_ckpt_\w+):/gm);

  it('are the same in its defaults, its argument specifications and the README', () => {
    expect(specified.length).toBeGreaterThan(10);
    expect(namesIn(read(ROLE, 'defaults/main.yml'), /^(mesos_ckpt_\w+):/gm)).toEqual(specified);
    const rows = read(FOLDER, 'README.md')
      .split('\n')
      .filter((line) => line.startsWith('| `mesos_ckpt'));
    const ofPlaybooks = ['mesos_ckpt_hosts', 'mesos_ckpt_serial'];
    const described = rows.flatMap((row) => namesIn(row.split('|')[1] ?? '', /`(mesos_ckpt_\w+)`/g));
    expect([...described].sort()).toEqual([...specified, ...ofPlaybooks].sort());
  });

  it('are all that its tasks use, beside those that follow from them', () => {
    const own = namesIn(read(ROLE, 'vars/main.yml'), /^(mesos_ckpt_\w+):/gm);
    const tasks = fs.readdirSync(path.join(ROLE, 'tasks')).map((name) => read(ROLE, 'tasks', name));
    const made = namesIn(tasks.join('\n'), /(?:^ +|register: )(mesos_ckpt_\w+)(?::|$)/gm);
    const used = namesIn(`${tasks.join('\n')}${read(ROLE, 'vars/main.yml')}`, /\b(mesos_ckpt_\w+)\b/g);
    const known = new Set([...specified, ...own, ...made, 'mesos_ckpt_stream']);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the tasks of the role', () => {
  const tasks = fs.readdirSync(path.join(ROLE, 'tasks')).map((name) => read(ROLE, 'tasks', name));

  it('are of modules that Ansible has itself, and of the role', () => {
    const modules = namesIn(tasks.join('\n'), /^ +([a-z_]+\.[a-z_.]+|mesos_ckpt_stream):$/gm);
    expect(modules.length).toBeGreaterThan(5);
    expect(modules.filter((name) => !/^(?:ansible\.builtin\.\w+|mesos_ckpt_stream)$/.test(name))).toEqual([]);
  });

  it('remove nothing from a host, the link to the latest agent least of all', () => {
    for (const text of tasks) expect(text).not.toMatch(/\brm\b|state: absent|\bunlink\b|> *\S*latest/);
  });
});
