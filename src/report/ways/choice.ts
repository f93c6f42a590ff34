import type { Ways } from '../../repair/ways/way.ts';
import { commandOf, typed } from './command.ts';
import { keepsText } from './table.ts';

/** Why one of the ways has to be named, and the command of each with what it keeps: lines. */
export const choiceText = (
  { ways, recommended }: Ways,
  path: string,
  behind: readonly string[],
): { readonly lead: string; readonly commands: readonly string[] } => {
  const others = ways.filter(({ planning }) => planning !== undefined);
  const [only] = others;
  const lead =
    others.length === 1 && only?.sure === 'suspect'
      ? 'the only way is a best guess: look at its plan, and name it'
      : 'the ways keep different things: name one of them';
  const commands = others.flatMap((way) => {
    const guess = way.sure === 'suspect' ? ', a best guess' : '';
    const best = way === recommended && others.length > 1 ? ', recommended' : '';
    return [typed(commandOf(way, path, behind) ?? []), `  ${keepsText(way)}${guess}${best}`];
  });
  return { lead, commands };
};
