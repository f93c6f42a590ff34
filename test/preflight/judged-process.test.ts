import { describe, expect, it } from 'vitest';
import type { Process } from '../../src/host/process.ts';
import { judgeProcess } from '../../src/preflight/lives/judged-process.ts';
import { MemorySource } from '../../src/source/memory.ts';
import type { Source } from '../../src/source/source.ts';

const RUN = '0b9d7a4e-5f0c-4a53-9c9b-1d1f2d3c4e5f';
const SANDBOX = `/var/lib/mesos/slaves/s/frameworks/f/executors/e/runs/${RUN}`;
/** When the pid was written, in ms since 1970. */
const WRITTEN = 1_700_000_000_000;
const MINUTE = 60_000;

interface Given {
  readonly started?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly folder?: string;
}

/** How a process with the pid of a run is judged, and of what more was asked for it. */
const judged = ({ started = WRITTEN, environment = {}, command = ['sleep'], folder }: Given) => {
  const asked: string[] = [];
  const owner: Process = {
    pid: 77,
    parent: 1,
    name: 'x',
    state: 'S',
    started,
    command,
    cgroups: [],
    unitGroup: undefined,
    environment: { known: true, value: new Map(Object.entries(environment)) },
    get folder() {
      asked.push('working folder');
      return folder;
    },
    pids: undefined,
  };
  class Timed extends MemorySource {
    override modified(): number {
      asked.push('time of the pid');
      return WRITTEN;
    }
  }
  const source: Source = new Timed('n1');
  const run = { id: RUN, path: `meta/${RUN}`, forkedPid: '77' };
  const processes = { known: true as const, value: new Map([[77, owner]]) };
  const { state } = judgeProcess({ framework: 'f', executor: 'e', run }, { processes, container: undefined }, source);
  return { state, asked };
};

describe('a process with the pid of a run', () => {
  it.each(['MESOS_DIRECTORY', 'MESOS_SANDBOX'])(
    'is the executor where its %s names the run, whatever the clock says',
    (name) => {
      for (const started of [WRITTEN, WRITTEN + 60 * MINUTE]) {
        expect(judged({ started, environment: { [name]: SANDBOX } })).toEqual({ state: 'alive', asked: [] });
      }
    },
  );

  it('is another one where it started later, whatever it is called and wherever it works', () => {
    const started = WRITTEN + 2 * MINUTE;
    for (const given of [{ command: ['tail', '-f', `${SANDBOX}/stdout`] }, { folder: SANDBOX }]) {
      expect(judged({ ...given, started })).toEqual({ state: 'reused', asked: ['time of the pid'] });
      expect(judged(given).state).toBe('alive');
    }
    // Of another run of the executor.
    const environment = { MESOS_DIRECTORY: '/x/runs/another', MESOS_EXECUTOR_ID: 'e', MESOS_FRAMEWORK_ID: 'f' };
    expect(judged({ environment, started }).state).toBe('reused');
  });

  it('is asked for its working folder where nothing else tells', () => {
    expect(judged({ command: ['mesos-executor', RUN] }).asked).toEqual(['time of the pid']);
    expect(judged({}).asked).toEqual(['time of the pid', 'working folder']);
  });
});
