import { isWithin, since } from '../../agent/version.ts';
import type { PreflightCheck } from './check.ts';
import { ok } from './check.ts';
import { judgeFiles } from './state-files.ts';

/** The releases in which an empty file no longer ends the recovery (MESOS-8871). */
export const EMPTY_IMAGE_STORE = since('1.4.2', '1.5.2', '1.6.1', '1.7.0');

/** What the image store of the mesos containerizer keeps. */
export const imageStore: PreflightCheck<'image-store'> = {
  code: 'image-store',
  title: 'The list of stored images can be read',
  looksAtStart: true,
  explanation:
    'With docker among --image_providers the agent lists the images that it has pulled in storedImages of its --docker_store_dir. It refuses to start where that is damaged, and before MESOS-8871 was fixed (1.4.2, 1.5.2, 1.6.1, 1.7.0) where it is empty.',
  remedy: 'Move storedImages aside: images are pulled again as they are needed, and running containers keep theirs.',
  visibility: 'Run this on the host, as root, where --docker_store_dir is.',
  judge: ({ facts }) => {
    const { imageProviders } = facts.settings;
    if (imageProviders.isSure && !imageProviders.value.some((name) => name.toLowerCase() === 'docker'))
      return [ok('docker is not among --image_providers')];
    return judgeFiles(facts.state?.imageStore, {
      name: 'list of stored images',
      damaged: { verdict: 'fail', text: 'the agent refuses to start' },
      empty: isWithin(facts.to.version, EMPTY_IMAGE_STORE)
        ? { verdict: 'ok', text: 'the agent takes it for none' }
        : { verdict: 'fail', text: 'this version refuses to start on it (MESOS-8871)' },
    });
  },
};
