import * as names from '../../layout/names.ts';
import { AGENTS_PATH, isOfSandboxes } from '../../layout/place.ts';
import { Failure } from '../../program/failure.ts';
import type { Change } from './change.ts';
import { changeProblem } from './check-change.ts';
import { PathEffects } from './path-effects.ts';
import type { Plan } from './plan.ts';
import { isOfCheckpoint } from './territory.ts';

/** What is wrong with a plan, and where in it. */
export class BadPlan extends Failure {
  override readonly name = 'BadPlan';
  /** Where: `steps[2].changes[0].path`; '' for the plan as a whole. */
  readonly at: string;
  readonly problem: string;
  constructor(at: string, problem: string) {
    super(
      'bad-plan',
      at === '' ? `no plan of mesos-ckpt: ${problem}` : `not a plan to be carried out: ${at}: ${problem}`,
    );
    this.at = at;
    this.problem = problem;
  }
}

/**
 * Holds a plan to all that its schema cannot say: steps that can follow each other, paths that a plan may touch, a look at
 * each of them and at no other, and links that lead to a name beside them.
 * @throws BadPlan that names the first place that is wrong
 */
export const checkPlan = ({ home, steps, touched }: Plan): void => {
  if (!isPlainPath(home)) {
    throw new BadPlan('workDir', 'it is an absolute path, without . and .., and no / at its end');
  }
  checkUnique(
    steps.map(({ id }) => id),
    (i) => `steps[${i}].id`,
  );
  checkUnique(
    touched.map(({ path }) => path),
    (i) => `touched[${i}].path`,
  );
  const found = new Map(touched.map(({ path, before }) => [path, before]));
  const used = new Set<string>();
  const effects = new PathEffects();
  for (const [i, { changes }] of steps.entries()) {
    for (const [j, change] of changes.entries()) {
      const at = `steps[${i}].changes[${j}]`;
      const before = found.get(change.path);
      const wrong = changeProblem(change, before ?? { kind: 'absent' }, effects);
      if (wrong?.field === 'path') throw new BadPlan(`${at}.path`, wrong.problem);
      checkTerritory(change, home, at);
      if (before === undefined) throw new BadPlan(`${at}.path`, 'it is not in touched');
      if (wrong !== undefined) throw new BadPlan(wrong.field === '' ? at : `${at}.${wrong.field}`, wrong.problem);
      used.add(change.path);
      effects.carry(change);
    }
  }
  const spare = touched.findIndex(({ path }) => !used.has(path));
  if (spare >= 0) throw new BadPlan(`touched[${spare}].path`, 'no step touches it');
};

const isPlainPath = (path: string): boolean =>
  path === '/' || (/^(\/[^/\0]+)+$/.test(path) && !/\/\.\.?(\/|$)/.test(path));

/** A plan changes less than what could be carried out: files of a checkpoint, folders of sandboxes, `latest`, and an agent's id. */
const checkTerritory = (change: Change, home: string, at: string): void => {
  const { kind, path } = change;
  if (kind === 'create-folder') {
    if (!isOfSandboxes(path)) throw new BadPlan(`${at}.path`, 'folders are made for sandboxes only');
    return;
  }
  if (!isOfCheckpoint(path)) throw new BadPlan(`${at}.path`, 'it is not a file of a checkpoint');
  if (kind !== 'create-link') return;
  const folder = path.slice(0, path.lastIndexOf('/'));
  if (!path.endsWith(`/${names.LATEST}`) && folder !== AGENTS_PATH) {
    throw new BadPlan(`${at}.target`, `only a link called ${names.LATEST}, or one of an agent's id, is made`);
  }
  const above = `${home === '/' ? '' : home}/${folder}/`;
  const name = change.target.slice(above.length);
  if (!change.target.startsWith(above) || name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
    throw new BadPlan(`${at}.target`, 'the link has to lead to a name beside it, below workDir');
  }
};

const checkUnique = (values: readonly string[], at: (index: number) => string): void => {
  const seen = new Set<string>();
  for (const [i, value] of values.entries()) {
    if (seen.has(value)) throw new BadPlan(at(i), `'${value}' occurs twice`);
    seen.add(value);
  }
};
