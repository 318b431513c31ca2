import { statfsSync } from 'node:fs';

import { serviceNames } from '@rollcall/contracts';
import { type Engines, startEngines } from '@rollcall/engines';

import { CliError } from '../cli-error.js';
import { readableBytes } from '../terminal/output.js';
import { ensureApiKey } from './api-key.js';
import { ensureKeys } from './keys.js';
import { closeTree } from './private-tree.js';
import { ensureService, portOf, type ServicePlan, waitUntilReady } from './service-process.js';
import {
  environmentName,
  namespaceOf,
  preferredPorts,
  stackEnvironment,
  type StackOverrides,
} from './stack-environment.js';
import { type StackPaths } from './stack-paths.js';
import { stopServices } from './stop-stack.js';
import { startSupervisor, stopSupervisor } from './supervision.js';
import { upgradeDatabases } from './upgrade-databases.js';

export interface StackOptions {
  paths: StackPaths;
  docker?: boolean;
  /** Deletes all data first. Keys stay. */
  freshData?: boolean;
  overrides?: StackOverrides;
  log: (line: string) => void;
  env?: NodeJS.ProcessEnv;
}

export interface Stack {
  engines: Engines;
  services: { name: string; port: number }[];
  gatewayUrl: string;
  apiKey: string;
}

/**
 * Engines and the six services, ready. All of them outlive this process; what already runs as wanted is kept.
 * @throws EngineError, CliError
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { paths, overrides, log, env = process.env } = options;
  closeTree(paths.directory);
  refuseFullDisk(paths.directory);
  // It would start again what is replaced here.
  await stopSupervisor(paths.directory);
  // Services would meet an empty database in the middle of their work.
  if (options.freshData) await stopServices(paths.directory);
  const { docker, freshData } = options;
  const engines = await startEngines({ directory: paths.directory, docker, freshData, log, env });
  for (const line of engines.descriptions) log(line);
  await ensureKeys(paths);
  const { key, hash } = ensureApiKey(paths.apiKey, environmentName);
  const facts = {
    kafkaBrokers: engines.kafkaBrokers,
    mongodbUri: engines.mongodbUri,
    keysDirectory: paths.keys,
    kekFile: paths.kek,
    apiKeyHash: hash,
  };
  const plans = serviceNames.map((name): ServicePlan => ({
    name,
    root: paths.root,
    directory: paths.directory,
    preferredPort: preferredPorts[name],
    env: stackEnvironment(name, facts, env, overrides),
  }));
  await upgradeDatabases({
    mongodbUri: engines.mongodbUri,
    namespace: namespaceOf(plans[0]!.env),
    log,
    beforehand: () => stopServices(paths.directory),
  });
  const services = await superviseServices(plans, options);
  log('All six services are ready.');
  const gateway = services.find(({ name }) => name === 'gateway')!;
  return { engines, services, gatewayUrl: `http://127.0.0.1:${gateway.port}`, apiKey: key };
}

/** Engines that run out of space in the middle of a start leave more to mend than one that never began. */
const leastFreeBytes = 500_000_000;

function refuseFullDisk(directory: string): void {
  const { bavail, bsize } = statfsSync(directory);
  const free = bavail * bsize;
  if (free >= leastFreeBytes) return;
  throw new CliError(
    `The disk of ${directory} has only ${readableBytes(free)} left; Kafka and MongoDB need ${readableBytes(leastFreeBytes)} to start.`,
    'Make room, or name a folder on another disk in ROLLCALL_DIR. Nothing was started.',
  );
}

/** Whatever becomes of the start, what runs is watched afterwards. */
async function superviseServices(
  plans: readonly ServicePlan[],
  { paths, log, env = process.env }: StackOptions,
): Promise<Stack['services']> {
  try {
    return await startServices(plans, log);
  } finally {
    const { root, directory } = paths;
    await startSupervisor({ root, directory, services: plans }, env);
  }
}

/** Started one after the other, so that no two choose one port, and waited for together. */
async function startServices(plans: readonly ServicePlan[], log: (line: string) => void): Promise<Stack['services']> {
  const promised = new Set<number>();
  for (const plan of plans) await ensureService(plan, promised);
  // All of them: whoever is told of one failure must not find the others half started.
  const outcomes = await Promise.allSettled(
    plans.map(async (plan) => ({ name: plan.name, port: portOf(await waitUntilReady(plan, promised, log)) })),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<Stack['services'][number]>).value);
}
