/** Where things are in the fixture trees. */

const ID = '2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001';

export const AGENT_ID = `${ID}-S7`;
export const AGENT = `meta/slaves/${AGENT_ID}`;
export const SLAVE_INFO = `${AGENT}/slave.info`;
export const BOOT_ID = 'meta/boot_id';
export const STATE = 'meta/resources/resources_and_operations.state';
export const STATE_TARGET = 'meta/resources/resources_and_operations.target';
export const INFO = 'meta/resources/resources.info';
export const TARGET = 'meta/resources/resources.target';

/** An executor with its latest run, and the one task in that. */
export interface ExecutorPlace {
  readonly framework: string;
  readonly id: string;
  readonly path: string;
  readonly run: string;
  readonly task: string;
}

const executor = (framework: string, id: string, run: string, task = id): ExecutorPlace => {
  const path = `${AGENT}/frameworks/${framework}/executors/${id}`;
  const runPath = `${path}/runs/${run}`;
  return { framework, id, path, run: runPath, task: `${runPath}/tasks/${task}` };
};

const marathonExecutor = (name: string, run: string): ExecutorPlace =>
  executor(`${ID}-0000`, `${name}-aaaa-11ed-9b7e-0242ac110002`, `7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e${run}`);

/** `marathon`: command tasks; one has run before, one has not registered yet, one has finished. */
export const MARATHON = {
  framework: `${AGENT}/frameworks/${ID}-0000`,
  web: marathonExecutor('shop_web.1f0e0a52', '02'),
  /** The run of the web executor before this one: it has ended. */
  webBefore: marathonExecutor('shop_web.1f0e0a52', '01'),
  api: marathonExecutor('shop_api.2a0e0a52', '03'),
  nightly: marathonExecutor('nightly_report.3b0e0a52', '04'),
  cache: marathonExecutor('shop_cache.4c0e0a52', '05'),
};

/** `volumes`, `targets` and `operations`: two docker executors, a reservation and a volume. */
export const VOLUMES = {
  framework: `${AGENT}/frameworks/${ID}-0002`,
  first: executor(`${ID}-0002`, 'db-docker.1', '8f1c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e21'),
  second: executor(`${ID}-0002`, 'db-docker.2', '8f1c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e22'),
};

/** `pods`: an executor of type DEFAULT that uses HTTP, and one with a pid; the agent is draining. */
export const PODS = {
  framework: `${AGENT}/frameworks/${ID}-0001`,
  http: executor(`${ID}-0001`, 'node-0__executor', '9e1c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e11', 'node-0-server__a1'),
  pid: executor(`${ID}-0001`, 'node-1__executor', '9e1c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e12', 'node-1-server__b1'),
};

/** `operations`: the log of the operation that has finished, and the folder where that of the pending one would be. */
export const OPERATIONS = {
  finished: `${AGENT}/operations/1f7a2b3c-1111-4222-8333-444455556661`,
  pending: `${AGENT}/operations/1f7a2b3c-1111-4222-8333-444455556662`,
};
