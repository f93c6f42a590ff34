// Lets V8 compile the command once, for the Node that builds it: docs/decisions/0062-compiled.md. Each run of the command, in a
// process of its own, leaves what was compiled of its parts when it ends; of each part that of the run which used most of it
// is taken.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeHost } from '../bench/host.mjs';
import { tearLogs, writeTree } from '../bench/tree.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(root, ...parts);

/** Where the agent's work_dir is on its host. */
const WORK_DIR = '/var/lib/mesos';

/** An agent whose names and texts are of many kinds. */
const SAMPLE = at('fixtures/sample-agent');

/** Runs of what is typed at hosts, by people and by programs, over agents that recover and that do not. */
const runsIn = (folder) => {
  const host = path.join(folder, 'host');
  const whole = path.join(host, WORK_DIR);
  writeHost(host, writeTree(whole, { executors: 3 }));
  const torn = path.join(folder, 'torn');
  tearLogs(writeTree(torn, { executors: 3 }));
  const archive = path.join(folder, 'whole.tar.gz');
  // So many that threads share them.
  const many = path.join(folder, 'many');
  writeTree(many, { executors: 500 });
  return [
    ['verify', whole],
    ['verify', torn],
    ['verify', SAMPLE],
    ['verify', many],
    ['verify', '--json', torn],
    ['inspect', SAMPLE],
    ['inspect', '--json', torn],
    ['inspect', '--json', many],
    ['prune', SAMPLE],
    ['snapshot', whole, '-o', archive],
    ['verify', archive],
    ['preflight', host],
    ['preflight', '--json', host],
    ['diff', whole, torn],
    ['decode', path.join(whole, 'meta/boot_id')],
    ['explain'],
  ];
};

/**
 * What was compiled of each part, by the name of its file. Of a file in which parts lie together each command uses others: it is by the
 * command's name too, and for a command that was not run, what the one left that used least.
 */
const compileParts = (folder, packs) => {
  const parts = new Map();
  const keep = (key, file, data, isBetter) => {
    const kept = parts.get(key)?.data;
    if (kept === undefined || isBetter(data.length, kept.length)) parts.set(key, { file, data });
  };
  const more = (one, other) => one > other;
  const less = (one, other) => one < other;
  for (const [number, run] of runsIn(folder).entries()) {
    const left = path.join(folder, `left-${number}`);
    fs.mkdirSync(left);
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--require', at('scripts/leave-compiled.cjs'), at('bin/mesos-ckpt.js'), ...run],
      { env: { ...process.env, COMPILED_TO: left }, encoding: 'utf8', maxBuffer: Number.POSITIVE_INFINITY },
    );
    if (status === null || status > 2) throw new Error(`${run.join(' ')} ended with ${status}: ${stderr}`);
    for (const name of fs.readdirSync(left)) {
      const data = fs.readFileSync(path.join(left, name));
      const isPack = packs.has(name);
      keep(name, name, data, isPack ? less : more);
      if (isPack) keep(`${run[0]} ${name}`, name, data, more);
    }
  }
  return parts;
};

/** The file of them: the length of a list, the list of their places, and behind it each of them twice, and the texts (`isAlsoAt` of start.cjs). */
const fileOf = (parts, { HEAD_BYTES, MAX_LIST_BYTES }) => {
  const behind = [];
  let length = 0;
  const placeOf = (bytes) => {
    const place = length;
    behind.push(bytes);
    length += bytes.length;
    return place;
  };
  const texts = new Map();
  const textAt = (file) => {
    if (!texts.has(file)) texts.set(file, placeOf(fs.readFileSync(at('dist', file))));
    return texts.get(file);
  };
  const places = [...parts].map(([key, { file, data }]) => {
    const place = placeOf(data);
    placeOf(data);
    return [key, [place, data.length, textAt(file)]];
  });
  const list = Buffer.from(JSON.stringify(places));
  if (list.length > MAX_LIST_BYTES) throw new Error(`the list of what was compiled has ${list.length} bytes`);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(list.length, 0);
  return Buffer.concat([head, list, ...behind]);
};

/** Compiles what is in dist/, by the Node that runs this. */
export const compile = () => {
  const start = createRequire(import.meta.url)(at('dist/start.cjs'));
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-compile-'));
  try {
    const file = fileOf(compileParts(folder, new Set(Object.values(start.PACKS))), start);
    fs.mkdirSync(path.dirname(start.COMPILED), { recursive: true });
    fs.writeFileSync(start.COMPILED, file);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
};
