import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { materialise, temporaryFolder, treeNames } from '../support/trees.ts';

const complaints = (value: unknown): readonly string[] => complaintsOf('snapshot', JSON.parse(JSON.stringify(value)));

describe('the schema of a snapshot', () => {
  it.each(treeNames)('describes its manifest, and what is printed: %s', async (tree) => {
    const file = path.join(temporaryFolder(), 'n1.tar.gz');
    const { out } = await run(['snapshot', materialise(tree), '-o', file, '--json', '--redact']);
    expect(complaints(JSON.parse(out))).toEqual([]);
    expect(complaints(openPath(file).manifest)).toEqual([]);
    const { redacted: _redacted, ...less } = JSON.parse(out);
    expect(complaints(less)).not.toEqual([]);
    expect(complaints({ ...JSON.parse(out), more: 1 })).not.toEqual([]);
  });

  it('describes the line of a path that cannot be used', async () => {
    const { out } = await run(['snapshot', '/nowhere', '-o', path.join(temporaryFolder(), 'x'), '--json']);
    expect(complaints(JSON.parse(out))).toEqual([]);
  });
});
