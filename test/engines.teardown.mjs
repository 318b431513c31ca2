// Jest globalTeardown: stops the engines that engines.setup.mjs started and deletes their data.
import { rmSync } from 'node:fs';

export default async function teardown() {
  const starting = globalThis.rollcallTestEngines;
  if (!starting) return;
  globalThis.rollcallTestEngines = undefined;
  const { engines, directory } = await starting;
  await engines.stop();
  rmSync(directory, { recursive: true, force: true });
}
