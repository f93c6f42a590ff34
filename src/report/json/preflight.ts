import { versionText } from '../../agent/version.ts';
import type { FolderFacts } from '../../host/disks.ts';
import { ifKnown } from '../../host/known.ts';
import type { ChosenVersion, FoundVersion } from '../../host/versions.ts';
import type { Facts } from '../../preflight/facts/facts.ts';
import { finishedOf, isAlive, type Lives } from '../../preflight/lives/lives.ts';
import type { CheckResult, Preflight } from '../../preflight/preflight.ts';
import { flagsJson } from '../preflight/flags-json.ts';
import { type About, aboutAgentJson, aboutJson } from './about.ts';
import { SCHEMA_VERSION, verifyJson } from './verify.ts';

/** What `preflight --json` says besides what is predicted. */
export interface PreflightJsonOptions {
  readonly showSecrets: boolean;
  /** The host, and the time. */
  readonly about?: About | undefined;
}

/** What is predicted of a host, as the object that `preflight --json` prints on a line. */
export const preflightJson = (preflight: Preflight, options: PreflightJsonOptions): object => {
  const { facts, results, lives, exitCode } = preflight;
  const read = ifKnown(facts.checkpoint);
  return {
    schemaVersion: SCHEMA_VERSION,
    command: 'preflight',
    ...aboutAgentJson(options.about, read?.verification.checkpoint.agent?.id),
    root: facts.root,
    isOwn: facts.isOwn,
    scenario: facts.scenario,
    workDir:
      facts.workDir === undefined ? null : { ...folderJson(facts.workDir), origin: facts.workDir.origin ?? null },
    runtimeDir: folderJson(facts.runtimeDir),
    from: facts.from === undefined ? null : chosenJson(facts.from),
    to: chosenJson(facts.to),
    installed: facts.versions.installed.map(foundJson),
    flags: flagsJson(facts.flags, options),
    exitCode,
    checks: results.map(resultJson),
    lives: livesJson(lives),
    // Only where it was asked for: it is long.
    verify:
      read === undefined || !results.some(({ code }) => code === 'checkpoint' || code === 'findings')
        ? null
        : verifyJson(facts.workDir?.path ?? '', read.verification, {
            mode: read.mode,
            withState: false,
            about: options.about,
          }),
  };
};

/** The flags alone, as the object that `preflight --flags --json` prints on a line. */
export const preflightFlagsJson = (facts: Facts, options: PreflightJsonOptions): object => ({
  schemaVersion: SCHEMA_VERSION,
  command: 'preflight',
  ...aboutJson(options.about),
  root: facts.root,
  to: chosenJson(facts.to),
  flags: flagsJson(facts.flags, options),
});

const folderJson = ({ path, real, there }: FolderFacts): object => ({ path, real, there: ifKnown(there) ?? null });

const chosenJson = ({ version, origin }: ChosenVersion): object => ({
  version: versionText(version),
  origin: origin ?? null,
});

const foundJson = ({ version, text, place }: FoundVersion): object => ({ version: versionText(version), text, place });

const resultJson = ({ code, verdict, rows, exitCode }: CheckResult): object => ({
  code,
  verdict,
  exitCode,
  rows: rows.map((row) => ({
    verdict: row.verdict,
    found: row.found,
    place: row.place ?? null,
    todo: row.todo ?? null,
  })),
});

const livesJson = ({ executors, frameworks }: Lives): object => {
  const tasks = executors.flatMap((executor) => executor.tasks);
  return {
    counts: {
      executors: executors.length,
      executorsAlive: executors.filter(({ fate }) => isAlive(fate)).length,
      tasks: tasks.length,
      tasksAlive: tasks.filter(({ fate }) => isAlive(fate)).length,
      tasksFinished: finishedOf(executors),
    },
    frameworks: frameworks.map((framework) => ({ ...framework, name: framework.name ?? null })),
    executors: executors.map(({ tasks: own, ...executor }) => ({
      ...executor,
      run: executor.run ?? null,
      pid: executor.pid ?? null,
      tasks: own.map((task) => ({ ...task, name: task.name ?? null })),
    })),
  };
};
