/** What a command is mostly called with: two lines or more, each of which works as it is where its files are. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  inspect: ['mesos-ckpt inspect /var/lib/mesos', 'mesos-ckpt inspect /var/lib/mesos --damaged --tree'],
  verify: [
    'mesos-ckpt verify /var/lib/mesos',
    'mesos-ckpt verify n1.tar.gz n2.tar.gz --summary',
    'mesos-ckpt verify /var/lib/mesos --no-strict --mesos-version 1.9.0',
    'mesos-ckpt verify /var/lib/mesos --format nagios',
  ],
  prune: [
    'mesos-ckpt prune /var/lib/mesos',
    'mesos-ckpt prune /var/lib/mesos --salvage --apply',
    'mesos-ckpt prune n1.tar.gz --salvage --emit-sh fix.sh',
  ],
  preflight: [
    'mesos-ckpt preflight --to 1.11.0',
    'mesos-ckpt preflight --root /mnt',
    'mesos-ckpt preflight hosts --to 1.11.0 --summary',
    'mesos-ckpt preflight --format prometheus --output mesos-preflight.prom',
    'mesos-ckpt preflight -- --work_dir=/var/lib/mesos',
  ],
  fleet: [
    'mesos-ckpt fleet today.json',
    'mesos-ckpt fleet reports --by cause',
    'mesos-ckpt fleet reports --by host --csv > hosts.csv',
  ],
  collect: ['mesos-ckpt collect > collect.sh', 'mesos-ckpt collect --redact > collect.sh'],
  undo: ['mesos-ckpt undo --list /var/lib/mesos', 'mesos-ckpt undo /var/lib/mesos/mesos-ckpt/2026-11-26T03-14-15Z'],
  diff: ['mesos-ckpt diff before.tar.gz /var/lib/mesos', 'mesos-ckpt diff before.tar.gz after.tar.gz --stat'],
  explain: ['mesos-ckpt explain', 'mesos-ckpt explain task-info-damaged'],
  decode: [
    'mesos-ckpt decode /var/lib/mesos/meta/slaves/latest/slave.info',
    'mesos-ckpt decode --in n1.tar.gz meta/boot_id --format hex',
  ],
  report: [
    'mesos-ckpt report /var/lib/mesos -o report.html',
    'mesos-ckpt report n1.tar.gz n2.tar.gz -o fleet.html',
    'mesos-ckpt report --root / -o host.html',
  ],
  snapshot: [
    'mesos-ckpt snapshot /var/lib/mesos -o before.tar.gz',
    'mesos-ckpt snapshot /var/lib/mesos --redact -o for-a-report.tar.gz',
    'mesos-ckpt snapshot before.tar.gz --redact -o to-send.tar.gz',
  ],
  completion: [
    'mesos-ckpt completion bash > /etc/bash_completion.d/mesos-ckpt',
    'mesos-ckpt completion man > /usr/local/share/man/man1/mesos-ckpt.1',
  ],
};

/** Commands that print codes. */
const PRINT_CODES: ReadonlySet<string> = new Set(['verify', 'prune', 'preflight']);

/** The end of a command's help. */
export const examplesHelp = (command: string): string => {
  const more = PRINT_CODES.has(command)
    ? ['', 'mesos-ckpt explain CODE has the whole page of a finding or a check.']
    : [];
  return ['Examples:', ...(EXAMPLES[command] ?? []).map((line) => `  ${line}`), ...more, ''].join('\n');
};
