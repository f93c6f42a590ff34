import type { Edit } from '../support/cases.ts';
import { bytes, record, sub } from '../support/wire.ts';

export const AGENT = 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';
export const FRAMEWORK = `${AGENT}/frameworks/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0000`;
export const EXECUTOR = `${FRAMEWORK}/executors/shop_web.1f0e0a52-aaaa-11ed-9b7e-0242ac110002`;
export const RUN = `${EXECUTOR}/runs/7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e02`;
export const TASK = `${RUN}/tasks/shop_web.1f0e0a52-aaaa-11ed-9b7e-0242ac110002`;
const OTHER = (id: string): string => `${FRAMEWORK}/executors/${id}-aaaa-11ed-9b7e-0242ac110002`;
const CACHE = OTHER('shop_cache.4c0e0a52');

const write = (path: string, content: Buffer | string): Edit => ({
  op: 'write',
  path,
  hex: Buffer.from(content as Buffer).toString('hex'),
});

/** One damage of nearly every kind, in the tree `marathon`. */
export const DAMAGES: readonly Edit[] = [
  { op: 'truncate', path: `${TASK}/task.updates`, size: 500 },
  write(`${OTHER('nightly_report.3b0e0a52')}/executor.info`, ''),
  write(`${OTHER('shop_api.2a0e0a52')}/runs/7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e03/pids/forked.pid`, '4303\n'),
  write(
    `${CACHE}/runs/7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e05/tasks/shop_cache.4c0e0a52-aaaa-11ed-9b7e-0242ac110002/task.info`,
    Buffer.alloc(120),
  ),
  { op: 'remove', path: `${CACHE}/runs/latest` },
  { op: 'symlink', path: `${CACHE}/runs/latest`, target: '/var/lib/mesos/elsewhere' },
  write(`${AGENT}/slave.info`, record(Buffer.from('0a03666f6f12', 'hex'))),
  { op: 'mkdir', path: 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S3' },
  write('meta/oops.txt', "not the agent's"),
];

/** Ids that would do harm on a screen: escapes, direction marks, line breaks, what is no UTF-8. */
export const HOSTILE: readonly Edit[] = [
  '\u{1b}[31mred\u{1b}[0m',
  'txt.\u{202e}gpj',
  'two\nlines\tand more',
  'no utf-8 \u{dcff}\u{dc80}',
  'bell\u{7}\u{85}\u{9b}31m',
  'zero\u{200b}\u{200d}width\u{fe0f}',
  '日本語の名前🇯🇵e\u{301}',
].map((id) => ({ op: 'mkdir', path: `${FRAMEWORK}/executors/${id}` }));

const variable = (name: string, value: string): Buffer => sub(1, bytes(1, name), bytes(2, value));

/** What must not be shown unasked. */
export const SECRETS = ['hunter2', 's3cr3t', 'p4ssw0rd', 'opaque-data'] as const;

/** An executor with secrets in its environment, its docker options, its image's credential and its data. */
export const SECRETIVE: readonly Edit[] = [
  write(
    `${EXECUTOR}/executor.info`,
    record(
      Buffer.concat([
        sub(1, bytes(1, 'shop_web.1f0e0a52-aaaa-11ed-9b7e-0242ac110002')),
        bytes(4, SECRETS[3]),
        sub(7, sub(2, variable('DB_PASSWORD', SECRETS[0]), variable('PATH', '/usr/bin')), bytes(3, './start --fast')),
        sub(
          11,
          Buffer.of(0x08, 1),
          sub(3, bytes(1, 'nginx:1.25'), sub(5, bytes(1, 'env'), bytes(2, `TOKEN=${SECRETS[1]}`))),
        ),
        sub(14, sub(1, bytes(1, 'tier'), bytes(2, 'front'))),
      ]),
    ),
  ),
  write(
    `${TASK}/task.info`,
    record(
      Buffer.concat([
        bytes(1, 'web'),
        sub(2, bytes(1, 'shop_web.1f0e0a52-aaaa-11ed-9b7e-0242ac110002')),
        sub(3, bytes(1, '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0000')),
        sub(5, bytes(1, '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7')),
        Buffer.of(0x30, 1),
        sub(11, sub(1, bytes(1, 'tier'), bytes(2, 'front'))),
        sub(
          13,
          Buffer.of(0x08, 2),
          sub(5, sub(1, Buffer.of(0x08, 2), sub(3, bytes(1, 'nginx'), sub(2, bytes(1, 'shop'), bytes(2, SECRETS[2]))))),
        ),
      ]),
    ),
  ),
];
