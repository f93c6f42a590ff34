import { isSupported, parseVersion, versionText } from '../../agent/version.ts';
import { allCodes, type FindingCode } from '../../findings/catalogue.ts';
import type { Span } from '../../format/frames.ts';
import * as names from '../../layout/names.ts';
import { Failure } from '../../program/failure.ts';
import type { Change } from './change.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Mended, Plan, Rehearsed, Step, Touched } from './plan.ts';
import { isOfCheckpoint, isOfSandbox } from './territory.ts';

/** The version of a plan file's form: it is raised where a reader of the old form would be misled. */
export const PLAN_VERSION = 1;

/** What tells a plan file from any other JSON. */
const KIND = 'mesos-ckpt plan';

/** A plan as the object that a plan file holds; bytes are in base64. */
export const planJson = (plan: Plan): object => ({
  schemaVersion: PLAN_VERSION,
  kind: KIND,
  workDir: plan.home,
  agent: plan.agent ?? null,
  mesosVersion: versionText(plan.assumed.version),
  strict: true,
  rebooted: plan.assumed.rebooted,
  launcher: plan.assumed.launcher,
  judgeSandboxes: plan.assumed.judgeSandboxes,
  rehearsed: plan.rehearsed,
  steps: plan.steps.map(stepJson),
  touched: plan.touched,
});

const stepJson = (step: Step): object => ({
  ...step,
  changes: step.changes.map((change) =>
    change.kind === 'create-file' ? { ...change, bytes: Buffer.from(change.bytes).toString('base64') } : change,
  ),
});

/** What is wrong with a plan file, and where in it. */
export class BadPlan extends Failure {
  override readonly name = 'BadPlan';
  /** Where: `steps[2].changes[0].path`; '' for the file as a whole. */
  readonly at: string;
  constructor(at: string, problem: string) {
    super(
      'bad-plan',
      at === '' ? `no plan of mesos-ckpt: ${problem}` : `not a plan to be carried out: ${at}: ${problem}`,
    );
    this.at = at;
  }
}

/**
 * Reads the text of a plan file. It is carried out later, so that nothing in it is believed: every field is there, none is
 * there that is not known, and no path leads out of what a plan may touch.
 * @throws BadPlan where something is wrong with it
 */
export const readPlan = (text: string): Plan => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadPlan('', 'it is not JSON');
  }
  const file = object(value, '', ROOT);
  if (file['kind'] !== KIND) throw new BadPlan('', `its kind is not '${KIND}'`);
  if (file['schemaVersion'] !== PLAN_VERSION) {
    throw new BadPlan(
      'schemaVersion',
      `it is ${String(file['schemaVersion'])}, and ${PLAN_VERSION} is what is understood`,
    );
  }
  if (file['strict'] !== true) throw new BadPlan('strict', 'what is rehearsed is a strict start');
  const home = homeIn(file['workDir']);
  const steps = list(file['steps'], 'steps').map((step, i) => stepIn(step, `steps[${i}]`, home));
  const plan: Plan = {
    home,
    agent: file['agent'] === null ? undefined : nameIn(file['agent'], 'agent'),
    assumed: {
      version: versionIn(file['mesosVersion']),
      rebooted: truth(file['rebooted'], 'rebooted'),
      launcher: oneOf(file['launcher'], 'launcher', ['posix', 'linux']),
      judgeSandboxes: truth(file['judgeSandboxes'], 'judgeSandboxes'),
    },
    rehearsed: rehearsedIn(file['rehearsed']),
    steps,
    touched: list(file['touched'], 'touched').map((touched, i) => touchedIn(touched, `touched[${i}]`)),
  };
  checkWhole(plan);
  return plan;
};

const ROOT = [
  ...['schemaVersion', 'kind', 'workDir', 'agent', 'mesosVersion', 'strict', 'rebooted', 'launcher'],
  ...['judgeSandboxes', 'rehearsed', 'steps', 'touched'],
];

