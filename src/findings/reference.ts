import type { CatalogueEntry, Group } from './entry.ts';
import { type Example, judgedText } from './example.ts';
import type { Severities } from './finding.ts';
import { examples } from './generated/examples.ts';

const INTRODUCTION = `# Findings

Generated from \`src/findings/\` by \`scripts/references.mjs\`.

A finding is something in a checkpoint that an operator should know of. Each has a severity for either mode of the agent's \`--strict\`:

| severity | what it means for a start | exit code of \`mesos-ckpt verify\` |
|---|---|---|
| fatal | the agent refuses, aborts, or comes up as a new agent that forgets its tasks | 2 |
| counted | it starts, adds to \`slave/recovery_errors\`, and something is lost | 1 |
| loss | it starts, and something is lost silently | 1 |
| note | nothing is lost | 0 |

The exit code is that of the worst finding in the mode that was asked for (\`--strict\` is the default, as it is the agent's): 0 the agent recovers everything; 1 it starts, and something is lost or counted; 2 it refuses, aborts, or comes up as a new agent that forgets its tasks; 3 the command could not do its work. The severities below are the usual ones: where the version that starts, or what is around the finding, makes a difference, the finding itself says so.

Before any remedy:

- Stop the agent, and copy \`meta\`. A start can destroy evidence: the agent truncates damaged logs before it looks at \`--strict\`.
- Mind the time: executors end themselves when they have waited for their agent longer than its \`--recovery_timeout\` (15 minutes).
- Every name in the folders \`frameworks\`, \`executors\`, \`runs\`, \`tasks\` and \`operations\` is an id to the agent. What is moved out of one of them goes out of \`meta\`. A file can stay in its folder under another name (\`framework.info.bad\`).
- Links are absolute, with the path that the work_dir has on the agent's host. Pids and numbers are written without a newline, with \`printf\` for example.
- Afterwards run \`mesos-ckpt verify\` again.
`;

/** The reference of all findings, in Markdown. */
export const renderReference = (groups: readonly Group[]): string =>
  [INTRODUCTION, '## All codes', '', ...table(groups), '', ...groups.flatMap(section)].join('\n');

const table = (groups: readonly Group[]): string[] => [
  '| code | strict | non-strict | |',
  '|---|---|---|---|',
  ...groups
    .flatMap(({ entries }) => Object.entries(entries))
    .map(
      ([code, { severity, title }]) =>
        `| [${code}](#${code}) | ${severity.strict} | ${severity.nonStrict} | ${escapeMarkdown(title)} |`,
    ),
];

const section = ({ title, source, entries }: Group): string[] => [
  `## ${escapeMarkdown(title)}`,
  '',
  ...(source.length === 0 ? [] : [`In the agent: ${source.map((each) => `\`${each}\``).join('; ')}.`, '']),
  ...Object.entries(entries).flatMap(([code, entry]) => describe(code, entry)),
];

const describe = (code: string, entry: CatalogueEntry): string[] => [
  `### ${code}`,
  '',
  `**${escapeMarkdown(entry.title)}** (${severityText(entry.severity)})`,
  '',
  escapeMarkdown(entry.explanation),
  '',
  ...consequences(entry),
  `*What to do:* ${escapeMarkdown(entry.remedy)}`,
  '',
  ...exampleOf(examples[code]),
];

/** A checkpoint in which it is met, and what versions make of that, where they differ. */
const exampleOf = (example: Example | undefined): string[] => {
  if (example === undefined) return [];
  const { about, bytes, versions } = example;
  return [
    `*Example:* ${escapeMarkdown(about)}`,
    '',
    ...(bytes === null ? [] : ['```text', bytes, '```', '']),
    ...(versions.length < 2
      ? []
      : [
          '| from | strict | non-strict |',
          '|---|---|---|',
          ...versions.map(
            ({ since, strict, nonStrict }) => `| ${since} | ${judgedText(strict)} | ${judgedText(nonStrict)} |`,
          ),
          '',
        ]),
  ];
};

const consequences = ({ consequence }: CatalogueEntry): string[] =>
  consequence.strict === consequence.nonStrict
    ? [`*Either mode:* ${escapeMarkdown(consequence.strict)}`, '']
    : [
        `*Strict:* ${escapeMarkdown(consequence.strict)}`,
        '',
        `*Non-strict:* ${escapeMarkdown(consequence.nonStrict)}`,
        '',
      ];

const severityText = ({ strict, nonStrict }: Severities): string =>
  strict === nonStrict ? strict : `strict: ${strict}; non-strict: ${nonStrict}`;

/** An underscore within a word is no emphasis. */
const escapeMarkdown = (text: string): string => text.replace(/[\\`*<>|[\]]|\b_|_\b/g, '\\$&');
