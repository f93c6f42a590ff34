import { shown } from './escape.ts';

/** A word as it is typed in a shell; one that cannot be shown as it is stands as `PATH`. */
export const shellWord = (text: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-')) return text;
  return shown(text) === text ? `'${text.replaceAll("'", "'\\''")}'` : 'PATH';
};
