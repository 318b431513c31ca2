import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { containerName, runCommand, startEngines, stopLeftovers } from '@rollcall/engines';
import { MongoClient } from 'mongodb';

let directory = '';
const env = { ...process.env };
delete env['KAFKA_BROKERS'];
delete env['MONGODB_URI'];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-docker-'));
});

afterEach(async () => {
  await stopLeftovers(directory, env);
  for (const engine of ['kafka', 'mongodb']) await docker('volume', 'rm', '--force', containerName(directory, engine));
  rmSync(directory, { recursive: true, force: true });
}, 120_000);

async function docker(...args: string[]): Promise<string[]> {
  const { exitCode, output } = await runCommand('docker', args, env);
  if (exitCode !== 0) throw new Error(output);
  return output.split('\n').filter(Boolean).sort();
}

/** Docker gives names of 64 hex digits to volumes that nobody named. */
const unnamedVolumes = async () =>
  (await docker('volume', 'ls', '--quiet')).filter((name) => /^[0-9a-f]{64}$/.test(name));

describe('engines in Docker', () => {
  it('serve, keep their data over a stop and a start, and leave no unnamed volume behind', async () => {
    const before = await unnamedVolumes();
    const options = { directory, docker: true, env, preferredPorts: { kafka: 21_092, mongodb: 21_027 } };
    const first = await startEngines(options);
    await withClient(first.mongodbUri, (client) => client.db('test').collection('kept').insertOne({ value: 'kept' }));
    await first.stop();
    expect(await unnamedVolumes()).toEqual(before);

    const second = await startEngines(options);
    const found = await withClient(second.mongodbUri, (client) => client.db('test').collection('kept').findOne());
    expect(found).toMatchObject({ value: 'kept' });
    await second.stop();
    expect(await unnamedVolumes()).toEqual(before);
  }, 600_000);
});

async function withClient<Result>(uri: string, work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(uri);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
