import type { Finding } from '../../findings/finding.ts';
import * as names from '../../layout/names.ts';
import { type Alternative, type Bench, setAside } from './bench.ts';
import { executorLoss, frameworkLoss, ownersOf } from './losses.ts';

/** What is left where nothing else helps: to take the executor out of what the agent sees, or its framework. */
export const withoutOwner = ({ path }: Finding, bench: Bench): readonly Alternative[] => {
  const { inFramework, inExecutor } = ownersOf(bench.found, path.replace(/^slaves\//, 'meta/slaves/'));
  const executor =
    inExecutor === undefined
      ? []
      : [
          ...setAside(bench, `${inExecutor.path}/${names.EXECUTOR_INFO}`),
          ...setAside(bench, inExecutor.path, { what: 'set aside the folder of the executor' }),
        ].map((each) => ({ ...each, loses: executorLoss(bench.found, inExecutor.path) }));
  const framework =
    inFramework === undefined
      ? []
      : [
          ...setAside(bench, `${inFramework.path}/${names.FRAMEWORK_INFO}`),
          ...setAside(bench, inFramework.path, { what: 'set aside the folder of the framework' }),
        ].map((each) => ({ ...each, loses: frameworkLoss(bench.found, inFramework.path) }));
  return [...executor, ...framework];
};

/** Where a finding lies behind a link, to take that away, and with it all that is seen through it. */
export const withoutLink = ({ path }: Finding, bench: Bench): readonly Alternative[] => {
  const parts = path.split('/');
  for (let length = 1; length < parts.length; length++) {
    const above = parts.slice(0, length).join('/');
    if (bench.base.source.kindOf(above) !== 'link') continue;
    const name = parts[length - 1] ?? '';
    return setAside(bench, above, {
      what: `set aside the link ${name}`,
      loses: 'what the agent finds through the link',
    });
  }
  return [];
};
