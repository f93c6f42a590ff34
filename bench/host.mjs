/** Writes what a host shows of itself: as much as `preflight` needs to find an agent, and a process for each executor. */
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';

const BOOT_ID = '6e4f1b1a-3c1d-4b58-9a52-0e8f1c2d3e4f';
const BOOTED = 1_711_929_600;

const FILES = {
  'etc/hostname': 'node7.example\n',
  'etc/hosts': '127.0.0.1 localhost\n10.0.0.9 node7.example node7\n',
  'etc/systemd/system/mesos-agent.service':
    '[Unit]\nDescription=Mesos Agent\n\n[Service]\nExecStart=/usr/sbin/mesos-agent --work_dir=/var/lib/mesos ' +
    '--master=zk://zk1:2181/mesos\nEnvironmentFile=/etc/default/mesos-agent\nKillMode=process\nDelegate=true\nRestart=always\n',
  'usr/sbin/mesos-agent': '',
  'usr/lib/libmesos-1.11.0.so': '',
  'proc/stat': `cpu  0 0 0 0\nbtime ${BOOTED}\n`,
  'proc/uptime': '2635800.00 0.00\n',
  'proc/sys/kernel/random/boot_id': `${BOOT_ID}\n`,
  'proc/sys/kernel/osrelease': '4.15.0-112-generic\n',
  'proc/filesystems': 'nodev\tproc\nnodev\ttmpfs\nnodev\tcgroup\n\text4\n',
  'proc/mounts': '/dev/sda1 / ext4 rw,relatime 0 0\nproc /proc proc rw 0 0\n',
};

const write = (root, path, content) => {
  const file = join(root, path);
  fs.mkdirSync(dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
};

const writeProcess = (root, pid, { name, parent, command, group, environment = {} }) => {
  const folder = join(root, 'proc', String(pid));
  fs.mkdirSync(folder, { recursive: true });
  const rest = Array(17).fill('0');
  const variables = Object.entries(environment).map(([key, value]) => `${key}=${value}\0`);
  fs.writeFileSync(join(folder, 'stat'), `${pid} (${name}) S ${parent} ${rest.join(' ')} 2000 0 0\n`);
  fs.writeFileSync(join(folder, 'cmdline'), command.map((word) => `${word}\0`).join(''));
  fs.writeFileSync(join(folder, 'status'), `Name:\t${name}\nPid:\t${pid}\nNSpid:\t${pid}\n`);
  fs.writeFileSync(join(folder, 'cgroup'), `1:name=systemd:/system.slice/${group}\n`);
  fs.writeFileSync(join(folder, 'environ'), variables.join(''));
  fs.symlinkSync('/', join(folder, 'cwd'));
};

/** Writes the root of the host whose work_dir, with these executors' folders, is at its `/var/lib/mesos`. */
export const writeHost = (root, executors) => {
  for (const [path, content] of Object.entries(FILES)) write(root, path, content);
  const resources = `cpus:${4 * executors.length};mem:${1024 * executors.length};disk:400000;ports:[1025-65535]`;
  const settings = [`MESOS_RESOURCES="${resources}"`, 'MESOS_ATTRIBUTES=rack:r7', 'MESOS_HOSTNAME=node7.example'];
  write(root, 'etc/default/mesos-agent', settings.map((line) => `${line}\n`).join(''));
  writeProcess(root, 1, { name: 'systemd', parent: 0, command: ['/sbin/init'], group: 'init.scope' });
  const agent = ['/usr/sbin/mesos-agent', '--work_dir=/var/lib/mesos', '--master=zk://zk1:2181/mesos'];
  const group = 'mesos-agent.service';
  writeProcess(root, 812, { name: 'mesos-agent', parent: 1, command: agent, group });
  for (const [number, folder] of executors.entries()) {
    const [run] = fs.readdirSync(join(folder, 'runs')).filter((name) => name !== 'latest');
    const [, slave, framework] = /slaves\/([^/]+)\/frameworks\/([^/]+)/.exec(folder);
    writeProcess(root, 1000 + number, {
      name: 'mesos-executor',
      parent: 1,
      command: ['/usr/libexec/mesos/mesos-executor', '--launcher_dir=/usr/libexec/mesos'],
      group,
      environment: {
        MESOS_FRAMEWORK_ID: framework,
        MESOS_EXECUTOR_ID: basename(folder),
        MESOS_SLAVE_ID: slave,
        MESOS_CHECKPOINT: '1',
        MESOS_RECOVERY_TIMEOUT: '15mins',
        MESOS_DIRECTORY: `/var/lib/mesos/slaves/${slave}/frameworks/${framework}/executors/${basename(folder)}/runs/${run}`,
      },
    });
  }
};
