import { useEffect, useState } from 'preact/hooks';

/**
 * What is looked at, as the part of the address behind `#`: `#task=web.1`, `#finding=3`, `#agent=n1.tar.gz&q=web`. It can be
 * handed on, and goes back and forth with the browser.
 */
export type Route = Readonly<Partial<Record<Key, string>>>;

const KEYS = [
  'agent',
  'framework',
  'executor',
  'run',
  'task',
  'operation',
  'finding',
  'check',
  'section',
  'q',
  'show',
] as const;
type Key = (typeof KEYS)[number];

/** The keys that name one entry. */
export const ENTRY_KEYS = ['framework', 'executor', 'run', 'task', 'operation'] as const;

const routeOf = (hash: string): Route => {
  const given = new URLSearchParams(hash.replace(/^#/, '').replaceAll('+', '%2B'));
  return Object.fromEntries(KEYS.flatMap((key) => (given.has(key) ? [[key, given.get(key) ?? '']] : [])));
};

/** The address of a route. */
export const hashOf = (route: Route): string =>
  `#${KEYS.flatMap((key) => (route[key] === undefined ? [] : [`${key}=${encodeURIComponent(wellFormed(route[key]))}`])).join('&')}`;

/** A byte that was no UTF-8 is a half of a pair, which no address can hold. */
const wellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/gu, '�');

/** Goes to a route, as a click on its link does. */
export const goTo = (route: Route): void => {
  location.hash = hashOf(route);
};

/** Takes the place of the address, without a step for the way back. */
export const replaceWith = (route: Route): void => {
  history.replaceState(null, '', hashOf(route));
  dispatchEvent(new HashChangeEvent('hashchange'));
};

export const useRoute = (): Route => {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const changed = (): void => setRoute(routeOf(location.hash));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
};
