import { scaleLinear } from 'd3-scale';
import type { AgentHead, Kept, SaidOfWay, WayPart } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { Command, count, Mark, Section, type Tone } from './common.tsx';

/** The ways out compared: what each keeps, drawn in proportion. */
export const Ways = ({ head }: { readonly head: AgentHead }) => {
  const { prune, said } = head;
  return (
    <Section name="ways" title="Ways out" note={shown(said.counted)}>
      <table class="ways">
        <thead>
          <tr>
            <th scope="col">Way out</th>
            <th scope="col">Executors kept</th>
            <th scope="col">Tasks kept</th>
            <th scope="col">Updates</th>
            <th scope="col">Reservations</th>
            <th scope="col">Sure</th>
          </tr>
        </thead>
        <tbody>
          {prune.ways.map((way, i) => (
            <Row key={way.way} way={way} said={said.ways[i]} />
          ))}
        </tbody>
      </table>
      {prune.notes.map((note) => (
        <p key={note} class="note">
          {shown(note)}
        </p>
      ))}
      <Steps head={head} />
    </Section>
  );
};

const Row = ({ way, said }: { readonly way: WayPart; readonly said: SaidOfWay | undefined }) => (
  <tr class={way.recommended ? 'recommended' : ''}>
    <th scope="row">
      <code>{shown(said?.name ?? way.way)}</code>
      {said !== undefined && said.command !== '' && (
        <details>
          <summary>command</summary>
          <Command text={said.command} />
        </details>
      )}
    </th>
    <td data-label="Executors kept">
      <Bar of={way.executors} what="executor" isUp={way.comesUp} />
    </td>
    <td data-label="Tasks kept">
      <Bar of={way.tasks} what="task" isUp={way.comesUp} />
    </td>
    <td data-label="Updates">
      {way.updatesLost === null ? '–' : way.updatesLost === 0 ? 'none lost' : `${way.updatesLost} lost`}
    </td>
    <td data-label="Reservations">
      {way.reservations.of === 0 ? '–' : <Bar of={way.reservations} what="reservation" isUp={way.comesUp} />}
    </td>
    <td data-label="Sure">
      <Mark tone={wayTone(way)}>{shown(said?.sure ?? way.sure)}</Mark>
    </td>
  </tr>
);

const wayTone = ({ comesUp, recommended, sure, executors }: WayPart): Tone => {
  if (!comesUp || (executors.of > 0 && executors.kept === 0)) return 'bad';
  if (sure === 'suspect') return 'warn';
  return recommended ? 'good' : 'note';
};

/** In units of the drawing. */
const WIDTH = 120;
const HEIGHT = 10;

/** How much of something is kept, as a bar beside its numbers. */
const Bar = ({
  of: { kept, of },
  what,
  isUp,
}: {
  readonly of: Kept;
  readonly what: string;
  readonly isUp: boolean;
}) => {
  const width = scaleLinear([0, Math.max(1, of)], [0, WIDTH]);
  return (
    <span class="bar">
      <span class="number">
        {kept} of {of}
      </span>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <title>{`${kept} of ${count(of, what)}`}</title>
        <rect class="all" width={WIDTH} height={HEIGHT} />
        <rect class={isUp ? 'kept' : 'none'} width={width(kept)} height={HEIGHT} />
      </svg>
    </span>
  );
};

/** What the plan of the best way changes. */
const Steps = ({ head: { prune } }: { readonly head: AgentHead }) =>
  prune.steps.length === 0 ? null : (
    <div class="steps">
      <h3>The plan: {count(prune.steps.length, 'step')}</h3>
      <ol>
        {prune.steps.slice(0, MOST_STEPS).map((step) => (
          <li key={step.id}>
            {shown(step.what)}
            {typeof step.loses === 'string' && <span class="loss"> — lost: {shown(step.loses)}</span>}
            <div class="path">
              {step.mends.map(({ code, path }) => (
                <code key={`${code}${path}`}>
                  {code}: {shown(path)}
                </code>
              ))}
            </div>
          </li>
        ))}
      </ol>
      {prune.steps.length > MOST_STEPS && (
        <p class="note">and {prune.steps.length - MOST_STEPS} more; mesos-ckpt prune lists them</p>
      )}
    </div>
  );

const MOST_STEPS = 50;
