import type { PreflightCheck } from './check.ts';
import { judgeFiles } from './state-files.ts';

/** The state of resource providers. */
export const providers: PreflightCheck<'providers'> = {
  code: 'providers',
  title: "The resource providers' state can be read",
  explanation:
    'Each local resource provider keeps its resources and operations in resource_provider.state. The agent comes up without one that does not start, and its volumes are then in no offer.',
  remedy:
    'Restore the file from a copy. Without one, move it aside: the provider then asks its plugin for what is there, and forgets reservations and pending operations.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts }) =>
    judgeFiles(facts.state?.resourceProviders, {
      name: "resource provider's state",
      damaged: { verdict: 'warn', text: 'the provider does not start, and its resources are missing' },
      empty: { verdict: 'warn', text: 'the provider forgets its reservations and operations' },
    }),
};
