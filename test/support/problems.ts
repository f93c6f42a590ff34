import { openSource } from '../../src/checkpoint/open.ts';
import { allCodes } from '../../src/findings/catalogue.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { Start } from '../../src/recovery/simulate.ts';
import { resolve } from '../../src/source/links.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { baseName, join } from '../../src/source/source.ts';
import type { Verification } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { HOME } from './trees.ts';
import { HEAD } from './verify.ts';

const codes = new Set<string>(allCodes);

/**
 * Predicts a tree's recovery in either mode, which must not throw, and gives what is wrong with the answer itself: it
 * has to hang together, whatever the bytes are.
 */
export const verificationProblems = (source: MemorySource): readonly string[] =>
  problemsIn(verifyCheckpoint(openSource(source, { workDir: HOME }), { version: HEAD }), source);

/** What is wrong with an answer itself, whatever the tree is. */
export const problemsIn = ({ strict, nonStrict, findings }: Verification, source: MemorySource): readonly string[] => [
  ...startProblems(strict.starts, source),
  ...startProblems(nonStrict.starts, source),
  ...findings.flatMap((finding) => findingProblems(finding, source)),
];

/** What is wrong with what is predicted of some starts. */
export const startProblems = (starts: readonly Start[], source: MemorySource): readonly string[] => {
  const problems: string[] = starts.length === 0 ? ['no start'] : [];
  for (const { verdict, stage, messages, recoveryErrors, effects } of starts) {
    const comesUp = verdict === 'recovers' || verdict === 'new-agent';
    if (comesUp !== (messages.length === 0)) problems.push(`${verdict} with ${messages.length} messages`);
    if (comesUp !== (stage === null)) problems.push(`${verdict} in stage ${stage}`);
    if (comesUp && recoveryErrors === undefined) problems.push(`${verdict} without a number of errors`);
    for (const effect of effects) {
      if (effect.kind === 'remove') {
        if (!isThere(source, effect.path)) problems.push(`${effect.path} is removed, and is not there`);
        continue;
      }
      const { path, from, to } = effect;
      const size = sizeOf(source, path);
      if (from !== size || to < 0 || to >= size) problems.push(`${path} is cut from ${from} to ${to}, and has ${size}`);
    }
  }
  return problems;
};

const findingProblems = (finding: Finding, source: MemorySource): readonly string[] => {
  const { code, path, offset = 0, length = 0, record = 1, message } = finding;
  const size = sizeOf(source, path) ?? 0;
  // A record that lacks a field is named by its whole length and by where the field should be.
  const isInside = offset >= 0 && offset <= size && length >= 0 && length <= size && record >= 1;
  if (codes.has(code) && message !== '' && isInside) return [];
  return [`${code} at ${path}: ${offset}+${length} of ${size}, record ${record}: ${message}`];
};

/** Whether the agent finds something under a path, be it a link that leads nowhere. */
const isThere = (source: MemorySource, path: string): boolean => {
  const folder = resolve({ source, home: HOME }, path.slice(0, path.lastIndexOf('/')));
  return folder.kind === 'found' && source.kindOf(join(folder.path, baseName(path))) !== undefined;
};

/** The size of what the agent finds under a path; undefined where that is no file. */
const sizeOf = (source: MemorySource, path: string): number | undefined => {
  const node = source.node(path);
  if (node?.kind === 'file') return node.bytes.length;
  const resolved = resolve({ source, home: HOME }, path);
  const file = resolved.kind === 'found' ? source.node(resolved.path) : undefined;
  return file?.kind === 'file' ? file.bytes.length : undefined;
};
