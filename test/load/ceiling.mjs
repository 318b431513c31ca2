/**
 * Ceiling: what kafkajs and the MongoDB driver can do by hand on these engines, for comparison with the pipeline.
 * `produce` writes raw users, `consume` maps them, stores account and person in one transaction per 1000 and publishes
 * two events each with the same headers and bytes as the product. No framework, no guard, no fencing, no replay.
 *
 *   node test/load/ceiling.mjs topics|produce|consume <users> <namespace>
 *
 * Each says `ready` when it is connected; `produce` starts at the first line on its input, `consume` says `done` after
 * the last user of a round.
 */
import { hash, randomUUID } from 'node:crypto';
import process from 'node:process';

import kafkajs from 'kafkajs';
import { MongoClient } from 'mongodb';

const { Kafka, logLevel, Partitioners } = kafkajs;
const [role, count, namespace] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const topic = `${namespace}.ceiling-raw`;
const kafka = new Kafka({
  brokers: (process.env.KAFKA_BROKERS ?? '').split(','),
  clientId: 'ceiling',
  logLevel: logLevel.NOTHING,
});

/**
 * @typedef {ReturnType<typeof buildUser>} User
 * @typedef {{ user: User, values: ReturnType<typeof map>, hash: string }} Mapped
 */

const buildUser = (/** @type {number} */ number) => ({
  id: String(449_000_000 + number),
  status: 'active',
  role: { value: 'Users', origin: 'default' },
  lastActivityAt: '2024-06-21T21:58:11.000Z',
  administrator: false,
  username: `user.${number}@example.com`,
  raw: {
    username: `user.${number}@example.com`,
    fullname: `User Number ${number}`,
    mpstrength: '100',
    created: '2024-01-10 09:15:02',
    last_pw_change: '2024-05-02 11:30:37',
    last_login: '2024-06-21 17:58:11',
    neverloggedin: false,
    disabled: false,
    admin: false,
    totalscore: '83.2',
    duousername: null,
    sites: 25,
    notes: 1,
    formfills: 0,
    applications: 0,
    attachments: 0,
    password_reset_required: false,
    groups: ['Engineering'],
  },
});

async function produce() {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  console.log('ready');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  for (let first = 0; first < count; first += 500) {
    const messages = [];
    for (let at = first; at < Math.min(first + 500, count); at += 50) {
      const u = Array.from({ length: Math.min(50, count - at) }, (_, index) => buildUser(at + index));
      const value = JSON.stringify({ i: 'ceiling', g: 1, r: 'run', k: 'records', u });
      messages.push({ key: 'ceiling', partition: 0, value, headers: { t: String(Date.now()) } });
    }
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages }] });
  }
  await producer.disconnect();
  // Stays until the second line, so that its figures can still be read.
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.unref();
}

const map = (/** @type {User} */ { raw }) => ({
  username: raw.username,
  email: raw.username,
  display_name: raw.fullname,
  role: 'Employee',
  lastpass_users_created: raw.created,
  lastpass_users_last_login: raw.last_login,
  lastpass_users_last_password_change: raw.last_pw_change,
});

async function consume() {
  const client = new MongoClient(process.env.MONGODB_URI ?? '', {
    ignoreUndefined: true,
    writeConcern: { w: 'majority', j: true },
    readConcern: { level: 'majority' },
  });
  await client.connect();
  const database = client.db(`${namespace}_ceiling`);
  const existing = new Set((await database.listCollections().toArray()).map(({ name }) => name));
  for (const name of ['accounts', 'people', 'seen', 'positions']) {
    if (!existing.has(name)) await database.createCollection(name);
  }
  const [accounts, people, seen, positions] = ['accounts', 'people', 'seen', 'positions'].map(
    (name) =>
      /** @type {import('mongodb').Collection<{ _id: string | number, hash?: string, ids?: string[] }>} */ (
        database.collection(name)
      ),
  );
  await people.createIndex({ keys: 1 }, { unique: true });
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const consumer = kafka.consumer({
    groupId: `${namespace}.ceiling`,
    maxBytesPerPartition: 1_500_000,
    maxWaitTimeInMs: 250,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let done = 0;

  const slice = async (/** @type {readonly User[]} */ users, /** @type {number} */ offset) => {
    const mapped = users.map((user) => {
      const values = map(user);
      return {
        user,
        values,
        hash: hash('sha1', JSON.stringify([values, user.status, user.role, user.lastActivityAt]), 'base64'),
      };
    });
    const ids = mapped.map(({ user }) => `ceiling:${user.id}`);
    const stored = new Map(
      (await accounts.find({ _id: { $in: ids } }, { projection: { hash: 1 } }).toArray()).map((one) => [
        one._id,
        one.hash,
      ]),
    );
    const fresh = mapped.filter((one) => stored.get(`ceiling:${one.user.id}`) !== one.hash);
    const time = new Date().toISOString();
    const built = fresh.map((one, index) => buildRecords(one, offset, index, time));
    if (fresh.length > 0) {
      const keys = fresh.map(({ values }) => `email:${values.email}`);
      await people.find({ keys: { $in: keys } }).toArray();
    }
    await client.withSession(async (session) => {
      session.startTransaction();
      await positions.updateOne({ _id: 0 }, { $set: { offset } }, { upsert: true, session });
      if (built.length > 0) {
        await accounts.insertMany(
          built.map((one) => one.account),
          { session },
        );
        await people.insertMany(
          built.map((one) => one.person),
          { session },
        );
      }
      await seen.insertOne({ _id: `${offset}`, ids: users.map((user) => user.id) }, { session });
      await session.commitTransaction();
    });
    if (built.length > 0) {
      await producer.sendBatch({
        acks: -1,
        topicMessages: [
          { topic: `${namespace}.ceiling-accounts`, messages: built.map((one) => one.accountEvent) },
          { topic: `${namespace}.ceiling-people`, messages: built.map((one) => one.personEvent) },
        ],
      });
    }
    done += users.length;
  };

  await new Promise((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary, uncommittedOffsets }) => {
          for (let first = 0; first < batch.messages.length; first += 20) {
            const messages = batch.messages.slice(first, first + 20);
            const users = messages.flatMap((message) => JSON.parse(String(message.value)).u);
            await slice(users, Number(messages[0].offset));
            resolveOffset(messages[messages.length - 1].offset);
            await commitOffsetsIfNecessary(uncommittedOffsets());
          }
          if (done >= count) resolve(undefined);
        },
      })
      .then(() => console.log('ready'), reject);
  });
  console.log('done');
  await consumer.disconnect();
  await producer.disconnect();
  await client.close();
}

