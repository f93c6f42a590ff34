import { parseBytes } from '../../agent/flags/notation/bytes.ts';
import type { Facts } from '../facts/facts.ts';
import { pathTrouble } from './about-path.ts';
import { endsStart, notSeen, type Row } from './check.ts';

/** What its files are rotated at is a page of memory at least. In bytes. */
const PAGE = 4096n;

/** What keeps the logger with logrotate from being made. */
export const logrotateRows = (facts: Facts): readonly Row[] => {
  const { logrotate } = facts;
  if (logrotate === undefined) return [];
  const { logger, rotates, parameters, origin } = logrotate;
  const rows: Row[] = [];
  const trouble = logger === undefined ? undefined : pathTrouble(logger, 'file', facts);
  if (trouble !== undefined) rows.push(trouble);
  if (rotates?.found.known === false) rows.push(notSeen(rotates.found));
  else if (rotates?.found.known === true && rotates.found.value === undefined) {
    const found = `--container_logger runs ${rotates.name}, which is not in the agent's PATH`;
    rows.push(endsStart(found, origin, `Install ${rotates.name}, or name it with the parameter logrotate_path.`));
  }
  for (const name of ['max_stdout_size', 'max_stderr_size']) {
    const text = parameters.get(name);
    const size = text === undefined ? undefined : parseBytes(text);
    if (size === undefined || (size.ok && size.value >= PAGE)) continue;
    const why = size.ok ? `below a page of memory, ${PAGE} bytes` : 'no size';
    rows.push(endsStart(`${name}=${text} of --container_logger is ${why}`, origin, 'Set it to 10MB, its default.'));
  }
  return rows;
};
