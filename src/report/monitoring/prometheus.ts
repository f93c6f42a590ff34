import type { HostReport, Stake } from '../../fleet/report.ts';
import { shown } from '../../text/escape.ts';

/** A value with its labels. */
interface Sample {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

/** A metric, and what a report says for it. */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: (report: HostReport) => readonly Sample[];
}

/** What was judged as text for Prometheus (version 0.0.4), as the textfile collector of node_exporter takes it. */
export const prometheusText = (command: 'verify' | 'preflight', reports: readonly HostReport[]): string =>
  metricsOf(command)
    .map(({ name, help, samples }) => {
      // Of the same labels there is one value: the last, as of a PATH that was given twice.
      const lines = new Map<string, number>();
      for (const report of reports) {
        for (const { labels, value } of samples(report))
          lines.set(labelsText([...ownLabels(report), ...labels]), value);
      }
      const head = `# HELP mesos_ckpt_${command}_${name} ${help}\n# TYPE mesos_ckpt_${command}_${name} gauge\n`;
      const body = [...lines].map(([labels, value]) => `mesos_ckpt_${command}_${name}${labels} ${value}\n`);
      return body.length === 0 ? '' : `${head}${body.join('')}`;
    })
    .join('');

const ownLabels = ({ host, agent, path }: HostReport): Sample['labels'] => [
  ['host', host ?? ''],
  ['agent', agent ?? ''],
  ['path', path],
];

const labelsText = (labels: Sample['labels']): string =>
  `{${labels.map(([name, value]) => `${name}="${escaped(value)}"`).join(',')}}`;

/** Texts of hosts and frameworks are made visible first; then neither a quote nor a backslash ends a label. */
const escaped = (text: string): string => shown(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');

const metricsOf = (command: 'verify' | 'preflight'): readonly Metric[] => [
  {
    name: 'exit_code',
    help: 'How mesos-ckpt ended for this agent: 0 all well, 1 losses or warnings, 2 it fails, 3 nothing could be judged.',
    samples: ({ exitCode }) => [{ labels: [], value: exitCode }],
  },
  {
    name: 'timestamp_seconds',
    help: 'When this was judged, in seconds since 1970.',
    samples: ({ time }) => (time === undefined ? [] : [{ labels: [], value: time / 1000 }]),
  },
  {
    name: 'comes_up',
    help: 'Whether the agent comes up at its first start in a mode of --strict: 1 or 0.',
    samples: ({ strict, nonStrict }) => [...upIn('strict', strict), ...upIn('non-strict', nonStrict)],
  },
  {
    name: 'executors',
    help: 'Executors that have not ended, by what becomes of them: kept, at_stake or unknown.',
    samples: ({ executors, error }) => (error === undefined ? sharesOf(executors) : []),
  },
  {
    name: 'tasks',
    help: 'Tasks that have not ended, by what becomes of them: kept, at_stake or unknown.',
    samples: ({ tasks, error }) => (error === undefined ? sharesOf(tasks) : []),
  },
  {
    name: 'findings',
    help: 'Findings in the checkpoint, by their code and by how bad they are.',
    samples: ({ found }) =>
      found
        .filter(({ kind }) => kind === 'finding')
        .map(({ code, badness, count }) => ({ labels: labelled({ code, severity: badness }), value: count })),
  },
  ...(command === 'verify'
    ? []
    : [
        {
          name: 'checks',
          help: 'Checks that are not ok, with their verdicts: fail, warn or unknown.',
          samples: ({ found }: HostReport) =>
            found
              .filter(({ kind }) => kind === 'check')
              .map(({ code, badness }) => ({ labels: labelled({ check: code, verdict: badness }), value: 1 })),
        },
      ]),
];

const labelled = (labels: Readonly<Record<string, string>>): Sample['labels'] => Object.entries(labels);

const UP: ReadonlySet<string> = new Set(['recovers', 'losses', 'new agent']);

const upIn = (mode: string, verdict: string | undefined): readonly Sample[] =>
  verdict === undefined ? [] : [{ labels: [['mode', mode]], value: UP.has(verdict) ? 1 : 0 }];

const sharesOf = ({ atStake, unknown, of }: Stake): readonly Sample[] => [
  { labels: [['fate', 'kept']], value: of - atStake - unknown },
  { labels: [['fate', 'at_stake']], value: atStake },
  { labels: [['fate', 'unknown']], value: unknown },
];
