import { isTemporaryName } from '../../layout/names.ts';
import { baseName } from '../../source/source.ts';
import { some } from '../../text/words.ts';
import { about, ok, type PreflightCheck, warn } from './check.ts';

/** Files that were being written when the agent ended. */
export const temporaryFiles: PreflightCheck<'temporary-files'> = {
  code: 'temporary-files',
  title: 'No write was cut short',
  explanation:
    'The agent writes a file under six random characters beside its place, and renames it. A crash leaves such a file behind: what it was to replace is then old, and after a power loss the file that replaced it may be empty. In a folder of ids its name is taken for an id.',
  remedy:
    'Look at what it was to be: it may be the newer version of the file beside it. Then move it away; the agent never does.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts }) =>
    about(facts.checkpoint, ({ verification }) => {
      const paths = verification.findings
        .filter(
          ({ code, path }) =>
            code === 'temporary-file' || (code === 'unknown-entry' && isTemporaryName(baseName(path))),
        )
        .map(({ path }) => path);
      return [
        paths.length === 0
          ? ok('none is left')
          : warn(
              'a write was cut short',
              some(
                paths.map((path) => `${verification.home}/${path}`),
                3,
              ),
            ),
      ];
    }),
};