const header = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };

/**
 * @param {Mapped} mapped
 * @param {number} offset
 * @param {number} index
 * @param {string} time
 */
function buildRecords({ user, values, hash: digest }, offset, index, time) {
  const cause = { kind: 'run', run: 'run-0', integration: 'ceiling', initial: true };
  const created = { position: `p00/${String(offset).padStart(12, '0')}`, number: 2 * index, time, cause };
  const publicPerson = {
    _id: randomUUID(),
    revision: 1,
    active: true,
    values,
    provenance: Object.fromEntries(Object.keys(values).map((name) => [name, `ceiling:${user.id}`])),
    overrides: {},
    hold: null,
    protected: false,
    refused: [],
    mergedInto: null,
    deactivated: null,
    created,
  };
  const person = { ...publicPerson, fold: 1, settingsVersion: 1, keys: [`email:${values.email}`] };
  const publicAccount = {
    _id: `ceiling:${user.id}`,
    revision: 1,
    integration: 'ceiling',
    connector: 'ceiling',
    vendorId: user.id,
    username: user.username,
    app: 'ceiling',
    content: 'user-and-saas-user',
    active: true,
    sourceStatus: 'active',
    role: user.role,
    lastActivityAt: user.lastActivityAt,
    administrator: false,
    protected: false,
    hold: null,
    values,
    person: publicPerson._id,
    passive: false,
    error: null,
    deactivated: null,
    created,
  };
  const account = { ...publicAccount, hash: digest, observedAt: Date.now() };
  return {
    account,
    person,
    accountEvent: event('saas-users', 'saas-user.created', publicAccount, created),
    personEvent: event('people', 'person.created', publicPerson, created),
  };
}

/**
 * @param {string} noun
 * @param {string} type
 * @param {{ _id: string }} record
 * @param {{ position: string, number: number, time: string, cause: object }} created
 */
function event(noun, type, { _id, ...record }, { position, number, time, cause }) {
  const value = JSON.stringify({
    specversion: '1.0',
    id: `${noun}/${position}/${String(number).padStart(4, '0')}`,
    source: '/rollcall/mapping',
    type,
    subject: _id,
    time,
    datacontenttype: 'application/json',
    data: { revision: 1, record: { id: _id, ...record }, changed: {}, cause },
  });
  return { key: _id, value, headers: header };
}

async function createTopics() {
  const admin = kafka.admin();
  await admin.connect();
  const topics = [
    { topic, numPartitions: 1, replicationFactor: 1 },
    { topic: `${namespace}.ceiling-accounts`, numPartitions: 12, replicationFactor: 1 },
    { topic: `${namespace}.ceiling-people`, numPartitions: 12, replicationFactor: 1 },
  ];
  // kafkajs would give up on a topic that the broker has accepted but does not show yet.
  await admin.createTopics({ waitForLeaders: false, topics });
  for (let shown = /** @type {string[]} */ ([]); !topics.every((one) => shown.includes(one.topic));) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    shown = await admin.listTopics();
  }
  await admin.disconnect();
}

const roles = { topics: createTopics, produce, consume };
await roles[/** @type {keyof typeof roles} */ (role)]();
