import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ciphertexts, dataKeys, operators } from '@rollcall/collections';
import { TestEnvironment } from '@rollcall/testing';

const main = join(process.cwd(), 'apps', 'cli', 'dist', 'main.js');
const longest = 240_000;

interface Outcome {
  readonly code: number;
  readonly text: string;
}

let environment: TestEnvironment;
let directory: string;
let first: Outcome;

/** The command as somebody types it, with the engines of the tests and a folder of its own. */
function rollcall(...args: string[]): Promise<Outcome> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    KAFKA_BROKERS: process.env['KAFKA_BROKERS'],
    MONGODB_URI: process.env['MONGODB_URI'],
    ROLLCALL_DIR: directory,
    ROLLCALL_NAMESPACE: environment.namespace,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env, timeout: longest }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), text: `${stdout}\n${stderr}` });
    });
  });
}

const apiOf = ({ text }: Outcome): string => /http:\/\/127\.0\.0\.1:\d+\/api\/v1/.exec(text)![0];
const linkIn = ({ text }: Outcome): string | null => /http:\S+\/welcome#(first-[\w-]+)/.exec(text)?.[1] ?? null;

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${apiOf(first)}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return response.status;
}

beforeAll(async () => {
  environment = await TestEnvironment.create();
  directory = await mkdtemp(join(tmpdir(), 'rollcall-command-'));
  first = await rollcall('up');
}, longest);

afterAll(async () => {
  const ended = await rollcall('down');
  await environment.remove();
  await rm(directory, { recursive: true, force: true });
  expect(ended.code).toBe(0);
}, 120_000);

describe('rollcall up', () => {
  it('prints a link for the first administrator, which works once', async () => {
    expect([first.code, first.text]).toEqual([0, expect.stringContaining('Rollcall is running.')]);
    const who = { email: 'ada@example.com', name: 'Ada', password: 'an example password of many words' };
    expect(await post('/session/link', { token: linkIn(first), ...who })).toBe(200);
    const [administrator] = await environment.databases.collection(operators).find().toArray();
    expect(administrator).toMatchObject({ email: who.email, grants: [{ role: 'admin', limit: null }] });
    expect(await post('/session/link', { token: linkIn(first), ...who, email: 'bo@example.com' })).toBe(404);
  });

  it('prints none once there is an administrator, and keeps what runs', async () => {
    const again = await rollcall('up');
    expect([again.code, linkIn(again), apiOf(again)]).toEqual([0, null, apiOf(first)]);
  }, 120_000);
});

describe('rollcall keys', () => {
  const stored = () => environment.databases.collection(ciphertexts);
  const currentKey = async () => (await environment.databases.collection(dataKeys).findOne({ state: 'current' }))!._id;

  beforeAll(async () => {
    const authorization = `Bearer ${(await readFile(join(directory, 'api-key'), 'utf8')).trim()}`;
    const fields = { key: 'example-key-of-the-command-line-test' };
    const credential = { name: 'Directory', connector: 'jumpcloud', type: 'api-key', fields };
    expect(await post('/credentials', credential, { authorization })).toBe(201);
  }, 60_000);

  it('status says where the keys are and what is under them', async () => {
    const { code, text } = await rollcall('keys', 'status');
    expect([code, text]).toEqual([0, expect.stringContaining('Key-encryption key: the file')]);
    expect(text).toContain(`Data key ${await currentKey()}: current`);
    expect(text).toContain('No data key was replaced yet.');
  }, 60_000);

  it(
    'rotate encrypts everything again, and waits until it is done',
    async () => {
      const before = await currentKey();
      const { code, text } = await rollcall('keys', 'rotate', '--only', 'data-key');
      expect([code, text]).toEqual([0, expect.stringContaining('Rotation: 100 %')]);
      expect(await currentKey()).not.toBe(before);
      expect(await stored().countDocuments({ dataKey: before })).toBe(0);
    },
    longest,
  );

  it('verify says that everything opens, and names what does not, with exit code 1', async () => {
    const { code, text } = await rollcall('keys', 'verify');
    expect([code, text]).toEqual([0, expect.stringContaining('Everything opens where it belongs')]);
    const [one] = await stored().find({ field: 'key' }).toArray();
    await stored().updateOne({ _id: one!._id }, { $set: { ciphertext: `${one!.ciphertext.slice(0, -4)}AAAA` } });
    const broken = await rollcall('keys', 'verify');
    expect([broken.code, broken.text]).toEqual([1, expect.stringContaining('Field key of credential "Directory"')]);
    await stored().replaceOne({ _id: one!._id }, one!);
    expect((await rollcall('keys', 'verify')).code).toBe(0);
  }, 120_000);

  it('says what to do when it is asked wrongly', async () => {
    const { code, text } = await rollcall('keys', 'rotate', '--only', 'everything');
    expect([code, text]).toEqual([2, expect.stringContaining('Allowed choices are data-key, key-encryption-key')]);
  }, 60_000);
});
