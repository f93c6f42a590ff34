import { useEffect, useMemo } from 'preact/hooks';
import type { AgentBlocks, AgentHead, EntryKind, Index } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { Section } from './common.tsx';
import { Difference } from './difference.tsx';
import { Entries, KIND_NAMES } from './entries.ts';
import { Findings } from './findings.tsx';
import { Preflight } from './preflight.tsx';
import { PrintedTasks } from './print.tsx';
import { ENTRY_KEYS, hashOf, type Route } from './route.ts';
import { Tree } from './tree.tsx';
import { useBlock } from './use-block.ts';
import { useLater } from './use-later.ts';
import { Verdict } from './verdict.tsx';
import { Ways } from './ways.tsx';

/** The page of one agent. */
export const Agent = ({
  blocks,
  route,
  isOneOfSeveral,
}: {
  readonly blocks: AgentBlocks;
  readonly route: Route;
  readonly isOneOfSeveral: boolean;
}) => {
  const head = useBlock<AgentHead>(blocks.head);
  const index = useBlock<Index>(blocks.index);
  const entries = useMemo(() => (index === undefined ? undefined : new Entries(index)), [index]);
  const selected = useMemo(() => (entries === undefined ? undefined : selectedIn(entries, route)), [entries, route]);
  const agent = useMemo(() => (isOneOfSeveral ? { agent: blocks.path } : {}), [isOneOfSeveral, blocks.path]);
  const linkTo = useMemo(
    () =>
      (entry: number): Route => ({ ...agent, ...(entries === undefined ? {} : keysOf(entries, entry)) }),
    [agent, entries],
  );
  // What stays as it is while one searches is not drawn again.
  const above = useMemo(() => head !== undefined && <Above head={head} />, [head]);
  const findings = useMemo(
    () => head !== undefined && <Findings {...{ head, entries, linkTo, agent }} asked={route.finding} />,
    [head, entries, linkTo, agent, route.finding],
  );
  const below = useMemo(() => head !== undefined && <Below head={head} check={route.check} />, [head, route.check]);
  const isLater = useLater();
  const printed = useMemo(
    () => isLater && head !== undefined && entries !== undefined && <PrintedTasks head={head} entries={entries} />,
    [isLater, head, entries],
  );
  // For who measures how long a large report takes.
  useEffect(() => void (head !== undefined && performance.mark('verdict')), [head]);
  useEffect(() => void (entries !== undefined && performance.mark('entries')), [entries]);
  useShown(route, head !== undefined, entries !== undefined);
  if (head === undefined) return <p class="wait">Unpacking…</p>;
  const sections = sectionsOf(head);
  return (
    <>
      <nav aria-label="Parts of the report">
        <ul>
          {isOneOfSeveral && (
            <li>
              <a href={hashOf({ section: 'fleet' })}>All agents</a>
            </li>
          )}
          {sections.map(([name, title]) => (
            <li key={name}>
              <a href={hashOf({ ...agent, section: name })}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" tabIndex={-1}>
        {above}
        {findings}
        {entries === undefined ? (
          <p class="wait">Unpacking what runs…</p>
        ) : (
          <Tree {...{ head, entries, selected, route, linkTo }} />
        )}
        {printed}
        {below}
      </main>
    </>
  );
};

const Above = ({ head }: { readonly head: AgentHead }) => (
  <>
    <Verdict head={head} />
    <Ways head={head} />
  </>
);

const Below = ({ head, check }: { readonly head: AgentHead; readonly check: string | undefined }) => (
  <>
    <Costs head={head} />
    {head.preflight !== null && <Preflight preflight={head.preflight} asked={check} />}
    {head.diff !== null && <Difference diff={head.diff} />}
  </>
);

const sectionsOf = (head: AgentHead): readonly (readonly [name: string, title: string])[] => [
  ['ways', 'Ways out'],
  ['findings', 'Findings'],
  ['tree', 'What runs'],
  ['costs', 'Costs'],
  ...(head.preflight === null ? [] : [['preflight', 'Host'] as const]),
  ...(head.diff === null ? [] : [['diff', 'Before and after'] as const]),
];

/** What either start costs, in the words of `verify`. */
const Costs = ({ head: { said, verify } }: { readonly head: AgentHead }) => {
  const isAlike = said.costs.strict === said.costs.nonStrict;
  const messages = [...new Set(verify.starts.flatMap((start) => start.messages))].slice(0, 5);
  return (
    <Section name="costs" title="What it costs">
      <dl class="consequences">
        {(isAlike ? (['strict'] as const) : (['strict', 'nonStrict'] as const)).map((mode) => (
          <div key={mode}>
            <dt>{isAlike ? 'either mode' : mode === 'strict' ? 'strict' : 'non-strict'}</dt>
            <dd>
              {said.costs[mode].split('\n').map((line) => (
                <div key={line}>{line.trim()}</div>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {messages.length > 0 && (
        <>
          <h3>The agent's log will say</h3>
          {messages.map((message) => (
            <p key={message} class="log">
              <code>{shown(message)}</code>
            </p>
          ))}
        </>
      )}
    </Section>
  );
};

const KINDS: Readonly<Record<(typeof ENTRY_KEYS)[number], EntryKind>> = {
  framework: 'f',
  executor: 'e',
  run: 'r',
  task: 't',
  operation: 'o',
};

/** The entry that a route names: the innermost of its ids, in what the others name. */
const selectedIn = (entries: Entries, route: Route): number | undefined => {
  for (const key of ['task', 'run', 'executor', 'operation', 'framework'] as const) {
    const id = route[key];
    if (id === undefined) continue;
    const kind = KINDS[key];
    const held = ENTRY_KEYS.filter((each) => each !== key && route[each] !== undefined);
    for (let i = 0; i < entries.size && held.length > 0; i++) {
      if (entries.index.ids[i] !== id || entries.kind(i) !== kind) continue;
      const isIn = held.every((each) => entries.index.ids[entries.holder(i, KINDS[each]) ?? -1] === route[each]);
      if (isIn) return i;
    }
    return entries.find(kind, id);
  }
  return route.section === 'agent'
    ? entries.find('a', entries.index.ids[entries.index.kinds.indexOf('a')] ?? '')
    : undefined;
};

/** The keys that lead to an entry: those of what holds it are there where its id alone leads elsewhere. */
const keysOf = (entries: Entries, entry: number): Route => {
  const kind = entries.kind(entry);
  const id = entries.index.ids[entry] ?? '';
  if (kind === 'c') return { section: 'tree' };
  if (kind === 'a') return { section: 'agent' };
  const name = KIND_NAMES[kind] as (typeof ENTRY_KEYS)[number];
  if (entries.find(kind, id) === entry) return { [name]: id };
  const route: Partial<Record<(typeof ENTRY_KEYS)[number], string>> = { [name]: id };
  for (const key of ENTRY_KEYS) {
    const holder = entries.holder(entry, KINDS[key]);
    if (holder !== undefined) route[key] = entries.index.ids[holder] ?? '';
  }
  return route;
};

/** Brings what a route names into sight, and the keys to it. */
const useShown = (route: Route, isRead: boolean, hasEntries: boolean): void => {
  const { section, finding, check } = route;
  const entry = ENTRY_KEYS.map((key) => route[key]).join('\0');
  const isEntry = ENTRY_KEYS.some((key) => route[key] !== undefined) || section === 'agent';
  useEffect(() => {
    if (!isRead || (isEntry && !hasEntries)) return;
    const id = isEntry
      ? 'details'
      : finding !== undefined
        ? `finding-${finding}`
        : check !== undefined
          ? `check-${check}`
          : section !== undefined
            ? `section-${section}`
            : undefined;
    if (id === undefined) return;
    const element = document.getElementById(id);
    if (element === null) return;
    element.scrollIntoView({ block: isEntry ? 'nearest' : 'start' });
    const target = element instanceof HTMLDetailsElement ? element.querySelector('summary') : element;
    target?.focus({ preventScroll: true });
  }, [section, finding, check, entry, isEntry, isRead, hasEntries]);
};
