import type { Checkpoint } from '../checkpoint/model.ts';
import type { Verification } from './verification.ts';

/** The host's name in the agent's own info, which is that of `--hostname` where it was set; undefined where none is there. */
export const ownHostOf = (checkpoint: Checkpoint | undefined): string | undefined => {
  const info = checkpoint?.agent?.info;
  return info?.kind === 'whole' && info.value.hostname !== '' ? info.value.hostname : undefined;
};

/**
 * The name of the host that the agent runs on: by its own info, or else by what took a copy there; undefined where nothing tells.
 * The machine that a snapshot of a copy was taken on is another one.
 */
export const agentHostOf = ({
  checkpoint,
  manifest,
  collected,
}: Pick<Verification, 'checkpoint' | 'manifest' | 'collected'>): string | undefined =>
  ownHostOf(checkpoint) ?? collected?.hostName ?? (manifest?.inPlace === true ? manifest.host.name : undefined);
