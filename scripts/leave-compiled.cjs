// Loaded before the command by scripts/compile.mjs: leaves, when the command ends, what V8 compiled of its parts.
const fs = require('node:fs');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');
const { scripts } = require('../dist/start.cjs');

if (isMainThread) {
  process.on('exit', () => {
    for (const [name, script] of scripts) {
      fs.writeFileSync(path.join(process.env.COMPILED_TO, name), script.createCachedData());
    }
  });
}
