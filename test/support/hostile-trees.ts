import { encodeMessage, encodeRecord } from '../../src/format/encode.ts';
import type { Message } from '../../src/format/parse.ts';
import { messageType } from '../../src/schema/index.ts';
import { type MemoryNode, MemorySource } from '../../src/source/memory.ts';
import { ackRecord, updateRecord } from './wire.ts';

/** Checkpoints that are large in one way, made and not stored: `size` says how large. */

/** Where they live on their agent. */
export const HOME = '/var/lib/mesos';

const AGENT = 'agent-S1';
const FRAMEWORKS = `meta/slaves/${AGENT}/frameworks`;

const file = (content: Buffer | string): MemoryNode => ({ kind: 'file', bytes: Buffer.from(content as Buffer) });
const link = (target: string): MemoryNode => ({ kind: 'link', target });
const folder = (children: Iterable<readonly [string, MemoryNode]> = []): MemoryNode => ({
  kind: 'folder',
  children: new Map(children),
});
const record = (type: Parameters<typeof messageType>[0], value: Message): Buffer =>
  encodeRecord(encodeMessage(messageType(type), value));

const times = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const named = (prefix: string, i: number): string => `${prefix}-${String(i).padStart(6, '0')}`;
const uuid = (i: number): Buffer => {
  const bytes = Buffer.alloc(16, 1);
  bytes.writeUInt32BE(i);
  bytes[6] = 0x41;
  bytes[8] = 0x81;
  return bytes;
};

const log = (task: string): Buffer => Buffer.concat([updateRecord(uuid(1), { task }), ackRecord(uuid(1))]);
const torn = (bytes: Buffer): MemoryNode => file(bytes.subarray(0, bytes.length - 3));

/** A log whose second record does not parse, which ends a strict start. */
const bad = (task: string): Buffer =>
  Buffer.concat([updateRecord(uuid(1), { task }), encodeRecord(Buffer.alloc(9, 0xff)), ackRecord(uuid(1))]);

interface Given {
  /** What is different from a whole one, by path. */
  readonly with?: Readonly<Record<string, MemoryNode | undefined>>;
}

/** A folder of what is given by path, and of what is different. */
const built = (files: Readonly<Record<string, MemoryNode | undefined>>): MemoryNode => {
  const root = folder();
  for (const [path, node] of Object.entries(files)) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let at = root;
    for (const part of parts) {
      if (at.kind !== 'folder') throw new Error(`${path}: ${part} is in no folder`);
      const next: MemoryNode = at.children.get(part) ?? folder();
      at.children.set(part, next);
      at = next;
    }
    if (at.kind !== 'folder') throw new Error(`${path} is in no folder`);
    if (node === undefined) at.children.delete(name);
    else at.children.set(name, node);
  }
  return root;
};

const taskInfo = (framework: string, task: string): Buffer =>
  record('mesos.Task', {
    name: task,
    task_id: { value: task },
    framework_id: { value: framework },
    slave_id: { value: AGENT },
    state: 'TASK_STAGING',
    resources: [],
    statuses: [],
  });

/** A run of an executor with one task, of the executor's own id. */
const runFiles = (framework: string, executor: string, run: string, pid: number): Record<string, MemoryNode> => ({
  [`runs/${run}/pids/forked.pid`]: file(String(pid)),
  [`runs/${run}/pids/libprocess.pid`]: file(`executor(1)@10.0.0.9:${1024 + (pid % 60_000)}`),
  [`runs/${run}/tasks/${executor}/task.info`]: file(taskInfo(framework, executor)),
  [`runs/${run}/tasks/${executor}/task.updates`]: file(log(executor)),
});

/** An executor with one run and one task; `i` tells it from the others. */
const executor = (framework: string, i: number, given: Given = {}): readonly [string, MemoryNode] => {
  const id = named('executor', i);
  const run = named('run', i);
  const latest = `${HOME}/${FRAMEWORKS}/${framework}/executors/${id}/runs/${run}`;
  return [
    id,
    built({
      'executor.info': file(
        record('mesos.ExecutorInfo', {
          executor_id: { value: id },
          framework_id: { value: framework },
          command: { value: 'run', uris: [] },
          resources: [],
        }),
      ),
      executor_generated_for_command_task: file('1'),
      'runs/latest': link(latest),
      ...runFiles(framework, id, run, 1000 + i),
      ...given.with,
    }),
  ];
};

const frameworkInfo = (id: string): MemoryNode =>
  file(record('mesos.FrameworkInfo', { user: 'root', name: id, id: { value: id }, checkpoint: true }));

