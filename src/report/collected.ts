import type { CollectedAbout } from '../source/collected/tree.ts';
import { shown } from '../text/escape.ts';
import { isoText } from '../text/time.ts';

/** Says of a host that was collected which it is, and how it was looked at. */
export const collectedSentence = ({ hostName, time, isRoot, isRedacted }: CollectedAbout, zone?: string): string => {
  const how = [...(isRoot ? [] : ['not as root']), ...(isRedacted ? ['with --redact'] : [])].join(' and ');
  return `This was collected from ${hostName === undefined ? 'a host' : shown(hostName)} at ${isoText(time, zone)}${how === '' ? '' : `, ${how}`}.`;
};
