/**
 * Writes checkpoints of any size, as an agent would leave them: for measuring only. Messages are encoded from the
 * project's own definitions, so that what is measured is what is checkpointed.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

const PROTO = fileURLToPath(new URL('../src/schema/proto/', import.meta.url));
const AGENT = '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';
const FRAMEWORK = '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0000';
/** Where the trees live on their agent: links lead there, and nothing here is taken for the agent's own host. */
const HOME = '/var/lib/mesos';
/** Status updates of each task, where nothing else is asked for. */
const UPDATES = 5;
const BOOT_ID = '6e4f1b1a-3c1d-4b58-9a52-0e8f1c2d3e4f';

const root = new protobuf.Root();
for (const name of fs.readdirSync(PROTO, { recursive: true }).sort()) {
  if (name.endsWith('.proto')) protobuf.parse(fs.readFileSync(join(PROTO, name), 'utf8'), root, { keepCase: true });
}
root.resolveAll();

/** A record: the length before the message's bytes. */
const record = (type, value) => {
  const message = root.lookupType(type);
  const bytes = message.encode(message.fromObject(value)).finish();
  const framed = Buffer.allocUnsafe(4 + bytes.length);
  framed.writeUInt32LE(bytes.length, 0);
  framed.set(bytes, 4);
  return framed;
};

/** Sixteen bytes that are a random uuid's, and the same at every run. */
const uuidBytes = (seed) => {
  const bytes = createHash('md5').update(seed).digest();
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes;
};

const uuidText = (seed) =>
  uuidBytes(seed)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const scalar = (name, value) => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  role: '*',
  allocation_info: { role: 'prod' },
});

const ranges = (name, begin, end) => ({
  name,
  type: 'RANGES',
  ranges: { range: [{ begin, end }] },
  role: '*',
  allocation_info: { role: 'prod' },
});

const own = ({ allocation_info: _, ...resource }) => resource;

/** Status updates, each followed by its acknowledgement, as bytes of a log. */
const updates = (task, from, count) => {
  const records = [];
  for (let number = from; number < from + count; number++) {
    const uuid = uuidBytes(`${task} ${number}`);
    const state = number === 0 ? 'TASK_STARTING' : 'TASK_RUNNING';
    const timestamp = 1_500_000_000 + number;
    records.push(
      record('mesos.internal.StatusUpdateRecord', {
        type: 'UPDATE',
        update: {
          framework_id: { value: FRAMEWORK },
          executor_id: { value: task },
          slave_id: { value: AGENT },
          status: {
            task_id: { value: task },
            state,
            slave_id: { value: AGENT },
            timestamp,
            executor_id: { value: task },
            source: 'SOURCE_EXECUTOR',
            uuid,
          },
          timestamp,
          uuid,
          latest_state: state,
        },
      }),
      record('mesos.internal.StatusUpdateRecord', { type: 'ACK', uuid }),
    );
  }
  return Buffer.concat(records);
};

/** Writes a log of at least so many bytes, piece by piece. */
const writeLog = (file, task, bytes) => {
  const descriptor = fs.openSync(file, 'w');
  for (let written = 0, number = 0; written < bytes; number += 1000) {
    const piece = updates(task, number, 1000);
    fs.writeSync(descriptor, piece);
    written += piece.length;
  }
  fs.closeSync(descriptor);
};

/**
 * Writes a work_dir into a folder that is not there yet: `executors` executors with one task each, of `updatesEach`
 * updates; or, of `logBytes` bytes, one log in the first of them. Returns the executors' folders.
 */
