import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/main.ts';
import { run } from '../support/session.ts';
import { documents, type FoundText, linesOfDocuments, textsInSource, textsOfSource } from '../support/texts.ts';

/**
 * How the program speaks: as an engineer would say it to a colleague at three in the morning. These forms were in its texts
 * once, and are not to come back; beside each stands what is said instead.
 */
const FORMS: readonly (readonly [not: RegExp, but: string])[] = [
  [/\bfore(?:tell|tells|told|telling|seen)\b/i, 'predicts, predicted for'],
  [/(?<![/\w])mend(?:s|ed|ing|er|ers)?\b(?![/\w])/i, 'repairs; of a bug: fixes'],
  [/\banew\b/i, 'again; rebuild'],
  [
    /\b(?:does|do|did|will|may|can|could|would) (?:not )?live\b(?! (?:executor|run|task|process))/i,
    'survives; is lost',
  ],
  [
    /\b(?:tasks?|executors?|it|they|who|what|which|that|tree|agent) lives?\b(?! (?:executor|run|task))/i,
    'survives; of a place: is in',
  ],
  [/\blives? (?:on|through|in|at|there|below|beside)\b/i, 'survives; of a place: is in'],
  [/\bwithout a word\b/i, 'silently'],
  [/\bin vain\b/i, 'say what does not happen: will not start'],
  [/\bnobody's\b/i, 'an orphan'],
  [/\bagain: or that\b/i, '(repeatable)'],
  [/\brecord that is none\b/i, 'an invalid record'],
  [/\bbad bytes\b/i, 'invalid bytes'],
  [/\bof which \d* ?(?:are|is) there\b/i, 'truncated: the header says ..., ... are present'],
  [/\bis not known to be\b/i, 'may be'],
  [/\bnever shown\b/i, 'does not start'],
  [/\bwhere (?:the|this|that) tree (?:lives|is on)\b/i, "the work_dir's path on the agent's host"],
  [/\ba fault of mesos-ckpt\b/i, 'internal error (please report it)'],
  [/(?<!\bthere )\b(?:is|are|was|were) no (?!(?:longer|more|other|need|way)\b)/i, 'is not a ...'],
  [/(?<!\bthere )\b(?:is|are) none\b/i, 'is not one; there is none'],
  [/\bempty, and no \w+/i, 'is empty, not a ...'],
];

/** Texts that have such a form, and why it stays. */
const EXCEPTIONS: readonly (readonly [text: RegExp, why: string])[] = [];

/** Where a text has a form that is not to be used. */
const found = (texts: readonly FoundText[]): readonly string[] =>
  texts.flatMap(({ at, text }) => {
    const left = EXCEPTIONS.reduce((rest, [known]) => rest.replaceAll(new RegExp(known, 'g'), ''), text);
    return FORMS.filter(([not]) => not.test(left)).map(
      ([not, but]) => `${at}: ${not.exec(left)?.[0]} (${but}): ${text}`,
    );
  });

/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: source code that is read, not run */

describe('the words that are not used', () => {
  it('are in no text of the source', () => {
    const texts = textsInSource();
    expect(texts.length).toBeGreaterThan(3000);
    expect(found(texts)).toEqual([]);
  });

  it('are in no document', () => {
    expect(found(linesOfDocuments(documents()))).toEqual([]);
  });

  it.each(['', ...COMMANDS.map(({ name }) => name)])('are not in the help of %s', async (name) => {
    const { out } = await run([...(name === '' ? [] : [name]), '--help'], { columns: 1000 });
    expect(out.length).toBeGreaterThan(300);
    expect(found(out.split('\n').map((text, i) => ({ at: `line ${i + 1}`, text })))).toEqual([]);
  });

  it('are looked for between the tags of the page, too', () => {
    const code = 'const a = <p>\n  The tree <b>is</b> what the plan\n mends.\n</p>;';
    expect(found(textsOfSource(code, 'seeded.tsx')).join('\n')).toContain(': mends');
    expect(textsInSource('src/page').some(({ text }) => text.includes('loads nothing and sends nothing'))).toBe(true);
  });

  it.each([
    ["const a = 'the plan mends two files';", 'mends'],
    ['const a = `what ${b} foretells is this`;', 'foretells'],
    ["say('the tree' + x + ' lives on');", 'lives on'],
    ["const a = { title: `${b}: '${c}' is no version`, };", 'is no '],
    ["const a = `${[b].map(() => 'a task does not live')}`;", 'does not live'],
    ["const a = 'tasks are forgotten without a word';", 'without a word'],
  ])('are found where they are: %s', (code, form) => {
    expect(found(textsOfSource(code, 'seeded.ts')).join('\n')).toContain(`seeded.ts:1: ${form}`);
  });

  it.each([
    "import { mend } from './mend a table.ts';",
    '// it mends what was foretold, without a word',
    "const a = 'there is no checkpoint';",
    "const a = 'its executors are live executors';",
  ])('are not found in what nobody reads, or means something else: %s', (code) => {
    expect(found(textsOfSource(code, 'seeded.ts'))).toEqual([]);
  });

  it('has no exception that is not needed', () => {
    const texts = [...textsInSource(), ...linesOfDocuments(documents())];
    for (const [text, why] of EXCEPTIONS) {
      expect(why).not.toBe('');
      expect(
        texts.some((each) => text.test(each.text)),
        String(text),
      ).toBe(true);
    }
  });
});

/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: source code that is read, not run */
