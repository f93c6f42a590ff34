import { count } from '../../text/words.ts';
import { about, ok, type PreflightCheck, warn } from './check.ts';

/** Operations that wait. */
export const operations: PreflightCheck<'operations'> = {
  code: 'operations',
  title: 'No operation is pending',
  explanation:
    'Operations on resources (reserve, create and their like) that a framework wants to hear of are checkpointed until it has. A start keeps them and sends what was not acknowledged again; a version below 1.8.0 does not read them.',
  remedy:
    'Before a downgrade below 1.8.0, let the framework acknowledge the operations. A version from 1.8.0 on keeps them.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts }) =>
    about(facts.checkpoint, ({ verification, mode }) => {
      const { impact } = verification[mode];
      const { state, stateTarget } = verification.checkpoint.resources;
      const file = stateTarget.kind === 'whole' ? stateTarget : state;
      const there = file.kind === 'whole' ? file.value.operations.length : 0;
      if (there === 0) return [ok('none')];
      const forgotten = there - impact.operations;
      const found = `${count(there, 'operation')} of frameworks`;
      return [
        forgotten > 0
          ? warn(`${found}: ${forgotten} of them will not be read`)
          : ok(`${found} ${there === 1 ? 'is' : 'are'} kept`),
      ];
    }),
};
