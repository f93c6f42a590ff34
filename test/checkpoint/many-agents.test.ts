import { expect, it } from 'vitest';
import { Loader } from '../../src/checkpoint/load.ts';
import { MemorySource } from '../../src/source/memory.ts';
import { type Entry, type Errno, isErrno } from '../../src/source/source.ts';
import { type FolderNode, HOME } from '../support/trees.ts';

/** A tree that counts how often the names in its listings are looked at. */
class Looked extends MemorySource {
  names = 0;
  override list(folder: string): readonly Entry[] | Errno {
    const entries = super.list(folder);
    if (isErrno(entries)) return entries;
    const look = (name: string): string => {
      this.names++;
      return name;
    };
    return entries.map(({ name, kind }) => ({
      kind,
      get name() {
        return look(name);
      },
    }));
  }
}

const emptyFolder = (): FolderNode => ({ kind: 'folder', children: new Map() });

/** How many names are looked at where so many agents have folders, and none of them is the latest. */
const namesOf = (agents: number): number => {
  const slaves = emptyFolder();
  for (let agent = 0; agent < agents; agent++) slaves.children.set(`agent-${agent}`, emptyFolder());
  const meta: FolderNode = { kind: 'folder', children: new Map([['slaves', slaves]]) };
  const source = new Looked('many', { kind: 'folder', children: new Map([['meta', meta]]) });
  expect(new Loader({ source, home: HOME }).checkpoint().unnamedAgents).toHaveLength(agents);
  return source.names;
};

it('agents of which none is the latest are read with as much work for each, however many there are', () => {
  const few = namesOf(500);
  expect(few).toBeGreaterThan(500);
  expect(namesOf(1000) / few).toBeLessThan(2.1);
});
