import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Overview } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { Agent } from './agent.tsx';
import { blockOf, overviewNumber } from './blocks.ts';
import { Time } from './common.tsx';
import { Fleet } from './fleet.tsx';
import { useRoute } from './route.ts';

const App = ({ overview }: { readonly overview: Overview }) => {
  const route = useRoute();
  const { agents } = overview;
  const isFleet = agents.length > 1;
  const chosen = route.agent === undefined ? undefined : agents.find(({ path }) => path === route.agent);
  const agent = isFleet ? chosen : agents[0];
  const host = overview.summary.hosts.find(({ path }) => path === agent?.path)?.host ?? agent?.path;
  useEffect(() => {
    document.title = host === undefined ? 'Agents: mesos-ckpt report' : `${host}: mesos-ckpt report`;
  }, [host]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the report
      </button>
      {agent?.head !== undefined ? (
        <Agent key={agent.path} blocks={agent} route={route} isOneOfSeveral={isFleet} />
      ) : (
        <main id="main" tabIndex={-1}>
          <Fleet overview={overview} />
        </main>
      )}
      <footer>
        <p>
          Written by mesos-ckpt {overview.version} on {shown(overview.judgedOn)}, <Time iso={overview.time} />. Secrets
          (values of environment variables, credentials, data of tasks, and what damage may have put in their place) are
          redacted. Ids, names, command lines, URIs and labels are not.
        </p>
        <p>This page loads nothing and sends nothing. Keys: / search, arrows in the tree, Enter opens.</p>
      </footer>
    </>
  );
};

const start = async (): Promise<void> => {
  const app = document.getElementById('app');
  if (app === null) return;
  try {
    const overview = await blockOf<Overview>(overviewNumber());
    performance.mark('unpacked');
    app.textContent = '';
    render(<App overview={overview} />, app);
  } catch (error) {
    app.textContent = `The report cannot be unpacked: ${error instanceof Error ? error.message : String(error)}. It needs a browser of 2023 or later.`;
  }
};

performance.mark('begun');
void start();
