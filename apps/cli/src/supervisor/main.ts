import { setTimeout as sleep } from 'node:timers/promises';

import { findProcess, startEngines } from '@rollcall/engines';
import { createLogger } from '@rollcall/observability';

import { lastLogLine } from '../stack/log-lines.js';
import { writeRestarts } from '../stack/restarts.js';
import { startAgain } from '../stack/service-process.js';
import { parseSupervision, type Supervision, supervisionVariable } from '../stack/supervision.js';
import { Supervisor, type Watched } from './supervisor.js';

const lookEveryMs = 1_000;
/** Until a process that is being started has its pid file, so that `down` finds it. */
const startLimitMs = 3_000;

const logger = createLogger({ service: 'supervisor' });
const { [supervisionVariable]: given, ...env } = process.env;
const { directory, services, engines }: Supervision = parseSupervision(given);

let engineStart: Promise<void> | null = null;

/** Both at once: a start looks after either. */
function startEnginesAgain(): Promise<void> {
  engineStart ??= startEngines({ directory, env, log: (line) => logger.info(line) })
    .then(({ kafkaBrokers, mongodbUri }) => {
      const { KAFKA_BROKERS, MONGODB_URI } = services[0]?.env ?? {};
      if (kafkaBrokers === KAFKA_BROKERS && mongodbUri === MONGODB_URI) return;
      logger.error('an engine came back at another port, where no service looks for it. Run `./rollcall up`.');
    })
    .finally(() => {
      engineStart = null;
    });
  return engineStart;
}

const watch = (name: string, start: () => Promise<void>): Watched => ({
  name,
  start,
  state: () => {
    const found = findProcess(directory, name);
    if (found === null) return 'stopped';
    return found.alive ? 'running' : 'ended';
  },
  lastLine: () => lastLogLine(directory, name),
});

const supervisor = new Supervisor({
  watched: [
    ...services.map((plan) => watch(plan.name, () => startAgain(plan))),
    ...engines.map((name) => watch(name, startEnginesAgain)),
  ],
  tell: (line) => logger.warn(line),
  write: (restarts) => writeRestarts(directory, restarts),
  stopwatch: () => performance.now(),
  wallClock: Date.now,
});

const timer = setInterval(() => supervisor.look(), lookEveryMs);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    clearInterval(timer);
    void Promise.race([supervisor.settled(), sleep(startLimitMs)]).then(() => process.exit(0));
  });
}
logger.info(`watching ${[...services.map(({ name }) => name), ...engines].join(', ')}`);
