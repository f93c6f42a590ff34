import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/** Every text in the source that may reach a reader, and where it is: for tests of how the program speaks. */

/** A text, with the file and line that it is in. */
export interface FoundText {
  readonly at: string;
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const filesIn = (folder: string, ending: string): readonly string[] =>
  fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const at = path.join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(at, ending);
      return entry.name.endsWith(ending) ? [at] : [];
    })
    .toSorted();

/** The text of a literal, a template or several that are joined; `{}` stands for what is put in. */
const textOf = (node: Node): string | undefined => {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined;
  if (node.type === 'TemplateLiteral') {
    const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
    return quasis.map(({ value }) => value.cooked).join('{}');
  }
  if (node.type !== 'BinaryExpression' || node['operator'] !== '+') return undefined;
  const sides = [node['left'], node['right']] as readonly Node[];
  const texts = sides.map(textOf);
  return texts.every((text) => text === undefined) ? undefined : texts.map((text) => text ?? '{}').join('');
};

/** What stands between tags, in one line. */
const textOfMarkup = ({ value }: Node): string | undefined =>
  typeof value === 'string' ? value.replaceAll(/\s+/g, ' ') : undefined;

/** Words, not the name of a module, a kind or a field. */
const isSentence = (text: string): boolean => /\s/.test(text.trim()) && /[a-z]{2}/i.test(text);

/** The texts of one file of TypeScript. */
export const textsOfSource = (code: string, file: string): readonly FoundText[] => {
  const found: FoundText[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each);
      return;
    }
    if (!isNode(value) || /^Import/.test(value.type)) return;
    const text = value.type === 'JSXText' ? textOfMarkup(value) : textOf(value);
    if (text !== undefined && isSentence(text)) {
      found.push({ at: `${file}:${code.slice(0, value.start).split('\n').length}`, text });
    }
    for (const [key, child] of Object.entries(value)) {
      // What is joined was looked at as one; what is put into it may hold texts of its own.
      if (text !== undefined && key === 'quasis') continue;
      visit(child);
    }
  };
  visit(parseAst(code, { lang: file.endsWith('.tsx') ? 'tsx' : 'ts' }, file).body);
  return found;
};

/** The texts of the whole source, but for what is generated from other files. */
export const textsInSource = (folder = 'src'): readonly FoundText[] =>
  ['.ts', '.tsx']
    .flatMap((ending) => filesIn(folder, ending))
    .filter((file) => !file.includes('/generated/'))
    .flatMap((file) => textsOfSource(fs.readFileSync(file, 'utf8'), file));

/** The lines of documents, with what is in blocks of code. */
export const linesOfDocuments = (files: readonly string[]): readonly FoundText[] =>
  files.flatMap((file) =>
    fs
      .readFileSync(file, 'utf8')
      .split('\n')
      .map((text, i) => ({ at: `${file}:${i + 1}`, text })),
  );

/** The documents that a user reads: not the decisions, which tell how the program came to be what it is. */
export const documents = (): readonly string[] => [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...fs
    .readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...filesIn('contrib', '.md'),
];
