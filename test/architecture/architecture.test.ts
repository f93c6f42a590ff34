import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generatedFiles } from './generated.ts';
import { TABLE } from './import-table.ts';

/** The only files that may touch the file system, and what of it they may name: nothing that writes, but in `apply/`. */
const READS = ['constants', 'Stats', 'Dirent', 'closeSync', 'fstatSync', 'lstatSync', 'openSync', 'readSync'];
const FILE_SYSTEM: readonly { readonly of: string; readonly names: readonly string[]; readonly because: string }[] = [
  {
    of: 'source/folder.ts',
    names: [...READS, 'readdirSync', 'readlinkSync'],
    because: 'is the one source on disk',
  },
  {
    of: 'source/last-hole.ts',
    names: ['fstatSync', 'readSync', 'statfsSync'],
    because: 'asks how much of a file is stored',
  },
  {
    of: 'source/mounts.ts',
    names: ['readFileSync', 'realpathSync'],
    because: 'reads what is mounted, and where a path really is',
  },
  {
    of: 'source/disk.ts',
    names: ['Dirent', 'Stats', 'constants', 'closeSync', 'openSync', 'readdirSync', 'readlinkSync', 'readSync'],
    because: 'asks for what is at a path, for the source on disk and for who asks much of it',
  },
  {
    of: 'source/input.ts',
    names: ['constants', 'closeSync', 'fstatSync', 'openSync', 'read', 'readSync', 'statSync'],
    because: 'reads an archive as a stream, from a file or standard input',
  },
  {
    of: 'snapshot/capture.ts',
    names: [...READS, 'BigIntStats'],
    because: 'reads a tree that may change under it',
  },
  {
    of: 'snapshot/disk-tree.ts',
    names: ['BigIntStats', 'lstatSync'],
    because: 'looks at that tree, and at it once more when it was read',
  },
  {
    of: 'snapshot/marks.ts',
    names: ['BigIntStats'],
    because: 'notes how what was read looked then',
  },
  {
    of: 'snapshot/write.ts',
    names: [
      ...['Stats', 'accessSync', 'closeSync', 'constants', 'fsyncSync', 'linkSync', 'lstatSync', 'openSync'],
      ...['renameSync', 'rmSync', 'unlinkSync', 'writeSync'],
    ],
    because: "writes the one file that a snapshot is, under a name that is nobody else's until it is whole",
  },
  {
    of: 'host/folder.ts',
    names: [...READS, 'readdirSync', 'readlinkSync', 'realpathSync', 'statfsSync'],
    because: 'is the one host on disk',
  },
  {
    of: 'host/own-boot-id.ts',
    names: ['readFileSync'],
    because: 'asks the kernel for the boot id of the machine that this runs on',
  },
  {
    of: 'checkpoint/find.ts',
    names: ['existsSync', 'lstatSync', 'readdirSync', 'readlinkSync', 'realpathSync', 'statSync'],
    because: 'tells what a given folder is of a work_dir, and finds the one around or below it',
  },
  {
    of: 'checkpoint/several.ts',
    names: ['readdirSync', 'statSync'],
    because: 'finds the archives and the checkpoints in a folder',
  },
  {
    of: 'checkpoint/open.ts',
    names: ['lstatSync', 'readdirSync', 'realpathSync', 'statSync'],
    because: 'tells what a given path is, and where it leads',
  },
  {
    of: 'apply/agents.ts',
    names: ['BigIntStats', 'readdirSync', 'statSync'],
    because: 'looks through the processes of the host',
  },
  {
    of: 'apply/hidden.ts',
    names: ['existsSync', 'readFileSync'],
    because: 'looks whether the host shows all of its processes',
  },
  {
    of: 'apply/shown-process.ts',
    names: ['BigIntStats', 'readFileSync', 'readdirSync', 'readlinkSync', 'statSync'],
    because: 'looks at what a process shows of itself',
  },
  {
    of: 'apply/attributes.ts',
    names: ['fchmodSync', 'fchownSync', 'fstatSync', 'futimesSync'],
    because: 'gives open files owners, modes and times',
  },
  {
    of: 'apply/base.ts',
    names: ['fstatSync', 'mkdirSync', 'renameSync', 'rmdirSync', 'unlinkSync'],
    because: 'makes the folder of journals, and takes it away while it is empty',
  },
  {
    of: 'apply/carry.ts',
    names: ['BigIntStats', 'linkSync', 'renameSync', 'unlinkSync'],
    because: 'carries out a step by a rename; it unlinks only what has another name',
  },
  {
    of: 'apply/folder.ts',
    names: [
      ...['BigIntStats', 'closeSync', 'constants', 'fstatSync', 'fsyncSync', 'lstatSync', 'openSync', 'readdirSync'],
      'readFileSync',
    ],
    because: 'opens folders without following links, asks the kernel which mount they are of, and syncs them',
  },
  {
    of: 'apply/folders.ts',
    names: ['fstatSync'],
    because: 'notes the times of folders',
  },
  {
    of: 'apply/journals.ts',
    names: ['realpathSync', 'renameSync', 'statSync'],
    because: 'finds journals, and gives its name to what points to one',
  },
  {
    of: 'apply/lock.ts',
    names: ['readFileSync', 'readdirSync', 'readlinkSync', 'renameSync', 'unlinkSync'],
    because: 'makes and removes locks, each of which has one maker',
  },
  {
    of: 'apply/log.ts',
    names: [
      'closeSync',
      'constants',
      'fdatasyncSync',
      'fstatSync',
      'fsyncSync',
      'openSync',
      'readFileSync',
      'readSync',
      'renameSync',
    ],
    because: "writes the journal's own file",
  },
  {
    of: 'apply/make.ts',
    names: ['mkdirSync', 'realpathSync', 'rmdirSync', 'unlinkSync'],
    because: "makes a journal's folders, and drops a journal that was not begun",
  },
  {
    of: 'apply/precheck.ts',
    names: ['accessSync', 'constants', 'statfsSync'],
    because: 'asks what may be written, and what there is room for',
  },
  {
    of: 'apply/slots.ts',
    names: ['mkdirSync'],
    because: 'makes the two folders of a journal',
  },
  {
    of: 'apply/stage.ts',
    names: [
      'closeSync',
      'constants',
      'fstatSync',
      'fsyncSync',
      'lchownSync',
      'mkdirSync',
      'openSync',
      'readSync',
      'symlinkSync',
      'writeSync',
    ],
    because: 'makes in the journal what steps will put somewhere',
  },
  {
    of: 'apply/tree.ts',
    names: ['realpathSync'],
    because: 'finds what is above a given meta',
  },
  {
    of: 'cli/',
    names: [
      ...['readFileSync', 'readlinkSync', 'realpathSync', 'statSync', 'fstatSync', 'lstatSync'],
      ...['writeSync', 'writeFileSync', 'readdirSync'],
    ],
    because:
      "reads the kernel's boot id, asks what standard output is, and writes what was asked for, to descriptors and new files",
  },
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

const ROOT = fileURLToPath(new URL('../../src/', import.meta.url));
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file))
  .sort();

