import { originText } from '../../agent/flags/origin.ts';
import { isSupported, versionText } from '../../agent/version.ts';
import { SUPPORTED } from '../../host/versions.ts';
import { excerpt } from '../../text/excerpt.ts';
import { some } from '../../text/words.ts';
import { NO_FLAGS } from '../facts/agent-info.ts';
import type { Facts } from '../facts/facts.ts';
import {
  aboutFlag,
  dontKnow,
  endsStart,
  fail,
  mayEndStart,
  ok,
  type PreflightCheck,
  ROOT_WOULD_SEE,
  type Row,
  warn,
} from './check.ts';

/** The agent says a value that it does not take, which may be that of a file of megabytes. */
const MOST_OF_A_MESSAGE = 4096;

/** The flags that the agent will start with. */
export const flags: PreflightCheck<'flags'> = {
  code: 'flags',
  title: 'The flags are known, and the agent takes them',
  looksAtStart: true,
  explanation:
    'The flags decide where the checkpoint is, whether the agent is strict, and what it may change. They are read from every place that the installed distribution uses, in the order in which the agent would get them, and each must be one that the version knows and can parse: the agent does not start with any other.',
  remedy:
    'Correct the flag at the place that is named; mesos-ckpt preflight --flags lists all of them with their places.',
  visibility:
    'Give the flags behind --, as in mesos-ckpt preflight -- --work_dir=/var/lib/mesos, or run this where the agent is installed.',
  judge: ({ facts }) => {
    const { flags: found, to } = facts;
    const all = [...found.flags.values()];
    // A mask is the unit's, and told by its check.
    const refusals = found.refusals.filter(({ origin }) => origin === undefined || origin.place !== found.unit?.masked);
    if (refusals.length > 0) {
      return refusals.map(({ message, origin, todo }) =>
        fail(`the agent does not start: ${excerpt(message, MOST_OF_A_MESSAGE)}`, origin && originText(origin), todo),
      );
    }
    if (!found.isKnown) return [aboutFlag(facts, dontKnow(`${NO_FLAGS}, so defaults are assumed`))];
    const rows: Row[] = [...ofUser(facts), ...otherBuilds(facts)];
    if (!isSupported(to.version)) {
      rows.push(dontKnow(`which flags ${versionText(to.version)} takes is not known`, undefined, SUPPORTED));
    }
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
    if (found.isComplete) return [ok(text)];
    const [why] = found.remarks;
    const place = why?.origin && originText(why.origin);
    return [
      dontKnow(`${text}; others may be set${why === undefined ? ' where nothing was found' : `: ${why.text}`}`, place),
    ];
  },
};

/** What a flag asks of the agent's user. */
const ofUser = ({ flags, isAgentRoot }: Facts): readonly Row[] => {
  const range = flags.flags.get('volume_gid_range');
  return range === undefined || isAgentRoot
    ? []
    : [
        endsStart(
          'the agent is not root: Failed to initialize volume gid manager: Volume gid manager requires root privileges',
          originText(range.origin),
          'Take --volume_gid_range out.',
        ),
      ];
};

/** What hangs on how the agent was built: one row for each option. An agent that runs has what its command line names. */
const otherBuilds = ({ flags, scenario }: Facts): readonly Row[] => {
  const isSame = scenario === 'restart' || scenario === 'reboot';
  const has = new Set(isSame ? flags.running?.arguments : []);
  const open = flags.buildRefusals.filter(({ flag, isWith }) => isWith || !has.has(flag));
  const options = [...new Set(open.map(({ option, isWith }) => `${isWith ? 'with' : 'without'} ${option}`))];
  return options.map((built) => {
    const of = open.filter(({ option, isWith }) => `${isWith ? 'with' : 'without'} ${option}` === built);
    const [first] = of;
    return mayEndStart(
      `an agent that was built ${built} does not start: ${of.map(({ message }) => message).join('; ')}`,
      some([...new Set(of.flatMap(({ origin }) => (origin === undefined ? [] : [originText(origin)])))]),
      first?.isWith === false
        ? `Run mesos-agent --help with the agent that is to start: where it does not list --${first.flag}, take the flag out.`
        : undefined,
    );
  });
};
