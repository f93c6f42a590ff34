// Loaded before what is measured: tells what the whole process has used when it ends.
const { readFileSync, writeFileSync } = require('node:fs');

/**
 * KiB that the process had in memory at most. The system's own maximum, that of getrusage(2), begins with what the parent
 * had when it made the process: a test's process of 150 MiB would be counted as the command's. That of /proc begins anew
 * with the program.
 */
const mostMemory = () => {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
};

process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { user: userCPUTime, system: systemCPUTime, memory: mostMemory() };
  writeFileSync(process.env.BENCH_USAGE, JSON.stringify(usage));
});
