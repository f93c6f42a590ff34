import type { Unlike } from '../../compare/trees.ts';
import { received, type Sent, toSend } from '../../verify/threads/sent.ts';
import type { ExecutorPair } from './pair-reader.ts';

const NOTHING_UNLIKE: readonly Unlike[] = [];

/** A pair as it is sent: see `Sent`. */
export interface SentPair extends Pick<ExecutorPair, 'unlike' | 'holds'> {
  readonly own: Sent | undefined;
  readonly others: Sent | undefined;
}

/** Makes a pair what is sent of it: what stands for both is sent once. */
export const pairToSend = ({ own, others, unlike, holds }: ExecutorPair): SentPair => {
  const first = own && toSend(own);
  return { own: first, others: others === own ? first : others && toSend(others), unlike, holds };
};

/** A pair that came in a message, as it was before it was sent. */
export const receivedPair = ({ own, others, unlike, holds }: SentPair): ExecutorPair => {
  const first = own && received(own);
  return {
    own: first,
    others: others === own ? first : others && received(others),
    // Mostly there is nothing, and one list of that is enough.
    unlike: unlike?.length === 0 ? NOTHING_UNLIKE : unlike,
    holds,
  };
};
