import type { Finding, Mode } from '../../findings/finding.ts';
import type { Way, Ways } from '../../repair/ways/way.ts';
import { worstFirst } from '../../verify/worst-first.ts';
import { costsText } from '../verify/costs.ts';
import { agentText, assumptions, isAssumption, resultText } from '../verify/screen.ts';
import { verdictText } from '../verify/verdict.ts';
import { commandOf, typed } from '../ways/command.ts';
import { type Next, nextText } from '../ways/next.ts';
import { countedText, keepsText, sureText, wayText } from '../ways/table.ts';
import type { Modes, Said, SaidOfWay } from './document.ts';

/** Wide enough that nothing is wrapped: the browser wraps. */
const UNWRAPPED = 1_000_000;

/** What the screens of `verify` and `prune` say of a checkpoint, in the same words. */
export const saidOf = (
  { ways, recommended, before }: Ways,
  next: Next | undefined,
  { target, behind }: { readonly target: string; readonly behind: readonly string[] },
): Said => ({
  agent: agentText(before),
  result: modes((mode) => resultText(before, undefined, mode)),
  verdict: modes((mode) => verdictText(before, mode)),
  costs: modes((mode) => costsText(before[mode], '', { width: UNWRAPPED, more: '' }).replace(/^ *: /, '')),
  assumed: assumptions(before),
  assumptions: assumptionsIn(before.findings),
  next: linesOf(nextText(next, UNWRAPPED)),
  ways: ways.map((way) => wayOf(way, way === recommended, target, behind)),
  counted: countedText(before),
});

/** Which findings, as `verify --json` numbers them, are told of in the line of what was assumed. */
const assumptionsIn = (findings: readonly Finding[]): readonly number[] =>
  worstFirst(findings, 'strict').flatMap((finding, number) => (isAssumption(finding) ? [number] : []));

const modes = (textOf: (mode: Mode) => string): Modes => ({
  strict: textOf('strict'),
  nonStrict: textOf('nonStrict'),
});

const linesOf = (text: string): readonly string[] =>
  text
    .replace(/^NEXT {4}/m, '')
    .split('\n')
    .filter((line) => line !== '');

const wayOf = (way: Way, isRecommended: boolean, target: string, behind: readonly string[]): SaidOfWay => {
  const sure = sureText(way, isRecommended);
  return {
    name: wayText(way),
    sure: typeof sure === 'string' ? sure : sure.text,
    keeps: keepsText(way),
    command: typed(commandOf(way, target, behind) ?? []),
  };
};