/** What no field says by itself: numbers that occur once, and a look at each path that is touched, and no others. */
const checkWhole = ({ steps, touched }: Plan): void => {
  once(
    steps.map(({ id }) => id),
    (i) => `steps[${i}].id`,
  );
  once(
    touched.map(({ path }) => path),
    (i) => `touched[${i}].path`,
  );
  const known = new Map(touched.map(({ path, before }) => [path, before]));
  const used = new Set<string>();
  const gone = new Set<string>();
  const made = new Set<string>();
  for (const [i, step] of steps.entries()) {
    for (const [j, change] of step.changes.entries()) {
      const at = `steps[${i}].changes[${j}]`;
      const before = known.get(change.path);
      if (before === undefined) throw new BadPlan(`${at}.path`, 'it is not in touched');
      used.add(change.path);
      checkFits(change, before, gone, made, at);
    }
  }
  const spare = touched.findIndex(({ path }) => !used.has(path));
  if (spare >= 0) throw new BadPlan(`touched[${spare}].path`, 'no step touches it');
};

/** Whether a change fits what was found at its path, and what is done to it before. */
const checkFits = (change: Change, before: Fingerprint, gone: Set<string>, made: Set<string>, at: string): void => {
  const wrong = (problem: string): never => {
    throw new BadPlan(at, problem);
  };
  for (let end = change.path.lastIndexOf('/'); end > 0; end = change.path.lastIndexOf('/', end - 1)) {
    if (gone.has(change.path.slice(0, end))) wrong('it is in a folder that is set aside');
  }
  const isThere = made.has(change.path) || (before.kind !== 'absent' && !gone.has(change.path));
  if (change.kind === 'set-aside' || change.kind === 'cut') {
    if (!isThere || made.has(change.path)) wrong('nothing is there to be changed');
    if (change.kind === 'set-aside') gone.add(change.path);
    else if (before.kind !== 'file') wrong('what is there is no file to be cut');
    else {
      const last = change.spans.at(-1);
      if (last !== undefined && last.offset + last.length > before.size)
        wrong(`it cuts behind the end of ${before.size} bytes`);
      gone.add(change.path);
      made.add(change.path);
    }
  } else {
    if (isThere) wrong('something is there already');
    made.add(change.path);
  }
};

const stepIn = (value: unknown, at: string, home: string): Step => {
  const step = object(value, at, [
    'id',
    'mends',
    'changes',
    'certainty',
    'beyond',
    'salvage',
    'what',
    'bytes',
    'loses',
  ]);
  const bytes = object(step['bytes'], `${at}.bytes`, ['taken', 'made']);
  return {
    id: matching(step['id'], `${at}.id`, /^[1-9][0-9]{0,8}$/, 'a number as text'),
    mends: some(
      list(step['mends'], `${at}.mends`).map((each, i) => mendedIn(each, `${at}.mends[${i}]`)),
      `${at}.mends`,
    ),
    changes: some(
      list(step['changes'], `${at}.changes`).map((each, i) => changeIn(each, `${at}.changes[${i}]`, home)),
      `${at}.changes`,
    ),
    certainty: oneOf(step['certainty'], `${at}.certainty`, ['exact', 'suspect']),
    beyond: truth(step['beyond'], `${at}.beyond`),
    salvage: truth(step['salvage'], `${at}.salvage`),
    what: textIn(step['what'], `${at}.what`),
    bytes: { taken: countIn(bytes['taken'], `${at}.bytes.taken`), made: countIn(bytes['made'], `${at}.bytes.made`) },
    loses: textIn(step['loses'], `${at}.loses`),
  };
};

const mendedIn = (value: unknown, at: string): Mended => {
  const mended = object(value, at, ['code', 'path']);
  const code = textIn(mended['code'], `${at}.code`);
  if (!(allCodes as readonly string[]).includes(code)) throw new BadPlan(`${at}.code`, 'no such finding is known');
  return { code: code as FindingCode, path: textIn(mended['path'], `${at}.path`) };
};

