/**
 * A strict reader of Prometheus' text format, version 0.0.4, by its published grammar: lines of HELP, TYPE and samples, each
 * metric's together, no sample twice, and UTF-8 without other control characters than those that are escaped.
 */

/** A sample that was read. */
export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*/;
const VALUE = /^-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\+?Inf|NaN)$/;

/** Reads a text; throws where a line is not as the grammar says. */
export const readPrometheus = (text: string): readonly ReadSample[] => {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  if (!text.isWellFormed()) throw new Error('it is not an UTF-8');
  const samples: ReadSample[] = [];
  const seen = new Set<string>();
  const closed = new Set<string>();
  let current: { name: string; hasType: boolean } | undefined;
  for (const line of text.split('\n').slice(0, -1)) {
    if (/[^\t -~\u{a0}-\u{10ffff}]/u.test(line)) throw new Error(`a control character in ${JSON.stringify(line)}`);
    const head = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (head !== null) {
      const [, kind, name = '', rest = ''] = head;
      if (METRIC.exec(name)?.[0] !== name) throw new Error(`${name} is not a name of a metric`);
      if (kind === 'HELP') {
        if (closed.has(name)) throw new Error(`${name} comes twice`);
        if (current !== undefined) closed.add(current.name);
        current = { name, hasType: false };
      } else {
        if (current?.name !== name || current.hasType) throw new Error(`TYPE of ${name} is not behind its HELP`);
        if (!['gauge', 'counter', 'untyped'].includes(rest)) throw new Error(`${rest} is not a type`);
        current.hasType = true;
      }
      continue;
    }
    const sample = readSample(line);
    if (current?.name !== sample.name || !current.hasType)
      throw new Error(`${sample.name} is not below its HELP and TYPE`);
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (seen.has(key)) throw new Error(`${key} comes twice`);
    seen.add(key);
    samples.push(sample);
  }
  return samples;
};

const readSample = (line: string): ReadSample => {
  const name = METRIC.exec(line)?.[0];
  if (name === undefined) throw new Error(`no name of a metric in ${JSON.stringify(line)}`);
  let rest = line.slice(name.length);
  const labels: Record<string, string> = {};
  if (rest.startsWith('{')) {
    rest = rest.slice(1);
    while (!rest.startsWith('}')) {
      const label = LABEL.exec(rest)?.[0];
      const value = label === undefined ? null : /^="((?:[^"\\\n]|\\[\\"n])*)"/.exec(rest.slice(label.length));
      if (label === undefined || value === null || label in labels)
        throw new Error(`a bad label in ${JSON.stringify(line)}`);
      labels[label] = (value[1] ?? '').replace(/\\(.)/g, (_, each: string) => (each === 'n' ? '\n' : each));
      rest = rest.slice(label.length + value[0].length);
      if (rest.startsWith(',')) rest = rest.slice(1);
      else if (!rest.startsWith('}')) throw new Error(`no comma between labels in ${JSON.stringify(line)}`);
    }
    rest = rest.slice(1);
  }
  const [, value = ''] = /^ (\S+)$/.exec(rest) ?? [];
  if (!VALUE.test(value)) throw new Error(`no value in ${JSON.stringify(line)}`);
  return { name, labels, value: Number(value) };
};
