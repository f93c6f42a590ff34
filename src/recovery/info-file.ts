import type { RecordFile } from '../checkpoint/files.ts';
import type { FatalCode, FindingCode } from '../findings/catalogue.ts';
import type { Severities } from '../findings/finding.ts';
import { type Context, refuses } from './context.ts';
import { damageText } from './damage.ts';
import { meetNoReturn } from './no-return.ts';
import { readRecord } from './reading.ts';

type LosingCode = Exclude<FindingCode, FatalCode>;

/** What each way to be without an info file is called. */
interface Codes {
  readonly missing: readonly [code: LosingCode, detail: string];
  readonly empty: LosingCode;
  /** With what the agent says before the path. */
  readonly damaged: readonly [code: FatalCode, message: string];
  /** Of those that end no start, where it is not the usual one. */
  readonly severity?: Severities | undefined;
}

/** Reads the file that says what a folder is of, without which the agent looks at nothing in it; meets what is wrong. */
export const readInfo = <T>(
  context: Context,
  path: string,
  file: RecordFile<T>,
  { missing, empty, damaged, severity }: Codes,
): { readonly value: T | undefined; readonly errors: number } => {
  const reading = readRecord(file, context.full(path));
  switch (reading.kind) {
    case 'some':
      return { value: reading.value, errors: 0 };
    case 'missing':
      return { value: undefined, errors: context.meet(missing[0], { path }, missing[1], { severity }) };
    case 'none':
      return { value: undefined, errors: context.meet(empty, { path }, 'the file is empty', { severity }) };
    case 'abort':
    case 'hang':
      meetNoReturn(context, { path, offset: 0, record: 1 }, damageText.of(file), reading);
      return { value: undefined, errors: 0 };
    case 'error': {
      const message = `${damaged[1]} '${context.full(path)}': ${reading.message}`;
      const location = { path, ...damageText.location(file) };
      return { value: undefined, errors: context.meet(damaged[0], location, damageText.of(file), refuses(message)) };
    }
  }
};
