import type { CommandDoc } from './describe.ts';

const quoted = (words: readonly string[]): string => `'${words.join(' ')}'`;

const namesOf = ({ name, aliases }: CommandDoc): string => [name, ...aliases].join('|');

/** The script that completes the program's command lines in bash; it needs no package of completions. */
export const bashCompletion = (commands: readonly CommandDoc[], version: string): string => {
  const all = commands.flatMap(({ name, aliases }) => [name, ...aliases]);
  const values = commands.flatMap((command) =>
    command.options
      .filter(({ takesValue }) => takesValue)
      .map(({ names, choices }) => {
        const pattern = [command.name, ...command.aliases].flatMap((name) => names.map((each) => `${name}:${each}`));
        const action = choices.length === 0 ? '' : ` COMPREPLY=($(compgen -W ${quoted(choices)} -- "$cur"));`;
        return `    ${pattern.join('|')})${action} return ;;`;
      }),
  );
  const options = commands.map(
    (command) =>
      `      ${namesOf(command)}) words=${quoted(command.options.flatMap(({ names }) => names).concat('--help'))} ;;`,
  );
  const words = commands
    .filter((command) => command.words.length > 0)
    .map((command) => `      ${namesOf(command)}) words=${quoted(command.words)} ;;`);
  return `# Completes mesos-ckpt ${version} in bash: source this file, or put it into /etc/bash_completion.d.
_mesos_ckpt() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command='' words='' i
  COMPREPLY=()
  # Of --option=value bash makes three words.
  [[ $cur == = ]] && cur=''
  [[ $prev == = ]] && prev=\${COMP_WORDS[COMP_CWORD - 2]}
  [[ \${COMP_WORDS[COMP_CWORD]} == = ]] && prev=\${COMP_WORDS[COMP_CWORD - 1]}
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      # Behind -- are flags of an agent.
      --) return ;;
      ${all.join('|')}) [[ -n $command ]] || command=\${COMP_WORDS[i]} ;;
    esac
  done
  case $command:$prev in
${values.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $command in
      '') words='--version --help' ;;
${options.join('\n')}
    esac
  elif [[ -z $command ]]; then
    words=${quoted([...all, 'help'])}
  else
    case $command in
${words.join('\n')}
    esac
  fi
  [[ -z $words ]] || COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
# Where nothing of ours fits, names of files do.
complete -o default -F _mesos_ckpt mesos-ckpt
`;
};
