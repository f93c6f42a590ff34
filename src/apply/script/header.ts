import { versionText } from '../../agent/version.ts';
import { VERSION } from '../../program/version.ts';
import type { Plan, Step } from '../../repair/plan/plan.ts';
import type { Planning } from '../../repair/plan-repair.ts';
import { shown } from '../../text/escape.ts';
import { count } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';

const WIDTH = 96;

/** Comments at the head of a script: what it is, of which plan, what it does, and how it is taken back. */
export const scriptHeader = (planning: Planning, plan: Plan): readonly string[] => [
  '#!/bin/sh',
  ...comment(
    `A plan of mesos-ckpt ${VERSION} for the checkpoint of the Mesos agent ${shown(plan.agent ?? '(none)')} in ${shown(plan.home)}.`,
  ),
  ...comment(`It was made from ${shown(planning.opened.tree.source.name)}${takenText(planning)}.`),
  '#',
  ...comment('Run it as root on the host, while the agent is stopped:'),
  '#',
  '#   sh FILE check    looks whether the plan can be carried out, and changes nothing',
  '#   sh FILE          carries it out; run it again where it was killed, and it goes on',
  '#   sh FILE undo     takes back all that was done, to the byte',
  '#',
  ...comment(
    'A work_dir may be named behind (sh FILE check /mnt/copy). It refuses where an agent runs on the work_dir, or where a file that it touches is not what the plan saw. What it takes away is kept in the folder mesos-ckpt beside meta, as by mesos-ckpt prune --apply.',
  ),
  '#',
  ...comment(
    `What it does: ${count(plan.steps.length, 'step')}, rehearsed for Mesos ${versionText(plan.assumed.version)}. ${survivingText(plan)}`,
  ),
  '#',
  ...plan.steps.flatMap(stepLines),
  '',
];

const survivingText = ({ rehearsed: { executors, tasks } }: Plan): string =>
  `${count(executors, 'executor')} with ${count(tasks, 'task')} ${executors === 1 ? 'survives' : 'survive'} the strict start after it.`;

const takenText = ({ opened: { manifest } }: Planning): string =>
  manifest === undefined
    ? ''
    : `, a snapshot that was taken on ${shown(manifest.host.name)} at ${shown(manifest.taken)}`;

const stepLines = ({ id, what, changes, certainty, loses }: Step): readonly string[] => [
  ...comment(`${id}. ${shown(what)}${certainty === 'suspect' ? ' (suspect: look at it)' : ''}`, '#    ', '#       '),
  ...changes.map(({ kind, path }) => `#       ${kind} ${shown(path)}`),
  ...(loses === '' ? [] : comment(`lost: ${shown(loses)}`, '#       ', '#         ')),
];

/** A text in lines of comment: it is shown before, so that no newline in it ends the comment. */
const comment = (text: string, first = '# ', rest = '# '): readonly string[] =>
  wrap(text, WIDTH, first, rest)
    .split('\n')
    .map((line) => (line.startsWith('#') ? line : `# ${line}`));
