import { execFileSync, spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HostFixture, makeHostOnDisk, readHostFixture } from '../support/fixture-hosts.ts';
import { HOME } from '../support/trees.ts';

const COMMAND = fileURLToPath(new URL('../../bin/mesos-ckpt.js', import.meta.url));
const STAND_INS = fileURLToPath(new URL('stand-ins/', import.meta.url));
const SSHD = '/usr/sbin/sshd';

/** The playbooks. */
export const PLAYBOOKS = fileURLToPath(new URL('../../contrib/ansible/', import.meta.url));

/** What of the variables is of these hosts. */
const GIVEN = {
  mesos_ckpt_command: [process.execPath, COMMAND],
  mesos_ckpt_service_manager: 'systemd',
  mesos_ckpt_recovery_seconds: 4,
};

const AS_IT_IS = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true };

const OLD = '1.9.0';

/** What an agent does at a start of a version: it recovers unless something else is said. */
export type Behaviour = 'recovers' | 'refuses' | 'loses' | 'waits' | 'is unheard' | 'is another';

/** A host that is made up, or, where it is unreachable, just a name. */
export interface HostPlan {
  readonly fixture?: string;
  readonly behaviour?: Readonly<Record<string, Behaviour>>;
  readonly isReachable?: boolean;
  /** Versions that cannot be installed there. */
  readonly missing?: readonly string[];
}

/** What came of a playbook. */
export interface Played {
  readonly code: number | null;
  readonly out: string;
  /** The numbers of the recap, by host. */
  readonly recap: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/**
 * Hosts on ports of this machine: an sshd for each, whose sessions find the stand-ins for what a host has. Their roots are
 * folders, and their work_dirs have paths that lead there on this machine, too.
 */
export class Site {
  /** The path of a socket of ssh has to fit into a hundred bytes. */
  readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-site-')));
  readonly #inventory: string[] = [];
  readonly #servers: number[] = [];

  /** Makes the keys and the hosts. */
  async make(hosts: Readonly<Record<string, HostPlan>>): Promise<void> {
    for (const name of ['key', 'host-key']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(this.folder, name)]);
    }
    // sshd separates its privileges in this folder, which a service would have made.
    if (process.geteuid?.() === 0) fs.mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    for (const [name, plan] of Object.entries(hosts)) await this.#makeHost(name, plan);
    fs.writeFileSync(path.join(this.folder, 'hosts.ini'), `[mesos_agents]\n${this.#inventory.join('')}`);
    fs.writeFileSync(path.join(this.folder, 'ansible.cfg'), this.#configuration());
  }

