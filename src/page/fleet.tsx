import { useState } from 'preact/hooks';
import type { HostRow, Overview } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { verb } from '../text/words.ts';
import { count, Mark, Section, type Tone } from './common.tsx';
import { wordsOf } from './entries.ts';
import { hashOf } from './route.ts';

/** All agents in one table, in the order in which they are to be looked at; each leads to its own page. */
export const Fleet = ({ overview }: { readonly overview: Overview }) => {
  const [text, setText] = useState('');
  const { counts, hosts } = overview.summary;
  const worst = PARTS.find(({ key }) => key !== 'ok' && counts[key] > 0);
  const words = wordsOf(text);
  const found = hosts.filter((host) => words.every((word) => textOf(host).includes(word)));
  return (
    <>
      <header class={`verdict fleet ${worst?.tone ?? 'good'}`}>
        <p class="who">{count(counts.agents, 'agent')}</p>
        <h1>
          {worst === undefined ? (
            <Mark tone="good">all recover</Mark>
          ) : (
            <Mark tone={worst.tone}>{partText(worst, counts)}</Mark>
          )}
        </h1>
        <Share counts={counts} />
      </header>
      <Section name="fleet" title="Agents">
        <search>
          <form class="search" onSubmit={(event) => event.preventDefault()}>
            <label>
              <span>Search hosts, agents, findings</span>
              <input
                type="search"
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
                autocomplete="off"
                spellcheck={false}
              />
            </label>
            <p role="status" class="note">
              {found.length} of {count(hosts.length, 'agent')}
            </p>
          </form>
        </search>
        <div class="scrolls">
          <table class="hosts">
            <thead>
              <tr>
                {[
                  'Host',
                  'Strict',
                  'Non-strict',
                  'Worst finding',
                  'Executors at stake',
                  'Tasks at stake',
                  'Saves most',
                ].map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.map((host) => (
                <Row key={host.path} host={host} />
              ))}
            </tbody>
          </table>
        </div>
      </Section>
    </>
  );
};

const textOf = ({ host, path, agentId, cause, strict, nonStrict, error }: HostRow): string =>
  [host, path, agentId, cause, strict, nonStrict, error].join(' ').toLowerCase();

const toneOfHost = (exitCode: number): Tone => (exitCode === 0 ? 'good' : exitCode === 1 ? 'warn' : 'bad');

const Row = ({ host }: { readonly host: HostRow }) => (
  <tr>
    <th scope="row">
      {host.error === null ? (
        <a href={hashOf({ agent: host.path })}>{shown(host.host ?? host.path)}</a>
      ) : (
        shown(host.host ?? host.path)
      )}
      <div class="path">
        <code>{shown(host.path)}</code>
      </div>
    </th>
    <td data-label="Strict">
      <Mark tone={toneOfHost(host.exitCode)}>{host.error === null ? (host.strict ?? '') : 'unknown'}</Mark>
    </td>
    <td data-label="Non-strict">{host.nonStrict ?? ''}</td>
    <td data-label="Worst finding">
      {host.error !== null ? shown(host.error) : host.cause !== null && <code>{host.cause}</code>}
    </td>
    <td data-label="Executors at stake">
      {host.executors.of === 0 ? '' : `${host.executors.atStake} of ${host.executors.of}`}
    </td>
    <td data-label="Tasks at stake">{host.tasks.of === 0 ? '' : `${host.tasks.atStake} of ${host.tasks.of}`}</td>
    <td data-label="Saves most" class="command-of">
      {host.saves ?? ''}
    </td>
  </tr>
);

type Counts = Overview['summary']['counts'];

interface Part {
  readonly key: Exclude<keyof Counts, 'agents'>;
  readonly one: string;
  readonly many: string;
  readonly tone: Tone;
}

/** What agents come to, the worst first. */
const PARTS: readonly Part[] = [
  { key: 'fails', one: 'does not come up', many: 'do not come up', tone: 'bad' },
  { key: 'unknown', one: 'cannot be judged', many: 'cannot be judged', tone: 'bad' },
  { key: 'losses', one: 'loses something', many: 'lose something', tone: 'warn' },
  { key: 'ok', one: 'recovers', many: 'recover', tone: 'good' },
];

const partText = ({ key, one, many }: Part, counts: Counts): string => `${counts[key]} ${verb(counts[key], one, many)}`;

/** How many agents come to what. */
const Share = ({ counts }: { readonly counts: Counts }) => (
  <ul class="share">
    {PARTS.filter(({ key }) => counts[key] > 0).map((part) => (
      <li key={part.key}>
        <Mark tone={part.tone}>{partText(part, counts)}</Mark>
      </li>
    ))}
  </ul>
);
