import type { HostReport } from './report.ts';

/**
 * By what the reports of one host are known among others; undefined where nothing tells. A name that was made of a path is that of
 * a path on the machine that judged it; what agents call themselves, or hosts that nobody gave a name, is told apart by the
 * agents' ids.
 */
export const identityOf = ({ host, hostFrom, judgedOn, path, agent }: HostReport): string | undefined => {
  if (host === undefined || (hostFrom === 'path' && judgedOn === undefined)) return undefined;
  if (hostFrom === 'path') return JSON.stringify(['path', judgedOn, path]);
  const isWeak = hostFrom === 'slave.info' || host.startsWith('localhost');
  return JSON.stringify(isWeak ? [host, agent] : [host]);
};
