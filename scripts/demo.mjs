// What `npm start` shows: the bundled agent, whose checkpoint is damaged, inspected and verified.
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const sample = 'fixtures/sample-agent';

const run = (...args) => {
  process.stdout.write(`\n$ mesos-ckpt ${args.join(' ')}\n\n`);
  const { status } = spawnSync(process.execPath, [path.join(root, 'bin/mesos-ckpt.js'), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return status;
};

process.stdout.write(
  `${sample} is the checkpoint of an agent that was cut short by a\n` +
    'power loss: one executor.info is torn, and one log of status updates has a bad\nrecord in its middle.\n',
);
const inspected = run('inspect', sample);
const verified = run('verify', sample);
process.stdout.write(
  `\nverify ended with exit code ${verified}: the agent refuses to start. On a host of yours:\n\n` +
    '  node bin/mesos-ckpt.js verify /var/lib/mesos\n',
);
process.exit(inspected === 0 && verified === 2 ? 0 : 1);
