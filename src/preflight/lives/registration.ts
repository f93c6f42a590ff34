import { ifKnown } from '../../host/known.ts';
import { listed } from '../../text/words.ts';
import type { Facts } from '../facts/facts.ts';
import type { Move } from '../facts/registration.ts';
import type { Fate } from './lives.ts';

/** What changes, in a clause: `the IP was 10.0.0.7 (...) and will be 10.0.0.8`. */
export const moveText = (what: string, { from, fromPlace, to }: Move): string =>
  to === undefined
    ? `the ${what} was ${from} (${fromPlace}), which is not an address of this host any more`
    : `the ${what} was ${from} (${fromPlace}) and will be ${to}`;

/**
 * What becomes of every executor where the agent comes back to its master under another hostname or IP: the master answers
 * with a shutdown while it holds the agent as registered (`Master::__reregisterSlave`). Undefined where nothing is known to
 * change, and where the master no longer holds it.
 */
export const registrationObstacle = (facts: Facts): { readonly fate: Fate; readonly why: string } | undefined => {
  if (facts.scenario === 'reboot' || ifKnown(facts.checkpoint)?.verification.boot.rebooted === true) return undefined;
  const { hostname, ip, isHeld, oldIp, changedFlags } = facts.registration;
  const [what, move] =
    hostname?.isSure === true ? ['hostname', hostname] : ip === undefined ? ['hostname', hostname] : ['IP', ip];
  if (move === undefined && oldIp === undefined && changedFlags.length > 0 && isHeld !== false) {
    const flags = listed(changedFlags.map((name) => `--${name}`));
    return {
      fate: 'unknown',
      why: `${flags} will be another, and which IP the agent had is not known: a master that holds it as registered answers with a shutdown`,
    };
  }
  if (move === undefined || isHeld === false) return undefined;
  const text = moveText(what, move);
  return isHeld === true && move.isSure
    ? { fate: 'killed', why: `${text}: the master, which holds the agent as registered, answers with a shutdown` }
    : { fate: 'unknown', why: `${text}: a master that holds the agent as registered answers with a shutdown` };
};
