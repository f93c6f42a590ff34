import type { AgentHead, DetailsBlock, EntryKind } from '../report/page/document.ts';
import { jsonLines, shown } from '../text/escape.ts';
import { count, Id, Lines, Mark, Time } from './common.tsx';
import { type Entries, KIND_NAMES } from './entries.ts';
import { severityTone } from './findings.tsx';
import { hashOf, type Route } from './route.ts';
import { TimeLine } from './time-line.tsx';
import { useBlock } from './use-block.ts';

type Json = Readonly<Record<string, unknown>>;

/** All that is known of one entry. */
export const Details = ({
  head,
  entries,
  entry,
  route,
  linkTo,
}: {
  readonly head: AgentHead;
  readonly entries: Entries;
  readonly entry: number;
  readonly route: Route;
  readonly linkTo: (entry: number) => Route;
}) => {
  const { index } = entries;
  const block = useBlock<DetailsBlock>(index.blocks[entry]);
  const kind = entries.kind(entry);
  const own = block === undefined ? partOfHead(head, entries, entry) : partOfBlock(block, entries, entry);
  const id = index.ids[entry] ?? '';
  const name = index.names[entry] ?? null;
  const path = own?.['path'];
  const line = kind === 't' && typeof path === 'string' ? block?.timeLines[path] : undefined;
  return (
    <aside class="details" aria-labelledby="details-title" id="details" tabIndex={-1}>
      <h3 id="details-title">
        <span class="kind">{KIND_NAMES[kind]}</span> <Id id={id} most={80} />
      </h3>
      {name !== null && <p class="name">{shown(name)}</p>}
      <Facts {...{ entries, entry, kind, own, linkTo }} />
      <Problems {...{ head, entries, entry, own, route }} />
      {line !== undefined && <TimeLine line={line} />}
      {own !== undefined && <Message own={own} />}
      <p class="path">
        <a href={hashOf(linkTo(entry))}>link to this {KIND_NAMES[kind]}</a>
      </p>
    </aside>
  );
};

const Facts = ({
  entries,
  entry,
  kind,
  own,
  linkTo,
}: {
  readonly entries: Entries;
  readonly entry: number;
  readonly kind: EntryKind;
  readonly own: Json | undefined;
  readonly linkTo: (entry: number) => Route;
}) => {
  const { index } = entries;
  const [state, strict, nonStrict] = [entries.state(entry), entries.strict(entry), entries.nonStrict(entry)];
  const pending = index.pending[entry] ?? 0;
  const last = (own?.['lastUpdate'] as { readonly time: string | null } | null | undefined)?.time ?? null;
  const rows: (readonly [string, preact.ComponentChildren])[] = [
    ...(state === undefined ? [] : [['state', shown(state)] as const]),
    ...(last === null ? [] : [['last update', <Time key="t" iso={last} />] as const]),
    ...(kind === 't'
      ? [
          [
            'updates',
            pending === 0 ? (
              'none pending'
            ) : (
              <Mark key="p" tone="warn">
                {count(pending, 'update')} pending
              </Mark>
            ),
          ] as const,
        ]
      : []),
    ...(strict === undefined ? [] : [['strict start', strict] as const]),
    ...(nonStrict === undefined ? [] : [['non-strict start', nonStrict] as const]),
    ...PLAIN_FACTS.flatMap(([key, label]) => {
      const value = own?.[key];
      return value === null || value === undefined || typeof value === 'object'
        ? []
        : [[label, shown(String(value))] as const];
    }),
    ...holdersOf(entries, entry).map(
      (holder) =>
        [
          KIND_NAMES[entries.kind(holder)],
          <a key={holder} href={hashOf(linkTo(holder))}>
            <Id id={index.ids[holder] ?? ''} copies={false} most={48} />
          </a>,
        ] as const,
    ),
  ];
  return (
    <dl class="facts">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
};

/** What of an entry is told in a line. */
const PLAIN_FACTS: readonly (readonly [key: string, label: string])[] = [
  ['pid', 'pid'],
  ['connection', 'connection'],
  ['forkedPid', 'forked pid'],
  ['libprocessPid', 'libprocess pid'],
  ['completed', 'completed'],
  ['generatedForCommandTask', 'generated for a command task'],
  ['resourcesText', 'resources'],
];

/** What holds an entry, from the outside in; the checkpoint and the agent hold all. */
const holdersOf = (entries: Entries, entry: number): readonly number[] => {
  const holders: number[] = [];
  for (let at = entries.index.parents[entry] ?? -1; at >= 0; at = entries.index.parents[at] ?? -1) {
    if (entries.kind(at) !== 'c' && entries.kind(at) !== 'a') holders.unshift(at);
  }
  return holders;
};

/** Damage of its files, and findings about them. */
const Problems = ({
  head,
  entries,
  entry,
  own,
  route,
}: {
  readonly head: AgentHead;
  readonly entries: Entries;
  readonly entry: number;
  readonly own: Json | undefined;
  readonly route: Route;
}) => {
  const damage = (own?.['damage'] ?? []) as readonly {
    readonly kind: string;
    readonly path: string;
    readonly reason: string;
  }[];
  const findings = entries.findings(entry);
  if (damage.length === 0 && findings.length === 0) return null;
  const agent = route.agent === undefined ? {} : { agent: route.agent };
  return (
    <ul class="problems">
      {damage.map(({ kind, path, reason }) => (
        <li key={`${path} ${reason}`}>
          <Mark tone="bad">{kind}</Mark> <code>{shown(path.slice(path.lastIndexOf('/') + 1))}</code>: {shown(reason)}
        </li>
      ))}
      {findings.map((number) => {
        const finding = head.verify.findings[number];
        return finding === undefined ? null : (
          <li key={number}>
            <Mark tone={severityTone(finding.severity.strict)}>{finding.severity.strict}</Mark>{' '}
            <a href={hashOf({ ...agent, finding: String(number) })}>
              <code>{finding.code}</code>
            </a>
          </li>
        );
      })}
    </ul>
  );
};

/** The message in its info, as `inspect --json` has it. */
const Message = ({ own }: { readonly own: Json }) => {
  const { info } = own;
  if (info === null || info === undefined) return null;
  return (
    <details class="message">
      <summary>its info, secrets redacted</summary>
      <Lines label="Info">{jsonLines(info)}</Lines>
    </details>
  );
};

const partOfHead = ({ inspect }: AgentHead, entries: Entries, entry: number): Json | undefined => {
  const { agent } = inspect;
  const id = entries.index.ids[entry];
  switch (entries.kind(entry)) {
    case 'c':
      return (inspect as unknown as { readonly checkpoint: Json | null }).checkpoint ?? undefined;
    case 'a':
      return agent ?? undefined;
    case 'f':
      return withId(agent?.['frameworks'], id);
    case 'o':
      return withId(agent?.['operations'], id);
    default:
      return undefined;
  }
};

const partOfBlock = ({ executors }: DetailsBlock, entries: Entries, entry: number): Json | undefined => {
  const { ids, places } = entries.index;
  const executor = executors[places[entry] ?? -1];
  const run = entries.holder(entry, 'r');
  switch (entries.kind(entry)) {
    case 'e':
      return executor;
    case 'r':
      return withId(executor?.['runs'], ids[entry]);
    default:
      return withId(withId(executor?.['runs'], run === undefined ? undefined : ids[run])?.['tasks'], ids[entry]);
  }
};

const withId = (all: unknown, id: string | undefined): Json | undefined =>
  (all as readonly Json[] | undefined)?.find((each) => each['id'] === id);
