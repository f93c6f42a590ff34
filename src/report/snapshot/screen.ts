import type { Manifest, ManifestChange } from '../../checkpoint/manifest.ts';
import { MAX_ODD } from '../../source/limits.ts';
import { shown } from '../../text/escape.ts';
import type { ScreenOptions } from '../../text/style.ts';
import { isoText } from '../../text/time.ts';
import { count, listed, sizeText, verb } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { agentHostOf } from '../../verify/agent-host.ts';
import type { Verification } from '../../verify/verification.ts';
import { modeName, verdictText } from '../verify/verdict.ts';
import { countsOf } from './counts.ts';
import { unreadableIn, type Written } from './json.ts';

/** What a snapshot came to, for a terminal: what was written, and what the checkpoint was worth when it was taken. */
export const snapshotScreen = (
  manifest: Manifest,
  verification: Verification,
  { output, size: bytes }: Pick<Written, 'output' | 'size'>,
  { width, zone }: ScreenOptions,
): string => {
  const counts = countsOf(manifest.entries);
  const name = output === '-' ? 'standard output' : shown(output);
  const what = listed([
    count(counts.files, 'file'),
    count(counts.links, 'link'),
    ...(counts.others > 0 ? [count(counts.others, 'other')] : []),
  ]);
  const agentHost = agentHostOf({ ...verification, manifest });
  const whose = agentHost === undefined ? `a copy on ${shown(manifest.host.name)}` : shown(agentHost);
  const lines = [
    wrap(
      `${name}: ${what} of ${whose} (${sizeText(counts.bytes)}, packed ${sizeText(bytes)}), as of ${isoText(manifest.taken, zone)}`,
      width,
      '',
      '  ',
    ),
    ...(['strict', 'nonStrict'] as const).map((mode) =>
      wrap(`${modeName(mode)}: ${shown(verdictText(verification, mode))}`, width, '', '  '),
    ),
  ];
  const { redacted } = manifest;
  if (redacted !== null) {
    lines.push(
      wrap(
        `blanked: ${count(redacted.values, 'value')}, ${sizeText(redacted.bytes)} in all; ` +
          (redacted.scope === 'all'
            ? 'names, paths, images and messages are not'
            : 'commands, labels and URIs are not (--redact=all)') +
          ', so look at them before you pass it on',
        width,
        '',
        '  ',
      ),
    );
  }
  return `${lines.join('\n')}\n`;
};

/** What the reader of a snapshot has to know, a line each, for standard error. */
export const snapshotWarnings = (manifest: Manifest): readonly string[] => [
  ...manifest.changes.map(changeText),
  ...unreadableIn(manifest).map(
    ({ path, code, at }) => `${path} cannot be read from byte ${at} on (${code}); the snapshot has what is before it`,
  ),
  ...(manifest.redacted?.unsure ?? []).map(
    (path) => `${path} is not as the agent writes it: what could not be told from a secret was blanked`,
  ),
  ...(manifest.redacted?.verdictsKept === false
    ? ['with these values blanked, verify predicts something else; the manifest has the prediction from before']
    : []),
];

/** That an archive is not as any tree was, for standard error. */
export const oddMembersWarning = ({ length }: { readonly length: number }): readonly string[] =>
  length === 0
    ? []
    : [
        // So many are told, and no more are counted.
        `${length < MAX_ODD ? '' : 'at least '}${count(length, 'member')} of the archive ` +
          `${verb(length, 'replaces another', 'replace others')} or cannot be unpacked: ` +
          `the snapshot has what tar makes of it, and verify of that archive names ${verb(length, 'it', 'them')}`,
      ];

const changeText = ({ path, what, retries, settled }: ManifestChange): string => {
  const how = { changed: 'changed', appeared: 'was made', vanished: 'was removed' }[what];
  if (!settled) return `${path} ${how} while it was read, again and again: what the snapshot has of it may be torn`;
  return `${path} ${how} while the snapshot was taken; it was read again (${count(retries, 'time')})`;
};
