import type { Remedy } from '../../agent/info/remedies.ts';
import type { Step } from '../../repair/plan/plan.ts';
import type { Planning } from '../../repair/plan-repair.ts';
import { shown } from '../../text/escape.ts';
import { listed } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { typed } from '../ways/command.ts';

/** What is known of an agent that starts with another info than the checkpointed one. */
export interface StartingFlags {
  /** Flags with which it goes on with `slave.info` as it is. */
  readonly keep: readonly Remedy[];
  /** Flags that it has to have because something was taken for likely. */
  readonly pinned: readonly string[];
}

const flagsOf = ({ flags }: Remedy): { readonly set: readonly string[]; readonly unset: readonly string[] } => ({
  set: flags.flatMap(({ name, value }) => (value === undefined ? [] : [`--${name}=${value}`])),
  unset: flags.flatMap(({ name, value }) => (value === undefined ? [`--${name}`] : [])),
});

/** The first way, always: flags with which nothing in the checkpoint has to be changed. Each set on a line of its own. */
export const keepText = ({ keep }: StartingFlags, width: number): string => {
  const lines = keep.map((remedy) => {
    const { set, unset } = flagsOf(remedy);
    const without = unset.length === 0 ? [] : [`${set.length === 0 ? 'without' : 'and without'} ${listed(unset)}`];
    return `  ${[...(set.length === 0 ? [] : [typed(set)]), ...without].join(' ')}`;
  });
  const lead = 'First: keep the old values. With slave.info as it is the agent goes on if it is started with';
  return lines.length === 0 ? '' : `${wrap(lead, width)}\n${lines.join('\nor with\n')}`;
};

/** The same as JSON, and what the agent has to be started with after the plan. */
export const startingJson = ({ keep, pinned }: StartingFlags, planning: Planning): object => ({
  keep: keep.map((remedy) => {
    const { set, unset } = flagsOf(remedy);
    return { policy: remedy.policy, with: set, without: unset };
  }),
  startWith: startWith(planning, pinned),
});

/** The flags that an agent has to be started with after a plan. */
export const startWith = (
  { startWith: own = [], plan }: Planning,
  pinned: readonly string[] = [],
): readonly string[] => {
  const isAdopted = plan?.steps.some(({ mends }) => mends.some(({ code }) => code === 'agent-info-changed')) === true;
  return [...own, ...(own.length > 0 || isAdopted ? pinned : [])];
};

/** What comes of a plan's steps, a line each; '' where nothing does. */
export const followsText = (steps: readonly Step[], width: number): string =>
  steps
    .flatMap(({ follows = [] }) => follows)
    .map((text) => wrap(`${shown(text)}.`, width, '  - ', '    '))
    .join('\n');
