import { Environment } from '../../agent/flags/environment.ts';
import type { TracedText } from '../../agent/flags/origin.ts';
import { type Host, textAt } from '../host.ts';
import type { UnitCommand } from '../systemd/service.ts';
import { splitWords } from '../systemd/words.ts';
import { commandAt, type InitStart, textsIn } from './init-start.ts';

/** Processes of a job, and the one that is the service itself, which has no name (init(5) of upstart). */
const PROCESS = /^\s*(?:(pre-start|post-start|pre-stop|post-stop)\s+)?(exec\s+(.*)|script\s*)$/;

/** The jobs of upstart that a text shows to be the agent's. */
export const upstartJobs = (host: Host, isAgents: (text: string) => boolean): readonly InitStart[] =>
  textsIn(host, '/etc/init').flatMap(({ path, text }) => {
    if (!path.endsWith('.conf') || !isAgents(text)) return [];
    const override = textAt(host, path.replace(/conf$/, 'override')) ?? '';
    const job = new Job(path, text);
    return job.main === undefined ? [] : [job.start(job.main, !/^\s*manual\s*$/m.test(`${text}\n${override}`))];
  });

/** One job, line by line. */
class Job {
  main: UnitCommand | undefined;
  readonly #others: UnitCommand[] = [];
  readonly #environment = new Environment();
  readonly #place: string;
  #isStarted = false;
  #user: TracedText | undefined;

  constructor(place: string, text: string) {
    this.#place = place;
    const lines = text.split('\n');
    for (let i = 0; i < lines.length; i += 1) {
      const line = lines[i] ?? '';
      if (/^\s*start\s+on\b/.test(line)) this.#isStarted = true;
      const [, name, value] = /^\s*env\s+(\w+)=(.*)$/.exec(line) ?? [];
      const [, user] = /^\s*setuid\s+(\S+)/.exec(line) ?? [];
      if (user !== undefined) this.#user = { value: user, origin: { place, line: i + 1 }, unknown: undefined };
      if (name !== undefined && value !== undefined) this.#set(name, value, i + 1);
      const [, process, , command] = PROCESS.exec(line) ?? [];
      if (!PROCESS.test(line)) continue;
      const body: string[] = [];
      const first = command === undefined ? i + 2 : i + 1;
      while (command === undefined && i + 1 < lines.length && !/^\s*end\s+script\s*$/.test(lines[i + 1] ?? '')) {
        i += 1;
        body.push(lines[i] ?? '');
      }
      this.#add(process, command === undefined ? body.join('\n') : `exec ${command}`, first);
    }
  }

  #set(name: string, value: string, line: number): void {
    const [word] = splitWords(value.trim()) ?? [];
    const origin = { place: this.#place, line };
    this.#environment.set(name, { value: word?.text ?? value.trim(), origin, unknown: undefined });
  }

  /** Whatever a job runs, a shell runs it. */
  #add(process: string | undefined, text: string, line: number): void {
    const isMain = process === undefined;
    const command = commandAt(['/bin/sh', '-c', text], this.#place, line, { isMain, folder: '/' });
    if (isMain) this.main = command;
    else this.#others.push(command);
  }

  start(main: UnitCommand, isAllowed: boolean): InitStart {
    return {
      init: 'upstart',
      place: this.#place,
      words: main.words,
      environment: this.#environment,
      commands: [...this.#others, main],
      user: this.#user,
      isEnabled: this.#isStarted && isAllowed,
    };
  }
}
