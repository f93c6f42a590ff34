import type { FileReader } from '../../checkpoint/read.ts';
import { PlainExecutors, type PlainTeller } from '../../inspect/plain-executors.ts';
import { selectorOf } from '../../inspect/select.ts';
import type { ExecutorIds } from '../../layout/folders.ts';
import { stateOf } from '../../recovery/startup/replay.ts';
import type { Rules } from '../../recovery/versions.ts';
import { messageType } from '../../schema/index.ts';
import { isoTime } from '../../text/time.ts';
import { JsonBytes } from '../json/json-bytes.ts';
import { PlainMessageJson } from '../json/plain-message.ts';
import type { ExecutorsText } from './executors-text.ts';
import type { InspectionAbout } from './json.ts';

/** What no plain entry has. */
const NOTHING_ODD = ',"damage":[],"unknown":[]';

/** Forms the text of plain executors while they are read: what `Writer.executor` makes of the whole, to the letter. */
class PlainText implements PlainTeller {
  readonly json = new JsonBytes();
  readonly #executorInfo: PlainMessageJson;
  readonly #taskInfo: PlainMessageJson;
  readonly #uuids: boolean;
  #isFirstTask = true;

  constructor(showSecrets: boolean, uuids: boolean) {
    this.#executorInfo = new PlainMessageJson(messageType('mesos.ExecutorInfo'), showSecrets, this.json);
    this.#taskInfo = new PlainMessageJson(messageType('mesos.Task'), showSecrets, this.json);
    this.#uuids = uuids;
  }

  readonly executor: PlainTeller['executor'] = ({ id, path }) => {
    this.json.clear();
    this.#isFirstTask = true;
    this.json.ascii('{');
    this.#entry(id, path);
    this.json.ascii(',"info":');
  };

  readonly executorInfo: PlainTeller['executorInfo'] = (bytes, start, end) =>
    this.#executorInfo.write(bytes, start, end);

  readonly behindExecutorInfo: PlainTeller['behindExecutorInfo'] = ({ generated, latest }) => {
    const { json } = this;
    json.ascii(`,"generatedForCommandTask":${generated ?? null},"latest":`);
    this.#textOrNull(latest);
    json.ascii(',"runs":[{');
  };

  readonly run: PlainTeller['run'] = (run) => {
    const { json } = this;
    this.#entry(run.id, run.path);
    json.ascii(`,"latest":${run.isLatest ?? null},"completed":${run.completed}`);
    json.ascii(`,"forkedPid":${run.forkedPid ?? null},"libprocessPid":`);
    this.#textOrNull(run.libprocessPid);
    json.ascii(`,"connection":"${run.connection}","sandbox":${run.sandbox ?? null},"tasks":[`);
  };

  readonly task: PlainTeller['task'] = ({ id, path }) => {
    this.json.ascii(this.#isFirstTask ? '{' : ',{');
    this.#isFirstTask = false;
    this.#entry(id, path);
    this.json.ascii(',"info":');
  };

  readonly taskInfo: PlainTeller['taskInfo'] = (bytes, start, end) => this.#taskInfo.write(bytes, start, end);

  readonly updates: PlainTeller['updates'] = ({ log, bytes, pending }) => {
    const { json } = this;
    const { newest, updates, acknowledged } = log;
    const timestamp = Number.isFinite(newest) ? newest : null;
    const time = isoTime(newest);
    json.ascii(`,"state":"${stateOf(log, updates - 1)}","lastUpdate":{"timestamp":${timestamp},"time":`);
    json.ascii(time === undefined ? 'null},"updates":[' : `"${time}"},"updates":[`);
    for (let update = 0; update < updates; update++) {
      json.ascii(`${update === 0 ? '' : ','}{"state":"${stateOf(log, update)}"`);
      if (this.#uuids) this.#uuid(bytes, log.uuids[update] as number);
      json.ascii(update < acknowledged ? ',"acknowledged":true}' : ',"acknowledged":false}');
    }
    json.ascii(`],"pending":${pending},"acknowledged":${acknowledged}}`);
  };

  readonly end: PlainTeller['end'] = () => this.json.ascii(']}]}');

  #entry(id: string, path: string): void {
    this.json.ascii('"id":');
    this.json.quoted(id);
    this.json.ascii(',"path":');
    this.json.quoted(path);
    this.json.ascii(NOTHING_ODD);
  }

  #textOrNull(text: string | undefined): void {
    if (text === undefined) this.json.ascii('null');
    else this.json.quoted(text);
  }

  #uuid(bytes: Buffer, at: number): void {
    let from = at;
    let before = ',"uuid":"';
    for (const length of UUID_PARTS) {
      this.json.ascii(before);
      this.json.hexAt(bytes, from, from + length);
      from += length;
      before = '-';
    }
    this.json.ascii('"');
  }
}

/** The bytes between the dashes of a uuid's text. */
const UUID_PARTS = [4, 2, 2, 2, 6];

/** So many executors are passed over at most, where those before them were not plain. */
const MOST_PASSED = 63;

/** The text of plain executors, of all that there are. */
export class PlainTexts {
  readonly #text: PlainText;
  readonly #executors: PlainExecutors;
  /** How many were not plain, one after the other; and how many are taken for the same without a look. */
  #others = 0;
  #passed = 0;

  constructor({ showSecrets }: InspectionAbout, rules: Rules, uuids: boolean) {
    this.#text = new PlainText(showSecrets, uuids);
    this.#executors = new PlainExecutors(this.#text, rules);
  }

  /**
   * That of one, by its folder, which is no link; undefined where it is not plain. What is not is read again, and executors of a host are much
   * alike: behind some that are not plain fewer and fewer are looked at.
   */
  of(files: FileReader, ids: ExecutorIds, path: string, hasSandboxes: boolean): ExecutorsText | undefined {
    if (this.#passed > 0) {
      this.#passed--;
      return undefined;
    }
    const tasks = this.#executors.tell(files, ids, path, hasSandboxes);
    if (tasks === undefined) {
      this.#passed = Math.min(MOST_PASSED, 2 ** this.#others++ - 1);
      return undefined;
    }
    this.#others = 0;
    const counts = { frameworks: 0, executors: 1, runs: 1, tasks, damaged: 0 };
    return { texts: [this.#text.json.text()], shown: counts, total: counts };
  }
}

/** What forms them, where all are asked for. */
export const plainTextsFor = (about: InspectionAbout, rules: Rules, uuids: boolean): PlainTexts | undefined =>
  selectorOf(about.selection).takesAll ? new PlainTexts(about, rules, uuids) : undefined;
