import type { AgentHead } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { Command, Id, Mark, Time, toneOf } from './common.tsx';

/** What the agent will do, and the next command: what one sees first. */
export const Verdict = ({ head }: { readonly head: AgentHead }) => {
  const { said, verify } = head;
  const tone = toneOf(verify.modes.strict.exitCode);
  return (
    <section class={`verdict ${tone}`} aria-labelledby="verdict-title">
      <p class="who">{shown(said.agent)}</p>
      <h1 id="verdict-title">
        <Mark tone={tone}>{shown(said.result.strict)}</Mark>
      </h1>
      <dl class="modes">
        {(['strict', 'nonStrict'] as const).map((mode) => (
          <div key={mode}>
            <dt>{mode === 'strict' ? 'strict' : 'non-strict'}</dt>
            <dd>
              <Mark tone={toneOf(verify.modes[mode].exitCode)}>{shown(said.verdict[mode])}</Mark>
            </dd>
          </div>
        ))}
      </dl>
      <Next lines={said.next} />
      <Facts head={head} />
    </section>
  );
};

const Next = ({ lines }: { readonly lines: readonly string[] }) =>
  lines.length === 0 ? null : (
    <div class="next">
      <h2>Next</h2>
      {lines.map((line) =>
        line.startsWith('  ') ? <Command key={line} text={line.trim()} /> : <p key={line}>{shown(line)}</p>,
      )}
    </div>
  );

const Facts = ({ head }: { readonly head: AgentHead }) => (
  <dl class="facts">
    <div>
      <dt>Agent</dt>
      <dd>{head.verify.workDir !== '' && head.agentId !== null ? <Id id={head.agentId} most={60} /> : 'none'}</dd>
    </div>
    <div>
      <dt>Host</dt>
      <dd>{shown(head.host)}</dd>
    </div>
    <div>
      <dt>Read from</dt>
      <dd>
        <code>{shown(head.path)}</code>
      </dd>
    </div>
    <div>
      <dt>Judged</dt>
      <dd>
        <Time iso={head.time} /> on {shown(head.judgedOn)}
      </dd>
    </div>
    {head.takenAt !== null && (
      <div>
        <dt>Taken</dt>
        <dd>
          <Time iso={head.takenAt} />
        </dd>
      </div>
    )}
    <div class="wide">
      <dt>Assumed</dt>
      <dd>{head.said.assumed}</dd>
    </div>
  </dl>
);
