import type { CommandDoc } from './describe.ts';

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The script that completes the program's command lines in fish. */
export const fishCompletion = (commands: readonly CommandDoc[], version: string): string => {
  const lines = commands.flatMap((command) => {
    const names = [command.name, ...command.aliases];
    const within = quote(`__fish_seen_subcommand_from ${names.join(' ')}`);
    return [
      ...names.map(
        (name) => `complete -c mesos-ckpt -f -n __fish_use_subcommand -a ${name} -d ${quote(command.summary)}`,
      ),
      ...(command.words.length === 0
        ? []
        : [`complete -c mesos-ckpt -f -n ${within} -a ${quote(command.words.join(' '))}`]),
      ...command.options.map(({ names: spelled, description, takesValue, choices }) => {
        const flags = spelled.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
        const value = !takesValue ? '' : choices.length === 0 ? ' -r' : ` -x -a ${quote(choices.join(' '))}`;
        return `complete -c mesos-ckpt -n ${within} ${flags.join(' ')}${value} -d ${quote(description)}`;
      }),
    ];
  });
  return `# Completes mesos-ckpt ${version} in fish: put this file into ~/.config/fish/completions.
${lines.join('\n')}
`;
};
