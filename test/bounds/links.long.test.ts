import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { AccessDenied } from '../../src/source/source.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { HOME, linksAtEachLevel } from '../support/hostile-trees.ts';

const verified = (size: number): ReturnType<typeof verifyCheckpoint> =>
  verifyCheckpoint(openSource(linksAtEachLevel(size), { workDir: HOME }));

describe('links of each level that lead to the one folder there', () => {
  it('are followed where they are few', () => {
    const { checkpoint } = verified(3);
    const executors = checkpoint.agent?.frameworks.flatMap((framework) => framework.executors) ?? [];
    expect(executors).toHaveLength(4 ** 2);
    expect(executors.flatMap(({ runs }) => runs.flatMap(({ tasks }) => tasks))).toHaveLength(4 ** 4);
  });

  it('end the command where what they show is more than fits into memory', () => {
    expect(() => verified(200)).toThrow(AccessDenied);
    expect(() => verified(200)).toThrow(
      /^cannot read meta\/.*: links show it and others again, more than 100000 folders/,
    );
  });
});