/** A file's code without its comments; strings stay, because imports have them. */
const codeOf = (file: string): string =>
  readFileSync(`${ROOT}${file}`, 'utf8').replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_all, string?: string) => string ?? '',
  );

const code = new Map(files.map((file) => [file, codeOf(file)]));
const withoutStrings = (text: string): string =>
  text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "''");

const STATEMENT = /^[ \t]*(?:import|export)\b(?:(\s+type\b)?[^;'"`=]*?\bfrom)?\s*['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]/g;

const importsOf = (file: string): readonly Import[] => {
  const text = code.get(file) ?? '';
  const target = (name: string): string =>
    name.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), name)) : name;
  return [
    ...[...text.matchAll(STATEMENT)].map(([statement, type, name = '']) => ({
      from: file,
      to: target(name),
      isType: type !== undefined || /\{(\s*type\s+[^,}]+,?)+\s*\}/.test(statement),
    })),
    ...[...text.matchAll(DYNAMIC)].map(([, name = '']) => ({ from: file, to: target(name), isType: false })),
  ];
};

const imports = files.flatMap(importsOf);
const isOwn = ({ to }: Import): boolean => code.has(to);
const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');
const show = ({ from, to }: Import): string => `src/${from} imports ${to}`;

describe('what is looked at', () => {
  it('is every file and every import', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.filter(isOwn).length).toBeGreaterThan(files.length);
    const known = new Set(imports.map(({ from }) => from));
    const mentions = files.filter((file) => /^(import|export) .*from /m.test(code.get(file) ?? '') && !known.has(file));
    expect(mentions).toEqual([]);
  });

  it('is told apart: types and values', () => {
    const of = (from: string, to: string): readonly boolean[] =>
      imports.filter((each) => each.from === from && each.to === to).map(({ isType }) => isType);
    expect(of('recovery/simulate.ts', 'checkpoint/model.ts')).toEqual([true]);
    expect(of('recovery/simulate.ts', 'recovery/state/state.ts')).toEqual([false]);
  });
});

