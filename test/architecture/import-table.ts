/** The import table of `src/`: each folder, what it may import, and why that is all. `docs/architecture.md` is drawn from it. */

/** A folder of `src`, what it may import besides itself, and why that is all. */
export interface Row {
  readonly folder: string;
  readonly imports: readonly string[];
  /** Of these it may import types only. */
  readonly types?: readonly string[];
  /** Packages, and modules of Node. */
  readonly packages?: readonly string[];
  readonly because: string;
}

const BELOW_REPORT = [
  ...['program', 'text', 'format', 'schema', 'layout', 'source', 'agent', 'findings', 'checkpoint', 'recovery'],
  ...['verify', 'inspect', 'repair', 'apply', 'host', 'preflight', 'snapshot'],
];

/** Bytes, records, checkpoint, recovery, findings, report. Nothing imports upwards. */
export const TABLE: readonly Row[] = [
  {
    folder: 'program',
    imports: [],
    because: 'what the program says of itself: its version, its own failures, its trace',
  },
  {
    folder: 'text',
    imports: [],
    packages: ['cli-table3', 'string-width'],
    because: 'how texts are formed, and bytes that are text, whatever they say: it knows nothing of agents',
  },
  {
    folder: 'format',
    imports: ['text'],
    because: 'framing and wire reading know no messages, no file names and no findings',
  },
  { folder: 'findings', imports: ['text'], because: 'the catalogue is text; what finds something imports it' },
  { folder: 'schema', imports: ['format'], because: 'it describes messages to what reads them' },
  {
    folder: 'layout',
    imports: [],
    types: ['schema'],
    because: 'where what lies in a work_dir, and which message it holds: names, and no bytes',
  },
  {
    folder: 'source',
    imports: ['program', 'text'],
    packages: ['node:fs', 'node:tty', 'minizlib'],
    because: 'bytes of files and of archives, whatever they mean; names may be no UTF-8',
  },
  {
    folder: 'agent',
    imports: ['format', 'schema', 'text'],
    because: "the agent's own arithmetic and its versions: it works on messages, not on files",
  },
  {
    folder: 'checkpoint',
    imports: ['program', 'text', 'format', 'schema', 'source', 'layout'],
    packages: ['node:fs', 'node:path', 'node:crypto'],
    because: 'the model says what is there, and nothing of what the agent makes of it',
  },
  {
    folder: 'recovery',
    imports: ['text', 'format', 'schema', 'source', 'layout', 'agent', 'checkpoint'],
    types: ['findings'],
    because: 'it predicts from the model; it reports codes, and leaves their texts to others',
  },
  {
    folder: 'verify',
    imports: ['program', 'text', 'format', 'schema', 'source', 'layout', 'agent', 'findings', 'checkpoint', 'recovery'],
    packages: ['node:os', 'node:v8', 'node:worker_threads'],
    because:
      'it puts loading, recovery and checks together, in several threads where that is faster, and renders nothing',
  },
  {
    folder: 'inspect',
    imports: ['text', 'format', 'schema', 'source', 'layout', 'agent', 'findings', 'checkpoint', 'recovery'],
    packages: ['picomatch'],
    because: 'it selects from the model what is to be shown, and renders nothing',
  },
  {
    folder: 'repair',
    imports: [
      ...['text', 'format', 'schema', 'source', 'layout', 'agent', 'findings', 'checkpoint', 'recovery', 'verify'],
      'program',
    ],
    packages: ['node:crypto', 'node:util', 'picomatch'],
    because: 'it plans changes as data, and rehearses them in memory: nothing here writes',
  },
  {
    folder: 'apply',
    imports: ['program', 'text', 'source', 'layout', 'agent', 'findings', 'checkpoint', 'recovery', 'verify', 'repair'],
    packages: ['node:fs', 'node:path', 'node:os', 'node:crypto', 'node:child_process'],
    because: 'it carries out what was planned, and takes it back: the only folder that changes a tree',
  },
  {
    folder: 'host',
    imports: ['program', 'text', 'source', 'layout', 'agent'],
    packages: ['node:fs', 'node:path', 'picomatch', 'unbash'],
    because: 'what a host says of itself and of its agent: nothing is judged here, and no checkpoint is read',
  },
  {
    folder: 'preflight',
    imports: [...BELOW_REPORT.filter((folder) => folder !== 'preflight' && folder !== 'snapshot')],
    packages: ['node:fs', 'node:path', 'picomatch', 'unbash'],
    because: "it judges a host's facts with the checkpoint, and renders nothing",
  },
  {
    folder: 'snapshot',
    imports: [
      ...['text', 'format', 'schema', 'source', 'layout', 'agent', 'findings', 'checkpoint', 'recovery', 'verify'],
      'program',
    ],
    packages: ['node:fs', 'node:path', 'node:crypto', 'node:zlib'],
    because: 'it copies a checkpoint with what is predicted of it: it reads trees, and writes one new file beside none',
  },
  {
    folder: 'report',
    imports: BELOW_REPORT,
    because: 'values in, text out: anything may be shown, nothing may be read or written',
  },
  {
    folder: 'cli',
    imports: [...BELOW_REPORT, 'report'],
    packages: ['@commander-js/extra-typings', 'node:fs', 'node:path', 'node:os', 'node:crypto', 'node:tty'],
    because: 'the outermost layer: arguments, streams and exit codes',
  },
  {
    folder: '',
    imports: [...BELOW_REPORT, 'report'],
    because: 'the public library exports from everywhere but the command',
  },
];
