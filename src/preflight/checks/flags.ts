import { originText } from '../facts/settings.ts';
import { dontKnow, fail, ok, type PreflightCheck, ROOT_WOULD_SEE, type Row, warn } from './check.ts';

/** The flags that the agent will start with. */
export const flags: PreflightCheck<'flags'> = {
  code: 'flags',
  title: 'The flags are known, and the agent takes them',
  explanation:
    'The flags decide where the checkpoint is, whether the agent is strict, and what it may change. They are read from every place that the installed distribution uses, in the order in which the agent would get them, and each must be one that the version knows and can parse: the agent does not start with any other.',
  remedy:
    'Correct the flag at the place that is named; mesos-ckpt preflight --flags lists all of them with their places.',
  visibility:
    'Give the flags behind --, as in mesos-ckpt preflight -- --work_dir=/var/lib/mesos, or run this where the agent is installed.',
  judge: ({ facts: { flags: found } }) => {
    const all = [...found.flags.values()];
    if (!found.isKnown) return [dontKnow('nothing here tells the flags of an agent, so that defaults are assumed')];
    if (found.refusals.length > 0) {
      return found.refusals.map(({ message, origin }) =>
        fail(`the agent does not start: ${message}`, origin && originText(origin)),
      );
    }
    const rows: Row[] = [];
    // What the running agent was started with is of use only where files do not tell all.
    const unseen = found.looked
      .filter(({ place, outcome }) => outcome === 'unseen' && (place.startsWith('/') || !found.isComplete))
      .map(({ place }) => place);
    if (unseen.length > 0) {
      rows.push(dontKnow(`${unseen.join(', ')} may set flags, and could not be read`, undefined, ROOT_WOULD_SEE));
    }
    const untold = all.filter((flag) => flag.unknown !== undefined);
    for (const { name, unknown, origin } of untold) rows.push(dontKnow(`--${name}: ${unknown}`, originText(origin)));
    // Their values are in the listing of the flags, which knows what is secret.
    const differences = found.running?.differences.map(({ name }) => `--${name}`) ?? [];
    if (differences.length > 0) {
      rows.push(
        warn(
          `the next start changes ${differences.join(', ')}`,
          `pid ${found.running?.pid}`,
          'Make sure that this is meant: mesos-ckpt preflight --flags shows what is now, and what will be.',
        ),
      );
    }
    if (rows.length > 0) return rows;
    const places = [...new Set(all.map(({ origin }) => origin.place))];
    const text = `${all.length} set${places.length === 0 ? '' : `, in ${places.join(', ')}`}`;
    return [
      found.isComplete || all.length > 0 ? ok(text) : dontKnow(`${text}; others may be set where nothing was found`),
    ];
  },
};
