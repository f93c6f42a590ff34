import type { Verification } from './verification.ts';

/**
 * The name of the host that the agent runs on: by its own info, or else by what took a copy there; undefined where nothing tells.
 * The machine that a snapshot of a copy was taken on is another one.
 */
export const agentHostOf = ({
  checkpoint,
  manifest,
  collected,
}: Pick<Verification, 'checkpoint' | 'manifest' | 'collected'>): string | undefined => {
  const info = checkpoint.agent?.info;
  const own = info?.kind === 'whole' ? info.value.hostname : '';
  if (own !== '') return own;
  return collected?.hostName ?? (manifest?.inPlace === true ? manifest.host.name : undefined);
};
