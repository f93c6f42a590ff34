import type { Exit, ExitGroup } from '../exits/exit.ts';
import { exitGroups } from '../exits/index.ts';
import type { PreflightCheck } from './check.ts';
import type { CheckGroup } from './index.ts';

const INTRODUCTION = `# Checks of preflight

Generated from \`src/preflight/checks/\` by \`scripts/references.mjs\`.

\`mesos-ckpt preflight\` makes these checks, in this order. Each says one of four verdicts:

| verdict | what it means | exit code |
|---|---|---|
| ok | it saw what it needs, and nothing stands in the way | 0 |
| unknown | it could not see what decides; it is told what would make it known | 1 |
| warn | something is lost, or may be | 1 |
| fail | the agent does not come up, or its tasks die | 2 |

What has happened already, or is asked for and cannot be prevented, is \`warn\` although tasks are lost by it: a reboot ends every container (\`--scenario reboot\`, or a host that was rebooted since), and a process that has ended does not come back. The agent comes up all the same, and sends their terminal updates. A cleanup is \`fail\`: it is a flag, and can be left out.

The exit code is that of the worst verdict; 3 where there is no checkpoint to be read. \`--only\` and \`--skip\` choose checks by their codes. \`--fail-on CHECK=VERDICT\` makes a verdict, and what is worse, a 2: \`--fail-on kill-mode=warn\`, or \`--fail-on all=unknown\` for every check; \`never\` keeps a check out of the exit code.

Nothing is changed on the host, nothing is run, and root is not needed: what only root may see is \`unknown\` without it. What a copy of a root (\`--root\`) cannot show, such as processes, is too.
`;

/** The reference of all checks, in Markdown. */
export const renderReference = (groups: readonly CheckGroup[]): string =>
  [
    INTRODUCTION,
    '## All checks',
    '',
    ...table(groups),
    '',
    ...groups.flatMap(section),
    ...(exitGroups.length === 0 ? [] : [EXITS, ...exitGroups.flatMap(exitsOf)]),
  ].join('\n');

const EXITS = `## Every way in which an agent ends before it has recovered

The agent ends with one message in each of these cases, and systemd starts it again into the same. Each row has the check that finds the case, and what files alone cannot tell of it.
`;

const exitsOf = ({ title, exits }: ExitGroup): string[] => [
  `### ${escapeMarkdown(title)}`,
  '',
  '| the agent ends where | versions | found by | not seen |',
  '|---|---|---|---|',
  ...exits.map(exitRow),
  '',
];

const exitRow = ({ where, versions = 'all', check, unseen = '' }: Exit): string => {
  const link = check === undefined ? 'nothing' : `[${check}](#${check})`;
  return `| ${escapeMarkdown(where)} | ${escapeMarkdown(versions)} | ${link} | ${escapeMarkdown(unseen)} |`;
};

const table = (groups: readonly CheckGroup[]): string[] => [
  '| check | |',
  '|---|---|',
  ...groups
    .flatMap(({ checks }) => checks)
    .map(({ code, title }) => `| [${code}](#${code}) | ${escapeMarkdown(title)} |`),
];

const section = ({ title, checks }: CheckGroup): string[] => [
  `## ${escapeMarkdown(title)}`,
  '',
  ...checks.flatMap(describe),
];

const describe = ({ code, title, explanation, remedy, visibility }: PreflightCheck): string[] => [
  `### ${code}`,
  '',
  `**${escapeMarkdown(title)}**`,
  '',
  escapeMarkdown(explanation),
  '',
  `*What to do:* ${escapeMarkdown(remedy)}`,
  '',
  `*Where it is unknown:* ${escapeMarkdown(visibility)}`,
  '',
];

/** An underscore within a word is no emphasis. */
const escapeMarkdown = (text: string): string => text.replace(/[\\`*<>|[\]]|\b_|_\b/g, '\\$&');
