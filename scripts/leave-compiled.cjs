// Loaded before the command by scripts/compile.mjs: leaves, when the command ends, what V8 compiled of its parts.
const fs = require('node:fs');
const path = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { isMainThread } = require('node:worker_threads');
const { scripts } = require('../dist/start.cjs');

if (isMainThread) {
  process.on('exit', () => {
    // As V8 is set when a command starts: threads have it inline less (src/verify/threads/inline-little.ts), and what was compiled
    // under other settings is refused. 920 is what it begins with.
    setFlagsFromString('--max-inlined-bytecode-size-cumulative=920');
    for (const [name, script] of scripts) {
      fs.writeFileSync(path.join(process.env.COMPILED_TO, name), script.createCachedData());
    }
  });
}
