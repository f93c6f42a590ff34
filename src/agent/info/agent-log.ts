import { messageType, type SlaveInfo } from '../../schema/index.ts';
import { messageFromText } from '../text-format-reader.ts';
import type { FromText } from '../value-text.ts';

/** The agent infos that an agent has printed when it refused to start. */
export interface LoggedInfo {
  /** What it had built; it has no id in logs of agents before 1.5.0. */
  readonly current: SlaveInfo;
  /** What it had checkpointed; undefined where the text has only the other. */
  readonly previous: SlaveInfo | undefined;
}

const NEW = 'New agent info:';
const OLD = 'Old agent info:';

/** The agent closes each info with sixty of them. */
const RULE = /^-{20,}$/;

/**
 * Finds the last info that an agent has built, in its log or alone, in protobuf's text format: "Incompatible agent info
 * detected" of `Slave::recover` in 1.4, and of `compatibility::equal` from 1.5.0 on. What journald, syslog and the like put
 * before each line is taken off.
 */
export const infoInLog = (text: string): FromText<LoggedInfo> => {
  const lines = linesOf(text);
  const at = lines.findLastIndex((line) => line.trimEnd().endsWith(NEW));
  if (at < 0) return infoAlone(text);
  const found = blockAt(lines, at, NEW);
  if (!found.ok) return found;
  const from = lines.findLastIndex((line, i) => i < at && line.trimEnd().endsWith(OLD));
  const isOfIt = from >= 0 && lines.slice(from, at).every((line) => !line.trimEnd().endsWith(NEW));
  const old = isOfIt ? blockAt(lines, from, OLD) : undefined;
  return { ok: true, value: { current: found.value, previous: old?.ok === true ? old.value : undefined } };
};

/** syslog writes the ends of lines within a message as `#012`. */
const linesOf = (text: string): readonly string[] =>
  text.split(/\r?\n/).flatMap((line) => (line.includes(`${NEW}#012`) ? line.split('#012') : [line]));

const fail = (message: string): FromText<never> => ({ ok: false, message });

const blockAt = (lines: readonly string[], at: number, header: string): FromText<SlaveInfo> => {
  const line = lines[at] as string;
  const bare = bareLines(line.slice(0, line.lastIndexOf(header)));
  const block: string[] = [];
  for (const [i, each] of lines.slice(at + 1).entries()) {
    const own = bare(each);
    // What is passed over might be a field.
    if (own === undefined) return fail(`line ${at + 2 + i}: it does not begin as the lines before it`);
    if (RULE.test(own.trim())) return infoFrom(block.join('\n'), at + 1);
    block.push(own);
  }
  return fail(`line ${at + 1}: '${header}' is cut off: the line of dashes that closes it is not there`);
};

/** Takes off what stands before each line, digits aside; undefined of a line that has something else there. */
const bareLines = (before: string): ((line: string) => string | undefined) => {
  if (before.trim() === '') return (line) => line;
  const shape = shapeOf(before);
  return (line) => {
    if (shapeOf(line.slice(0, before.length)) === shape) return line.slice(before.length);
    return shapeOf(line.trimEnd()) === shape.trimEnd() ? '' : undefined;
  };
};

const shapeOf = (text: string): string => text.replace(/[0-9]/g, '0');

const SLAVE_INFO = messageType('mesos.SlaveInfo');

const infoFrom = (text: string, before: number): FromText<SlaveInfo> => {
  const read = messageFromText(SLAVE_INFO, text);
  if (read.ok) return { ok: true, value: read.value as unknown as SlaveInfo };
  return fail(`behind line ${before}: ${read.message}`);
};

/** The text of an info without the words around it. */
const infoAlone = (text: string): FromText<LoggedInfo> => {
  if (!/^\s*(hostname|resources|attributes|port|checkpoint|id|domain)\s*[:{]/.test(text)) {
    return fail(
      `there is no '${NEW}' in it, which an agent prints that refuses to start with "Incompatible agent info detected" ` +
        '(under additive it does not print it: give its flags instead)',
    );
  }
  const read = messageFromText(SLAVE_INFO, text);
  if (!read.ok) return fail(read.message);
  return { ok: true, value: { current: read.value as unknown as SlaveInfo, previous: undefined } };
};
