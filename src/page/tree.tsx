import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AgentHead } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { count, Mark, Section, shortened, Time } from './common.tsx';
import { Details } from './details.tsx';
import { type Entries, KIND_NAMES, SHOWS, type Show, showOf, wordsOf } from './entries.ts';
import { goTo, type Route, replaceWith } from './route.ts';
import { type TimeScale, timeScale } from './time-scale.ts';
import { Axis, Legend, TRACK_MARGIN, TRACK_WIDTH, Track } from './track.tsx';
import { useVirtualRows } from './virtual-rows.ts';

/** In pixels. */
const ROW = 34;
/** Typing is answered when it pauses for so long, in milliseconds. */
const PAUSE = 90;

const SHOW_TEXTS: Readonly<Record<Show, string>> = {
  all: 'all',
  damaged: 'damaged',
  pending: 'pending updates',
  lost: 'lost at a start',
  tasks: 'tasks alone',
};

interface Props {
  readonly head: AgentHead;
  readonly entries: Entries;
  readonly selected: number | undefined;
  readonly route: Route;
  readonly linkTo: (entry: number) => Route;
}

/** What runs, as a tree with the time line of each task; searched, filtered, and each entry with its details. */
export const Tree = ({ head, entries, selected, route, linkTo: linkAlone }: Props) => {
  const show = showOf(route.show);
  // What is searched for stays so when an entry is opened.
  const linkTo = (entry: number): Route => without({ ...linkAlone(entry), q: route.q ?? '', show: route.show ?? '' });
  const [text, setText] = useState(route.q ?? '');
  const query = useSettled(text);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const found = useMemo(() => entries.matching(wordsOf(query), show), [entries, query, show]);
  const rows = useMemo(
    () => (show === 'tasks' && found !== undefined ? found : entries.rows(found, folded)),
    [entries, found, folded, show],
  );
  const search = useRef<HTMLInputElement>(null);
  useSearchKey(search);
  useEffect(() => {
    if ((route.q ?? '') !== query) replaceWith(without({ ...route, q: query }));
  }, [query]);
  const unfold = (entry: number, isFolded: boolean): void => {
    const changed = new Set(folded);
    if (isFolded) changed.add(entry);
    else changed.delete(entry);
    setFolded(changed);
  };
  const scale = useMemo(() => timeScale(entries.index.span, TRACK_WIDTH, TRACK_MARGIN), [entries]);
  return (
    <Section name="tree" title="What runs">
      <search>
        <form class="search" onSubmit={(event) => event.preventDefault()}>
          <label>
            <span>Search ids, names and states</span>
            <input
              ref={search}
              type="search"
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
              autocomplete="off"
              spellcheck={false}
              aria-describedby="found"
              aria-keyshortcuts="/"
            />
          </label>
          <fieldset>
            <legend>Show</legend>
            {SHOWS.map((each) => (
              <label key={each}>
                <input
                  type="radio"
                  name="show"
                  checked={show === each}
                  onChange={() => replaceWith(without({ ...route, q: query, show: each === 'all' ? '' : each }))}
                />
                {SHOW_TEXTS[each]}
              </label>
            ))}
          </fieldset>
          <p id="found" role="status" class="note">
            {found === undefined
              ? count(entries.size, 'entry', 'entries')
              : `${found.length} of ${count(entries.size, 'entry', 'entries')}`}
          </p>
        </form>
      </search>
      <div class={`browser ${selected === undefined ? '' : 'with-details'}`}>
        <div class="list">
          <div class="columns" aria-hidden="true">
            <span>entry</span>
            <span>state</span>
            <span>strict start</span>
            <span class="of-tracks">
              <Axis scale={scale} width={TRACK_WIDTH} ticks={3} room={90} />
            </span>
          </div>
          <Rows {...{ entries, rows, selected, folded, unfold, linkTo, scale }} isFiltered={found !== undefined} />
          <Legend />
          {entries.index.span !== null && <Span span={entries.index.span} />}
        </div>
        {selected !== undefined && <Details key={selected} {...{ head, entries, entry: selected, route, linkTo }} />}
      </div>
    </Section>
  );
};

