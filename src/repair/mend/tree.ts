import { baseName, isErrno, join } from '../../source/source.ts';
import { cut, readerOf, realPlace, setAside } from './alternatives.ts';
import { operationLogCuts, taskLogCuts } from './log-cuts.ts';
import { mendLog } from './logs.ts';
import { agentLoss, executorLoss, frameworkLoss, taskLoss } from './losses.ts';
import type { Mender } from './mender.ts';
import { mendResourcesInfo, mendState } from './resources.ts';
import { setAsidePid } from './run.ts';

/** `slaves/latest`, or slave.info: what is left is a new agent. */
export const forgetAgent: Mender = ({ path }, workspace) =>
  setAside(workspace, path, { loses: agentLoss(workspace.found), needs: '--accept-new-agent' });

/** A `latest` that leads out of the work_dir: what it names is beside it, and nothing is lost by naming it here. */
export const makeLatestAgain =
  (withoutIt: Mender): Mender =>
  (finding, workspace, earlier) => {
    const { path } = finding;
    const { source, home } = workspace.base;
    const place = realPlace(workspace.base, path);
    const target = place === undefined ? { code: 'ENOENT' } : source.linkTarget(place);
    const others = withoutIt(finding, workspace, earlier);
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
export const setAsideFile: Mender = (finding, workspace, earlier) => {
  const { path } = finding;
  switch (baseName(path)) {
    case 'slave.info':
      return forgetAgent(finding, workspace, earlier);
    case 'framework.info':
    case 'framework.pid':
      return setAside(workspace, path, { loses: frameworkLoss(workspace.found, path) });
    case 'executor.info':
      return setAside(workspace, path, { loses: executorLoss(workspace.found, path) });
    case 'task.info':
      return setAside(workspace, path, { loses: taskLoss(workspace.found, path) });
    case 'resources_and_operations.state':
      return setAside(workspace, path, { loses: 'pending operations' });
    case 'resources.info':
      return mendResourcesInfo(finding, workspace, earlier);
    case 'resources_and_operations.target':
    case 'resources.target':
      return setAside(workspace, path, { loses: 'the change of resources that was under way' });
    default:
      return setAside(workspace, path);
  }
};

/** A FIFO in the place of a file: it goes, as the file would that is damaged. */
export const mendFifo: Mender = (finding, workspace, earlier) => {
  switch (baseName(finding.path)) {
    case 'forked.pid':
    case 'libprocess.pid':
      return setAsidePid(finding, workspace, earlier);
    case 'task.updates':
    case 'operation.updates':
      return mendLog(finding, workspace, earlier);
    case 'resources_and_operations.state':
      return mendState(finding, workspace, earlier);
    default:
      return setAsideFile(finding, workspace, earlier);
  }
};

/** A record that is announced with 2 GiB and more: in a log all from there on goes, else the file. */
export const mendOversized: Mender = (finding, workspace, earlier) => {
  const { path } = finding;
  const name = baseName(path);
  if (name !== 'task.updates' && name !== 'operation.updates') return setAsideFile(finding, workspace, earlier);
  const cuts = (name === 'task.updates' ? taskLogCuts : operationLogCuts)(readerOf(workspace), path, 'file');
  const spans = cuts?.tail === undefined ? [] : [cuts.tail];
  return [...cut(workspace, path, spans, { loses: 'the records after it' }), ...setAside(workspace, path)];
};
