import type { Level } from '../../checkpoint/open.ts';
import type { Inspected } from '../../inspect/inspected.ts';
import type { TaskTimeLine } from '../../inspect/time-line.ts';
import { type Counts, countsOf, damageIn } from '../../inspect/walk.ts';
import { type Cell, cell } from '../../text/cells.ts';
import { type Field, flow, renderFields } from '../../text/fields.ts';
import { styles } from '../../text/style.ts';
import type { TableOptions } from '../../text/table.ts';
import { count } from '../../text/words.ts';
import { agentFields } from './agent-fields.ts';
import { detailFields } from './detail.ts';
import type { InspectedAbout } from './json.ts';
import { executorsTable, frameworksTable, ownTasksTable, tasksTable } from './tables.ts';
import { timeLineText } from './time-line.ts';
import { inspectTree } from './tree.ts';

/** How an inspection is laid out. */
export interface InspectScreenOptions extends TableOptions {
  /** A tree instead of tables. */
  readonly tree: boolean;
  /** The log of the one task that is shown. */
  readonly timeLine?: TaskTimeLine | undefined;
}

/** What was inspected, for a terminal: what it is, what is in it, what is damaged, and how much there is. */
export const inspectScreen = (inspected: Inspected, about: InspectedAbout, options: InspectScreenOptions): string => {
  const isWhole = inspected.level === 'work_dir' || inspected.level === 'meta' || inspected.level === 'agent';
  const fields = isWhole ? agentFields(inspected, about) : detailFields(inspected, about.showSecrets, options.zone);
  const sections = [
    renderFields(fields, options),
    ...(options.tree ? [inspectTree(inspected, options)] : tables(inspected, options)),
    ...(options.timeLine === undefined ? [] : [timeLineText(options.timeLine, options)]),
    damageSection(inspected, options),
    `${countsLine(inspected, about, options)}\n`,
  ];
  return sections.filter((section) => section !== '').join('\n');
};

/** The tables of what lies below what was given. */
const tables = (inspected: Inspected, options: TableOptions): readonly string[] => {
  const { level } = inspected;
  if (level === 'task') return [];
  return [
    ...(level === 'framework' || level === 'executor' || level === 'run' ? [] : [frameworksTable(inspected, options)]),
    ...(level === 'run' ? [] : [executorsTable(inspected, options)]),
    ownTasksTable(inspected, options),
    tasksTable(inspected, options),
  ];
};

const damageSection = (inspected: Inspected, options: TableOptions): string => {
  const damage = damageIn(inspected);
  if (damage.length === 0) return '';
  const fields = damage.map(({ kind, path, offset, record, reason }): Field => {
    const where = [
      ...(offset === undefined ? [] : [`byte ${offset}`]),
      ...(record === undefined ? [] : [`record ${record}`]),
    ];
    return {
      label: kind,
      style: 'bad',
      lines: [
        // Whole, if in several lines: what is damaged has to be found.
        { parts: path.split(/(?<=\/)/).map((part) => cell(part)), separator: '' },
        {
          parts: [where.join(', '), reason]
            .filter((text) => text !== '')
            .join(': ')
            .split(' ')
            .map((word) => cell(word)),
          separator: ' ',
        },
      ],
    };
  });
  return `${styles(options.colour).bad('Damaged')}\n${renderFields(fields, { ...options, indent: 2 })}`;
};

/** What is counted of each level: what is below it. */
const COUNTED: Readonly<Record<Level, readonly (keyof Counts)[]>> = {
  work_dir: ['frameworks', 'executors', 'runs', 'tasks'],
  meta: ['frameworks', 'executors', 'runs', 'tasks'],
  agent: ['frameworks', 'executors', 'runs', 'tasks'],
  framework: ['executors', 'runs', 'tasks'],
  executor: ['runs', 'tasks'],
  run: ['tasks'],
  task: [],
};

const countsLine = (inspected: Inspected, about: InspectedAbout, options: TableOptions): string => {
  const counts = countsOf(inspected);
  const { framework, executor, task, damaged } = about.selection;
  const isPart = damaged || [framework, executor, task].some((patterns) => patterns.length > 0);
  const counted = COUNTED[inspected.level].map((key) => {
    const name = key.slice(0, -1);
    return isPart ? `${counts[key]} of ${count(about.total[key], name)}` : count(counts[key], name);
  });
  const mark: Cell =
    counts.damaged > 0
      ? { text: `${counts.damaged} DAMAGED`, style: 'bad' }
      : isPart && COUNTED[inspected.level].every((key) => counts[key] === 0)
        ? { text: damaged ? 'nothing damaged' : 'nothing matches', style: damaged ? 'good' : 'warn' }
        : { text: 'nothing damaged', style: 'good' };
  const parts = counted.map((text, i) => ({ text: text + (i === counted.length - 1 ? '; ' : ', ') }));
  const width = options.wide === true ? Number.POSITIVE_INFINITY : options.width;
  return flow({ parts: [...parts, mark], separator: '' }, width, styles(options.colour)).join('\n');
};
