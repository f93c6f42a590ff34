import type { HostReport } from '../../fleet/report.ts';
import { shown } from '../../text/escape.ts';
import type { ScreenOptions } from '../../text/style.ts';
import { count, sizeText } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { AT_STAKE, hostsTable } from '../fleet/hosts.ts';

/** What was written, for a terminal: whose report it is, and what is not redacted in it. */
export const reportScreen = (
  summaries: readonly HostReport[],
  { output, size }: { readonly output: string; readonly size: number },
  options: ScreenOptions,
): string => {
  const where = output === '-' ? 'standard output' : shown(output);
  const lead = `Wrote ${where}: the report of ${count(summaries.length, 'agent')}, ${sizeText(size)}.`;
  return `${hostsTable(summaries, options)}${wrap(AT_STAKE, options.width)}\n\n${wrap(lead, options.width)}\n${wrap(REDACTED, options.width)}\n`;
};

const REDACTED =
  'Secrets in it are redacted. Ids, names, command lines, URIs and labels are not: look at them before you pass it on.';
