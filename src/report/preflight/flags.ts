import type { AgentFlag } from '../../agent/flags/flag-set.ts';
import { type Origin, originText } from '../../agent/flags/origin.ts';
import type { AgentFlags, Distribution } from '../../host/flags/agent-flags.ts';
import { type Cell, cell } from '../../text/cells.ts';
import { type Field, type FieldLine, field, renderFields } from '../../text/fields.ts';
import { type StyleName, styles } from '../../text/style.ts';
import type { TableOptions } from '../../text/table.ts';
import { graphemes } from '../../text/width.ts';
import { count } from '../../text/words.ts';
import { withoutSecrets } from './flags-secrets.ts';

/** How the flags are laid out. */
export interface FlagsScreenOptions extends TableOptions {
  /** The version that will start. */
  readonly version: string;
  readonly showSecrets: boolean;
}

const DISTRIBUTIONS: Readonly<Record<Distribution, string>> = {
  mesosphere: 'packages of Mesosphere',
  dcos: 'DC/OS',
  plain: 'a unit of its own',
  unknown: 'nothing tells how',
};

/** The flags that an agent will be started with, for a terminal: each with its value and the place that it comes from. */
export const flagsScreen = (agent: AgentFlags, options: FlagsScreenOptions): string =>
  [
    renderFields(about(agent, options), options),
    flagsSection(agent, options),
    section(
      'Refused',
      'bad',
      agent.refusals.map(({ message, origin }) => said(message, origin, 'bad')),
      options,
    ),
    section(
      'To know',
      'warn',
      agent.remarks.map(({ text, origin }) => said(text, origin, 'warn')),
      options,
    ),
    runningSection(agent, options),
    `${summary(agent, options)}\n`,
  ]
    .filter((text) => text !== '')
    .join('\n');

const about = (
  { distribution, unit, program, running, looked, isKnown }: AgentFlags,
  { version }: FlagsScreenOptions,
): Field[] => [
  field('installed by', cell(DISTRIBUTIONS[distribution])),
  field('version', cell(version)),
  ...(unit === undefined ? [] : [{ label: 'unit', lines: [unit.name, ...unit.files].map((text) => broken(text)) }]),
  ...(program === undefined ? [] : [field('program', cell(program))]),
  ...(running === undefined ? [] : [field('runs now', cell(`pid ${running.pid}`))]),
  {
    label: isKnown ? 'looked at' : 'NOTHING FOUND',
    style: isKnown ? undefined : 'warn',
    lines: looked.map(({ place, outcome }) =>
      outcome === 'read'
        ? broken(place, 'dim')
        : broken(
            `${place}: ${outcome === 'absent' ? 'not there' : 'may not be read'}`,
            outcome === 'absent' ? 'dim' : 'warn',
          ),
    ),
  },
];

/** A text in pieces that a line may end behind: nothing is shortened, because all of it may matter. */
const broken = (text: string, style?: StyleName): FieldLine => ({
  parts: text
    .split(/(?<=[;,/ ])/)
    .flatMap((part) => chunks(cell(part).text))
    .map((part): Cell => ({ text: part, style })),
  separator: '',
});

const CHUNK = 24;

const chunks = (text: string): readonly string[] => {
  const all = graphemes(text);
  return Array.from({ length: Math.max(1, Math.ceil(all.length / CHUNK)) }, (_, i) =>
    all.slice(i * CHUNK, (i + 1) * CHUNK).join(''),
  );
};

const flagsSection = ({ flags }: AgentFlags, options: FlagsScreenOptions): string => {
  const all = [...flags.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return renderFields(
    all.map((flag) => flagField(flag, options.showSecrets)),
    options,
  );
};

const flagField = (flag: AgentFlag, showSecrets: boolean): Field => {
  const safe = (value: string): string => (showSecrets ? value : withoutSecrets(flag.name, value));
  const isBad = flag.problem !== undefined;
  return {
    label: cell(flag.name).text,
    style: isBad ? 'bad' : 'bold',
    lines: [
      broken(flag.value === '' ? "''" : safe(flag.value), isBad ? 'bad' : undefined),
      broken(`from ${originText(flag.origin)}`, 'dim'),
      ...(isBad ? [broken(`REFUSED: ${safe(flag.problem ?? '')}`, 'bad')] : []),
      ...(flag.unknown === undefined ? [] : [broken(`NOT KNOWN: ${flag.unknown}`, 'warn')]),
      ...(flag.note === undefined ? [] : [broken(flag.note, 'warn')]),
      ...flag.overridden.map(({ value, origin }) =>
        broken(`overrides ${safe(value)} from ${originText(origin)}`, 'dim'),
      ),
    ],
  };
};

/** A sentence under a title, and where it is about. */
const said = (text: string, origin: Origin | undefined, style: StyleName): readonly FieldLine[] => [
  broken(withoutSecrets('', text), style === 'bad' ? 'bad' : undefined),
  ...(origin === undefined ? [] : [broken(originText(origin), 'dim')]),
];

const section = (
  title: string,
  style: StyleName,
  items: readonly (readonly FieldLine[])[],
  options: FlagsScreenOptions,
): string => {
  if (items.length === 0) return '';
  const fields = items.map((lines): Field => ({ label: '-', lines }));
  return `${styles(options.colour)[style](title)}\n${renderFields(fields, { ...options, indent: 2 })}`;
};

const runningSection = ({ running }: AgentFlags, options: FlagsScreenOptions): string => {
  if (running === undefined || running.differences.length === 0) return '';
  const shown = (name: string, value: string | undefined): string =>
    value === undefined ? 'the default' : options.showSecrets ? value : withoutSecrets(name, value);
  const fields = running.differences.map(
    ({ name, now, next }): Field => ({
      label: cell(name).text,
      lines: [broken(`now ${shown(name, now)}`), broken(`next ${shown(name, next)}`)],
    }),
  );
  const title = `Its next start differs from pid ${running.pid}`;
  return `${styles(options.colour).warn(title)}\n${renderFields(fields, { ...options, indent: 2 })}`;
};

const summary = ({ flags, refusals, isKnown, isComplete }: AgentFlags, { colour }: FlagsScreenOptions): string => {
  const paint = styles(colour);
  if (!isKnown) return paint.warn('no flags found: they are not known, which is not the same as all at their defaults');
  const unknown = [...flags.values()].filter((flag) => flag.unknown !== undefined).length;
  return [
    `${count(flags.size, 'flag')} set, the others at their defaults${isComplete ? '' : ' as far as is known'}`,
    ...(unknown > 0 ? [paint.warn(`${unknown} NOT KNOWN`)] : []),
    ...(refusals.length > 0 ? [paint.bad('the agent WOULD NOT START')] : []),
  ].join('; ');
};
