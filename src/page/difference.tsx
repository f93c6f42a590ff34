import { useState } from 'preact/hooks';
import type { DiffPart, DiffSide } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { count, Lines, Mark, Section, toneOf } from './common.tsx';

const SIGNS = { came: '+', went: '−', changed: '~' } as const;
const AT_FIRST = 100;

/** The tree before and after a plan. Texts of changes and messages are escaped already. */
export const Difference = ({ diff }: { readonly diff: DiffPart }) => {
  const [most, setMost] = useState(AT_FIRST);
  const read = diff.differences.filter((each) => each.read);
  const unread = diff.unread === 0 ? '' : `${count(diff.unread, 'difference')} that no agent reads left out.`;
  return (
    <Section name="diff" title="Before and after" note={diff.same ? 'The two are the same to every agent.' : unread}>
      <div class="sides">
        <Side side={diff.a} title="Before" />
        <Side side={diff.b} title="After" />
      </div>
      <ul class="differences">
        {read.slice(0, most).map((each) => (
          <li key={`${each.path} ${each.text}`} class={each.what}>
            <span class="sign" aria-hidden="true">
              {SIGNS[each.what]}
            </span>
            <div>
              <strong>{each.entity['kind']}</strong> {shown(idOf(each.entity))} <span class="what">{each.text}</span>
              {each.resources !== null && (
                <Patch
                  lines={[
                    ...each.resources.went.map((text) => `- ${text}`),
                    ...each.resources.came.map((text) => `+ ${text}`),
                  ]}
                  of={each.path}
                />
              )}
              {each.patch !== null && each.patch.length > 0 && <Patch lines={each.patch} of={each.path} />}
              <div class="path">
                <code>{shown(each.path)}</code>
              </div>
            </div>
          </li>
        ))}
      </ul>
      {read.length > most && (
        <button type="button" onClick={() => setMost(most + 500)}>
          Show more of {read.length}
        </button>
      )}
    </Section>
  );
};

const idOf = (entity: Readonly<Record<string, string | null>>): string => {
  const id = entity[entity['kind'] ?? ''];
  return typeof id === 'string' ? id : '';
};

const Side = ({ side, title }: { readonly side: DiffSide; readonly title: string }) => (
  <div class="side">
    <h3>{title}</h3>
    <p>
      <code>{shown(side.path)}</code>
    </p>
    {(['strict', 'nonStrict'] as const).map((mode) => (
      <p key={mode}>
        {mode === 'strict' ? 'strict' : 'non-strict'}:{' '}
        <Mark tone={toneOf(side[mode].exitCode)}>{side[mode].verdict ?? 'unknown'}</Mark>
      </p>
    ))}
  </div>
);

/** Lines of a message, or of resources, those that came and went marked. */
const Patch = ({ lines, of }: { readonly lines: readonly string[]; readonly of: string }) => (
  <Lines label={`What differs in ${of}`}>
    {lines.map((line, i) => (
      <span key={i} class={line.startsWith('+') ? 'came' : line.startsWith('-') ? 'went' : ''}>
        {`${line}\n`}
      </span>
    ))}
  </Lines>
);
