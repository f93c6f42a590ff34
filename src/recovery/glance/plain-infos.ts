import type { ExecutorKind } from '../../checkpoint/model.ts';
import type { LogPlace } from '../../checkpoint/update-log/update-log.ts';
import { PlainMessage } from '../../format/plain-message.ts';
import { DEMANDED } from '../../format/shape.ts';
import type { ExecutorIds } from '../../layout/folders.ts';
import { messageType } from '../../schema/index.ts';
import type { Spot } from '../../source/source.ts';
import { isGuessedGenerated } from '../state/generated-marker.ts';
import { fileAt, isRecord, type Looked } from './plain-files.ts';

/** The numbers of what is asked of an `ExecutorInfo`. */
const INFO = { id: 0, framework: 1, type: 2, name: 3, command: 4, container: 5, reservation: 6 };
/** The same of a `Task`. */
const TASK = { id: 0, framework: 1, executor: 2, name: 3, reservation: 4, limitation: 5 };

/** An `executor.info` that is plain: of this executor, with resources that are allocated to a role, and in the present form. */
export class PlainExecutorInfo {
  readonly #message = new PlainMessage(messageType('mesos.ExecutorInfo'), {
    executor_id: { value: INFO.id },
    framework_id: { value: INFO.framework },
    type: INFO.type,
    name: INFO.name,
    command: { value: INFO.command },
    container: { type: INFO.container },
    resources: { allocation_info: DEMANDED, reservation: INFO.reservation },
  });

  /** Reads that of an executor, by where its folder is; false where it is not plain. */
  read(looked: Looked, ids: ExecutorIds, folder: Spot): boolean {
    const message = this.#message;
    return (
      isRecord(looked, fileAt(looked, folder, 'executor.info'), message) &&
      message.isText(INFO.id, ids.executor) &&
      (!message.has(INFO.framework) || message.isText(INFO.framework, ids.framework)) &&
      !message.has(INFO.reservation)
    );
  }

  get isDefault(): boolean {
    return this.#type === 'DEFAULT';
  }

  get kind(): ExecutorKind {
    return { container: containerTypes?.get(this.#message.number(INFO.container) ?? -1), type: this.#type };
  }

  /** What the agent would guess: see `isGuessedGenerated`. */
  get isGuessedGenerated(): boolean {
    const name = this.#message.text(INFO.name) ?? '';
    return isGuessedGenerated({ name, command: { value: this.#message.text(INFO.command) ?? '' } });
  }

  get #type(): ExecutorKind['type'] {
    return executorTypes?.get(this.#message.number(INFO.type) ?? -1) as ExecutorKind['type'];
  }
}

/** A `task.info` that is plain: of this task, with such resources, and without a status that says what exceeded a limit. */
export class PlainTask {
  readonly #message = new PlainMessage(messageType('mesos.Task'), {
    task_id: { value: TASK.id },
    framework_id: { value: TASK.framework },
    executor_id: { value: TASK.executor },
    name: TASK.name,
    resources: { allocation_info: DEMANDED, reservation: TASK.reservation },
    statuses: { limitation: TASK.limitation },
  });

  /** Reads that of a task, by where its folder is. Of a default executor's tasks each names its executor. */
  read(looked: Looked, ids: LogPlace, folder: Spot, isOfDefault: boolean): boolean {
    const message = this.#message;
    return (
      isRecord(looked, fileAt(looked, folder, 'task.info'), message) &&
      message.isText(TASK.id, ids.task) &&
      message.isText(TASK.framework, ids.framework) &&
      (message.has(TASK.executor) ? message.isText(TASK.executor, ids.executor) : !isOfDefault) &&
      !message.has(TASK.reservation) &&
      !message.has(TASK.limitation)
    );
  }

  get name(): string {
    return this.#message.text(TASK.name) ?? '';
  }
}

const typesOf = (message: 'mesos.ExecutorInfo' | 'mesos.ContainerInfo'): ReadonlyMap<number, string> | undefined =>
  messageType(message).fields.find((field) => field?.name === 'type')?.enum?.nameByNumber;

const executorTypes = typesOf('mesos.ExecutorInfo');
const containerTypes = typesOf('mesos.ContainerInfo');
