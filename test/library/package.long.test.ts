import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const consumer = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-test-'));
const inPackage = path.join(consumer, 'node_modules/mesos-ckpt');

/** The library as a project has it that installed the package, with the types of Node beside it. */
beforeAll(() => {
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/types.mjs')], { stdio: 'inherit' });
  const packing = ['pack', '--silent', '--ignore-scripts', '--pack-destination', consumer];
  const name = execFileSync('npm', packing, { cwd: ROOT, encoding: 'utf8' }).trim();
  fs.mkdirSync(inPackage, { recursive: true });
  execFileSync('tar', ['-xzf', path.join(consumer, name), '-C', inPackage, '--strip-components=1']);
  fs.symlinkSync(path.join(ROOT, 'node_modules/@types'), path.join(consumer, 'node_modules/@types'));
  fs.writeFileSync(path.join(consumer, 'package.json'), '{ "type": "module" }');
});

afterAll(() => fs.rmSync(consumer, { recursive: true }));

/** Type-checks a module of the project as strictly as the compiler can; what it says. */
const check = (code: string, file = 'consumer.ts'): string => {
  fs.writeFileSync(path.join(consumer, file), code);
  const options = { strict: true, skipLibCheck: false, noEmit: true, module: 'nodenext', target: 'es2023' };
  fs.writeFileSync(
    path.join(consumer, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...options, types: ['node'] }, files: [file] }),
  );
  const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [compiler, '-p', consumer], { encoding: 'utf8' }).stdout;
};

const node = (...argv: readonly string[]) => spawnSync(process.execPath, argv, { cwd: consumer, encoding: 'utf8' });

describe('the package', () => {
  it('is a few dozen files, one of which has all types', () => {
    const files = fs
      .readdirSync(inPackage, { recursive: true, encoding: 'utf8' })
      .filter((file) => fs.statSync(path.join(inPackage, file)).isFile());
    // Every decision is a page of its own, and every command brings parts of its own: there will be more of both. A role of
    // Ansible is a dozen folders by Ansible's own rules.
    const others = files.filter((file) => !/^(docs\/decisions\/|contrib\/ansible\/roles\/|dist\/.*\.cjs$)/.test(file));
    expect(others.length).toBeLessThan(60);
    expect(files.filter((file) => file.includes('__pycache__'))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.d.ts'))).toEqual(['dist/index.d.ts']);
  });

  it('has each value that its types promise, and no other', () => {
    const code = "import('mesos-ckpt').then((library) => console.log(JSON.stringify(Object.keys(library))))";
    const names = JSON.parse(node('--input-type=module', '-e', code).stdout) as string[];
    const all = names.map((name) => `${name}: true`).join(', ');
    // A name too many, and one that is missing, is an error.
    const typed = `import * as library from 'mesos-ckpt';\nexport const all: Record<keyof typeof library, true> = { ${all} };`;
    expect(names.length).toBeGreaterThan(40);
    expect(check(typed)).toBe('');
    expect(check(typed.replace('openPath: true,', ''))).toContain('openPath');
  });

  it('has examples in its documentation that a strict project takes', () => {
    const text = fs.readFileSync(path.join(ROOT, 'docs/library.md'), 'utf8');
    const examples = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => code);
    expect(examples.length).toBeGreaterThan(7);
    for (const [i, code] of examples.entries()) fs.writeFileSync(path.join(consumer, `example-${i}.ts`), code);
    expect(check(examples.map((_, i) => `import './example-${i}.js';`).join('\n'))).toBe('');
  });

  it('has types that a strict project takes, its own dependencies checked too', () => {
    const code = `
      import { type messages, openPath, parseMessage, planRepair, type Verification, verifyCheckpoint } from 'mesos-ckpt';
      const verification: Verification = verifyCheckpoint(openPath('/var/lib/mesos'));
      const exitCode: 0 | 1 | 2 | 3 = verification.strict.exitCode;
      const parsed = parseMessage('mesos.SlaveInfo', new Uint8Array());
      const info: messages.SlaveInfo | string = parsed.ok ? parsed.message : parsed.error;
      export { exitCode, info, planRepair };
    `;
    expect(check(code)).toBe('');
    // The check does see the types.
    expect(check(code.replace('0 | 1 | 2 | 3', "'none'"))).toContain('consumer.ts');
  });

  it('is imported, with its schemas', () => {
    fs.writeFileSync(
      path.join(consumer, 'import.mjs'),
      `import { allCodes } from 'mesos-ckpt';
       import schema from 'mesos-ckpt/schema/verify.json' with { type: 'json' };
       console.log(allCodes.length > 50, typeof schema.title);`,
    );
    expect(node('--no-warnings', 'import.mjs').stdout).toBe('true string\n');
  });

  it('says what to do in place of require()', () => {
    const { stderr, status } = node('-e', "require('mesos-ckpt')");
    expect(status).not.toBe(0);
    expect(stderr).toContain("use `await import('mesos-ckpt')` in place of `require('mesos-ckpt')`");
    expect(check("import { openPath } from 'mesos-ckpt'; openPath('/');", 'consumer.cts')).toContain("'openPath'");
  });

  it('has a command that runs without the sources', () => {
    expect(node(path.join(inPackage, 'bin/mesos-ckpt.js'), '--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