const framework = (
  id: string,
  executors: readonly (readonly [string, MemoryNode])[],
  given: Given = {},
): readonly [string, MemoryNode] => {
  const node = built({
    'framework.info': frameworkInfo(id),
    'framework.pid': file('scheduler@10.0.0.7:15101'),
    ...given.with,
  });
  if (node.kind === 'folder') node.children.set('executors', folder(executors));
  return [id, node];
};

const tree = (
  frameworks: readonly (readonly [string, MemoryNode])[],
  beside: Readonly<Record<string, MemoryNode>> = {},
): MemorySource => {
  const root = built({
    'meta/boot_id': file('6e4f1b1a-3c1d-4b58-9a52-0e8f1c2d3e4f'),
    'meta/slaves/latest': link(`${HOME}/meta/slaves/${AGENT}`),
    [`meta/slaves/${AGENT}/slave.info`]: file(
      record('mesos.SlaveInfo', { hostname: 'n1', id: { value: AGENT }, port: 5051, checkpoint: true, resources: [] }),
    ),
    [FRAMEWORKS]: folder(frameworks),
    ...beside,
  });
  return new MemorySource('n1', root as MemoryNode & { kind: 'folder' });
};

const F = 'framework-0';
/** One framework with so many executors. */
const executors = (size: number, given: (i: number) => Given): MemorySource =>
  tree([
    framework(
      F,
      times(size, (i) => executor(F, i, given(i))),
    ),
  ]);
const frameworks = (size: number, make: (id: string, i: number) => readonly [string, MemoryNode]): MemorySource =>
  tree(times(size, (i) => make(named('framework', i), i)));

const EMPTY = file('');
const path = (i: number, below: string): string => `runs/${named('run', i)}/${below}`;
const logPath = (i: number): string => path(i, `tasks/${named('executor', i)}/task.updates`);
const infoPath = (i: number): string => path(i, `tasks/${named('executor', i)}/task.info`);

/** What can be wrong with an executor, one after the other. */
const OF_EXECUTOR: readonly ((i: number) => Given['with'])[] = [
  () => ({ 'executor.info': file('\xff\x00\x00\x00x') }),
  () => ({ 'runs/latest': link('nowhere') }),
  (i) => ({ [path(i, 'pids/forked.pid')]: file('12x') }),
  (i) => ({ [logPath(i)]: torn(log(named('executor', i))) }),
  (i) => ({ [infoPath(i)]: torn(taskInfo(F, named('executor', i))) }),
  (i) => ({ [path(i, 'pids/libprocess.pid')]: folder() }),
  () => ({ executor_generated_for_command_task: file('x') }),
  (i) => ({ [logPath(i)]: folder() }),
  (i) => ({ [infoPath(i)]: EMPTY }),
  () => ({ 'executor.info': undefined }),
  () => ({ 'runs/latest': undefined }),
  (i) => ({ [logPath(i)]: file(bad(named('executor', i))) }),
  (i) => ({ [path(i, 'pids/forked.pid')]: EMPTY }),
];

/** What can be wrong with a framework. */
const OF_FRAMEWORK: readonly ((i: number) => Given['with'])[] = [
  () => ({ 'framework.info': file('\xff\x00\x00\x00x') }),
  () => ({ 'framework.info': undefined }),
  () => ({ 'framework.info': EMPTY }),
  () => ({ 'framework.pid': folder() }),
  () => ({ 'framework.pid': EMPTY }),
  () => ({ 'framework.pid': undefined }),
  () => ({ 'framework.info': frameworkInfo(named('framework', 0)) }),
  (i) => ({ 'framework.info': frameworkInfo(named('framework', i + 1)) }),
];

/** Links in an executor to a folder that it is in. */
const LINKS_ABOVE: readonly NonNullable<Given['with']>[] = [
  { 'runs/latest': link('..') },
  { 'executor.info': link('.') },
  { 'runs/latest': link(`${HOME}/meta`) },
  { 'runs/more/tasks': link('../../../..') },
  { 'runs/latest': link('.') },
];

const pick = <T>(all: readonly T[], i: number): T => all[i % all.length] as T;

