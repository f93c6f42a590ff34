import type { LatestLink } from '../checkpoint/files.ts';
import * as names from '../layout/names.ts';
import type { Context } from './context.ts';

/** Where a `latest` link leads that leaves the work_dir, and the command that makes it anew; `folder` holds the link. */
export const latestOutsideText = (
  context: Context,
  folder: string,
  { name, target }: Extract<LatestLink, { kind: 'outside' }>,
): string =>
  `it leads out of ${context.home}, to ${target}; '${name}' is beside it, and is named again by: ` +
  `ln -sfn ${context.full(`${folder}/${name}`)} ${context.full(`${folder}/${names.LATEST}`)}`;
