import { agentsIn } from '../../checkpoint/several.ts';
import type { HostReport } from '../../fleet/report.ts';
import { during } from '../../program/progress.ts';
import { reportScreen } from '../../report/page/screen.ts';
import { UnwritableFile } from '../../snapshot/write.ts';
import type { Define, Session } from '../command.ts';
import { EXIT } from '../exit.ts';
import { Interrupted, sayFailure } from '../failure.ts';
import { screenOf } from '../io.ts';
import { pathsOf } from '../many/paths.ts';
import { checkOutput, checkOutside, madeAhead, writeOutput } from '../output-file.ts';
import { checkReportUsage, declareReport, type ReportOptions } from '../report/options.ts';
import { documentPieces, pagePieces, type Reported } from '../report/pieces.ts';
import { STANDARD_OUTPUT } from '../standard.ts';

export const define: Define = (command, session) =>
  declareReport(command).action(async (paths, options) => session.exit(await report(paths, options, session)));

/** `report PATH... -o FILE`: writes the page, or prints its data, and returns the worst of the exit codes of `verify`. */
const report = async (given: readonly string[], options: ReportOptions, session: Session): Promise<number> => {
  checkReportUsage(given, options);
  const { io } = session;
  const { output, root, journal, fromList, force } = options;
  // A host or a journal tells what is to be read.
  const isTold = given.length === 0 && fromList === undefined && (root !== undefined || journal !== undefined);
  const { paths, areSeveral } = isTold
    ? { paths: [undefined], areSeveral: false }
    : pathsOf(given, fromList, agentsIn, io);
  const summaries: HostReport[] = [];
  const reported: Reported = {
    ...{ paths, areSeveral, summaries, exitCode: EXIT.recovers },
    onJudged: ({ opened }) => {
      if (output !== undefined && output !== STANDARD_OUTPUT) checkOutside(opened, output);
    },
  };
  try {
    if (output === undefined) await print(reported, options, session);
    else {
      checkOutput(output, force === true);
      const assets = await import('../../report/page/generated/assets.ts');
      const pieces = pagePieces(reported, assets, options, session);
      const size = await during('writing the page', undefined, async () => {
        const ready = output === STANDARD_OUTPUT ? pieces : await madeAhead(pieces);
        return await writeOutput(output, ready, { force: force === true }, io);
      });
      const say = output === STANDARD_OUTPUT ? io.err : io.out;
      say(reportScreen(reported.summaries, { output, size }, screenOf(io)));
    }
    return reported.exitCode;
  } catch (error) {
    const isOfOutput = error instanceof UnwritableFile || error instanceof Interrupted;
    const at = isOfOutput ? (output ?? '') : (paths[0] ?? root ?? journal ?? '');
    return sayFailure(at, error, options.json === true, io);
  }
};

/** So many characters are written at a time. */
const PIECE = 256 * 1024;

const print = async (reported: Reported, options: ReportOptions, session: Session): Promise<void> => {
  const { out } = session.io;
  let waiting = '';
  for await (const piece of documentPieces(reported, options, session)) {
    waiting += piece;
    if (waiting.length < PIECE) continue;
    out(waiting);
    waiting = '';
  }
  out(waiting);
};
