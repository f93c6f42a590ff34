/**
 * The import table of `src/`: each folder, what it may import, and why that is all. `docs/architecture.md` and the README of
 * each folder are made from it, by `npm run docs`.
 */

/** A folder of `src`, what it may import besides itself, and why that is all. */
export interface Row {
  readonly folder: string;
  /** What it is. */
  readonly is: string;
  readonly imports: readonly string[];
  /** Of these it may import types only. */
  readonly types?: readonly string[];
  /** Packages, and modules of Node. */
  readonly packages?: readonly string[];
  /** What it may not do, or why it needs no more. */
  readonly because: string;
}

const BELOW_REPORT = [
  ...['program', 'text', 'format', 'schema', 'layout', 'source', 'agent', 'findings', 'checkpoint', 'recovery'],
  ...['verify', 'inspect', 'compare', 'decode', 'repair', 'apply', 'host', 'preflight', 'snapshot', 'fleet'],
];

/** Bytes, records, checkpoint, recovery, findings, report. Nothing imports upwards. */
export const TABLE: readonly Row[] = [
  {
    folder: 'program',
    is: 'what the program says of itself: version, failures, trace, progress',
    imports: [],
    because: 'it knows nothing of what the program is about',
  },
  {
    folder: 'text',
    is: 'how texts are formed: counts, lists, widths, tables, escapes',
    imports: [],
    packages: ['cli-table3', 'string-width'],
    because: 'whatever a text says, it knows nothing of agents',
  },
  {
    folder: 'format',
    is: 'proto2 on the wire: framing, varints, records, messages',
    imports: ['text'],
    because: 'it knows no message, no file name and no finding',
  },
  {
    folder: 'findings',
    is: 'the catalogue of findings, one row a code',
    imports: ['text'],
    because: 'it is text; what finds something imports it',
  },
  {
    folder: 'schema',
    is: 'the message definitions',
    imports: ['format'],
    because: 'it describes messages to what reads them',
  },
  {
    folder: 'layout',
    is: 'where what lies in a work_dir, and which message it holds',
    imports: [],
    types: ['schema'],
    because: 'it knows names, and no bytes',
  },
  {
    folder: 'source',
    is: 'read-only bytes: of a folder, an archive, memory',
    imports: ['program', 'text'],
    packages: ['node:fs', 'node:tty', 'node:zlib', 'minizlib'],
    because: 'what the bytes mean is not its business, and names may be no UTF-8',
  },
  {
    folder: 'agent',
    is: "the agent's own arithmetic: flags, resources, attributes, info, versions",
    imports: ['format', 'schema', 'text'],
    because: 'it works on messages, not on files',
  },
  {
    folder: 'checkpoint',
    is: 'the model of a checkpoint, and its loader',
    imports: ['program', 'text', 'format', 'schema', 'source', 'layout'],
    packages: ['node:fs', 'node:path', 'node:crypto'],
    because: 'it says what is there, and nothing of what the agent makes of it',
  },
  {
    folder: 'recovery',
    is: 'what the agent does at a start, a function of it each',
    imports: ['text', 'format', 'schema', 'source', 'layout', 'agent', 'findings', 'checkpoint'],
    because: 'it predicts from the model, and makes findings of what it meets: their rows say what ends a start',
  },
  {
    folder: 'verify',
    is: 'loading, recovery and checks put together to one value',
    imports: ['program', 'text', 'format', 'schema', 'source', 'layout', 'agent', 'findings', 'checkpoint', 'recovery'],
    packages: ['node:os', 'node:v8', 'node:worker_threads'],
    because: 'it renders nothing, and uses several threads where that is faster',
  },
  {
    folder: 'inspect',
    is: 'what of a checkpoint is to be shown',
    imports: ['text', 'format', 'schema', 'source', 'layout', 'agent', 'findings', 'checkpoint', 'recovery'],
    packages: ['picomatch'],
    because: 'it selects from the model, and renders nothing',
  },
  {
    folder: 'compare',
    is: 'where two checkpoints differ',
    imports: ['program', 'text', 'format', 'schema', 'source', 'layout'],
    because: 'it compares bytes, and says what each tree has; what that means is for others',
  },
  {
    folder: 'decode',
    is: 'one file or record, field by field',
    imports: ['program', 'text', 'format', 'schema', 'source', 'layout', 'checkpoint'],
    packages: ['node:path'],
    because: 'it knows what bytes are, and nothing of what the agent makes of them',
  },
  {
    folder: 'repair',
    is: 'plans: what to change, rehearsed in memory',
    imports: [
      ...['text', 'format', 'schema', 'source', 'layout', 'agent', 'findings', 'checkpoint', 'recovery', 'verify'],
      'program',
    ],
    packages: ['@cfworker/json-schema', 'node:crypto', 'node:util', 'picomatch'],
    because: 'changes are data here, and nothing writes',
  },
  {
    folder: 'apply',
    is: 'carrying a plan out, and taking it back',
    imports: ['program', 'text', 'source', 'layout', 'agent', 'findings', 'checkpoint', 'recovery', 'verify', 'repair'],
    types: ['format'],
    packages: ['node:fs', 'node:path', 'node:os', 'node:crypto', 'node:child_process'],
    because: 'it is the only folder that changes a tree',
  },
  {
    folder: 'host',
    is: 'what a host says of itself and of its agent',
    imports: ['program', 'text', 'source', 'layout', 'agent'],
    packages: ['node:fs', 'node:path', 'node:crypto', 'picomatch', 'unbash'],
    because: 'nothing is judged here, and no checkpoint is read; keys and certificates are looked at with node:crypto',
  },
  {
    folder: 'preflight',
    is: "the judgement of a host's facts with its checkpoint",
    imports: [
      ...['program', 'text', 'format', 'schema', 'layout', 'source', 'agent', 'findings', 'checkpoint', 'recovery'],
      ...['verify', 'host'],
    ],
    because: 'it judges values, plans no change, and renders nothing',
  },
  {
    folder: 'snapshot',
    is: 'a copy of a checkpoint in one file, redacted or not',
    imports: [
      ...['text', 'format', 'schema', 'source', 'layout', 'agent', 'findings', 'checkpoint', 'recovery', 'verify'],
      'program',
    ],
    packages: ['node:fs', 'node:path', 'node:crypto', 'node:util', 'node:worker_threads', 'node:zlib'],
    because: 'it reads trees, in `threads/` beside the main thread, and writes one new file and nothing else',
  },
  {
    folder: 'fleet',
    is: 'what many commands said of many hosts, summed up',
    imports: ['text'],
    because: 'it reads values that were JSON, of any version, and knows no checkpoint',
  },
  {
    folder: 'report',
    is: 'values in, text out: screens and JSON',
    imports: BELOW_REPORT,
    packages: ['diff', 'node:crypto', 'node:zlib'],
    because: 'anything may be shown, nothing may be read or written; a page is packed with node:zlib',
  },
  {
    folder: 'page',
    is: 'the report page, which runs in a browser',
    imports: ['text'],
    types: ['report'],
    packages: ['preact', 'preact/hooks', 'd3-scale', 'd3-shape', '@tanstack/virtual-core'],
    because:
      'it shows what the document holds, and computes none of it; the build makes it a text that report/page puts in',
  },
  {
    folder: 'cli',
    is: 'the commands: arguments, streams and exit codes',
    imports: [...BELOW_REPORT, 'report'],
    packages: [
      '@commander-js/extra-typings',
      'log-update',
      'node:fs',
      'node:path',
      'node:os',
      'node:crypto',
      'node:tty',
      'node:worker_threads',
    ],
    because:
      'it is the outermost layer; in `threads/` several threads read, and form the JSON of what they have read, and in `pairs/` they read two trees',
  },
  {
    folder: '',
    is: 'the public library',
    imports: [...BELOW_REPORT, 'report'],
    because: 'it exports from everywhere but the command',
  },
];
