import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';

const has = (program: string): boolean =>
  fs.existsSync(program) || spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const missing = ['ansible-playbook', 'ansible-lint', '/usr/sbin/sshd', 'ssh', 'ssh-keygen'].filter(
  (each) => !has(each),
);

/**
 * Whether the playbooks can be run here. With ANSIBLE=yes they have to be: `.ci/run` installs what they need, and says so. Else
 * it is said what is missing.
 */
export const ansibleIsHere = missing.length === 0;

if (!ansibleIsHere) {
  const said = `the playbooks of contrib/ansible are not run: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not here`;
  if (process.env['ANSIBLE'] === 'yes') throw new Error(`${said}, and ANSIBLE=yes asks for them`);
  process.stderr.write(`${said}\n`);
}
