/**
 * Stands in for an agent on a made-up host: it answers at /metrics/snapshot, and is seen in the host's /proc. What it does at a
 * start goes by the version that is installed.
 */
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as path from 'node:path';

const folder = process.argv[2];
const { port, behaviour, log } = JSON.parse(fs.readFileSync(path.join(folder, 'host.json'), 'utf8'));
const root = path.join(folder, 'root');
const [library] = fs.readdirSync(path.join(root, 'usr/lib')).filter((name) => name.startsWith('libmesos-'));
const version = /^libmesos-(.*)\.so$/.exec(library)[1];
const does = behaviour[version] ?? 'recovers';

if (does === 'refuses') {
  // A start can cut logs before it refuses.
  fs.truncateSync(log, fs.statSync(log).size - 1);
  process.exit(1);
}

// One that has recovered, and does not reach its master, has noted something since.
if (does === 'is unheard') fs.truncateSync(log, fs.statSync(log).size - 1);

// One that was made to register anew: it has another id, and nothing that ran under the old one.
if (does === 'is another') {
  const latest = path.join(folder, 'work/meta/slaves/latest');
  const old = fs.readlinkSync(latest);
  const other = `${old.slice(0, -1)}${old.endsWith('9') ? '8' : '9'}`;
  const slaves = path.dirname(latest);
  fs.mkdirSync(path.join(slaves, path.basename(other)));
  const info = fs.readFileSync(path.join(slaves, path.basename(old), 'slave.info'), 'latin1');
  const named = info.replaceAll(path.basename(old), path.basename(other));
  fs.writeFileSync(path.join(slaves, path.basename(other), 'slave.info'), named, 'latin1');
  fs.unlinkSync(latest);
  fs.symlinkSync(other, latest);
}

const shown = path.join(root, 'proc/812');
fs.rmSync(shown, { recursive: true, force: true });
fs.cpSync(path.join(folder, 'proc'), shown, { recursive: true, verbatimSymlinks: true });
const maps = path.join(shown, 'maps');
fs.writeFileSync(maps, fs.readFileSync(maps, 'utf8').replace(/libmesos-.*\.so/, library));

const metrics = {
  'slave/registered': does === 'waits' || does === 'is unheard' ? 0 : 1,
  'slave/recovery_errors': does === 'loses' ? 2 : 0,
  ...(does === 'waits' ? {} : { 'slave/recovery_time_secs': 0.1 }),
};
const server = http.createServer((_request, response) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(metrics));
});
server.listen(port, '127.0.0.1');

process.on('SIGTERM', () => {
  fs.rmSync(shown, { recursive: true });
  process.exit(0);
});
