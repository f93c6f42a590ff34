import * as names from '../../layout/names.ts';
import { baseName, isErrno, join } from '../../source/source.ts';
import { operationLogCuts, taskLogCuts } from '../log-cuts.ts';
import { cut, type Mender, readerOf, realPlace, setAside } from './bench.ts';
import { mendLog } from './logs.ts';
import { agentLoss, executorLoss, frameworkLoss, taskLoss } from './losses.ts';
import { mendResourcesInfo, mendState } from './resources.ts';
import { setAsidePid } from './run.ts';

/** `slaves/latest`, or slave.info: what is left is a new agent. */
export const forgetAgent: Mender = ({ path }, bench) =>
  setAside(bench, path, { loses: agentLoss(bench.found), needs: '--accept-new-agent' });

/** A `latest` that leads out of the work_dir: what it names is beside it, and nothing is lost by naming it here. */
export const makeLatestAgain =
  (withoutIt: Mender): Mender =>
  (finding, bench, earlier) => {
    const { path } = finding;
    const { source, home } = bench.base;
    const place = realPlace(bench.base, path);
    const target = place === undefined ? { code: 'ENOENT' } : source.linkTarget(place);
    const others = withoutIt(finding, bench, earlier);
    if (place === undefined || isErrno(target)) return others;
    // Beside the link, wherever its folder really is.
    const beside = join(place.slice(0, place.lastIndexOf('/')), baseName(target.replace(/\/+$/, '')));
    return [
      {
        changes: [
          { kind: 'set-aside', path: place },
          { kind: 'create-link', path: place, target: join(home, beside), like: beside },
        ],
        what: `make latest again, to ${baseName(beside)} in this work_dir`,
        loses: '',
      },
      ...others,
    ];
  };

/** Any file, by what is lost with it. */
export const setAsideFile: Mender = (finding, bench, earlier) => {
  const { path } = finding;
  switch (baseName(path)) {
    case names.SLAVE_INFO:
      return forgetAgent(finding, bench, earlier);
    case names.FRAMEWORK_INFO:
    case names.FRAMEWORK_PID:
      return setAside(bench, path, { loses: frameworkLoss(bench.found, path) });
    case names.EXECUTOR_INFO:
      return setAside(bench, path, { loses: executorLoss(bench.found, path) });
    case names.TASK_INFO:
      return setAside(bench, path, { loses: taskLoss(bench.found, path) });
    case names.RESOURCE_STATE:
      return setAside(bench, path, { loses: 'pending operations' });
    case names.RESOURCES_INFO:
      return mendResourcesInfo(finding, bench, earlier);
    case names.RESOURCE_STATE_TARGET:
    case names.RESOURCES_TARGET:
      return setAside(bench, path, { loses: 'the change of resources that was under way' });
    default:
      return setAside(bench, path);
  }
};

/** A FIFO in the place of a file: it goes, as the file would that is damaged. */
export const mendFifo: Mender = (finding, bench, earlier) => {
  switch (baseName(finding.path)) {
    case names.FORKED_PID:
    case names.LIBPROCESS_PID:
      return setAsidePid(finding, bench, earlier);
    case names.TASK_UPDATES:
    case names.OPERATION_UPDATES:
      return mendLog(finding, bench, earlier);
    case names.RESOURCE_STATE:
      return mendState(finding, bench, earlier);
    default:
      return setAsideFile(finding, bench, earlier);
  }
};

/** A record that is announced with 2 GiB and more: in a log all from there on goes, else the file. */
export const mendOversized: Mender = (finding, bench, earlier) => {
  const { path } = finding;
  const name = baseName(path);
  if (name !== names.TASK_UPDATES && name !== names.OPERATION_UPDATES) return setAsideFile(finding, bench, earlier);
  const cuts = (name === names.TASK_UPDATES ? taskLogCuts : operationLogCuts)(readerOf(bench), path, 'file');
  const spans = cuts?.tail === undefined ? [] : [cuts.tail];
  return [...cut(bench, path, spans, { loses: 'the records behind' }), ...setAside(bench, path)];
};
