import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/source/memory.ts';
import { StandingFolders } from '../../src/source/standing-folders.ts';
import { loadTree } from '../support/trees.ts';
import { outlineOf, pathsOf } from '../support/walk.ts';

/** A tree in memory that notes what is asked. */
class Asked extends MemorySource {
  readonly kinds: string[] = [];
  override kindOf(path: string): ReturnType<MemorySource['kindOf']> {
    this.kinds.push(path);
    return super.kindOf(path);
  }
}

const asked = (): Asked => new Asked('asked', loadTree('marathon').root);

describe('standing folders', () => {
  it('are asked for once, and nothing else is', () => {
    const base = asked();
    const source = new StandingFolders(base);
    for (const path of ['meta', 'meta/slaves', 'meta', 'meta/boot_id', 'meta/boot_id', 'meta/none', 'meta/none', '']) {
      expect(source.kindOf(path)).toBe(loadTree('marathon').kindOf(path));
    }
    expect(base.kinds).toEqual(['meta', 'meta/slaves', 'meta/boot_id', 'meta/boot_id', 'meta/none', 'meta/none', '']);
  });

  it('show what is there', () => {
    const base = asked();
    const source = new StandingFolders(base);
    expect(outlineOf(source)).toEqual(outlineOf(base));
    for (const path of pathsOf(base)) {
      expect(source.kindOf(path)).toBe(base.kindOf(path));
      expect(source.linkTarget(path)).toEqual(base.linkTarget(path));
      expect(source.modified(path)).toBe(base.modified(path));
    }
  });
});
