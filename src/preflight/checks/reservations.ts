import { ifKnown } from '../../host/known.ts';
import { count, some } from '../../text/words.ts';
import { about, dontKnow, fail, ok, type PreflightCheck } from './check.ts';

/** Whether reservations and volumes still fit. */
export const reservations: PreflightCheck<'reservations'> = {
  code: 'reservations',
  title: 'Reservations and volumes fit the resources',
  explanation:
    'Checkpointed dynamic reservations and persistent volumes must fit the resources that the agent starts with: a disk that shrank, or a --resources that names less, makes it refuse in either mode, after a reboot too, and a removed slaves/latest does not help.',
  remedy: 'Start the agent with at least the resources that are reserved; let the frameworks unreserve what is to go.',
  visibility: 'Run this on the host itself, as root, or give --resources behind --.',
  judge: ({ facts }) =>
    about(facts.agentInfo, ({ fit, comparison }) => {
      if (fit.kind === 'does-not-fit') {
        const places = comparison.built.parts
          .filter(({ field }) => field.startsWith('resources'))
          .map(({ from }) => from);
        return [fail(`the agent refuses to start: ${fit.message}`, some([...new Set(places)]))];
      }
      if (fit.kind === 'unknown') {
        return [
          dontKnow(`it depends on ${some(fit.because.map(({ field, why, from }) => `${field}: ${why ?? from}`))}`),
        ];
      }
      const read = ifKnown(facts.checkpoint);
      const impact = read?.verification[read.mode].impact;
      const kept = impact?.reservations.kept.length ?? 0;
      const volumes = impact?.volumes.kept.length ?? 0;
      return [
        ok(
          kept + volumes === 0
            ? 'nothing is reserved'
            : `${count(kept, 'reservation')} and ${count(volumes, 'volume')} fit`,
        ),
      ];
    }),
};
