import { instance } from '@viz-js/viz';
import { type Row, TABLE } from './import-table.ts';

/** What is made from the import table: the content of each file, by its path from the repository. */
export const generatedFiles = async (architecture: string): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['docs/architecture.svg', await pictureOf(TABLE)],
    ['docs/architecture.md', withTable(architecture, tableOf(TABLE))],
    ...TABLE.filter(({ folder }) => folder !== '').map(
      (row) => [`src/${row.folder}/README.md`, readmeOf(row)] as const,
    ),
  ]);

/** What a row may import, be it types only. */
const allOf = ({ imports, types = [] }: Row): readonly string[] => [...imports, ...types];

/** All that a row imports, and what that imports. */
const reachOf = (row: Row, table: readonly Row[]): readonly string[] => [
  ...allOf(row),
  ...below(row, table).flatMap((each) => reachOf(each, table)),
];

const below = (row: Row, table: readonly Row[]): readonly Row[] =>
  table.filter(({ folder }) => allOf(row).includes(folder));

/** The imports of a row that no other import of it has already: what an arrow is drawn for. */
const drawnOf = (row: Row, table: readonly Row[]): readonly string[] => {
  const implied = new Set(below(row, table).flatMap((each) => reachOf(each, table)));
  return allOf(row).filter((folder) => !implied.has(folder));
};

const usesFiles = ({ packages = [] }: Row): boolean => packages.includes('node:fs');

/** Grey that is read on white and on black, boxes that bring their own white, and room for fonts that run wider. */
const INK = '#1f2328';
const LINE = '#768390';
const PAPER = '#ffffff';
const TINTED = '#fff1c2';

/** The picture: a box a folder, an arrow to what it imports. */
const pictureOf = async (table: readonly Row[]): Promise<string> => {
  const viz = await instance();
  const font = { fontname: 'Helvetica', fontcolor: INK };
  const svg = viz.renderString(
    {
      directed: true,
      graphAttributes: { rankdir: 'TB', bgcolor: 'transparent', nodesep: 0.2, ranksep: 0.35 },
      nodeAttributes: { ...font, shape: 'box', style: 'rounded,filled', color: LINE, margin: '0.3,0.08' },
      edgeAttributes: { color: LINE, arrowsize: 0.7 },
      nodes: table.map((row) => ({
        name: nameOf(row),
        attributes: { label: { html: labelOf(row) }, fillcolor: usesFiles(row) ? TINTED : PAPER },
      })),
      edges: table.flatMap((row) => drawnOf(row, table).map((head) => ({ tail: nameOf(row), head }))),
    },
    { format: 'svg' },
  );
  // Without the name of the program that drew it, and the comments: what counts is the picture.
  return svg.slice(svg.indexOf('<svg')).replaceAll(/<!--[\s\S]*?-->\n?/g, '');
};

const nameOf = ({ folder }: Row): string => (folder === '' ? 'index.ts' : folder);

const labelOf = (row: Row): string => {
  const lines = linesOf(row.is)
    .map((line) => escaped(line))
    .join('<br/>');
  return `<b>${nameOf(row)}</b><br/><font point-size="11">${lines}</font>`;
};

/** A text in lines that fit a box. */
const linesOf = (text: string): readonly string[] => text.match(/\S.{0,26}(?=\s|$)/g) ?? [];

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const START =
  '<!-- From here to the end of the table: made from test/architecture/import-table.ts by `npm run docs`. -->\n';
const END = '<!-- The end of the table. -->\n';

/** A text with the table between its marks. */
const withTable = (text: string, table: string): string => {
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < start) throw new Error('docs/architecture.md has lost the marks around its table');
  return `${text.slice(0, start + START.length)}\n${table}\n${text.slice(end)}`;
};

const tableOf = (table: readonly Row[]): string => {
  const rows = [...table].reverse().map((row) => {
    const types = row.types ?? [];
    const imports = [...row.imports, ...types.map((folder) => `${folder} (types)`)];
    return `| \`${nameOf(row)}\` | ${row.is} | ${listOf(imports)} | ${listOf(row.packages ?? [])} | ${row.because} |`;
  });
  return [
    '| folder | what it is | imports | packages and modules of Node | why no more |',
    '|---|---|---|---|---|',
    ...rows,
  ]
    .map((line) => `${line}\n`)
    .join('');
};

const listOf = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));

const readmeOf = ({ folder, is, because }: Row): string =>
  `# ${folder}\n\n${sentence(is)} ${sentence(because)}\n\n` +
  '[Its row of the import table](../../test/architecture/import-table.ts) says so, and what it may import.\n';

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
