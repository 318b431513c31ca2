import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { integrations, runs } from '@rollcall/collections';
import {
  type AuditEvent,
  cloneIntegration,
  type InputOf,
  type IntegrationRecord,
  integrationRecordSchema,
  type Page,
  type ResultOf,
  retryRun,
  startRun,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { GatewayUnderTest } from './gateway-under-test.js';
import { exampleOf } from './matrix/example-record.js';
import { buildRun } from './records.js';

const integrationOf = (id: string, name: string) =>
  ({ ...exampleOf(integrationRecordSchema), id, name }) as unknown as IntegrationRecord;

@Injectable()
class SyncRunnerCommands {
  @HandleCommand(startRun)
  async start({ integration }: InputOf<typeof startRun>, _context: CommandContext): Promise<ResultOf<typeof startRun>> {
    return { run: buildRun({ id: 'run-2', integration }) };
  }

  @HandleCommand(retryRun)
  async retry(_input: InputOf<typeof retryRun>, _context: CommandContext): Promise<ResultOf<typeof retryRun>> {
    return { run: buildRun({ id: 'run-3' }) };
  }

  @HandleCommand(cloneIntegration)
  async clone(
    { id, name }: InputOf<typeof cloneIntegration>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof cloneIntegration>> {
    return { integration: integrationOf(id, name) };
  }
}

@Module({ providers: [SyncRunnerCommands] })
class SyncRunnerModule {}

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  await gateway.startOwner('sync-runner', SyncRunnerModule);
  const { databases } = gateway.environment;
  const { id: _id, ...integration } = integrationOf('int-1', 'Vendor');
  await databases.collection(integrations).insertOne({ _id, ...integration } as never);
  const { id, ...run } = buildRun({ id: 'run-1', state: 'failed' });
  await databases.collection(runs).insertOne({ _id: id, ...run } as never);
  await gateway.as('get', '/integrations/int-1').expect(200);
  await gateway.as('get', '/runs/run-1').expect(200);
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

describe('the audit of a write that makes another record than that of its path', () => {
  it.each([
    ['startRun', '/integrations/int-1/runs', { id: 'run-2', integration: 'int-1' }],
    ['retryRun', '/runs/run-1/retry', { id: 'run-3' }],
    ['cloneIntegration', '/integrations/int-1/clone', { name: 'Copy' }],
  ])('tells what %s made, and no change of the one that stays', async (operation, path, made) => {
    const body = operation === 'cloneIntegration' ? { name: 'Copy' } : undefined;
    const answer = await gateway.as('post', path).send(body).expect(201);
    const filter = `operation eq "${operation}"`;
    const { items } = (await gateway.as('get', '/audit-events').query({ filter }).expect(200)).body as Page<AuditEvent>;
    expect(items).toEqual([
      expect.objectContaining({
        object: `${path.slice(1)}/${(answer.body as { id: string }).id}`,
        status: 201,
        changes: [{ pointer: '', from: null, to: expect.anything() }],
      }),
    ]);
    expect(items[0]!.changes![0]!.to).toMatchObject(made);
  });
});
