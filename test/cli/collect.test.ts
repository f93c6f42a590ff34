import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCRIPT } from '../support/collect.ts';
import { run } from '../support/session.ts';

describe('collect', () => {
  const script = fs.readFileSync(SCRIPT, 'utf8');

  it('prints contrib/collect.sh', async () => {
    expect(await run(['collect'])).toEqual({ out: script, err: '', exitCode: 0 });
  });

  it('presets what is asked for, and changes nothing else', async () => {
    const { out } = await run(['collect', '--redact', '--work-dir', "/srv/agent's $(touch x)"]);
    const changed = out.split('\n').flatMap((line, i) => (line === script.split('\n')[i] ? [] : [line]));
    expect(changed).toEqual(['redact=yes', "work_dir='/srv/agent'\\''s $(touch x)'"]);
  });
});
