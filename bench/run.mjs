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
import { writeHost } from './host.mjs';
import { laterState, tearLogs, writeTree } from './tree.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const COMMAND = at('../bin/mesos-ckpt.js');
const USAGE = at('usage.cjs');
const MIB = 1024 * 1024;

/**
 * Without what has Node do more at each start: certificates that are read by every process take longer than all the rest of it, and who
 * compares starts would compare these.
 */
const { NODE_EXTRA_CA_CERTS, NODE_OPTIONS, ...ENVIRONMENT } = process.env;

/** A program of Node's, and one that is none. */
const node = (name, ...args) => ({ name, args });
const other = (name, program, ...args) => ({ name, program, args });
const command = (name, ...args) => node(name, COMMAND, ...args);

const floorOf = (tree) => node('floor', at('floor.mjs'), tree);
const reading = (tree) => [
  floorOf(tree),
  command('verify', 'verify', tree),
  command('inspect --json', 'inspect', '--json', tree),
];
/** Archives of a tree, as GNU tar makes them: each against what only reads it. */
const archives = (tree) => {
  for (const file of [`${tree}.tar`, `${tree}.tar.gz`]) spawnSync('tar', ['-caf', file, '-C', tree, '.']);
  return [
    [other('cat', 'cat', `${tree}.tar`), command('verify of a .tar', 'verify', `${tree}.tar`)],
    [other('gzip -dc', 'gzip', '-dc', `${tree}.tar.gz`), command('verify of a .tar.gz', 'verify', `${tree}.tar.gz`)],
  ];
};

/** Where the agent's work_dir is on its host. */
const WORK_DIR = '/var/lib/mesos';

/** Each with what is measured in it: programs in turn, of which the first is what the others are compared with. */
const WORKS = [
  {
    name: '1 executor',
    size: { executors: 1 },
    works: (tree) => [[node('node -e 0', '-e', '0'), ...reading(tree).slice(1)]],
  },
  { name: '100 executors', size: { executors: 100 }, works: (tree) => [reading(tree)] },
  { name: '1,000 executors', size: { executors: 1000 }, works: (tree) => [reading(tree)] },
  {
    name: '10,000 executors',
    size: { executors: 10_000 },
    works: (tree) => [
      reading(tree),
      [
        other('tar -cz', 'tar', '-czf', '-', '-C', tree, '.'),
        command('snapshot', 'snapshot', tree, '--force', '-o', `${tree}.snapshot`),
      ],
      ...archives(tree),
    ],
  },
  {
    name: '10,000 executors, 1,000 logs torn',
    size: { executors: 10_000 },
    damage: (executors) => tearLogs(executors.filter((_, number) => number % 10 === 0)),
    works: (tree) => [
      [floorOf(tree), command('verify', 'verify', tree)],
      [command('verify', 'verify', tree), command('prune', 'prune', tree)],
    ],
  },
  {
    name: '10,000 executors, all with a finding',
    size: { executors: 10_000 },
    damage: (executors) => tearLogs(executors),
    works: (tree) => [[floorOf(tree), command('verify', 'verify', tree)]],
  },
  {
    name: '10,000 executors with processes',
    size: { executors: 10_000 },
    at: `root${WORK_DIR}`,
    damage: (executors, tree) => writeHost(tree.slice(0, -WORK_DIR.length), executors),
    works: (tree) => [
      [command('verify', 'verify', tree), command('preflight', 'preflight', tree.slice(0, -WORK_DIR.length))],
    ],
  },
  {
    name: 'two trees of 10,000 executors',
    size: { executors: 10_000 },
    damage: (_, tree) => {
      writeTree(`${tree}-same`, { executors: 10_000 });
      laterState(`${tree}-later`, writeTree(`${tree}-later`, { executors: 10_000 }));
    },
    works: (tree) => [
      [
        command('verify of one', 'verify', tree),
        command('diff, of the same', 'diff', tree, `${tree}-same`),
        command('diff, a fifth differs', 'diff', tree, `${tree}-later`),
      ],
    ],
  },
  {
    name: '100 executors, 10,000 updates each',
    size: { executors: 100, updatesEach: 10_000 },
    works: (tree) => [
      [...reading(tree), command('inspect --json --no-uuids', 'inspect', '--json', '--no-uuids', tree)],
    ],
  },
  {
    name: '100,000 executors',
    size: { executors: 100_000 },
    large: true,
    works: (tree) => [reading(tree)],
  },
  {
    name: 'one log of 1 GiB',
    size: { executors: 1, logBytes: 1024 * MIB },
    large: true,
    works: (tree) => [reading(tree).slice(0, 2)],
  },
];

const { argv } = process;
const isLarge = argv.includes('--large');
const runs = argv.includes('--runs') ? Number(argv[argv.indexOf('--runs') + 1]) : 5;
const only = argv.includes('--only') ? argv[argv.indexOf('--only') + 1] : '';
if (!Number.isInteger(runs) || runs < 1) throw new TypeError('--runs wants a number from 1 on');

const folder = fs.mkdtempSync(join(tmpdir(), 'mesos-ckpt-bench-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
/** Where output goes: a file of the kernel's, and no pipe, which would have to be read. */
const sink = fs.openSync('/dev/null', 'w');

/** Runs a program once: seconds of time, and of one of Node's the CPU and the peak of its memory in bytes. */
const run = ({ name, program, args }) => {
  const usage = join(folder, 'usage.json');
  const before = process.hrtime.bigint();
  const { status, error } = spawnSync(
    program ?? process.execPath,
    program === undefined ? ['--require', USAGE, ...args] : args,
    { env: { ...ENVIRONMENT, BENCH_USAGE: usage }, stdio: ['ignore', sink, 'inherit'] },
  );
  const wall = Number(process.hrtime.bigint() - before) / 1e9;
  if (error !== undefined || status === null || status > 2) throw new Error(`${name} ended with ${status}`);
  if (program !== undefined) return { wall, cpu: Number.NaN, memory: Number.NaN };
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
    for (const [number, program] of programs.entries()) {
      const one = run(program);
      if (round > 0) measured[number].push(one);
    }
  }
  return measured.map(medians);
};

const known = (value, text) => (Number.isNaN(value) ? '' : text(value));
const seconds = (value) => known(value, (number) => `${number.toFixed(2)} s`);
const mib = (value) => known(value, (number) => `${Math.round(number / MIB)} MiB`);
const print = (...cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`);

process.stdout.write(
  `Node.js ${process.version}, ${availableParallelism()} cores, medians of ${runs} runs that alternate\n\n`,
);
print('tree', 'program', 'wall', 'CPU', 'peak memory', 'wall to the first');
print(...Array(6).fill('---'));
for (const { name, size, at = 'tree', damage, works, large = false } of WORKS) {
  if ((large && !isLarge) || !name.includes(only)) continue;
  const tree = join(folder, at);
  const executors = writeTree(tree, size);
  damage?.(executors, tree);
  for (const programs of works(tree)) {
    const [first, ...others] = alternate(programs);
    for (const [number, { wall, cpu, memory }] of [first, ...others].entries()) {
      print(name, programs[number].name, seconds(wall), seconds(cpu), mib(memory), (wall / first.wall).toFixed(2));
    }
  }
  for (const each of fs.readdirSync(folder)) fs.rmSync(join(folder, each), { recursive: true });
}
