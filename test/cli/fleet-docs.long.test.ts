import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFixtureHost, readHostFixture } from '../support/fixture-hosts.ts';
import { HOME, temporaryFolder } from '../support/trees.ts';

const COMMAND = path.resolve('bin/mesos-ckpt.js');

const text = fs.readFileSync('docs/fleet.md', 'utf8');

/** The commands of a block below a heading, of the first where no other is asked for. */
const blockBelow = (heading: string, number = 0): string => {
  const [, section = ''] = new RegExp(`\n## ${heading}\n([\\s\\S]*?)(?=\n## |$)`).exec(text) ?? [];
  const block = [...section.matchAll(/```\n([\s\S]*?)```/g)][number]?.[1];
  if (block === undefined) throw new Error(`docs/fleet.md has nothing below ${heading}`);
  return block;
};

/** A machine with made-up hosts: `ssh` runs on their roots what it is told, as if it were there, and `pdsh` starts what it is told for each. */
class Site {
  readonly folder = temporaryFolder();
  readonly #bin = path.join(this.folder, 'bin');

  constructor(hosts: readonly string[]) {
    fs.mkdirSync(this.#bin);
    fs.writeFileSync(path.join(this.folder, 'hosts.txt'), hosts.map((host) => `${host}\n`).join(''));
    for (const host of hosts) {
      if (host === 'gone') continue;
      const fixture = readHostFixture(host);
      // Each has a name of its own: of two reports of one host, just the newer counts.
      const named = { ...fixture, files: { ...fixture.files, '/etc/hostname': `${host}.example\n` } };
      const { root } = makeFixtureHost(named);
      fs.symlinkSync(root, path.join(this.folder, host));
    }
    const at = (host: string): string =>
      `"$(printf '%s' "$*" | sed -e "s|${HOME}|${this.folder}/${host}${HOME}|g" -e "s|sudo sh -s|sudo sh -s ${this.folder}/${host}|" -e "s|mesos-ckpt preflight|mesos-ckpt preflight --root ${this.folder}/${host}|")"`;
    this.#program('mesos-ckpt', `exec ${process.execPath} ${COMMAND} "$@"`);
    this.#program('sudo', 'exec "$@"');
    this.#program(
      'ssh',
      `host=$1; shift; [ -e ${this.folder}/"$host" ] || { echo "ssh: connect to host $host: timed out" >&2; exit 255; }\nexec sh -c ${at('$host')}`,
    );
    this.#program(
      'pdsh',
      // pdsh puts the host's name in the place of %h, and gives the program the words as they are.
      `[ "$1 $2 $3 $4 $5 $6" = '-R exec -f 16 -w ^hosts.txt' ] || exit 64
shift 6; while read -r host; do "$1" "$2" "$(printf '%s' "$3" | sed "s|%h|$host|g")" < /dev/null; done < hosts.txt; exit 0`,
    );
  }

  #program(name: string, script: string): void {
    fs.writeFileSync(path.join(this.#bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** What a block of commands prints; the exit codes of its commands are verdicts. */
  type(block: string): string {
    const env = { ...process.env, PATH: `${this.#bin}:${process.env['PATH']}`, COLUMNS: '120', NO_COLOR: '1' };
    return execFileSync('sh', ['-c', `${block}\ntrue`], {
      cwd: this.folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }
}

describe('docs/fleet.md', () => {
  it('gathers by ssh, and shows a host that did not answer', () => {
    const out = new Site(['plain', 'docker', 'gone']).type(blockBelow('By ssh, from hosts without Node'));
    expect(out.replaceAll('\n', ' ')).toContain('All agents were judged by preflight');
    expect(out).toMatch(/1 is unknown/);
    expect(out).toMatch(/^gone +unknown/m);
  });

  it.each([
    ['ssh alone', 0],
    ['pdsh', 1],
  ])('gathers what hosts say themselves, by %s', (_, block) => {
    const out = new Site(['plain', 'kill-mode']).type(blockBelow('On the hosts themselves', block));
    expect(out).toMatch(/^\d agents?: 1 fails/);
    expect(out).toMatch(/kill-mode/);
    expect(out.replaceAll('\n', ' ')).toContain('All agents were judged by preflight');
  });

  it('sums up in every way that it names', () => {
    const site = new Site(['plain']);
    site.type(`mesos-ckpt verify plain${HOME} --json > today.json`);
    const out = site.type(blockBelow('What is summed up'));
    expect(out).toMatch(/HOST[\s\S]*FINDING[\s\S]*VERSION/);
    expect(fs.readFileSync(path.join(site.folder, 'causes.csv'), 'utf8')).toMatch(/^name,agents,/);
    expect(JSON.parse(fs.readFileSync(path.join(site.folder, 'fleet.json'), 'utf8'))).toMatchObject({
      command: 'fleet',
    });
  });
});
