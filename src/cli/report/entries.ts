import { versionText } from '../../agent/version.ts';
import type { FileReader } from '../../checkpoint/read.ts';
import { type GradualInspection, inspectGradually } from '../../inspect/inspect.ts';
import type { InspectedExecutor, InspectedFramework } from '../../inspect/inspected.ts';
import { timeLineBy } from '../../inspect/time-line.ts';
import { rulesOf } from '../../recovery/versions.ts';
import type { InspectionAbout } from '../../report/inspect/json.ts';
import type { TimeLine } from '../../report/page/document.ts';
import { timeLineJson } from '../../report/page/time-line.ts';
import type { JudgedAgent } from './judge.ts';

/** What is inspected of an agent for its report: all of it, secrets redacted. */
export const inspectionOf = ({ opened, verification }: JudgedAgent): GradualInspection =>
  inspectGradually(opened, rulesOf(verification.version), 'whole');

export const inspectionAbout = ({ path, opened, verification }: JudgedAgent): InspectionAbout => ({
  path,
  workDir: opened.tree.home,
  inPlace: opened.inPlace,
  mesosVersion: versionText(verification.version),
  showSecrets: false,
  selection: { framework: [], executor: [], task: [], damaged: false },
});

/** The executors of a framework, read one by one. */
export function* executorsOf(all: GradualInspection, framework: InspectedFramework): Generator<InspectedExecutor> {
  const folder = all.folderOf(framework);
  for (let number = 0; number < (folder?.entries.length ?? 0); number++) {
    const executor = folder?.read(number);
    if (executor !== undefined) yield executor;
  }
}

/** Reads the time lines of an executor's tasks, by the paths of the tasks; none of those that have no log to be read. */
export const timeLinesOf = (reader: FileReader, { runs }: InspectedExecutor): ReadonlyMap<string, TimeLine> =>
  new Map(
    runs.flatMap(({ tasks }) =>
      tasks.flatMap((task): readonly (readonly [string, TimeLine])[] => {
        const log = timeLineBy(reader, task);
        return log === undefined ? [] : [[task.path, timeLineJson(log)]];
      }),
    ),
  );
