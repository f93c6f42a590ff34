import type { Checkpoint } from '../checkpoint/model.ts';
import type { Opened } from '../checkpoint/open.ts';
import { type Finding, findingOf } from '../findings/finding.ts';
import { isRunning } from '../recovery/living.ts';
import type { Boot } from './boot.ts';
import type { VerifyOptions } from './verification.ts';

/** What was assumed of the tree's place and of sandboxes that were not seen. */
export const assumptionFindings = (
  opened: Opened,
  checkpoint: Checkpoint,
  boot: Boot,
  options: Pick<VerifyOptions, 'ownBootId' | 'sandboxes'> & { readonly judgeSandboxes: boolean },
): readonly Finding[] => {
  const found: Finding[] = [];
  const isPlaceKnown = opened.from === 'archive' || opened.inPlace || opened.isPlaceGiven;
  if (!isPlaceKnown && boot.checkpointed !== undefined && boot.checkpointed === options.ownBootId) {
    const message = `its links say ${opened.tree.home}, and it is read at ${opened.tree.source.name}`;
    found.push(findingOf('place-assumed', { path: '' }, message));
  }
  if (!options.judgeSandboxes && options.sandboxes === 'auto' && runsAnything(checkpoint)) {
    const message = 'only meta is here, so whether a sandbox is missing was not checked';
    found.push(findingOf('sandboxes-not-seen', { path: 'slaves' }, message));
  }
  return found;
};

/** Whether an executor runs whose sandbox the agent looks for. */
const runsAnything = ({ agent }: Checkpoint): boolean =>
  agent?.frameworks.some(({ executors, ordinary }) => ordinary.some(isRunning) || executors.some(isRunning)) === true;
