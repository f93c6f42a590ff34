import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/source/memory.ts';
import type { ModeResult, Verification } from '../../src/verify/verification.ts';
import type { Edit } from '../support/cases.ts';
import { AGENT, BOOT_ID, MARATHON, OPERATIONS, PODS, SLAVE_INFO, STATE, VOLUMES } from './places.ts';
import {
  type Assumed,
  mkdir,
  predict,
  predictSource,
  remove,
  rename,
  toFolder,
  truncate,
  writeText,
  zeros,
} from './predict.ts';

type Row = readonly [
  string,
  string,
  readonly Edit[],
  Assumed,
  readonly [ModeResult['exitCode'], ModeResult['exitCode']],
];

const { first } = VOLUMES;

describe('exit codes, strict and non-strict', () => {
  it.each<Row>([
    ['all is well', 'volumes', [], {}, [0, 0]],
    ['there are notes only', 'volumes', [remove(BOOT_ID), writeText(`${AGENT}/notes`, '')], {}, [0, 0]],
    ['the host was rebooted', 'marathon', [], { rebooted: true }, [0, 0]],
    ['an agent that has not registered yet', 'fresh', [remove('meta/slaves')], {}, [0, 0]],
    ['an executor is killed', 'marathon', [], {}, [1, 1]],
    ['an executor is forgotten', 'volumes', [remove(`${first.path}/executor.info`)], {}, [1, 1]],
    ['a task is forgotten', 'volumes', [truncate(`${first.task}/task.info`)], {}, [1, 1]],
    ['updates are cut off', 'volumes', [truncate(`${first.task}/task.updates`, 100)], {}, [1, 1]],
    ['reservations are forgotten', 'volumes', [truncate(STATE)], {}, [1, 1]],
    ['an agent without a folder forgets reservations', 'volumes', [remove('meta/slaves'), truncate(STATE)], {}, [1, 1]],
    ['an error is counted in both modes', 'pods', [truncate(`${AGENT}/drain.config`, 5)], {}, [1, 1]],
    ['an error is counted by one mode', 'volumes', [truncate(`${first.task}/task.info`, 5)], {}, [2, 1]],
    ['it refuses once', 'volumes', [zeros('volumes', `${first.task}/task.updates`)], {}, [2, 1]],
    ['it refuses at every start', 'volumes', toFolder(`${first.path}/executor_generated_for_command_task`), {}, [2, 2]],
    ['it aborts', 'volumes', [remove(`${first.path}/runs/latest`), mkdir(`${first.path}/runs/latest`)], {}, [2, 2]],
    ['it forgets its tasks', 'volumes', [truncate(SLAVE_INFO)], {}, [2, 2]],
    ['it forgets its tasks, or refuses', 'volumes', [truncate(SLAVE_INFO, 5)], {}, [2, 2]],
    ['it forgets the agents that were here', 'volumes', [remove('meta/slaves/latest')], {}, [2, 2]],
    ['there is no checkpoint', 'volumes', [rename('meta', 'data')], {}, [3, 3]],
  ])('%s', (_, tree, edits, assumed, expected) => {
    const { strict, nonStrict } = predict(tree, edits, assumed);
    expect([strict.exitCode, nonStrict.exitCode]).toEqual(expected);
  });

  it('an empty folder is no checkpoint, and for the agent there is nothing to recover', () => {
    const { strict, findings } = predictSource(new MemorySource('empty'));
    expect(strict.exitCode).toBe(3);
    expect(strict.starts.map(({ verdict }) => verdict)).toEqual(['new-agent']);
    expect(findings.map(({ code }) => code)).toEqual(['meta-missing']);
  });
});

