import { useState } from 'preact/hooks';
import type { AgentHead, Evidence, FoundPart, Severity } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { count, Lines, Mark, Section, type Tone } from './common.tsx';
import type { Entries } from './entries.ts';
import { hashOf, type Route } from './route.ts';
import { useBlock } from './use-block.ts';
import { useLater } from './use-later.ts';

/** So many findings are shown before more are asked for. */
const AT_FIRST = 50;

interface Props {
  readonly head: AgentHead;
  readonly entries: Entries | undefined;
  /** The keys that name the agent among several. */
  readonly agent: Route;
  readonly linkTo: (entry: number) => Route;
}

/** Each finding: what it is, where, its bytes, and what to do. */
export const Findings = ({ asked: text, ...props }: Props & { readonly asked: string | undefined }) => {
  const { verify, said } = props.head;
  const findings = verify.findings.flatMap((finding, number) =>
    said.assumptions.includes(number) ? [] : [{ finding, number }],
  );
  const asked = text === undefined ? -1 : findings.findIndex(({ number }) => number === Number(text));
  const [most, setMost] = useState(AT_FIRST);
  const last = Math.max(most, asked + 1);
  return (
    <Section
      name="findings"
      title={`Findings: ${findings.length}`}
      note={notesOf(findings.map((each) => each.finding))}
    >
      {findings.slice(0, last).map(({ finding, number }, i) => (
        <Finding
          key={number}
          {...{ ...props, finding, number }}
          isOpen={i === asked || (finding.severity.strict !== 'note' && i < OPEN_AT_FIRST)}
        />
      ))}
      {findings.length > last && (
        <button type="button" onClick={() => setMost(last + 200)}>
          Show {Math.min(200, findings.length - last)} more of {findings.length - last}
        </button>
      )}
    </Section>
  );
};

const OPEN_AT_FIRST = 4;

const notesOf = (findings: readonly FoundPart[]): string => {
  if (findings.length === 0) return 'Nothing was found.';
  const by = (severity: Severity): number => findings.filter((each) => each.severity.strict === severity).length;
  return (['fatal', 'counted', 'loss', 'note'] as const)
    .filter((severity) => by(severity) > 0)
    .map((severity) =>
      severity === 'fatal' || severity === 'counted'
        ? `${by(severity)} ${severity}`
        : count(by(severity), severity, severity === 'loss' ? 'losses' : 'notes'),
    )
    .join(', ');
};

export const severityTone = (severity: Severity): Tone =>
  severity === 'fatal' ? 'bad' : severity === 'note' ? 'note' : 'warn';

const Finding = ({
  finding,
  number,
  head,
  entries,
  isOpen,
  agent,
  linkTo,
}: Props & { readonly finding: FoundPart; readonly number: number; readonly isOpen: boolean }) => {
  const [wasOpened, setOpened] = useState(isOpen);
  const isLater = useLater();
  const { strict, nonStrict } = finding.severity;
  return (
    <details
      class={`finding ${severityTone(strict)}`}
      id={`finding-${number}`}
      open={isOpen}
      onToggle={(event) => setOpened(wasOpened || event.currentTarget.open)}
    >
      <summary>
        <Mark tone={severityTone(strict)}>{strict}</Mark> <code class="code">{finding.code}</code>{' '}
        <span class="what">{shown(finding.message)}</span>
      </summary>
      {(wasOpened || isLater) && (
        <div class="body">
          <p class="path">
            <code>{shown(finding.path === '' ? head.verify.workDir : finding.path)}</code>
            {placeText(finding)} <a href={hashOf({ ...agent, finding: String(number) })}>link to this finding</a>
            {entries !== undefined && (
              <>
                {' '}
                · <a href={hashOf(linkTo(entries.ofFinding(number)))}>show in the tree</a>
              </>
            )}
          </p>
          <dl class="consequences">
            {finding.consequence.strict === finding.consequence.nonStrict ? (
              <div>
                <dt>either mode</dt>
                <dd>{finding.consequence.strict}</dd>
              </div>
            ) : (
              <>
                <div>
                  <dt>strict</dt>
                  <dd>{finding.consequence.strict}</dd>
                </div>
                <div>
                  <dt>non-strict{strict === nonStrict ? '' : ` (${nonStrict})`}</dt>
                  <dd>{finding.consequence.nonStrict}</dd>
                </div>
              </>
            )}
            <div>
              <dt>remedy</dt>
              <dd>{finding.remedy}</dd>
            </div>
          </dl>
          {wasOpened && <Bytes head={head} number={number} />}
          <p class="note">
            <code>mesos-ckpt explain {finding.code}</code> tells all that is known of it.
          </p>
        </div>
      )}
    </details>
  );
};

const placeText = ({ offset, length, record }: FoundPart): string => {
  const parts = [
    ...(offset === null ? [] : [`byte ${offset}`]),
    ...(length === null ? [] : [count(length, 'byte')]),
    ...(record === null ? [] : [`record ${record}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
};

/** The bytes that a finding is about, where there are any. Texts in the lines are escaped already. */
const Bytes = ({ head, number }: { readonly head: AgentHead; readonly number: number }) => {
  const block = head.evidence.findLast(([, first]) => first <= number)?.[0];
  const all = useBlock<readonly Evidence[]>(block);
  const evidence = all?.find(({ finding }) => finding === number);
  if (evidence === undefined) return null;
  const { record, offset, length, announced, type, lines } = evidence;
  const said = announced === null ? '' : `; its length says ${count(announced, 'byte')}`;
  return (
    <figure class="bytes">
      <figcaption>
        Record {record} at byte {offset}, {count(length, 'byte')}
        {said}: {type}
      </figcaption>
      <Lines label={`Bytes of finding ${number + 1}`}>
        {lines.map((line, i) => (
          <span key={i} class={line.startsWith('>>>') ? 'stops' : ''}>
            {`${line}\n`}
          </span>
        ))}
      </Lines>
    </figure>
  );
};
