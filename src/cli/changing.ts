import type { ChangeOptions } from '../apply/changing.ts';
import { count } from '../text/words.ts';
import type { Io } from './io.ts';

/** What a command that changes a tree says and looks at, beside what it watches. */
export const changeOptions = (io: Io): Pick<ChangeOptions, 'onUnseen' | 'processes'> => ({
  processes: io.processes,
  onUnseen: (processes) => sayUnseen(processes, io),
});

const sayUnseen = (processes: number, io: Io): void => {
  if (process.getuid?.() === 0) return;
  io.err(
    `mesos-ckpt: ${count(processes, 'process', 'processes')} of other users could not be looked into, so ` +
      'what they have open is not known: run as root to be sure that no agent runs\n',
  );
};
