import { entryOf } from '../../findings/entry-of.ts';
import type { Finding, Severity } from '../../findings/finding.ts';
import { grouped } from '../../text/grouped.ts';
import { count } from '../../text/words.ts';
import { worstFirst } from '../../verify/worst-first.ts';
import { about, ok, type PreflightCheck, type Row, type Verdict } from './check.ts';

const VERDICT_OF: Readonly<Record<Severity, Verdict>> = { fatal: 'fail', counted: 'warn', loss: 'warn', note: 'ok' };

/** What is wrong in the checkpoint. */
export const findings: PreflightCheck<'findings'> = {
  code: 'findings',
  title: 'Nothing in the checkpoint is damaged',
  explanation:
    'Everything that mesos-ckpt verify finds in the checkpoint for the version that will start, by its code, with the severity that it has in the mode that decides.',
  remedy: 'docs/findings.md explains the code and says what to do; mesos-ckpt verify lists every place.',
  visibility: 'Run this as root, where the work_dir is, and name it with --work-dir where the flags do not.',
  judge: ({ facts }) =>
    about(facts.checkpoint, ({ verification, mode }) => {
      const all = worstFirst(verification.findings, mode);
      const byCode = grouped(
        all.filter(({ severity }) => severity[mode] !== 'note'),
        ({ code }) => code,
      );
      if (byCode.size > 0) return [...byCode.values()].map((group) => rowOf(group, mode, verification.home));
      const notes = new Set(all.map(({ code }) => code));
      return [ok(notes.size === 0 ? 'nothing' : `nothing but ${count(notes.size, 'note')}: ${[...notes].join(', ')}`)];
    }),
};

const rowOf = (group: readonly Finding[], mode: 'strict' | 'nonStrict', home: string): Row => {
  const [first] = group;
  if (first === undefined) throw new TypeError('a group of findings has one');
  const { title, remedy } = entryOf(first.code);
  const more = group.length === 1 ? '' : `, at ${group.length} places`;
  return {
    verdict: VERDICT_OF[first.severity[mode]],
    found: `${first.code}: ${title}${more}`,
    place: `${home}/${first.path}`,
    todo: remedy,
  };
};
