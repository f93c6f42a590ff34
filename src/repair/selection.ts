import picomatch from 'picomatch';
import { allCodes } from '../findings/catalogue.ts';
import type { Finding } from '../findings/finding.ts';
import type { RepairOptions } from './options.ts';

/** Why a text selects nothing: it is neither the code of a finding nor a pattern on paths; undefined where it is one. */
export const selectorProblem = (text: string): string | undefined => {
  if (text === '') return 'it is empty';
  if (isCode(text) || /[/*?[{]/.test(text)) return undefined;
  const alike = allCodes.filter((code) => code.includes(text) || text.includes(code));
  const hint = alike.length > 0 ? `; did you mean ${alike.join(' or ')}?` : '';
  return `no finding has that code, and a pattern on paths has a / or a * in it${hint}`;
};

/** Tells which findings are left as they are. */
export const leftOutBy = ({
  only,
  skip = [],
}: Pick<RepairOptions, 'only' | 'skip'>): ((finding: Finding) => boolean) => {
  const skipped = skip.map(matcherOf);
  const wanted = only?.map(matcherOf);
  return (finding) =>
    skipped.some((matches) => matches(finding)) || wanted?.some((matches) => matches(finding)) === false;
};

const isCode = (text: string): boolean => (allCodes as readonly string[]).includes(text);

const matcherOf = (text: string): ((finding: Finding) => boolean) => {
  if (isCode(text)) return ({ code }) => code === text;
  // A pattern of a name matches wherever that name is, and one of a folder all that is in it.
  const matches = picomatch(
    [text, `${text}/**`, ...(text.startsWith('meta/') ? [] : [`**/${text}`, `**/${text}/**`])],
    {
      dot: true,
    },
  );
  return ({ path }) => matches(path);
};
