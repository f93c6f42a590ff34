import type { Command, Option } from '@commander-js/extra-typings';

/** An option as a shell completes it, and as the manual lists it. */
export interface OptionDoc {
  /** `--launcher <launcher>`, as the help has it. */
  readonly flags: string;
  /** `--launcher`, `-o`: each of its spellings. */
  readonly names: readonly string[];
  readonly description: string;
  /** The description with what the help says behind it: choices, and what holds where nothing is given. */
  readonly inFull: string;
  readonly takesValue: boolean;
  /** The values that it takes, where they are known. */
  readonly choices: readonly string[];
}

/** A command as a shell completes it, and as the manual tells it. */
export interface CommandDoc {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly description: string;
  /** `verify [options] <path...>`. */
  readonly usage: string;
  readonly arguments: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionDoc[];
  /** What its help says behind the options: exit codes, examples. */
  readonly after: string;
  /** What its arguments may be, besides paths. */
  readonly words: readonly string[];
}

/** Words that a command's arguments and options take, where they are known: the codes of findings and of checks. */
export interface Vocabulary {
  readonly codes: readonly string[];
  readonly checks: readonly string[];
}

/** Options that take the code of a check. */
const OF_CHECKS: ReadonlySet<string> = new Set(['--only', '--skip']);

/** All commands of a program, each of which is whole. */
export const describeCommands = (program: Command, vocabulary: Vocabulary): readonly CommandDoc[] =>
  program.commands.map((command) => {
    const help = captured(command as unknown as Command);
    const name = command.name();
    const helped = command.createHelp();
    return {
      name,
      aliases: command.aliases(),
      summary: command.summary(),
      description: command.description(),
      usage: `${name} ${command.usage()}`,
      arguments: command.registeredArguments.map((argument) => ({
        name: argument.name(),
        description: helped.argumentDescription(argument),
      })),
      options: command.options.map((option) =>
        optionDoc(name, option as Option, helped.optionDescription(option as Option), vocabulary),
      ),
      after: help.slice(command.helpInformation().length).trim(),
      words: name === 'explain' ? vocabulary.codes : [],
    };
  });

const optionDoc = (command: string, option: Option, inFull: string, { checks }: Vocabulary): OptionDoc => {
  const names = [option.short, option.long].filter((each) => each !== undefined && each !== null);
  const isOfChecks = command === 'preflight' && names.some((each) => OF_CHECKS.has(each));
  return {
    flags: option.flags,
    names,
    description: option.description,
    inFull,
    takesValue: option.required || option.optional,
    choices: isOfChecks ? checks : (option.argChoices ?? []),
  };
};

/** The whole help of a command, with what was added to it. */
const captured = (command: Command): string => {
  let text = '';
  const { writeOut } = command.configureOutput();
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  if (writeOut !== undefined) command.configureOutput({ writeOut });
  return text;
};
