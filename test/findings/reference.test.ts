import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allCodes, groups } from '../../src/findings/catalogue.ts';
import { alike } from '../../src/findings/entry.ts';
import { renderReference } from '../../src/findings/reference.ts';

const written = readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8');

describe('docs/findings.md', () => {
  it('is what the catalogue gives (node scripts/references.mjs writes it)', () => {
    expect(written).toBe(renderReference(groups));
  });

  it('has a row and a section for every code', () => {
    const lines = written.split('\n');
    for (const code of allCodes) {
      expect(lines.filter((line) => line.startsWith(`| [${code}](#${code}) |`))).toHaveLength(1);
      expect(lines.filter((line) => line === `### ${code}`)).toHaveLength(1);
    }
  });
});

describe('renderReference', () => {
  const entry = {
    severity: { strict: 'fatal', nonStrict: 'counted' },
    title: 'A role * in <work_dir>',
    explanation: 'It is a|b.',
    consequence: { strict: 'It refuses.', nonStrict: 'It counts.' },
    remedy: 'Mend it.',
  } as const;

  it('escapes what Markdown would take for its own', () => {
    const text = renderReference([{ title: 'Group', source: [], entries: { code: entry } }]);
    expect(text).toContain('| [code](#code) | fatal | counted | A role \\* in \\<work_dir\\> |');
    expect(text).toContain('It is a\\|b.');
  });

  it('shows either mode where they differ', () => {
    const text = renderReference([{ title: 'Group', source: [], entries: { code: entry } }]);
    expect(text).toContain('*Strict:* It refuses.\n\n*Non-strict:* It counts.\n');
    expect(text).toContain('(strict: fatal; non-strict: counted)');
  });

  it('shows what is alike once', () => {
    const same = { ...entry, severity: alike('note'), consequence: alike('Nothing.') };
    const text = renderReference([{ title: 'Group', source: [], entries: { code: same } }]);
    expect(text).toContain('*Either mode:* Nothing.\n');
    expect(text).toContain('(note)');
  });
});
