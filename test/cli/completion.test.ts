import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/main.ts';
import { allCodes } from '../../src/findings/catalogue.ts';
import { checkCodes } from '../../src/preflight/checks/index.ts';
import { run } from '../support/session.ts';
import { temporaryFolder } from '../support/trees.ts';

/** What bash offers behind some words, of which the last is being typed. */
const completed = async (...words: readonly string[]): Promise<readonly string[]> => {
  const file = path.join(temporaryFolder(), 'completion.bash');
  fs.writeFileSync(file, (await run(['completion', 'bash'])).out);
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mesos_ckpt; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['-uc', script, 'bash', file, 'mesos-ckpt', ...words], { encoding: 'utf8' });
  return out.split('\n').filter((line) => line !== '');
};

const names = COMMANDS.flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias]));

describe('completion in bash', () => {
  it('knows the commands', async () => {
    expect((await completed('')).slice().sort()).toEqual([...names, 'help'].sort());
    expect(await completed('ver')).toEqual(['verify']);
    expect(await completed('--ve')).toEqual(['--version']);
  });

  it.each(names)('knows every option of %s', async (name) => {
    const { out } = await run([name, '--help'], { columns: 200 });
    const inHelp = [...out.matchAll(/^ {2}(?:(-\w), )?(--[a-z-]+)/gm)].flatMap(([, short, long]) => [short, long]);
    const wanted = inHelp.filter((each) => each !== undefined && each !== '-h');
    expect((await completed(name, '-')).slice().sort()).toEqual(wanted.sort());
  });

  it('knows values, with a blank or = before them', async () => {
    expect(await completed('verify', '--launcher', '')).toEqual(['posix', 'linux']);
    expect(await completed('verify', '--launcher', '=')).toEqual(['posix', 'linux']);
    expect(await completed('verify', '--launcher', '=', 'li')).toEqual(['linux']);
    expect(await completed('preflight', '--only', 'kill')).toEqual(['kill-mode']);
  });

  it('knows the codes of findings and checks', async () => {
    expect((await completed('explain', '')).slice().sort()).toEqual([...new Set([...allCodes, ...checkCodes])].sort());
    expect(await completed('explain', 'task-info-d')).toEqual(['task-info-damaged']);
  });

  it('leaves paths, and flags of an agent, to the shell', async () => {
    expect(await completed('verify', '/var/li')).toEqual([]);
    expect(await completed('preflight', '--', '--work')).toEqual([]);
    expect((await run(['completion', 'bash'])).out).toContain('\ncomplete -o default -F _mesos_ckpt mesos-ckpt\n');
  });
});

describe('completion in other shells, and the manual', () => {
  it.each(['zsh', 'fish', 'man'])('has every command, and every option, for %s', async (shell) => {
    const { out, exitCode } = await run(['completion', shell]);
    expect(exitCode).toBe(0);
    const plain = out.replaceAll('\\-', '-');
    for (const name of names) expect(plain).toMatch(new RegExp(`\\b${name}\\b`));
    for (const option of ['salvage', 'boot-id', 'resync']) expect(plain).toMatch(new RegExp(`(--|-l )${option}\\b`));
  });

  it('has a manual without a line that roff takes for another', async () => {
    const { out } = await run(['completion', 'man']);
    const requests = new Set(out.split('\n').flatMap((line) => /^[.'](\w*)/.exec(line)?.[1] ?? []));
    expect([...requests].sort()).toEqual(['B', 'I', 'PP', 'SH', 'SS', 'TH', 'TP', 'br', 'fi', 'nf']);
    const { stderr, error } = spawnSync('man', ['--warnings', '-l', '-'], { input: out, encoding: 'utf8' });
    // With SHELLS, as in .ci/run, it fails where man is missing.
    if (error !== undefined) expect(process.env['SHELLS']).toBeUndefined();
    expect(stderr ?? '').toBe('');
  });

  it('has a manual that tells choices, and what holds where nothing is given', async () => {
    const { out } = await run(['completion', 'man']);
    const plain = out.replaceAll('\\-', '-');
    expect(plain).toContain('(choices: "posix", "linux", default: "linux")');
    expect(plain).toContain('\n.B --max-record <size>\nthe largest record that is read, below 2GB (default: 1GB)\n');
  });

  it('says what it takes', async () => {
    const { err, exitCode } = await run(['completion', 'tcsh']);
    expect(err).toContain('bash, zsh, fish, man');
    expect(exitCode).toBe(3);
  });
});

describe('words that others use', () => {
  it.each([
    ['fsck', 'verify'],
    ['fix', 'prune'],
    ['ls', 'inspect'],
    ['show', 'inspect'],
    ['check', 'verify'],
  ])('%s leads to %s', async (word, ours) => {
    const { err, exitCode } = await run([word, '/var/lib/mesos']);
    expect(err).toContain(`mesos-ckpt: there is no command '${word}': did you mean ${ours}, to `);
    expect(exitCode).toBe(3);
  });
});