describe('the import table', () => {
  it('has a row for each folder: add one, with its reason, for a new folder', () => {
    const folders = [...new Set(files.map(folderOf))].sort();
    expect(folders.filter((folder) => !TABLE.some((row) => row.folder === folder))).toEqual([]);
    expect(TABLE.filter((row) => !folders.includes(row.folder))).toEqual([]);
  });

  it('names only folders above the row: nothing imports upwards', () => {
    TABLE.forEach((row, i) => {
      const above = TABLE.slice(0, i).map(({ folder }) => folder);
      expect([...row.imports, ...(row.types ?? [])].filter((folder) => !above.includes(folder))).toEqual([]);
    });
  });

  it.each(TABLE.map((row) => [row.folder === '' ? 'index.ts' : row.folder, row.because, row] as const))(
    '%s: %s',
    (_name, _because, { folder, imports: allowed, types = [], packages = [] }) => {
      const own = imports.filter(({ from }) => folderOf(from) === folder);
      const wrong = own.filter((each) => {
        if (!isOwn(each)) return !packages.includes(each.to);
        const to = folderOf(each.to);
        return to !== folder && !allowed.includes(to) && !(each.isType && types.includes(to));
      });
      expect(wrong.map(show)).toEqual([]);
    },
  );

  it('imports nothing by a path that is not there', () => {
    expect(imports.filter((each) => !isOwn(each) && each.to.includes('.ts')).map(show)).toEqual([]);
  });
});

describe('what is made from the import table', () => {
  it('is as committed: `npm run docs` writes it', async () => {
    const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    for (const [file, text] of await generatedFiles(read('docs/architecture.md'))) expect(read(file), file).toBe(text);
  });

  it('is in every folder', () => {
    const folders = readdirSync(new URL('../../src/', import.meta.url), { withFileTypes: true });
    const without = folders.filter(
      (each) => each.isDirectory() && !existsSync(`${each.parentPath}${each.name}/README.md`),
    );
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});

const withoutPid = (file: string, text: string): string =>
  file === 'apply/changing.ts' ? text.replaceAll('process.pid', '') : text;

describe('files', () => {
  it('do not import each other in circles', () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, way: readonly string[]): void => {
      const start = way.indexOf(file);
      if (start >= 0) circles.push([...way.slice(start), file].join(' -> '));
      if (start >= 0 || done.has(file)) return;
      for (const each of imports) if (each.from === file && isOwn(each)) visit(each.to, [...way, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('outside cli/ do not touch the process, but for its number, which the library tells others by', () => {
    const touching = files.filter(
      (file) =>
        folderOf(file) !== 'cli' &&
        (/\bprocess\s*[.[]|\bglobalThis\b/.test(withoutPid(file, withoutStrings(code.get(file) ?? ''))) ||
          importsOf(file).some(({ to }) => to === 'node:process')),
    );
    expect(touching).toEqual([]);
  });

  it.each(FILE_SYSTEM.map((row) => [row.of, row.because, row] as const))(
    '%s may use the file system: it %s',
    (_of, _because, { of, names }) => {
      const own = files.filter((file) => file.startsWith(of));
      expect(own).not.toEqual([]);
      const wrong = own.flatMap((file) => fileSystemNames(file).map((name) => [file, name] as const));
      expect(wrong.filter(([, name]) => !names.includes(name))).toEqual([]);
    },
  );

  it('elsewhere do not use the file system', () => {
    const using = files.filter((each) => fileSystemNames(each).length > 0 || importsOf(each).some(isFileSystem));
    expect(using.filter((each) => !FILE_SYSTEM.some(({ of }) => each.startsWith(of)))).toEqual([]);
  });

  it('name no flag that opens for writing', () => {
    const naming = files.filter((file) => /\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND)\b/.test(code.get(file) ?? ''));
    // The journal's own file and what is made beside it; none opens what is in a tree so.
    expect(naming).toEqual(['apply/log.ts', 'apply/stage.ts', 'snapshot/write.ts']);
  });

  it('that change a tree may do no more than they do', () => {
    const spare = FILE_SYSTEM.filter(({ of }) => of.startsWith('apply/')).flatMap(({ of, names }) => {
      const used = new Set(fileSystemNames(of));
      return names.filter((name) => !used.has(name)).map((name) => `${of}: ${name}`);
    });
    expect(spare).toEqual([]);
  });

  it('that start other programs are one', () => {
    const starting = imports.filter(({ to }) => /^(node:)?child_process$/.test(to)).map(({ from }) => from);
    expect(starting).toEqual(['apply/attributes.ts']);
  });
});

function isFileSystem({ to }: Import): boolean {
  return /^(node:)?fs(\/promises)?$/.test(to);
}

/** What a file names of `node:fs`: `fs.name` of a namespace, or what it imports by name. */
function fileSystemNames(file: string): readonly string[] {
  const text = code.get(file) ?? '';
  const named = [...text.matchAll(/import\s+(?:type\s+)?\{([^}]*)\}\s*from\s*['"](?:node:)?fs(?:\/promises)?['"]/g)];
  return [
    ...[...withoutStrings(text).matchAll(/\bfs\s*\.\s*(\w+)/g)].map(([, name = '']) => name),
    ...named.flatMap(([, list = '']) => list.split(',').map((name) => name.trim().replace(/ as .*/, ''))),
  ].filter((name) => name !== '');
}
