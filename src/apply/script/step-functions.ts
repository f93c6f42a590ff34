import type { Span } from '../../format/frames.ts';
import type { Change } from '../../repair/plan/change.ts';
import type { Fingerprint } from '../../repair/plan/fingerprint.ts';
import { UNREAD } from '../../repair/plan/fingerprint.ts';
import { isErrno, join, type Source } from '../../source/source.ts';
import { shown } from '../../text/escape.ts';
import { isPlain, printfFormat, shellAssignment } from '../../text/shell.ts';
import { count } from '../../text/words.ts';
import type { RecordedChange } from '../record.ts';
import { stepLine } from '../record.ts';
import { type Content, partsLeft } from './content.ts';
import { jsonInAscii, printed } from './json-text.ts';

/** A step with all that a script has to know of it. */
export interface ScriptStep extends RecordedChange {
  /** What `cksum` prints of the file that was there, and of the one that is made. */
  readonly cksum?: string | undefined;
  readonly madeContent?: Content | undefined;
  /** What is done, as a clause. */
  readonly what: string;
  /** The path that something new is to be like, which is there before the first step. */
  readonly like?: string | undefined;
  /** No step before it touches its path. */
  readonly isFirst: boolean;
  /** The number of the first step behind it that makes something else of its path. */
  readonly later: number | undefined;
  /** The numbers of the steps that put something right into the folder that this one makes. */
  readonly inside: readonly number[];
}

/** The functions of a script that are about one step, as lines. */
export const stepFunctions = (step: ScriptStep, index: number, source: Source): readonly string[] => {
  const { change, before } = step;
  const number = index + 1;
  const { once, lines } = settings(step, number);
  return [
    `# Step ${number}: ${shown(step.what)}`,
    ...once,
    ...shellFunction(`step_${number}`, lines),
    ...(before.kind === 'folder' ? shellFunction(`holds_${number}`, folderLines(source, change.path)) : []),
    ...(change.kind === 'cut' ? shellFunction(`parts_${number}`, partLines(change.spans, before)) : []),
    ...(change.kind === 'create-file' ? shellFunction(`bytes_${number}`, byteLines(change.bytes)) : []),
    ...shellFunction(`record_${number}`, recordLines(step, index)),
    '',
  ];
};

/** A function of a shell, which cannot be empty. */
export const shellFunction = (name: string, lines: readonly string[]): readonly string[] => [
  `${name}() {`,
  ...(lines.length === 0 ? [':'] : lines).map((line) => `  ${line}`),
  '}',
];

/** Statements that are carried out once, and those of a function. */
interface Settings {
  readonly once: readonly string[];
  readonly lines: readonly string[];
}

/** A step is loaded again and again: what takes a process to form is formed once. */
const settings = (step: ScriptStep, number: number): Settings => {
  const { change, before, cksum, madeContent, what, like, isFirst, later, inside } = step;
  const once: string[] = [];
  const assignment = (name: string, text: string): string => {
    if (isPlain(text)) return shellAssignment(name, text);
    once.push(shellAssignment(`${name}_${number}`, text));
    return `${name}=$${name}_${number}`;
  };
  const lines = [
    `kind=${change.kind}`,
    shellAssignment('what', shown(what)),
    assignment('path', change.path),
    `was=${before.kind}`,
    ...(before.kind === 'file' ? [`size=${before.size} sha256=${before.sha256} cksum=${cksum ?? ''}`] : []),
    ...(before.kind === 'link' ? [assignment('link', before.target)] : []),
    ...(change.kind === 'create-link' ? [assignment('target', change.target)] : []),
    ...(like === undefined ? [] : [assignment('like', like)]),
    ...(madeContent === undefined
      ? []
      : [`made_size=${madeContent.size} made_sha256=${madeContent.sha256} made_cksum=${madeContent.cksum}`]),
    ...(isFirst ? [] : ['is_first=no']),
    ...(later === undefined ? [] : [`later=${later}`]),
    ...(inside.length === 0 ? [] : [`inside='${inside.join(' ')}'`]),
  ];
  return { once, lines };
};

/** What a folder holds, and how many names it has itself: what its digest in a plan is of. */
const folderLines = (source: Source, folder: string): readonly string[] => {
  const below = entriesBelow(source, folder, '');
  const isTogether = ({ kind, name }: Below): boolean => kind === 'file' && isPlain(name);
  const others = below.filter((each) => !isTogether(each)).map(holdsLine);
  const checks = [...others, ...sizeLines(below.filter(isTogether))].map((line) => `${line} &&`);
  return [`has_names "$folder" ${countOf(source, folder)} &&`, ...checks, 'return 0', 'return 1'];
};

