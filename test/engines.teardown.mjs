// Jest globalTeardown: stops the engines that engines.setup.mjs started and deletes their data.
import { rmSync } from 'node:fs';

/** @typedef {{ engines: { stop(): Promise<void> }, directory: string }} Started */

export default async function teardown() {
  const shared = /** @type {{ rollcallTestEngines?: Promise<Started> }} */ (globalThis);
  const starting = shared.rollcallTestEngines;
  if (!starting) return;
  shared.rollcallTestEngines = undefined;
  const { engines, directory } = await starting;
  await engines.stop();
  rmSync(directory, { recursive: true, force: true });
}
