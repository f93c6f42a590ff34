// Loaded before what is measured: tells what the whole process has used when it ends.
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(process.env.BENCH_USAGE, JSON.stringify({ user: userCPUTime, system: systemCPUTime, memory: maxRSS }));
});