/** Something in a folder that goes. */
interface Below {
  readonly kind: string;
  /** Its path from the folder. */
  readonly name: string;
  readonly detail: string;
}

const entriesBelow = (source: Source, folder: string, below: string): readonly Below[] => {
  const entries = source.list(folder);
  if (isErrno(entries)) return [];
  return entries.flatMap(({ name, kind }) => {
    const path = join(folder, name);
    const each = { kind, name: join(below, name), detail: detailOf(source, path, kind) };
    return kind === 'folder' ? [each, ...entriesBelow(source, path, each.name)] : [each];
  });
};

/** As many files as are looked at together: no host's limit of arguments is near. */
const AT_ONCE = 64;

const sizeLines = (files: readonly Below[]): readonly string[] =>
  Array.from({ length: Math.ceil(files.length / AT_ONCE) }, (_, i) => {
    const some = files.slice(i * AT_ONCE, (i + 1) * AT_ONCE);
    const paths = some.map(({ name }) => `"$folder"${shellAssignment('', `/${name}`).slice(1)}`);
    return `hold_sizes '${some.map(({ detail }) => detail).join(' ')}' ${paths.join(' ')}`;
  });

const countOf = (source: Source, folder: string): number => {
  const entries = source.list(folder);
  return isErrno(entries) ? 0 : entries.length;
};

const detailOf = (source: Source, path: string, kind: string): string => {
  if (kind === 'folder') return String(countOf(source, path));
  if (kind === 'link') {
    const target = source.linkTarget(path);
    return isErrno(target) ? '' : target;
  }
  const file = kind === 'file' ? source.open(path) : undefined;
  if (file === undefined || isErrno(file)) return '';
  const size = file.size();
  file.close();
  return String(size);
};

const holdsLine = ({ kind, detail, name }: Below): string =>
  `${shellAssignment('name', name)} && ${shellAssignment('detail', detail)} && holds ${kind}`;

const partLines = (spans: readonly Span[], before: Fingerprint): readonly string[] =>
  before.kind === 'file'
    ? joined(
        partsLeft(before.size, spans).map(({ offset, length }) =>
          offset + length === before.size ? `rest ${offset}` : `part ${offset} ${length}`,
        ),
      )
    : [];

/** Bytes in one line: no host's limit of an argument is near. */
const LINE = 512;

const byteLines = (bytes: Uint8Array): readonly string[] =>
  joined(
    Array.from(
      { length: Math.ceil(bytes.length / LINE) },
      (_, i) => `printf '${printfFormat(bytes.subarray(i * LINE, (i + 1) * LINE))}'`,
    ),
  );

/** Commands of which the first that fails ends all. */
const joined = (commands: readonly string[]): readonly string[] =>
  commands.map((command, i) => (i === commands.length - 1 ? command : `${command} &&`));

/** Stands for the time of a file in its line, until it is known. */
const TIME = '-1000000000000000000007';

/** The step's line in the journal's record, as `renderRecord` has it; the time of a file is that of the host. */
const recordLines = (step: ScriptStep, index: number): readonly string[] => {
  const { before } = step;
  if (before.kind !== 'file') return joined(printed(`${jsonInAscii(stepLine(step, index))}\n`));
  const line = jsonInAscii(stepLine({ ...step, before: { ...before, modified: TIME } }, index));
  const at = line.lastIndexOf(`"modified":"${TIME}"`) + '"modified":"'.length;
  return joined([
    ...printed(line.slice(0, at)),
    'printf \'%s\' "$modified"',
    ...printed(`${line.slice(at + TIME.length)}\n`),
  ]);
};

/** Whether the disk gave a file's content when the plan was made. */
export const wasRead = (before: Fingerprint): boolean => before.kind === 'file' && before.sha256 !== UNREAD;

/** What a change does, as a clause that its path ends. */
export const changeText = (change: Change): string => {
  switch (change.kind) {
    case 'set-aside':
      return 'set aside';
    case 'cut':
      return `cut ${count(
        change.spans.reduce((sum, { length }) => sum + length, 0),
        'byte',
      )} out of`;
    case 'create-file':
      return 'write';
    case 'create-link':
      return 'make the link';
    case 'create-folder':
      return 'make the folder';
  }
};
