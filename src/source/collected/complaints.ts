import { textOf } from '../../text/lossless.ts';
import type { Reason } from './reasons.ts';

/** What tar said of a path, or that it said something which is not understood. */
export type Complaint =
  | {
      readonly kind: 'of paths';
      /** Absolute paths, of which one is meant: where in the line its name ends is not sure. */
      readonly paths: readonly string[];
      readonly reason: Reason;
    }
  | { readonly kind: 'of all'; readonly text: string };

/** What takes nothing from the archive: it was told apart already, or what vanished is gone. */
const HARMLESS = [
  /: (?:file changed as we read it|socket ignored|door ignored|File removed before we read it)$/,
  /: (?:Warning: )?(?:Cannot \w+: )?No such file or directory$/,
  /^tar: (?:Exiting with failure status due to previous errors|error exit delayed from previous errors)$/,
  /^exit (?:[1-9]|[1-9]\d|1[01]\d|12[0-7])$/,
];

/** What GNU tar or that of busybox said on standard error while it read a host. */
export const complaintsIn = (text: string): readonly Complaint[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !HARMLESS.some((pattern) => pattern.test(line)))
    .map((line): Complaint => {
      const quoted = /^tar: (?:can't (?:open|stat)|short read from|read error from) '(\.\/.*)'/.exec(line)?.[1];
      const paths = quoted === undefined ? pathsIn(line) : [pathOf(quoted)];
      return paths.length === 0 ? { kind: 'of all', text: line } : { kind: 'of paths', paths, reason: reasonIn(line) };
    });

const reasonIn = (line: string): Reason =>
  /Permission denied|Operation not permitted/.test(line)
    ? 'denied'
    : /shrank|padding/.test(line)
      ? 'changed'
      : 'failed';

/** `tar: ./NAME: what is wrong: why`: a name may have a colon in it. */
const pathsIn = (line: string): readonly string[] => {
  const said = /^tar: (\.\/.*)$/s.exec(line)?.[1];
  if (said === undefined) return [];
  const ends = [...said.matchAll(/: /g)].map(({ index }) => index);
  return ends.map((end) => pathOf(said.slice(0, end)));
};

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
