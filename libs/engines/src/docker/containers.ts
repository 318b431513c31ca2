import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

import { findOnPath, lastLine, runCommand } from '../downloads/command.js';
import { EngineError } from '../engine-error.js';

/** Docker's command line, found and answering. */
export interface Docker {
  command: string;
  env: NodeJS.ProcessEnv;
}

/** @throws EngineError DOCKER_UNAVAILABLE when it is not installed or its daemon does not answer */
export async function findDocker(env: NodeJS.ProcessEnv): Promise<Docker> {
  const command = findOnPath('docker', env);
  const cure = 'Start Docker, or give addresses in KAFKA_BROKERS and MONGODB_URI.';
  if (!command) throw new EngineError('DOCKER_UNAVAILABLE', 'Docker is not on the path.', cure);
  const result = await runCommand(command, ['version', '--format', '{{.Server.Version}}'], env);
  if (result.exitCode === 0) return { command, env };
  throw new EngineError('DOCKER_UNAVAILABLE', `Docker does not answer: ${lastLine(result.output)}`, cure);
}

/** One name per checkout and engine, so that two checkouts do not meet. */
export function containerName(directory: string, engine: string): string {
  const checkout = createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 10);
  return `rollcall-${checkout}-${engine}`;
}

/** Loopback port of the running container's `label`ed port, or null when it does not run. */
export async function portOfRunning(docker: Docker, name: string): Promise<number | null> {
  const format = '{{.State.Running}} {{index .Config.Labels "rollcall.port"}}';
  const result = await runCommand(docker.command, ['inspect', '--format', format, name], docker.env);
  const match = /^true (\d+)/.exec(result.output.trim());
  return result.exitCode === 0 && match ? Number(match[1]) : null;
}

export interface ContainerPlan {
  name: string;
  image: string;
  port: number;
  /** Folder inside the container that a named volume keeps. */
  dataFolder: string;
  variables: Record<string, string | number>;
  /** What it may use at most, in Docker's words: `2g`. */
  memory: string;
  /** Command and arguments behind the image's name. */
  args: string[];
}

/** @throws EngineError ENGINE_DID_NOT_START with Docker's reason */
export async function runContainer(docker: Docker, plan: ContainerPlan): Promise<void> {
  await removeContainer(docker, plan.name);
  const variables = Object.entries(plan.variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const options = [
    ...['--detach', '--name', plan.name, '--label', `rollcall.port=${plan.port}`],
    ...['--memory', plan.memory, '--log-opt', 'max-size=10m', '--log-opt', 'max-file=3'],
    ...['--publish', `127.0.0.1:${plan.port}:${plan.port}`, '--volume', `${plan.name}:${plan.dataFolder}`],
  ];
  const result = await runCommand(
    docker.command,
    ['run', ...options, ...variables, plan.image, ...plan.args],
    docker.env,
  );
  if (result.exitCode === 0) return;
  throw new EngineError(
    'ENGINE_DID_NOT_START',
    `Docker could not run ${plan.image}: ${lastLine(result.output)}`,
    'Check that Docker can pull images.',
  );
}

/** Stops and removes the container with the unnamed volumes of its image; its named volume stays. Absent is fine. */
export async function removeContainer(docker: Docker, name: string): Promise<void> {
  await runCommand(docker.command, ['stop', '--time', '15', name], docker.env);
  await runCommand(docker.command, ['rm', '--force', '--volumes', name], docker.env);
}

export async function removeVolume(docker: Docker, name: string): Promise<void> {
  await runCommand(docker.command, ['volume', 'rm', '--force', name], docker.env);
}