const changeIn = (value: unknown, at: string, home: string): Change => {
  const kind = oneOf((value as { kind?: unknown } | null)?.kind, `${at}.kind`, [
    ...(['set-aside', 'cut', 'create-file', 'create-link', 'create-folder'] as const),
  ]);
  const fields = (...others: readonly string[]) => object(value, at, ['kind', 'path', ...others]);
  const path = pathIn((value as { path?: unknown }).path, `${at}.path`);
  const isAllowed = kind === 'create-folder' ? isOfSandbox(path) : isOfCheckpoint(path);
  if (!isAllowed) {
    const allowed = kind === 'create-folder' ? 'folders are made for sandboxes only' : 'it is no file of a checkpoint';
    throw new BadPlan(`${at}.path`, allowed);
  }
  const like = (change: Readonly<Record<string, unknown>>): string => pathIn(change['like'], `${at}.like`);
  switch (kind) {
    case 'set-aside':
      fields();
      return { kind, path };
    case 'cut':
      return { kind, path, spans: spansIn(fields('spans')['spans'], `${at}.spans`) };
    case 'create-file': {
      const change = fields('bytes', 'like');
      return { kind, path, bytes: base64In(change['bytes'], `${at}.bytes`), like: like(change) };
    }
    case 'create-link': {
      const change = fields('target', 'like');
      return { kind, path, target: targetIn(change['target'], path, `${at}.target`, home), like: like(change) };
    }
    case 'create-folder':
      return { kind, path, like: like(fields('like')) };
  }
};

/** A path below `meta`, or of a sandbox: no part of it is empty, `.` or `..`. */
const pathIn = (value: unknown, at: string): string => {
  const path = textIn(value, at);
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
    throw new BadPlan(at, 'a path is relative to the work_dir, and has no empty part, no . and no ..');
  }
  if (parts[0] !== names.META && parts[0] !== names.SLAVES) {
    throw new BadPlan(at, `it is not below ${names.META}, and of no sandbox`);
  }
  if (Buffer.byteLength(path) > 4095) throw new BadPlan(at, 'no path is that long');
  return path;
};

/** A `latest` leads to a name beside it, by its absolute path. */
const targetIn = (value: unknown, path: string, at: string, home: string): string => {
  const target = textIn(value, at);
  const folder = path.slice(0, path.lastIndexOf('/'));
  const above = `${home === '/' ? '' : home}/${folder}/`;
  const name = target.slice(above.length);
  if (!path.endsWith(`/${names.LATEST}`)) throw new BadPlan(at, `only a link called ${names.LATEST} is made`);
  if (!target.startsWith(above) || name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
    throw new BadPlan(at, 'the link has to lead to a name beside it, below workDir');
  }
  return target;
};

const spansIn = (value: unknown, at: string): readonly Span[] => {
  let end = -1;
  const spans = list(value, at).map((each, i): Span => {
    const span = object(each, `${at}[${i}]`, ['offset', 'length']);
    const offset = countIn(span['offset'], `${at}[${i}].offset`);
    const length = countIn(span['length'], `${at}[${i}].length`);
    if (offset <= end) throw new BadPlan(`${at}[${i}].offset`, 'spans are in order, and apart');
    if (length === 0) throw new BadPlan(`${at}[${i}].length`, 'it cuts nothing');
    end = offset + length;
    return { offset, length };
  });
  return some(spans, at);
};

const touchedIn = (value: unknown, at: string): Touched => {
  const touched = object(value, at, ['path', 'before']);
  return { path: pathIn(touched['path'], `${at}.path`), before: beforeIn(touched['before'], `${at}.before`) };
};

const SHA256 = /^[0-9a-f]{64}$/;

const beforeIn = (value: unknown, at: string): Fingerprint => {
  const kind = oneOf((value as { kind?: unknown } | null)?.kind, `${at}.kind`, [
    ...(['absent', 'file', 'link', 'folder', 'other'] as const),
  ]);
  switch (kind) {
    case 'absent':
    case 'other':
      object(value, at, ['kind']);
      return { kind };
    case 'link':
      return { kind, target: textIn(object(value, at, ['kind', 'target'])['target'], `${at}.target`) };
    case 'folder':
      return {
        kind,
        sha256: matching(object(value, at, ['kind', 'sha256'])['sha256'], `${at}.sha256`, SHA256, 'a SHA-256 in hex'),
      };
    case 'file': {
      const file = object(value, at, ['kind', 'size', 'modified', 'sha256']);
      return {
        kind,
        size: countIn(file['size'], `${at}.size`),
        modified: matching(file['modified'], `${at}.modified`, /^-?[0-9]{1,20}$/, 'nanoseconds in decimal'),
        sha256: matching(file['sha256'], `${at}.sha256`, SHA256, 'a SHA-256 in hex'),
      };
    }
  }
};