export const writeTree = (workDir, { executors, updatesEach = UPDATES, logBytes = 0 }) => {
  const meta = join(workDir, 'meta');
  const agent = join(meta, 'slaves', AGENT);
  const framework = join(agent, 'frameworks', FRAMEWORK);
  fs.mkdirSync(join(framework, 'executors'), { recursive: true });
  fs.writeFileSync(join(meta, 'boot_id'), BOOT_ID);
  fs.symlinkSync(`${HOME}/meta/slaves/${AGENT}`, join(meta, 'slaves', 'latest'));
  const resources = [
    own(scalar('cpus', 4 * executors)),
    own(scalar('mem', 1024 * executors)),
    own(scalar('disk', 400_000)),
    own(ranges('ports', 1025, 65_535)),
  ];
  const info = {
    hostname: 'node7.example',
    id: { value: AGENT },
    port: 5051,
    checkpoint: true,
    resources,
    attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'r7' } }],
  };
  fs.writeFileSync(join(agent, 'slave.info'), record('mesos.SlaveInfo', info));
  fs.writeFileSync(
    join(framework, 'framework.info'),
    record('mesos.FrameworkInfo', {
      user: 'root',
      name: 'marathon',
      id: { value: FRAMEWORK },
      failover_timeout: 604_800,
      checkpoint: true,
      role: 'prod',
      principal: 'marathon',
    }),
  );
  fs.writeFileSync(join(framework, 'framework.pid'), 'scheduler-8f3a@10.0.0.7:15101');
  return Array.from({ length: executors }, (_, number) =>
    writeExecutor(workDir, framework, number, updatesEach, number === 0 ? logBytes : 0),
  );
};

const writeExecutor = (workDir, framework, number, updatesEach, logBytes) => {
  const id = `shop_web-${number % 97}.${uuidText(`task ${number}`)}`;
  const folder = join(framework, 'executors', id);
  const container = uuidText(`container ${number}`);
  const run = join(folder, 'runs', container);
  const task = join(run, 'tasks', id);
  fs.mkdirSync(task, { recursive: true });
  fs.mkdirSync(join(run, 'pids'));
  fs.writeFileSync(
    join(folder, 'executor.info'),
    record('mesos.ExecutorInfo', {
      executor_id: { value: id },
      framework_id: { value: FRAMEWORK },
      name: `Command Executor (Task: ${id}) (Command: sh -c './run')`,
      command: { value: '/usr/libexec/mesos/mesos-executor' },
      resources: [scalar('cpus', 0.1), scalar('mem', 32)],
    }),
  );
  fs.writeFileSync(join(folder, 'executor_generated_for_command_task'), '1');
  fs.symlinkSync(HOME + run.slice(workDir.length), join(folder, 'runs', 'latest'));
  fs.writeFileSync(join(run, 'pids', 'forked.pid'), String(1000 + number));
  fs.writeFileSync(join(run, 'pids', 'libprocess.pid'), `executor(1)@10.0.0.9:${1024 + (number % 60_000)}`);
  fs.writeFileSync(
    join(task, 'task.info'),
    record('mesos.Task', {
      name: `task-${id}`,
      task_id: { value: id },
      framework_id: { value: FRAMEWORK },
      slave_id: { value: AGENT },
      state: 'TASK_STAGING',
      resources: [scalar('cpus', 1), scalar('mem', 512), ranges('ports', 31_000, 31_001)],
    }),
  );
  const log = join(task, 'task.updates');
  if (logBytes > 0) writeLog(log, id, logBytes);
  else fs.writeFileSync(log, updates(id, 0, updatesEach));
  return folder;
};

/** Tears the logs of executors: each lacks its last three bytes. */
export const tearLogs = (executors) => {
  for (const executor of executors) {
    for (const name of fs.readdirSync(executor, { recursive: true })) {
      if (!name.endsWith('task.updates')) continue;
      const log = join(executor, name);
      fs.truncateSync(log, fs.statSync(log).size - 3);
    }
  }
};

/** What an agent in a work_dir is later: of each twenty executors one has gone, one is another, and two have a status update less. */
export const laterState = (workDir, executors) => {
  for (const [number, executor] of executors.entries()) {
    if (number % 20 < 2) fs.rmSync(executor, { recursive: true });
    // As an agent leaves it: renamed, it would be damaged.
    if (number % 20 === 1) writeExecutor(workDir, dirname(dirname(executor)), executors.length + number, UPDATES, 0);
    else if (number % 10 === 2) withoutLastUpdate(executor);
  }
};

/** Takes the last update with its acknowledgement from the log of an executor. */
const withoutLastUpdate = (executor) => {
  const name = fs.readdirSync(executor, { recursive: true }).find((each) => each.endsWith('task.updates'));
  const log = join(executor, name);
  const bytes = fs.readFileSync(log);
  const ends = [];
  for (let at = 0; at < bytes.length; ends.push(at)) at += 4 + bytes.readUInt32LE(at);
  fs.truncateSync(log, ends.at(-3));
};
