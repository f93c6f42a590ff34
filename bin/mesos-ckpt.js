#!/usr/bin/env node
// Any Node reads this file, and an older one says what to do: Debian and the hosts of old clusters have 12, 16 or 18.
var version = process.versions.node;
if (parseInt(version, 10) >= 20) {
  require('../dist/start.cjs').loadPart('cli.cjs');
} else {
  process.stderr.write(
    'mesos-ckpt: needs Node.js 20 or later, this is ' +
      version +
      '; a host needs none: on a machine with Node 20, ssh HOST sudo sh -s < contrib/collect.sh | mesos-ckpt preflight -\n',
  );
  process.exit(3);
}
