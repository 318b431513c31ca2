// The smallest test on container images: Kafka and MongoDB by testcontainers, and by the library that "./rollcall up --docker"
// uses. Says in one line that it was left out where no Docker daemon answers, or where it has no images.
import { spawnSync } from 'node:child_process';

import { IMAGES } from './base-images.mjs';
import { succeeds } from './commands.mjs';

const leftOut = (/** @type {string} */ why) => {
  console.log(`Left out: ${why}, so nothing was tried in containers.`);
  process.exit(0);
};

if (!succeeds(['docker', 'version'])) leftOut('no Docker daemon answers here');
for (const image of [IMAGES.kafka, IMAGES.mongo]) {
  const isThere = succeeds(['docker', 'image', 'inspect', image]) || succeeds(['docker', 'pull', '--quiet', image]);
  if (!isThere) leftOut(`Docker answers, but ${image} is not there and cannot be pulled`);
}

const jest = ['tools/jest.mjs', '--selectProjects'];
const runs = [
  [...jest, 'int', 'libs/engines/test/engines.int-spec.ts'],
  [...jest, 'containers', 'libs/engines/test'],
];
for (const args of runs) {
  const env = { ...process.env, ROLLCALL_ENGINES: 'containers' };
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}