/** Which days the time lines are of: above them is just the time. */
const Span = ({ span: [first, last] }: { readonly span: readonly [number, number] }) => (
  <p class="note">
    Time lines: from <Time iso={new Date(first * 1000).toISOString()} /> to{' '}
    <Time iso={new Date(last * 1000).toISOString()} />.
  </p>
);

/** A text once it has not changed for a moment. */
const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
};

/** A slash leads to the search, as in many programs. */
const useSearchKey = (search: { readonly current: HTMLInputElement | null }): void => {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { target } = event;
      const isTyping = target instanceof HTMLInputElement && target.type !== 'radio';
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [search]);
};

/** A route without the keys that are empty. */
const without = (route: Route): Route =>
  Object.fromEntries(Object.entries(route).filter(([, value]) => value !== '')) as Route;

interface RowsProps extends Pick<Props, 'entries' | 'selected' | 'linkTo'> {
  readonly rows: readonly number[];
  readonly folded: ReadonlySet<number>;
  readonly unfold: (entry: number, isFolded: boolean) => void;
  readonly scale: TimeScale;
  readonly isFiltered: boolean;
}

const Rows = ({ entries, rows, selected, folded, unfold, linkTo, scale, isFiltered }: RowsProps) => {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualRows(scroller, rows.length, ROW);
  const [active, setActive] = useState(selected ?? rows[0] ?? 0);
  const at = Math.max(0, rows.indexOf(active));
  useEffect(() => {
    if (selected === undefined) return;
    setActive(selected);
    const place = rows.indexOf(selected);
    if (place >= 0) virtualizer.scrollToIndex(place, { align: 'auto' });
  }, [selected, rows]);
  const move = (to: number): void => {
    const bounded = Math.min(rows.length - 1, Math.max(0, to));
    const entry = rows[bounded];
    if (entry === undefined) return;
    setActive(entry);
    virtualizer.scrollToIndex(bounded, { align: 'auto' });
  };
  const pressed = (event: KeyboardEvent): void => {
    const entry = rows[at];
    if (entry === undefined || !keys(event, entry)) return;
    event.preventDefault();
  };
  const keys = (event: KeyboardEvent, entry: number): boolean => {
    const isUnfolded = entries.hasChildren(entry) && !folded.has(entry);
    switch (event.key) {
      case 'ArrowDown':
        move(at + 1);
        return true;
      case 'ArrowUp':
        move(at - 1);
        return true;
      case 'PageDown':
        move(at + 12);
        return true;
      case 'PageUp':
        move(at - 12);
        return true;
      case 'Home':
        move(0);
        return true;
      case 'End':
        move(rows.length - 1);
        return true;
      case 'ArrowRight':
        if (folded.has(entry)) unfold(entry, false);
        else move(at + 1);
        return true;
      case 'ArrowLeft':
        if (isUnfolded && !isFiltered) unfold(entry, true);
        else move(rows.indexOf(entries.index.parents[entry] ?? -1));
        return true;
      case 'Enter':
      case ' ':
        goTo(linkTo(entry));
        return true;
      default:
        return false;
    }
  };
  if (rows.length === 0) return <p class="empty">Nothing matches.</p>;
  return (
    <div
      ref={scroller}
      class="rows"
      role="tree"
      aria-label="Entries of the checkpoint"
      tabIndex={0}
      aria-activedescendant={`entry-${rows[at]}`}
      onKeyDown={pressed}
    >
      <div class="all" role="presentation" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        {shownRows(virtualizer.getVirtualItems(), rows.length, at).map(({ index, start }) => {
          const entry = rows[index] ?? 0;
          return (
            <Row
              key={entry}
              {...{ entries, entry, start, scale }}
              isActive={index === at}
              isSelected={entry === selected}
              isFolded={folded.has(entry) && !isFiltered}
              onFold={() => unfold(entry, !folded.has(entry))}
              onOpen={() => {
                setActive(entry);
                goTo(linkTo(entry));
              }}
            />
          );
        })}
      </div>
    </div>
  );
};

