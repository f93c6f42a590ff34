import { nextWord, splitWords, type Word, type Words } from './words.ts';

/** A command of `ExecStart=`, before specifiers and variables are put in. */
export interface ExecCommand {
  readonly program: Word;
  /** What the program is told as its own name, with `@`. */
  readonly name: Word | undefined;
  readonly args: readonly Word[];
  /** With `:`, variables stay as they are. */
  readonly keepsVariables: boolean;
  /** With `-`, systemd goes on where it fails. */
  readonly mayFail: boolean;
}

/** The characters before a program that change how it is started (systemd.service(5)). */
const PREFIXES = /^[-@:+!|]*/;

/**
 * The commands in one value of `ExecStart=`; a `;` that stands alone is between two. Undefined where a quote is not closed:
 * systemd ignores the line.
 */
export const parseExec = (value: string): readonly ExecCommand[] | undefined => {
  const commands: ExecCommand[] = [];
  let words: Word[] = [];
  const end = (): void => {
    const command = commandOf(words);
    if (command !== undefined) commands.push(command);
    words = [];
  };
  for (let at = 0; ; ) {
    const next = nextWord(value, at);
    if (next === 'unbalanced') return undefined;
    if (next === undefined) break;
    at = next.end;
    if (next.word.raw === ';') end();
    else words.push(next.word.raw === '\\;' ? { text: ';', raw: next.word.raw } : next.word);
  }
  end();
  return commands;
};

const commandOf = ([first, ...rest]: readonly Word[]): ExecCommand | undefined => {
  if (first === undefined) return undefined;
  const prefix = PREFIXES.exec(first.text)?.[0] ?? '';
  const program = { text: first.text.slice(prefix.length), raw: first.raw };
  const hasName = prefix.includes('@');
  return {
    program,
    name: hasName ? rest[0] : undefined,
    args: hasName ? rest.slice(1) : rest,
    keepsVariables: prefix.includes(':'),
    mayFail: prefix.includes('-'),
  };
};

/** What a variable is; undefined where it is not set. */
export type Variables = (name: string) => { readonly value: string; readonly unknown: string | undefined } | undefined;

/** An argument as the program gets it. */
export interface ExpandedArgument {
  readonly text: string;
  /** Why it cannot be told, where a variable in it cannot. */
  readonly unknown: string | undefined;
  /** Variables in it that are not set: they are empty. */
  readonly unset: readonly string[];
}

/**
 * Puts variables into an argument. Mirrors `replace_env_argv` of systemd: `$NAME` alone becomes the words of its value, none
 * where it is not set; `${NAME}` is replaced anywhere; `$$` is `$`; a `$NAME` within a word stays as it is.
 */
export const expandVariables = (text: string, variables: Variables): readonly ExpandedArgument[] => {
  if (/^\$[^{$]/.test(text)) return expandAlone(text.slice(1), variables);
  const unset: string[] = [];
  let unknown: string | undefined;
  const expanded = text.replace(/\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    const variable = variables(name);
    if (variable === undefined) unset.push(name);
    unknown ??= variable?.unknown;
    return variable === undefined ? '' : variable.unknown === undefined ? variable.value : whole;
  });
  return [{ text: expanded, unknown, unset }];
};

const expandAlone = (name: string, variables: Variables): readonly ExpandedArgument[] => {
  const variable = variables(name);
  // It leaves no argument, and nothing that could tell of it: the caller asks for it by name.
  if (variable === undefined) return [];
  if (variable.unknown !== undefined) return [{ text: `$${name}`, unknown: variable.unknown, unset: [] }];
  const words: Words = splitWords(variable.value);
  return (words ?? [{ text: variable.value, raw: '' }]).map((word) => ({
    text: word.text,
    unknown: undefined,
    unset: [],
  }));
};
