/**
 * Measures the command against the floor (`floor.mjs`): `npm run bench`, with `-- --large` for the two largest trees too,
 * and `-- --runs N` for other than five runs. The runs alternate, so that what the machine does besides hits all alike;
 * ratios are what counts. It builds trees in a temporary folder, of up to 6 GB with `--large`, and removes them.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTree } from './tree.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const COMMAND = at('../bin/mesos-ckpt.js');
const USAGE = at('usage.cjs');
const MIB = 1024 * 1024;

const TREES = [
  { name: '1 executor', size: { executors: 1 } },
  { name: '100 executors', size: { executors: 100 } },
  { name: '1,000 executors', size: { executors: 1000 } },
  { name: '10,000 executors', size: { executors: 10_000 } },
  { name: '100 executors, 10,000 updates each', size: { executors: 100, updatesEach: 10_000 } },
  { name: '100,000 executors', size: { executors: 100_000 }, large: true },
  { name: 'one log of 1 GiB', size: { executors: 1, logBytes: 1024 * MIB }, large: true },
];

const { argv } = process;
const isLarge = argv.includes('--large');
const runs = argv.includes('--runs') ? Number(argv[argv.indexOf('--runs') + 1]) : 5;
if (!Number.isInteger(runs) || runs < 1) throw new TypeError('--runs wants a number from 1 on');

const folder = fs.mkdtempSync(join(tmpdir(), 'mesos-ckpt-bench-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

/** Runs a program of Node once: seconds of time and of CPU, and the peak of its memory in bytes. */
const run = (args) => {
  const usage = join(folder, 'usage.json');
  const before = process.hrtime.bigint();
  const { status, error } = spawnSync(process.execPath, ['--require', USAGE, ...args], {
    env: { ...process.env, BENCH_USAGE: usage },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const wall = Number(process.hrtime.bigint() - before) / 1e9;
  if (error !== undefined || status === null || status > 2) throw new Error(`${args.join(' ')} ended with ${status}`);
  const { user, system, memory } = JSON.parse(fs.readFileSync(usage, 'utf8'));
  return { wall, cpu: (user + system) / 1e6, memory: memory * 1024 };
};

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const medians = (measured) =>
  Object.fromEntries(['wall', 'cpu', 'memory'].map((key) => [key, median(measured.map((each) => each[key]))]));

/** Runs programs in turn, once for nothing and then as often as asked. */
const alternate = (programs) => {
  const measured = programs.map(() => []);
  for (let round = 0; round <= runs; round++) {
    for (const [number, args] of programs.entries()) {
      const one = run(args);
      if (round > 0) measured[number].push(one);
    }
  }
  return measured.map(medians);
};

const seconds = (value) => `${value.toFixed(2)} s`;
const mib = (value) => `${Math.round(value / MIB)} MiB`;
const print = (...cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`);

process.stdout.write(
  `Node.js ${process.version}, ${availableParallelism()} cores, medians of ${runs} runs that alternate\n\n`,
);
print('tree', 'program', 'wall', 'CPU', 'peak memory', 'wall to floor', 'memory over floor');
print(...Array(7).fill('---'));
for (const { name, size, large = false } of TREES) {
  if (large && !isLarge) continue;
  const tree = join(folder, 'tree');
  writeTree(tree, size);
  const isStart = size.executors === 1 && size.logBytes === undefined;
  const floor = isStart ? ['-e', '0'] : [at('floor.mjs'), tree];
  const [least, verify, inspect] = alternate([floor, [COMMAND, 'verify', tree], [COMMAND, 'inspect', '--json', tree]]);
  const row = (program, { wall, cpu, memory }) =>
    print(
      name,
      program,
      seconds(wall),
      seconds(cpu),
      mib(memory),
      (wall / least.wall).toFixed(2),
      mib(memory - least.memory),
    );
  row(isStart ? 'node -e 0' : 'floor', least);
  row('verify', verify);
  row('inspect --json', inspect);
  fs.rmSync(tree, { recursive: true });
}
