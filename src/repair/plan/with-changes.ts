import { OverlaySource } from '../../source/overlay.ts';
import type { Source } from '../../source/source.ts';
import type { Change } from './change.ts';

/**
 * A tree as it would be with changes made to it, one after the other.
 * @throws OverlayConflict where one does not fit the tree
 */
export const withChanges = (source: Source, changes: Iterable<Change>): OverlaySource => {
  const overlay = new OverlaySource(source);
  for (const change of changes) make(overlay, change);
  return overlay;
};

const make = (overlay: OverlaySource, change: Change): void => {
  switch (change.kind) {
    case 'set-aside':
      overlay.remove(change.path);
      return;
    case 'cut':
      overlay.cut(change.path, change.spans);
      return;
    case 'create-file':
      overlay.createFile(change.path, change.bytes);
      return;
    case 'create-link':
      overlay.createLink(change.path, change.target);
      return;
    case 'create-folder':
      overlay.createFolder(change.path);
  }
};
