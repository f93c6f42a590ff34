import type { AgentHead } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { count, Mark } from './common.tsx';
import type { Entries } from './entries.ts';

/** A sheet has so many rows at most: of a larger agent, what is damaged or pending comes first. */
const MOST = 250;

/** The tasks on paper, where nothing scrolls. */
export const PrintedTasks = ({ head, entries }: { readonly head: AgentHead; readonly entries: Entries }) => {
  const tasks = Array.from({ length: entries.size }, (_, i) => i).filter((entry) => entries.kind(entry) === 't');
  const isOfInterest = (entry: number): boolean => entries.isDamaged(entry) || (entries.index.pending[entry] ?? 0) > 0;
  const all = tasks.length <= MOST ? tasks : tasks.filter(isOfInterest);
  const printed = all.slice(0, MOST);
  const left = tasks.length - printed.length;
  return (
    <section class="printed" aria-hidden="true">
      <h2>Tasks of {shown(head.host)}</h2>
      <table>
        <thead>
          <tr>
            <th>Task</th>
            <th>State</th>
            <th>Strict start</th>
            <th>Non-strict start</th>
            <th>Marks</th>
          </tr>
        </thead>
        <tbody>
          {printed.map((entry) => (
            <tr key={entry}>
              <td>
                <code>{shown(entries.index.ids[entry] ?? '')}</code>
              </td>
              <td>{shown(entries.state(entry) ?? '')}</td>
              <td>{entries.strict(entry) ?? ''}</td>
              <td>{entries.nonStrict(entry) ?? ''}</td>
              <td>
                {entries.isDamaged(entry) && <Mark tone="bad">damaged</Mark>}{' '}
                {(entries.index.pending[entry] ?? 0) > 0 && (
                  <Mark tone="warn">{entries.index.pending[entry]} pending</Mark>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <p>
          {count(left, 'task')} that {left === 1 ? 'is' : 'are'} neither damaged nor pending, or beyond the first {MOST}
          , left out.
        </p>
      )}
    </section>
  );
};
