import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFixtureHost, readHostFixture } from '../support/fixture-hosts.ts';
import { readPrometheus } from '../support/prometheus.ts';
import { run } from '../support/session.ts';
import { HOME, materialise, temporaryFolder } from '../support/trees.ts';

const CONTRIB = 'contrib/monitoring';
const COMMAND = '/usr/local/bin/mesos-ckpt';

const read = (name: string): string => fs.readFileSync(path.join(CONTRIB, name), 'utf8');

describe('the systemd units', () => {
  const commands = [...read('mesos-ckpt.service').matchAll(/^ExecStart=(.*)$/gm)].map(([, line = '']) =>
    line.split(' '),
  );

  it('write what node_exporter takes', async () => {
    expect(commands.map(([program, command]) => [program, command])).toEqual([
      [COMMAND, 'verify'],
      [COMMAND, 'preflight'],
    ]);
    const { root } = makeFixtureHost(readHostFixture('plain'));
    const folder = temporaryFolder();
    for (const [, ...words] of commands) {
      const argv = words.map((word, i) =>
        words[i - 1] === '--output' ? path.join(folder, path.basename(word)) : word === HOME ? `${root}${HOME}` : word,
      );
      const { exitCode, err } = await run(argv[0] === 'preflight' ? [...argv, '--root', root] : argv);
      expect([err, exitCode < 3]).toEqual(['', true]);
    }
    expect(fs.readdirSync(folder).sort()).toEqual(['mesos-preflight.prom', 'mesos-verify.prom']);
    for (const name of fs.readdirSync(folder)) {
      expect(readPrometheus(fs.readFileSync(path.join(folder, name), 'utf8')).length).toBeGreaterThan(5);
    }
  });

  it.each(['meta', 'meta/slaves'])('are written into no checkpoint: %s', async (inside) => {
    const folder = materialise('marathon');
    const file = path.join(folder, inside, 'x.prom');
    const { exitCode, err } = await run(['verify', folder, '--format', 'prometheus', '--output', file]);
    expect([exitCode, err]).toEqual([
      3,
      `mesos-ckpt: ${file}: in meta, which is the agent's: choose a place outside of it\n`,
    ]);
    expect(fs.existsSync(file)).toBe(false);
  });

  it('are what systemd takes, where it is here', () => {
    const folder = temporaryFolder();
    const program = path.join(folder, 'mesos-ckpt');
    fs.writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    const units = ['mesos-ckpt.service', 'mesos-ckpt.timer'].map((name) => {
      fs.writeFileSync(path.join(folder, name), read(name).replaceAll(COMMAND, program));
      return path.join(folder, name);
    });
    for (const name of ['mesos-ckpt.service', 'mesos-ckpt.timer']) {
      // Each line is a comment, a section or a setting.
      for (const line of read(name).split('\n'))
        expect(line).toMatch(/^(?:|#.*|\[(?:Unit|Service|Timer|Install)\]|[A-Z]\w+=.+)$/);
    }
    const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], {
      encoding: 'utf8',
    });
    if (error === undefined)
      expect([status, stderr.split('\n').filter((line) => line.includes('mesos-ckpt'))]).toEqual([0, []]);
  });
});

describe('the commands of Icinga', () => {
  const text = read('icinga2-commands.conf');

  it('are closed where they are opened, and name options that are there', async () => {
    const code = text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""').replace(/\/\/.*/g, '');
    const open: string[] = [];
    for (const character of code) {
      if (character === '{' || character === '[') open.push(character);
      if (character === '}') expect(open.pop()).toBe('{');
      if (character === ']') expect(open.pop()).toBe('[');
    }
    expect(open).toEqual([]);
    for (const command of ['verify', 'preflight']) {
      const object =
        new RegExp(`object CheckCommand "mesos-ckpt-${command}" \\{[\\s\\S]*?\\n\\}`).exec(text)?.[0] ?? '';
      expect(object).toContain(`"/usr/local/bin/mesos-ckpt", "${command}", "--format", "nagios"`);
      const { out } = await run([command, '--help'], { columns: 200 });
      const options = [...object.matchAll(/"(--[a-z-]+)"/g)].map(([, option = '']) => option);
      expect(options.length).toBeGreaterThan(2);
      for (const option of options) expect(out).toContain(`  ${option} `);
    }
  });

  it('are allowed by rules of sudo that are whole command lines', async () => {
    const rules = [...text.matchAll(/NOPASSWD: (.*)$/gm)].map(([, line = '']) => line);
    expect(rules.length).toBe(2);
    for (const rule of rules) expect(rule).not.toMatch(/[*?[\]]/);
  });
});
