import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { INestApplication, Type } from '@nestjs/common';
import { commandsTopicOf, formatApiKey, type Scope, type ServiceName, serviceNames } from '@rollcall/contracts';
import { ensureTopics } from '@rollcall/messaging';
import { createInfrastructure, parseEnvironment, serviceConfigSchema, startService } from '@rollcall/service';
import { type RunningService, TestEnvironment } from '@rollcall/testing';
import request, { type Test } from 'supertest';

import { type GatewayConfig, readConfig } from '../src/config.js';
import { gateway } from '../src/gateway.js';

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** The first key of every gateway under test. */
export const firstKey = formatApiKey('test', 'a1'.repeat(32));

/** A gateway on real engines, with the owners of commands that a test wants to have. */
export class GatewayUnderTest {
  private readonly owners: RunningService[] = [];

  private readonly replicas: INestApplication[] = [];

  private constructor(
    readonly environment: TestEnvironment,
    readonly app: INestApplication,
    private readonly config: GatewayConfig,
  ) {}

  static async start(variables: Record<string, string> = {}): Promise<GatewayUnderTest> {
    const environment = await TestEnvironment.create();
    await ensureTopics(environment.kafka, serviceNames.map(commandsTopicOf), 1);
    const hash = createHash('sha256').update(firstKey).digest('hex');
    const config = readConfig(environment.variables({ ROLLCALL_BOOTSTRAP_API_KEY_HASH: hash, ...variables }));
    return new GatewayUnderTest(environment, await startGateway(config), config);
  }

  /** One more gateway on the same engines. It ends with the first. */
  async addReplica(): Promise<GatewayUnderTest> {
    const app = await startGateway(this.config);
    this.replicas.push(app);
    return new GatewayUnderTest(this.environment, app, this.config);
  }

  get port(): number {
    return ((this.app.getHttpServer() as Server).address() as AddressInfo).port;
  }

  /** Starts a service that takes commands; `module` has its handlers. */
  async startOwner(service: ServiceName, module: Type<object>): Promise<void> {
    const config = parseEnvironment(serviceConfigSchema, this.environment.variables());
    this.owners.push(await this.environment.start(service, module, config));
  }

  /** A request with the first key. Paths are below /api/v1. */
  as(method: Method, path: string, key = firstKey): Test {
    return this.plain(method, path).set('authorization', `Bearer ${key}`);
  }

  /** A request without a key. */
  plain(method: Method, path: string): Test {
    return request(this.app.getHttpServer() as Parameters<typeof request>[0])[method](`/api/v1${path}`);
  }

  /** A new key with these scopes. */
  async keyWith(...scopes: Scope[]): Promise<string> {
    const { body } = await this.as('post', '/api-keys')
      .send({ name: scopes.join(' '), scopes })
      .expect(201);
    return (body as { key: string }).key;
  }

  async stop(): Promise<void> {
    for (const owner of this.owners) await owner.stop();
    for (const app of [...this.replicas, this.app]) await app.close();
    await this.environment.remove();
  }
}

async function startGateway(config: GatewayConfig): Promise<INestApplication> {
  return startService({ ...gateway, config: () => config }, await createInfrastructure('gateway', config));
}