  /** Ends all that runs. */
  end(): void {
    for (const name of fs.readdirSync(this.folder)) {
      const file = path.join(this.folder, name, 'pid');
      if (fs.existsSync(file)) kill(Number(fs.readFileSync(file, 'utf8')));
      // The connections that ssh keeps open.
      if (name === 'connections') {
        for (const socket of fs.readdirSync(path.join(this.folder, name))) {
          spawnSync('ssh', ['-o', `ControlPath=${path.join(this.folder, name, socket)}`, '-O', 'exit', 'any']);
        }
      }
    }
    for (const pid of this.#servers) kill(pid);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a playbook by a line of the documents, with more variables than that has. */
  type(line: string, variables: Readonly<Record<string, unknown>> = {}, options: readonly string[] = []): Played {
    const [program = '', ...words] = line.split(' ');
    const placed = words.map((word) => (/^\w+\.yml$/.test(word) ? path.join(PLAYBOOKS, word) : word));
    const more = ['-e', JSON.stringify({ ...GIVEN, ...variables }), ...options];
    const { status, stdout, stderr } = spawnSync(program, [...placed, ...more], {
      cwd: this.folder,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        PWD: this.folder,
        HOME: this.folder,
        LC_ALL: 'C.UTF-8',
        PYTHONDONTWRITEBYTECODE: '1',
      },
    });
    return { code: status, out: `${stdout}${stderr}`, recap: recapOf(stdout) };
  }

  /** A path of a host. */
  at(host: string, name: string): string {
    return path.join(this.folder, host, name);
  }

  /** What was done on a host: its agent's starts and stops, and installations. */
  done(host: string): readonly string[] {
    const file = this.at(host, 'log');
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** The version of the agent that runs on a host, by its own /proc. */
  runs(host: string): string | undefined {
    const maps = this.at(host, 'root/proc/812/maps');
    return fs.existsSync(maps) ? /libmesos-(.*)\.so/.exec(fs.readFileSync(maps, 'utf8'))?.[1] : undefined;
  }

  async #makeHost(name: string, plan: HostPlan): Promise<void> {
    const { fixture = 'plain', behaviour = {}, isReachable = true, missing = [] } = plan;
    const [port, agentPort] = await freePorts();
    const own = this.at(name, '.');
    fs.mkdirSync(own);
    this.#inventory.push(
      `${name} ansible_host=127.0.0.1 ansible_port=${port} ansible_remote_tmp=${own}/remote mesos_ckpt_agent_url=http://127.0.0.1:${agentPort} ` +
        `mesos_ckpt_collect_options='["${own}/root"]'\n`,
    );
    if (!isReachable) return;
    const workDir = `${own}/work`;
    fs.cpSync(makeHostOnDisk(placedAt(readHostFixture(fixture), workDir, name)), `${own}/root`, AS_IT_IS);
    fs.symlinkSync(`${own}/root${workDir}`, workDir);
    fs.cpSync(`${own}/root/proc/812`, `${own}/proc`, AS_IT_IS);
    for (const version of missing) fs.writeFileSync(`${own}/no-${version}`, '');
    const log = execFileSync('find', [`${workDir}/meta/`, '-name', 'task.updates'], { encoding: 'utf8' });
    const host = { port: agentPort, behaviour, log: log.split('\n')[0] };
    fs.writeFileSync(`${own}/host.json`, JSON.stringify(host));
    this.#startServer(name, port);
    spawnSync(path.join(STAND_INS, 'systemctl'), ['start', 'mesos-agent.service'], { env: this.#environment(name) });
    fs.rmSync(`${own}/log`);
  }

  #environment(name: string): Record<string, string> {
    return {
      PATH: `${STAND_INS}:${process.env['PATH']}`,
      HOST_FOLDER: this.at(name, ''),
      HOST_STAND_INS: STAND_INS,
      HOST_NODE: process.execPath,
    };
  }

  #startServer(name: string, port: number): void {
    const session = this.at(name, 'session');
    const environment = Object.entries(this.#environment(name)).map(([key, value]) => `export ${key}='${value}'\n`);
    fs.writeFileSync(session, `#!/bin/sh\n${environment.join('')}exec sh -c "$SSH_ORIGINAL_COMMAND"\n`, {
      mode: 0o755,
    });
    const configuration = [
      ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${this.folder}/host-key`],
      ...[`AuthorizedKeysFile ${this.folder}/key.pub`, 'PermitRootLogin yes', 'PasswordAuthentication no'],
      ...['UsePAM no', 'StrictModes no', `PidFile ${this.at(name, 'sshd.pid')}`, `ForceCommand ${session}`],
    ];
    fs.writeFileSync(this.at(name, 'sshd_config'), `${configuration.join('\n')}\n`);
    const server = spawn(SSHD, ['-D', '-E', this.at(name, 'sshd.log'), '-f', this.at(name, 'sshd_config')], {
      stdio: 'ignore',
    });
    if (server.pid !== undefined) this.#servers.push(server.pid);
  }

  #configuration(): string {
    const options = [
      ...['-F /dev/null', '-o ControlMaster=auto', '-o ControlPersist=60s', '-o UserKnownHostsFile=/dev/null'],
      ...[
        '-o StrictHostKeyChecking=no',
        '-o LogLevel=ERROR',
        `-o IdentityFile=${this.folder}/key`,
        '-o IdentitiesOnly=yes',
      ],
    ];
    return `[defaults]
forks = 12
nocows = true
local_tmp = ${this.folder}/local
remote_tmp = ${this.folder}/remote
remote_user = ${userInfo().username}
interpreter_python = ${fs.existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'}
[connection]
pipelining = true
[ssh_connection]
control_path_dir = ${this.folder}/connections
ssh_args = ${options.join(' ')}
`;
  }
}

/** A host like another, with its work_dir at a place, the version of before the upgrade, and a name of its own. */
const placedAt = (fixture: HostFixture, workDir: string, name: string): HostFixture => {
  const text = JSON.stringify(fixture).replaceAll(HOME, workDir).replaceAll('libmesos-1.11.0', `libmesos-${OLD}`);
  const placed = JSON.parse(text) as HostFixture;
  return { ...placed, workDir, files: { ...placed.files, '/etc/hostname': `${name}.example\n` } };
};

const freePorts = (): Promise<readonly [number, number]> => {
  const servers = [net.createServer(), net.createServer()];
  const ports = servers.map(
    (server) =>
      new Promise<number>((resolve) =>
        server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port)),
      ),
  );
  return Promise.all(ports).then(async ([first = 0, second = 0]) => {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    return [first, second];
  });
};

const recapOf = (out: string): Played['recap'] =>
  Object.fromEntries(
    [...out.matchAll(/^(\S+) +: (ok=.*)$/gm)].map(([, host = '', numbers = '']) => [
      host,
      Object.fromEntries([...numbers.matchAll(/(\w+)=(\d+)/g)].map(([, key = '', value]) => [key, Number(value)])),
    ]),
  );

const kill = (pid: number): void => {
  try {
    process.kill(pid);
  } catch {
    // It has ended already.
  }
};
