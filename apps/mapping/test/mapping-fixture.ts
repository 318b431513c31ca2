import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  type AccountDocument,
  accounts,
  fields,
  type FoldSettingsDocument,
  type IntegrationDocument,
  integrations,
  mappings,
  people,
  type PersonDocument,
  settings,
} from '@rollcall/collections';
import {
  builtInFields,
  type CloudEvent,
  type MappingDefinition,
  peopleTopic,
  saasUsersTopic,
  type ServiceName,
  topicsOwnedBy,
} from '@rollcall/contracts';
import { CommandSender, ensureTopics } from '@rollcall/messaging';
import { parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { RawRecordsDriver, readTopic, type RunningService, TestEnvironment, waitFor } from '@rollcall/testing';

import { AppModule } from '../src/app.module.js';

const definition: MappingDefinition = {
  entries: [
    { to: 'username', from: { kind: 'field', path: 'email' } },
    { to: 'email', from: { kind: 'field', path: 'email' } },
    { to: 'display_name', from: { kind: 'field', path: 'name' } },
    { to: 'job_title', from: { kind: 'field', path: 'title' } },
    { to: 'role', from: { kind: 'constant', value: 'Employee' } },
  ],
  syncKeys: ['email'],
};

/** Mapping on real engines, with sync-runner's part played by the test. */
export class MappingFixture {
  private services: RunningService[] = [];

  private constructor(readonly environment: TestEnvironment) {}

  static async create(): Promise<MappingFixture> {
    const fixture = new MappingFixture(await TestEnvironment.create());
    const { databases } = fixture.environment;
    await databases.ensure('mapping');
    await databases.ensure('sync-runner');
    await databases
      .collection(fields)
      .insertMany(builtInFields.map((field) => ({ _id: field.variable, ...field, builtIn: true })));
    // Topics of sync-runner are created by sync-runner; here the test stands in for it.
    await ensureTopics(fixture.environment.kafka, topicsOwnedBy('sync-runner'), 1);
    return fixture;
  }

  async startMapping(): Promise<RunningService> {
    const config = parseEnvironment(serviceConfigSchema, this.environment.variables());
    const service = await this.environment.start('mapping', AppModule, config);
    this.services.push(service);
    return service;
  }

  async integration(
    id: string,
    options: { priority?: number; authoritative?: boolean; deactivate?: boolean; partition?: number } = {},
  ): Promise<RawRecordsDriver> {
    const { databases } = this.environment;
    await databases
      .collection(mappings)
      .insertOne({ _id: `${id}/1`, integration: id, version: 1, definition, createdAt: new Date() });
    const place = {
      priority: options.priority ?? 10,
      authoritative: options.authoritative ?? false,
      name: id,
      connector: 'test',
    };
    await databases.collection(settings).updateOne(
      { _id: 'fold' },
      {
        $set: { [`integrations.${id}`]: place },
        $setOnInsert: { version: 1, concerns: 1, uniqueFields: ['email'] } satisfies Partial<FoldSettingsDocument>,
      },
      { upsert: true },
    );
    await databases.collection(integrations).insertOne({
      _id: id,
      name: id,
      deactivate: { enabled: options.deactivate ?? true, onHold: false },
    } as IntegrationDocument);
    return new RawRecordsDriver(this.environment, id, options.partition ?? 0);
  }

  accounts(): Promise<AccountDocument[]> {
    return this.environment.databases.collection(accounts).find().sort({ _id: 1 }).toArray();
  }

  people(): Promise<PersonDocument[]> {
    return this.environment.databases.collection(people).find().sort({ 'values.email': 1 }).toArray();
  }

  async events(noun: 'people' | 'saas-users'): Promise<CloudEvent<{ revision: number; record: { id: string } }>[]> {
    const topic = noun === 'people' ? peopleTopic : saasUsersTopic;
    const messages = await readTopic(this.environment.kafka, topic);
    return messages.map(({ value }) => JSON.parse(value) as CloudEvent<{ revision: number; record: { id: string } }>);
  }

  /** The real command path of a service that may send to mapping. */
  async sender(service: ServiceName): Promise<CommandSender> {
    const { environment } = this;
    const publisher = await environment.publisherOf(service);
    return new CommandSender(service, publisher, environment.databases, await environment.signingOf(service));
  }

  /** Readiness of a running mapping, as its operator sees it. */
  async readiness(service: RunningService): Promise<{ status: number; body: string }> {
    const { port } = (service.app.getHttpServer() as Server).address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { status: response.status, body: await response.text() };
  }

  async stopServices(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    this.services = [];
  }

  async remove(): Promise<void> {
    await this.stopServices();
    await this.environment.remove();
  }
}

export { waitFor };
