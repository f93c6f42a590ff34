import type { ArchiveFile } from '../extents.ts';
import type { SpecialKind } from '../source.ts';
import type { Reason } from './reasons.ts';

/** What is known of a file or folder of a collected host but its content. */
export interface CollectedStat {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** In milliseconds since 1970. */
  readonly modified: number;
}

/** A path of a collected host, and what is known of it: what is not said of it is not known. */
export class CollectedNode {
  stat: CollectedStat | undefined;
  /** It is known that nothing is there. */
  isNothing = false;
  /** Why its content, its names or, without `stat`, it itself is not known. */
  reason: Reason | undefined;
  content: ArchiveFile | undefined;
  /** Its content is not here, but that it is no script is known. */
  isNoScript = false;
  target: string | undefined;
  special: SpecialKind | undefined;
  readonly children = new Map<string, CollectedNode>();
  /** All names that it has are among its children. */
  isListed = false;

  /** What it is; undefined where that is not known, or nothing is there. What has something in it is a folder. */
  get kind(): CollectedStat['kind'] | undefined {
    if (this.stat !== undefined) return this.stat.kind;
    if (this.target !== undefined) return 'link';
    if (this.content !== undefined) return 'file';
    return this.children.size > 0 || this.isListed ? 'folder' : undefined;
  }
}
