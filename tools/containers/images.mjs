// Base images for the Dockerfile, the compose file and the tests: node tools/containers/images.mjs
import { ensureBaseImages } from './base-images.mjs';
import { findDocker, workDirectory } from './docker.mjs';

const log = (/** @type {string} */ line) => console.log(line);
const docker = await findDocker({ log });
try {
  const standIns = await ensureBaseImages(docker, { directory: workDirectory(), log });
  log(standIns.length === 0 ? 'All base images are the published ones.' : `Stand-ins: ${standIns.join(', ')}.`);
} finally {
  if (!process.argv.includes('--keep')) await docker.stop();
}
