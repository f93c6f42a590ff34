import type { Detail } from '../checkpoint/folder-files.ts';
import { Loader } from '../checkpoint/load.ts';
import type { Opened } from '../checkpoint/open.ts';
import { placeOf } from '../layout/place.ts';
import type { Rules } from '../recovery/versions.ts';
import { baseName } from '../source/source.ts';
import { inspectCheckpoint } from './checkpoint.ts';
import { inspectAgent, inspectExecutor, inspectFramework, inspectRun, inspectTask } from './entries.ts';
import type { Contents, Inspected, InspectedPlace } from './inspected.ts';

const NOTHING: Contents = {
  checkpoint: undefined,
  agent: undefined,
  framework: undefined,
  executor: undefined,
  run: undefined,
  task: undefined,
};

/**
 * Reads what was opened, and no more than that, as an agent with the given rules would. Infos of executors and tasks are
 * whole messages where `detail` asks for it.
 * @throws AccessDenied where this process may not read what the agent may
 */
export const inspect = (opened: Opened, rules: Rules, detail: Detail): Inspected => {
  const place = idsOf(opened);
  return { ...NOTHING, ...read(opened, place, rules, new Loader(opened.tree, detail)), ...identity(opened, place) };
};

const identity = (opened: Opened, place: InspectedPlace) => ({ level: opened.level, path: opened.path, place });

/** The ids that lead to what was opened. The name of what was opened is its id, even that of a link. */
const idsOf = ({ level, path }: Opened): InspectedPlace => {
  const { agent, framework, executor, run, task } = placeOf(path);
  return { agent, framework, executor, run, task, ...(level in IDS ? { [level]: baseName(path) } : {}) };
};

const IDS = { agent: true, framework: true, executor: true, run: true, task: true };

const read = (opened: Opened, place: InspectedPlace, rules: Rules, loader: Loader): Partial<Contents> => {
  const { path } = opened;
  const { agent = '', framework = '', executor = '', run = '', task = '' } = place;
  const ids = { agent, framework, executor };
  switch (opened.level) {
    case 'work_dir':
    case 'meta': {
      const checkpoint = loader.checkpoint();
      // Where latest names none, there is no doubt about which one is meant where there is only one.
      const { unnamedAgents } = checkpoint;
      const shown = checkpoint.agent ?? (unnamedAgents.length === 1 ? unnamedAgents[0] : undefined);
      return {
        checkpoint: inspectCheckpoint(checkpoint, rules),
        agent: shown && inspectAgent(shown, rules),
      };
    }
    case 'agent':
      return { agent: inspectAgent(loader.agent(agent, path, 'folder'), rules) };
    case 'framework':
      return { framework: inspectFramework(loader.framework(agent, framework, path, 'folder'), rules) };
    case 'executor':
      return { executor: inspectExecutor(loader.executor(ids, path, 'folder'), rules) };
    case 'run':
      return { run: inspectRun(loader.run(ids, run, path, 'folder'), undefined, rules) };
    case 'task':
      return { task: inspectTask(loader.task(ids, task, path, 'folder'), rules) };
  }
};