/** Kinds of trees by name, each for a size. */
export const HOSTILE_TREES: Readonly<Record<string, (size: number) => MemorySource>> = {
  'links to one framework': (size) =>
    tree([framework(F, [executor(F, 0)]), ...times(size, (i) => [named('link', i), link(F)] as const)]),
  'links to one framework, of names before it': (size) =>
    tree([framework(F, [executor(F, 0)]), ...times(size, (i) => [named('a-link', i), link(F)] as const)]),
  'links to a framework that is damaged': (size) =>
    tree([
      framework(F, [executor(F, 0)], { with: OF_FRAMEWORK[0]?.(0) ?? {} }),
      ...times(size, (i) => [named('a-link', i), link(F)] as const),
    ]),
  'links to a framework with an executor that is damaged': (size) =>
    tree([
      framework(F, [executor(F, 0, { with: OF_EXECUTOR[3]?.(0) ?? {} })]),
      ...times(size, (i) => [named('a-link', i), link(F)] as const),
    ]),
  'a link to each framework': (size) =>
    tree(
      times(size, (i) => {
        const id = named('framework', i);
        return [framework(id, [executor(id, i)]), [named('link', i), link(id)] as const];
      }).flat(),
    ),
  'links to frameworks in a chain': (size) =>
    tree([
      framework(F, [executor(F, 0)]),
      ...times(size, (i) => [named('link', i), link(i === 0 ? F : named('link', i - 1))] as const),
    ]),
  'links of frameworks that lead nowhere': (size) =>
    tree([framework(F, [executor(F, 0)]), ...times(size, (i) => [named('link', i), link('nowhere')] as const)]),
  'links to one executor': (size) =>
    tree([
      framework(F, [executor(F, 0), ...times(size, (i) => [named('link', i), link(named('executor', 0))] as const)]),
    ]),
  'links to one executor that is damaged': (size) =>
    tree([
      framework(F, [
        executor(F, 0, { with: OF_EXECUTOR[3]?.(0) ?? {} }),
        ...times(size, (i) => [named('link', i), link(named('executor', 0))] as const),
      ]),
    ]),
  'frameworks with the info of another': (size) =>
    frameworks(size, (id, i) =>
      framework(id, [executor(id, i)], { with: { 'framework.info': frameworkInfo(named('framework', 0)) } }),
    ),
  'frameworks with the info of the next one': (size) =>
    frameworks(size, (id, i) =>
      framework(id, [executor(id, i)], {
        with: { 'framework.info': frameworkInfo(named('framework', (i + 1) % size)) },
      }),
    ),
  'frameworks, each with another damage': (size) =>
    frameworks(size, (id, i) => framework(id, [executor(id, i)], { with: pick(OF_FRAMEWORK, i)(i) ?? {} })),
  'executors, each with another damage': (size) => executors(size, (i) => ({ with: pick(OF_EXECUTOR, i)(i) ?? {} })),
  'executors with a torn log': (size) => executors(size, (i) => ({ with: OF_EXECUTOR[3]?.(i) ?? {} })),
  'executors with a log that does not parse': (size) =>
    executors(size, (i) => ({ with: { [logPath(i)]: file(bad(named('executor', i))) } })),
  'executors with two damages each': (size) =>
    executors(size, (i) => ({
      with: { [logPath(i)]: file(bad(named('executor', i))), [infoPath(i)]: torn(taskInfo(F, named('executor', i))) },
    })),
  'executors with two damages each, beside links to the folders above them': (size) =>
    executors(size, (i) => ({
      with: {
        [logPath(i)]: file(bad(named('executor', i))),
        [infoPath(i)]: torn(taskInfo(F, named('executor', i))),
        ...pick(LINKS_ABOVE, i),
      },
    })),
  'executors that are links to folders beside them, with two damages each': (size) =>
    tree([
      framework(
        F,
        times(size, (i) => {
          const [id, node] = executor(F, i, {
            with: {
              [logPath(i)]: file(bad(named('executor', i))),
              [infoPath(i)]: torn(taskInfo(F, named('executor', i))),
            },
          });
          return [[`${id}_`, node] as const, [id, link(`${id}_`)] as const];
        }).flat(),
      ),
    ]),
  'executors of which one has a log that does not parse, and those behind it a torn task.info': (size) =>
    executors(size, (i) => ({
      with:
        i === 0
          ? { [logPath(i)]: file(bad(named('executor', i))) }
          : { [infoPath(i)]: torn(taskInfo(F, named('executor', i))) },
    })),
  'executors whose latest leads nowhere': (size) =>
    executors(size, () => ({ with: { 'runs/latest': link('nowhere') } })),
  'executors without latest': (size) => executors(size, () => ({ with: { 'runs/latest': undefined } })),
  'executors of one pid': (size) => executors(size, (i) => ({ with: { [path(i, 'pids/forked.pid')]: file('77') } })),
  'executors without a damage': (size) => executors(size, () => ({})),
  'frameworks without a damage': (size) => frameworks(size, (id, i) => framework(id, [executor(id, i)])),
  'runs of one executor': (size) => {
    const id = named('executor', 0);
    const runs = times(size, (i) => Object.entries(runFiles(F, id, named('more', i), 5000 + i))).flat();
    return tree([framework(F, [executor(F, 0, { with: Object.fromEntries(runs) })])]);
  },
  'runs of one executor, each with a torn log': (size) => {
    const id = named('executor', 0);
    const runs = times(size, (i) => [
      ...Object.entries(runFiles(F, id, named('more', i), 5000 + i)),
      [`runs/${named('more', i)}/tasks/${id}/task.updates`, torn(log(id))] as const,
    ]).flat();
    return tree([framework(F, [executor(F, 0, { with: Object.fromEntries(runs) })])]);
  },
  'tasks of one run, each with a log that does not parse': (size) => {
    const tasks = times(size, (i) => {
      const id = named('task', i);
      return [
        [path(0, `tasks/${id}/task.info`), file(taskInfo(F, id))] as const,
        [path(0, `tasks/${id}/task.updates`), file(bad(id))] as const,
      ];
    }).flat();
    return tree([framework(F, [executor(F, 0, { with: Object.fromEntries(tasks) })])]);
  },
  'tasks of one run, each with a torn log': (size) => {
    const tasks = times(size, (i) => {
      const id = named('task', i);
      return [
        [path(0, `tasks/${id}/task.info`), file(taskInfo(F, id))] as const,
        [path(0, `tasks/${id}/task.updates`), torn(log(id))] as const,
      ];
    }).flat();
    return tree([framework(F, [executor(F, 0, { with: Object.fromEntries(tasks) })])]);
  },
  'files where frameworks belong': (size) =>
    tree([framework(F, [executor(F, 0)]), ...times(size, (i) => [named('file', i), EMPTY] as const)]),
  'hidden names where executors belong': (size) =>
    tree([framework(F, [executor(F, 0), ...times(size, (i) => [`.${named('hidden', i)}`, folder()] as const)])]),
  'agents beside the one that latest names': (size) =>
    tree(
      [framework(F, [executor(F, 0)])],
      Object.fromEntries(times(size, (i) => [`meta/slaves/${named('other', i)}/slave.info`, EMPTY])),
    ),
  'operations of which each is damaged': (size) =>
    tree(
      [framework(F, [executor(F, 0)])],
      Object.fromEntries(
        times(size, (i) => [
          `meta/slaves/${AGENT}/operations/${named('operation', i)}/operation.updates`,
          file('\xff\x00\x00\x00x'),
        ]),
      ),
    ),
  'operations whose folders are named by a uuid, each with a log that does not parse': (size) =>
    tree(
      [framework(F, [executor(F, 0)])],
      Object.fromEntries(
        times(size, (i) => [
          `meta/slaves/${AGENT}/operations/${String(i).padStart(8, '0')}-0000-4000-8000-000000000000/operation.updates`,
          file(encodeRecord(Buffer.alloc(9, 0xff))),
        ]),
      ),
    ),
  'executors without their sandboxes': (size) =>
    tree(
      [
        framework(
          F,
          times(size, (i) => executor(F, i)),
        ),
      ],
      { 'slaves/other': folder() },
    ),
};

