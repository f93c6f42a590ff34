import type { PreflightPart } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { Mark, Section, type Tone, toneOf } from './common.tsx';

const TONES: Readonly<Record<string, Tone>> = { ok: 'good', warn: 'warn', fail: 'bad', unknown: 'note' };
const ORDER = ['fail', 'unknown', 'warn', 'ok'];

/** The table of preflight, the worst checks first. */
export const Preflight = ({
  preflight,
  asked,
}: {
  readonly preflight: PreflightPart;
  readonly asked: string | undefined;
}) => {
  const { checks, scenario, from, to, exitCode, lives, root } = preflight;
  const sorted = [...checks].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const { counts } = lives;
  const versions =
    from === null ? to.version : from.version === to.version ? to.version : `${from.version} to ${to.version}`;
  return (
    <Section
      name="preflight"
      title={`The host, before a ${scenario}`}
      note={
        <>
          <code>{shown(root)}</code>, Mesos {shown(versions)}:{' '}
          <Mark tone={toneOf(exitCode)}>
            {counts.executorsAlive} of {counts.executors} executors and {counts.tasksAlive} of {counts.tasks} tasks
            survive
          </Mark>
        </>
      }
    >
      <table class="checks">
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">Check</th>
            <th scope="col">What was found, and what to do</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((check) => (
            <tr key={check.code} id={`check-${check.code}`} class={asked === check.code ? 'selected' : ''}>
              <td>
                <Mark tone={TONES[check.verdict] ?? 'note'}>{check.verdict}</Mark>
              </td>
              <th scope="row">
                <code>{check.code}</code>
              </th>
              <td>
                {check.rows.map((row, i) => (
                  <div key={i} class="row">
                    {shown(row.found)}
                    {row.place !== null && (
                      <>
                        {' '}
                        <code>{shown(row.place)}</code>
                      </>
                    )}
                    {row.todo !== null && <div class="todo">{shown(row.todo)}</div>}
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
};
