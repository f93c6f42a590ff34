import { textOf } from '../../text/lossless.ts';
import type { Reason } from './reasons.ts';

/** What tar said of a path, or that it said something which is not understood. */
export type Complaint =
  | { readonly kind: 'of path'; readonly path: string; readonly reason: Reason }
  | { readonly kind: 'of all'; readonly text: string };

/** What takes nothing from the archive: it was told apart already, or what vanished is gone. */
const HARMLESS = [
  /: (?:file changed as we read it|socket ignored|door ignored|File removed before we read it)$/,
  /: (?:Warning: )?(?:Cannot \w+: )?No such file or directory$/,
  /^tar: (?:Exiting with failure status due to previous errors|error exit delayed from previous errors)$/,
  /^exit (?:[1-9]|[1-9]\d|1[01]\d|12[0-7])$/,
];

/** What GNU tar or that of busybox said on standard error while it read a host, from `start` on, a line at a time. */
export function* complaintsIn(bytes: Buffer, start: number): Generator<Complaint> {
  for (let at = start; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.toString('latin1', at, Math.min(end, at + LONGEST));
    at = end + 1;
    if (line !== '' && !HARMLESS.some((pattern) => pattern.test(line))) yield complaintIn(line);
  }
}

const NEWLINE = 0x0a;
/** Of a longer line, which no path of a host can make, the beginning is looked at. */
const LONGEST = 64 * 1024;

const complaintIn = (line: string): Complaint => {
  const name = nameIn(line);
  return name === undefined
    ? { kind: 'of all', text: line }
    : { kind: 'of path', path: pathOf(name), reason: reasonIn(line) };
};

const reasonIn = (line: string): Reason =>
  /Permission denied|Operation not permitted/.test(line)
    ? 'denied'
    : /shrank|padding/.test(line)
      ? 'changed'
      : 'failed';

/** How GNU tar names what went wrong, then how that of busybox does: a name may have a colon in it, so that the last counts. */
const FORMS = [
  /^tar: (\.\/.*): (?:Warning: )?(?:Cannot \w+|Read error at byte .*|File shrank by .*|Unknown file type)(?:: [^:]*)?$/,
  /^tar: can't (?:open|stat) '(\.\/.*)': [^:]*$/,
  /^tar: (?:short read|read error) from '(\.\/.*)'/,
  /^tar: (\.\/.*): [^:]*$/,
];

const nameIn = (line: string): string | undefined =>
  FORMS.map((form) => form.exec(line)?.[1]).find((name) => name !== undefined);

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** GNU tar writes what is no ASCII in octal digits. */
const pathOf = (name: string): string =>
  textOf(
    Buffer.from(
      name
        .slice(1)
        .replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, letter: string) =>
          octal === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8)),
        ),
      'latin1',
    ),
  );
