import { ConfigError, readProcessConfig } from './config.js';
import { startSimulator } from './simulator.js';

try {
  const simulator = await startSimulator(readProcessConfig());
  // One line, so that whoever started the process can read the ports that were taken.
  process.stdout.write(`${JSON.stringify({ ready: true, urls: simulator.urls })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void simulator.stop().then(() => process.exit(0));
    });
  }
} catch (error) {
  const reason = error instanceof ConfigError ? error.message : `The simulator could not start. ${String(error)}`;
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
