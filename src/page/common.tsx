import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { shown } from '../text/escape.ts';

/** What a mark says; beside it there is always a word. */
export type Tone = 'bad' | 'warn' | 'good' | 'note';

const SIGNS: Readonly<Record<Tone, string>> = { bad: '✕', warn: '!', good: '✓', note: 'i' };

/** A word with its mark: told by its shape as well as by its colour. */
export const Mark = ({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) => (
  <span class={`mark ${tone}`}>
    <span class="sign" aria-hidden="true">
      {SIGNS[tone]}
    </span>
    {children}
  </span>
);

export const toneOf = (exitCode: number): Tone => (exitCode === 0 ? 'good' : exitCode === 1 ? 'warn' : 'bad');

/** So many characters of an id are shown before it is shortened in its middle. */
const MOST_OF_AN_ID = 34;

/** An id short enough for a column; its end, which tells it from others, is kept. */
export const shortened = (text: string, most = MOST_OF_AN_ID): string => {
  const safe = shown(text);
  if (safe.length <= most) return safe;
  const head = Math.ceil((most - 1) * 0.55);
  return `${safe.slice(0, head)}…${safe.slice(safe.length - (most - 1 - head))}`;
};

/** An id: shortened, whole in its title, and to be copied. */
export const Id = ({
  id,
  most,
  copies = true,
}: {
  readonly id: string;
  readonly most?: number;
  readonly copies?: boolean;
}) => (
  <span class="id">
    <code title={shown(id)}>{shortened(id, most)}</code>
    {copies && <Copy text={id} what="the id" />}
  </span>
);

/** A button that copies a text. */
const Copy = ({ text, what }: { readonly text: string; readonly what: string }) => {
  const [isDone, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await toClipboard(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <button
      type="button"
      class="copy"
      onClick={() => void copy()}
      aria-label={isDone ? 'Copied' : `Copy ${what}`}
      title={`Copy ${what}`}
    >
      <span aria-hidden="true">{isDone ? 'copied' : 'copy'}</span>
    </button>
  );
};

/** Where the browser gives pages from files no clipboard, a selection is copied. */
const toClipboard = async (text: string): Promise<void> => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
};

/** A command on a line of its own, to be copied; it is safe to be shown as it is typed. */
export const Command = ({ text }: { readonly text: string }) => (
  <div class="command">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is never wrapped, and scrolls where it is too long */}
    <code tabIndex={0}>{text}</code>
    <Copy text={text} what="the command" />
  </div>
);

/** A part of the page with its heading, to which a link leads. */
export const Section = ({
  name,
  title,
  note,
  children,
}: {
  readonly name: string;
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly children: ComponentChildren;
}) => (
  <section id={`section-${name}`} aria-labelledby={`title-${name}`} tabIndex={-1}>
    <h2 id={`title-${name}`}>{title}</h2>
    {note !== undefined && <p class="note">{note}</p>}
    {children}
  </section>
);

/** `1 task`, `3 tasks`. */
export { count } from '../text/words.ts';

/** A time for a reader: UTC, and in the zone of the one who reads. */
const timeTitle = (iso: string): string => {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${iso} (${date.toLocaleString(undefined, { timeZoneName: 'short' })})`;
};

/** A time in UTC to the second, with that of the reader in its title. */
export const Time = ({ iso }: { readonly iso: string }) => (
  <time dateTime={iso} title={timeTitle(iso)}>
    <span class="clock">{iso.split('T', 1)}</span>{' '}
    <span class="clock">{iso.replace(/^[^T]*T/, '').replace(/(?:\.\d+)?Z$/, ' UTC')}</span>
  </time>
);

/** Lines that are wider than their place: what scrolls has to be reached by keys. */
export const Lines = ({ label, children }: { readonly label: string; readonly children: ComponentChildren }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
  <section class="lines" aria-label={label} tabIndex={0}>
    <pre>{children}</pre>
  </section>
);
