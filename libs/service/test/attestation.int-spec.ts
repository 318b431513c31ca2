import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topicsOwnedBy } from '@rollcall/contracts';
import { ensureTopics } from '@rollcall/messaging';
import {
  attestSettings,
  createInfrastructure,
  type Infrastructure,
  parseEnvironment,
  serviceConfigSchema,
} from '@rollcall/service';
import { TestEnvironment } from '@rollcall/testing';

describe('the settings of real engines (P1)', () => {
  let environment: TestEnvironment;
  let infrastructure: Infrastructure;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    const variables = environment.variables({ NODE_ENV: 'production' });
    infrastructure = await createInfrastructure('mapping', parseEnvironment(serviceConfigSchema, variables));
  }, 60_000);

  afterAll(async () => {
    await infrastructure.close();
    await environment.remove();
  }, 60_000);

  const refusal = async (): Promise<string> => {
    try {
      await attestSettings(infrastructure);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  it('are named where nothing was provisioned', async () => {
    const message = await refusal();
    expect(message).toContain('people.v1: replication factor is 0, needed: at least 3');
    expect(message).toMatch(/missing unique indexes is .*people \{"keys":1\}/);
    expect(message).toContain('rollcall provision');
  });

  it('of one broker and one database node are not enough for production, and only what is wrong is named', async () => {
    const { databases, kafka } = environment;
    await databases.ensure('mapping');
    await ensureTopics(kafka, topicsOwnedBy('mapping'), 1);
    const message = await refusal();
    const wrong = message.split('\n').filter((line) => line.includes(', needed: '));
    const named = new Set(wrong.map((line) => line.replace(/^.*: (.*) is .*$/, '$1')));
    expect([...named].sort()).toEqual(['members with data', 'min.insync.replicas', 'replication factor']);
    expect(wrong).toContain('MongoDB: members with data is 1, needed: at least 3');
  });
});
