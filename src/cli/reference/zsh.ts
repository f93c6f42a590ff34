import type { CommandDoc, OptionDoc } from './describe.ts';

/** A text in single quotes. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Brackets, colons and backslashes mean something in a specification of \`_arguments\`. */
const plain = (text: string): string => text.replaceAll(/[\\[\]:]/g, '\\$&');

const optionSpec = ({ names, description, takesValue, choices }: OptionDoc): string => {
  const value = !takesValue ? '' : choices.length === 0 ? ':value:_files' : `:value:(${choices.join(' ')})`;
  const exclusive = names.length > 1 ? `(${names.join(' ')})` : '';
  return names
    .map((name) =>
      quote(`${exclusive}${name}${takesValue && name.startsWith('--') ? '=' : ''}[${plain(description)}]${value}`),
    )
    .join(' ');
};

const commandCase = (command: CommandDoc): string => {
  const rest = command.words.length === 0 ? quote('*:path:_files') : quote(`*:code:(${command.words.join(' ')})`);
  const specs = [...command.options.map(optionSpec), quote('--help[print the help]'), rest];
  return `        ${[command.name, ...command.aliases].join('|')})
          _arguments ${specs.join(' \\\n            ')} ;;`;
};

/** The script that completes the program's command lines in zsh. */
export const zshCompletion = (commands: readonly CommandDoc[], version: string): string => {
  const listed = commands.flatMap(({ name, aliases, summary }) =>
    [name, ...aliases].map((each) => quote(`${each}:${plain(summary)}`)),
  );
  return `#compdef mesos-ckpt
# Completes mesos-ckpt ${version} in zsh: put this file into a folder of $fpath, as _mesos-ckpt.
_mesos-ckpt() {
  local state line
  typeset -A opt_args
  _arguments -C '(- *)--version[print the version]' '(- *)--help[print the help]' '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands
      commands=(
        ${listed.join('\n        ')}
      )
      _describe command commands ;;
    argument)
      case $line[1] in
${commands.map(commandCase).join('\n')}
      esac ;;
  esac
}
_mesos-ckpt "$@"
`;
};