/** A tree in which so many links at each level lead to the one folder there: what there is shows that often, to the fourth power. */
export const linksAtEachLevel = (size: number): MemorySource => {
  const [id, run] = [named('executor', 0), named('run', 0)];
  const links = (folder: string, target: string): Record<string, MemoryNode> =>
    Object.fromEntries(times(size, (i) => [`${folder}${named('link', i)}`, link(target)]));
  const more = { ...links('runs/', run), ...links(`runs/${run}/tasks/`, id) };
  return tree([
    framework(F, [executor(F, 0, { with: more }), ...times(size, (i) => [named('link', i), link(id)] as const)]),
    ...times(size, (i) => [named('link', i), link(F)] as const),
  ]);
};

/** A tree with so many resources, of each of which something is reserved; of the last one more than there is. */
export const unfittingResources = (size: number): MemorySource => {
  const resources = times(size, (i) => ({ name: `r${i}`, type: 'SCALAR', scalar: { value: 1 } }));
  const reserved = resources.map((resource, i) => ({
    ...resource,
    scalar: { value: i < size - 1 ? 1 : 2 },
    reservations: [{ type: 'DYNAMIC', role: 'r', principal: 'p' }],
  }));
  return tree([framework(F, [executor(F, 0)])], {
    [`meta/slaves/${AGENT}/slave.info`]: file(
      record('mesos.SlaveInfo', { hostname: 'n1', id: { value: AGENT }, port: 5051, checkpoint: true, resources }),
    ),
    'meta/resources/resources.info': file(Buffer.concat(reserved.map((each) => record('mesos.Resource', each)))),
  });
};