describe('slave/recovery_errors, strict and non-strict', () => {
  const log = `${OPERATIONS.finished}/operation.updates`;
  const torn = (path: string): Edit => truncate(path, 5);

  it.each<readonly [string, string, readonly Edit[], readonly [number | undefined, number | undefined]]>([
    ['nothing', 'volumes', [], [0, 0]],
    ['what is lost silently', 'volumes', [remove(`${first.task}/task.info`)], [0, 0]],
    ['one', 'volumes', [torn(`${first.task}/task.info`)], [undefined, 1]],
    ['two', 'volumes', [torn(`${first.task}/task.info`), torn(`${VOLUMES.second.path}/executor.info`)], [undefined, 2]],
    ['what is counted in both modes', 'pods', [torn(`${AGENT}/drain.config`)], [1, 1]],
    ['the resources, and the operations with them', 'volumes', [torn(STATE)], [undefined, 2]],
    ['the log of an operation', 'operations', toFolder(log), [undefined, 1]],
    ['a start that refuses first', 'volumes', [zeros('volumes', `${first.task}/task.updates`)], [0, 1]],
    [
      'a start that never comes up',
      'volumes',
      toFolder(`${first.path}/executor_generated_for_command_task`),
      [undefined, undefined],
    ],
    // The state that they are in is dropped with the agent's info.
    ['not those of a damaged slave.info', 'volumes', [torn(SLAVE_INFO)], [undefined, 0]],
    ['those of the resources beside it', 'volumes', [torn(SLAVE_INFO), torn(STATE)], [undefined, 1]],
  ])('%s', (_, tree, edits, expected) => {
    const { strict, nonStrict } = predict(tree, edits);
    expect([strict.metric, nonStrict.metric]).toEqual(expected);
  });

  it('is not what a start counts, where slave.info is damaged', () => {
    const { nonStrict } = predict('volumes', [torn(SLAVE_INFO)]);
    expect([nonStrict.starts[0]?.recoveryErrors, nonStrict.metric]).toEqual([1, 0]);
  });
});

describe('the sandboxes', () => {
  const { web } = MARATHON;
  const gone = [remove(web.run.replace('meta/', ''))];
  const verdicts = (tree: string, edits: readonly Edit[], sandboxes: Assumed['sandboxes'] = 'auto'): unknown[] => {
    const { strict, findings } = predict(tree, edits, { sandboxes });
    return [strict.starts[0]?.verdict, findings.some(({ code }) => code === 'sandboxes-not-seen')];
  };

  it('are judged where the tree has some', () => {
    expect(verdicts('sandboxed', [])).toEqual(['recovers', false]);
    expect(verdicts('sandboxed', gone)).toEqual(['aborts', false]);
  });

  it('are not where it has none, which is said', () => {
    expect(verdicts('marathon', [])).toEqual(['recovers', true]);
    expect(verdicts('sandboxed', [remove('slaves')])).toEqual(['recovers', true]);
  });

  it('are as it is asked for', () => {
    expect(verdicts('marathon', [], 'judge')).toEqual(['aborts', false]);
    expect(verdicts('marathon', [], 'ignore')).toEqual(['recovers', false]);
    expect(verdicts('sandboxed', gone, 'ignore')).toEqual(['recovers', false]);
  });

  it('do not matter where no run is live', () => {
    expect(verdicts('fresh', [])).toEqual(['recovers', false]);
  });

  it('of docker containers are not asked for', () => {
    expect(verdicts('volumes', [], 'judge')).toEqual(['recovers', false]);
  });
});

describe('a pid that is there twice', () => {
  const pid = `${PODS.http.run}/pids/forked.pid`;
  const twice = [writeText(pid, '77'), writeText(`${PODS.pid.run}/pids/forked.pid`, '77')];
  const about = ({ findings }: Verification) => findings.filter(({ code }) => code === 'duplicate-forked-pid');

  it('is refused by the POSIX launcher', () => {
    const posix = predict('pods', twice, { launcher: 'posix' });
    expect([posix.strict.starts[0]?.verdict, posix.strict.exitCode]).toEqual(['refuses', 2]);
    expect(about(posix)[0]?.severity).toEqual({ strict: 'fatal', nonStrict: 'fatal' });
  });

  it('is noted with the Linux launcher, which is what an agent takes', () => {
    const without = predict('pods', []);
    for (const linux of [predict('pods', twice), predict('pods', twice, { launcher: 'linux' })]) {
      expect([linux.strict.starts[0]?.verdict, linux.strict.exitCode]).toEqual(['recovers', without.strict.exitCode]);
      expect(about(linux).map(({ severity }) => severity)).toEqual([{ strict: 'note', nonStrict: 'note' }]);
      expect(about(linux)[0]?.message).toMatch(/pid 77 is also in .*; the agent would refuse .* --launcher=posix$/);
    }
  });
});