/** The rows in sight, and the active one, which a screen reader is told of. */
const shownRows = (
  items: readonly { readonly index: number; readonly start: number }[],
  total: number,
  active: number,
): readonly { readonly index: number; readonly start: number }[] => {
  const inSight = items.filter(({ index }) => index < total);
  return inSight.some(({ index }) => index === active) ? inSight : [...inSight, { index: active, start: active * ROW }];
};

const Row = ({
  entries,
  entry,
  start,
  scale,
  isActive,
  isSelected,
  isFolded,
  onFold,
  onOpen,
}: {
  readonly entries: Entries;
  readonly entry: number;
  readonly start: number;
  readonly scale: TimeScale;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly isFolded: boolean;
  readonly onFold: () => void;
  readonly onOpen: () => void;
}) => {
  const { index } = entries;
  const [id, name] = [index.ids[entry] ?? '', index.names[entry] ?? null];
  const depth = entries.depths[entry] ?? 0;
  const pending = index.pending[entry] ?? 0;
  const hasChildren = entries.hasChildren(entry);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys
    <div
      id={`entry-${entry}`}
      tabIndex={-1}
      class={`row kind-${entries.kind(entry)} ${isActive ? 'active' : ''} ${isSelected ? 'selected' : ''}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isSelected}
      {...(hasChildren ? { 'aria-expanded': !isFolded } : {})}
      style={{ transform: `translateY(${start}px)` }}
      onClick={onOpen}
    >
      <span class="entry" style={{ '--depth': String(depth) }}>
        {hasChildren ? (
          <span
            class={`fold ${isFolded ? 'folded' : ''}`}
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation();
              onFold();
            }}
          >
            ▾
          </span>
        ) : (
          <span class="fold" aria-hidden="true" />
        )}
        <span class="kind">{KIND_NAMES[entries.kind(entry)]}</span>
        <EntryId id={id} />
        {name !== null && !name.includes(id) && <span class="name">{shortened(name, 30)}</span>}
        {entries.isDamaged(entry) && (
          <Mark tone={(index.damaged[entry] ?? 0) > 0 ? 'bad' : 'note'}>
            {(index.damaged[entry] ?? 0) > 0 ? 'damaged' : 'finding'}
          </Mark>
        )}
        {pending > 0 && <Mark tone="warn">{pending} pending</Mark>}
      </span>
      <span class="state">{shown(entries.state(entry) ?? '').replace(/^TASK_/, '')}</span>
      <span class="fate">{entries.strict(entry) ?? ''}</span>
      <span class="of-tracks">
        <span class="unseen">{updatesText(entries, entry)}</span>
        <Track entries={entries} entry={entry} scale={scale} />
      </span>
    </div>
  );
};

/** What is kept of an id, however little room there is: those of runs differ at their ends, those of tasks at their beginnings. */
const END_OF_AN_ID = 5;
/** Of a longer id, no more is drawn. */
const MOST_OF_AN_ID = 120;

/** An id that gives way in its middle where there is no room for all of it. */
const EntryId = ({ id }: { readonly id: string }) => {
  const text = shortened(id, MOST_OF_AN_ID);
  const cut = Math.max(0, text.length - END_OF_AN_ID);
  // Not between the halves of a character.
  const isHalf = /^[\udc00-\udfff]/.test(text.slice(cut));
  const head = text.slice(0, isHalf ? cut - 1 : cut);
  return (
    <code class="both-ends" title={shown(id)}>
      <span class="head">{head}</span>
      <span>{text.slice(head.length)}</span>
    </code>
  );
};

/** How many updates a task has, for who does not see the marks. */
const updatesText = ({ index }: Entries, entry: number): string => {
  const updates = (index.updates[String(entry)]?.length ?? 0) / 3 + (index.more[String(entry)] ?? 0);
  return updates === 0 ? '' : count(updates, 'update');
};