const rehearsedIn = (value: unknown): Rehearsed => {
  const at = 'rehearsed';
  const rehearsed = object(value, at, ['verdict', 'exitCode', 'executors', 'tasks']);
  return {
    verdict: oneOf(rehearsed['verdict'], `${at}.verdict`, ['recovers', 'new-agent']),
    exitCode: oneOf(rehearsed['exitCode'], `${at}.exitCode`, [0, 1]),
    executors: countIn(rehearsed['executors'], `${at}.executors`),
    tasks: countIn(rehearsed['tasks'], `${at}.tasks`),
  };
};

const homeIn = (value: unknown): string => {
  const home = textIn(value, 'workDir');
  const isPlain = home === '/' || (/^(\/[^/\0]+)+$/.test(home) && !/\/\.\.?(\/|$)/.test(home));
  if (!isPlain) throw new BadPlan('workDir', 'it is an absolute path, without . and .., and no / at its end');
  return home;
};

const versionIn = (value: unknown): Plan['assumed']['version'] => {
  const version = parseVersion(textIn(value, 'mesosVersion'));
  if (version === undefined || !isSupported(version)) throw new BadPlan('mesosVersion', 'no version that is simulated');
  return version;
};

const nameIn = (value: unknown, at: string): string => matching(value, at, /^[^/\0]*$/, 'the name of a folder');

/** An object with just these fields, all of them. */
const object = (value: unknown, at: string, fields: readonly string[]): Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadPlan(at, 'it is no object');
  const within = (field: string): string => (at === '' ? field : `${at}.${field}`);
  const missing = fields.find((field) => !Object.hasOwn(value, field));
  if (missing !== undefined) throw new BadPlan(within(missing), 'it is missing');
  const other = Object.keys(value).find((field) => !fields.includes(field));
  if (other !== undefined) throw new BadPlan(within(other), 'no such field is known');
  return value as Readonly<Record<string, unknown>>;
};

const list = (value: unknown, at: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw new BadPlan(at, 'it is no list');
  return value;
};

const some = <T>(values: readonly T[], at: string): readonly [T, ...T[]] => {
  const [first, ...others] = values;
  if (first === undefined) throw new BadPlan(at, 'it is empty');
  return [first, ...others];
};

const textIn = (value: unknown, at: string): string => {
  if (typeof value !== 'string') throw new BadPlan(at, 'it is no text');
  return value;
};

const truth = (value: unknown, at: string): boolean => {
  if (typeof value !== 'boolean') throw new BadPlan(at, 'it is neither true nor false');
  return value;
};

const countIn = (value: unknown, at: string): number => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new BadPlan(at, 'it is no count');
  return value as number;
};

const matching = (value: unknown, at: string, pattern: RegExp, what: string): string => {
  const text = textIn(value, at);
  if (!pattern.test(text)) throw new BadPlan(at, `it is not ${what}`);
  return text;
};

const oneOf = <const T>(value: unknown, at: string, allowed: readonly T[]): T => {
  if (!(allowed as readonly unknown[]).includes(value)) throw new BadPlan(at, `it is none of ${allowed.join(', ')}`);
  return value as T;
};

const base64In = (value: unknown, at: string): Buffer => {
  const text = textIn(value, at);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new BadPlan(at, 'it is not base64');
  return bytes;
};

/** Complains about the first value that occurs twice. */
const once = (values: readonly string[], at: (index: number) => string): void => {
  const seen = new Set<string>();
  for (const [i, value] of values.entries()) {
    if (seen.has(value)) throw new BadPlan(at(i), `'${value}' occurs twice`);
    seen.add(value);
  }
};
