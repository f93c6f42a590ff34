import { about, endsStart, notSeen, ok, type PreflightCheck, warn } from './check.ts';

/** Whether the registry of resource providers opens. */
export const providerRegistry: PreflightCheck<'provider-registry'> = {
  code: 'provider-registry',
  title: 'The registry of resource providers opens',
  explanation:
    'The ids of resource providers are in a LevelDB database under meta, resource_provider_registry. The agent aborts where it does not open; where CURRENT is missing, LevelDB makes a new and empty one, and the providers are no longer known. Whether it opens is told here by CURRENT and the manifest that it names; what is in it is not read.',
  remedy:
    'Restore the folder from a copy. Without one, move it aside: the providers get new ids when they subscribe, and what was reserved on the old ones is gone.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts }) =>
    facts.state === undefined
      ? [notSeen({ why: 'nothing tells where the work_dir is', needsRoot: false })]
      : about(facts.state.registry, (found) => {
          if (found === undefined) return [ok('none is here: no resource provider was ever registered')];
          const { path, manifest, fault } = found;
          if (fault !== undefined) return [endsStart(`${fault.text}: it does not open`, fault.at)];
          return [
            manifest === undefined
              ? warn('CURRENT is missing: a new and empty registry will be made', path)
              : ok(`CURRENT names ${manifest}, which is there`, path),
          ];
        }),
};
