import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { z } from 'zod';

import { NamedSchemas, pascalCase } from '../schemas/named-schemas.mjs';

/**
 * @typedef {typeof import('@rollcall/contracts')} Contracts
 * @typedef {import('@rollcall/contracts').EventDefinition} Event
 * @typedef {import('@rollcall/contracts').TopicDefinition} Topic
 */

/**
 * docs/asyncapi/asyncapi.json and docs/events.md out of the topics and events of the built contracts.
 * @param {string} root
 */
export async function generate(root) {
  const path = join(root, 'libs/contracts/dist/index.js');
  if (!existsSync(path)) throw new Error(`${path} does not exist. Build first: npm run build.`);
  const contracts = /** @type {Contracts} */ (await import(pathToFileURL(path).href));
  const events = [...contracts.definedEvents()].sort((one, other) => (one.type < other.type ? -1 : 1));
  const topics = contracts.topics.filter((topic) => events.some((event) => event.topic === topic));
  return {
    'docs/asyncapi/asyncapi.json': `${JSON.stringify(asyncApi(topics, events, contracts), null, 2)}\n`,
    'docs/events.md': eventsPage(topics, events),
  };
}

export default generate;

/** What a topic's messages carry beside the content type, where its owner signs them. */
const signatureHeaders = (
  /** @type {Contracts} */ { signedDigestsHeader, messageSignatureHeader },
  /** @type {Topic} */ { owner },
) => ({
  type: 'object',
  required: [signedDigestsHeader, messageSignatureHeader],
  properties: {
    [signedDigestsHeader]: {
      type: 'string',
      description:
        'Digests of the messages that were signed together, separated by dots: the first 22 characters of a SHA-256 in base64url, over topic, key, headers and value.',
    },
    [messageSignatureHeader]: {
      type: 'string',
      description: `Ed25519 signature of ${owner} over "rollcall.messages.v1", a line feed and the digests, base64url. Rollcall's own services take no message without it.`,
    },
  },
});

/** Types and nouns become keys, where AsyncAPI allows letters, digits, dots, dashes and underscores. */
const keyOf = (/** @type {string} */ text) => text.replaceAll(/[^A-Za-z0-9._-]/g, '-');
/** Generators name classes by it. */
const eventName = (/** @type {Pick<Event, 'type'>} */ { type }) => `${pascalCase(type)}Event`;
const ref = (/** @type {string} */ path) => ({ $ref: `#/${path}` });

/**
 * @param {readonly Topic[]} topics
 * @param {readonly Event[]} events
 * @param {Contracts} contracts
 */
function asyncApi(topics, events, contracts) {
  const schemas = payloadsOf(events, contracts.schemaIds);
  const { cloudEventContentType } = contracts;
  const eventsOf = (/** @type {Topic} */ topic) => events.filter((event) => event.topic === topic);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Rollcall events',
      version: '1.0.0',
      description:
        'CloudEvents 1.0 in the structured JSON mode of Kafka. The id and every byte of an event stay the same when it is delivered again. Record events carry an epoch, the revision and the whole record: who keeps state keeps the greatest epoch and within it the highest revision; after a restore every record is said again under another epoch; who is triggered takes every event id once, in any order.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    servers: {
      kafka: {
        host: '127.0.0.1:29092',
        protocol: 'kafka',
        description: 'The Kafka that `./rollcall up` starts; `./rollcall status` says on which port.',
      },
    },
    channels: Object.fromEntries(
      topics.map((topic) => [
        keyOf(topic.noun),
        {
          address: topic.name,
          description: `${topic.description} Key: ${topic.key}. Kept ${keptFor(topic)}.`,
          'x-visibility': topic.visibility,
          messages: Object.fromEntries(
            eventsOf(topic).map(({ type }) => [keyOf(type), ref(`components/messages/${keyOf(type)}`)]),
          ),
          bindings: { kafka: { topic: topic.name, partitions: topic.partitions, bindingVersion: '0.5.0' } },
        },
      ]),
    ),
    operations: Object.fromEntries(
      topics.map((topic) => [
        `publish-${keyOf(topic.noun)}`,
        { action: 'send', channel: ref(`channels/${keyOf(topic.noun)}`), description: `Published by ${topic.owner}.` },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        events.map((event) => [
          keyOf(event.type),
          {
            name: event.type,
            title: event.type,
            summary: event.description,
            contentType: cloudEventContentType,
            ...(event.topic.signed === 'owner' && { headers: signatureHeaders(contracts, event.topic) }),
            payload: ref(`components/schemas/${eventName(event)}`),
          },
        ]),
      ),
      schemas,
    },
  };
}

/**
 * @param {readonly Event[]} events
 * @param {Contracts['schemaIds']} schemaIds
 */
function payloadsOf(events, schemaIds) {
  const named = new NamedSchemas();
  const payloads = events.map((event) => {
    const schema = z.toJSONSchema(event.data, { io: 'output', metadata: schemaIds });
    const [noun] = event.type.split('.');
    const data = named.add(
      `${pascalCase(noun)}EventData`,
      `${pascalCase(event.type)}Data`,
      /** @type {import('../schemas/named-schemas.mjs').Schema} */ (schema),
    );
    return [eventName(event), payloadOf(event, data)];
  });
  const schemas = { ...Object.fromEntries(payloads), ...named.components };
  for (const [, name] of JSON.stringify(schemas).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (schemas[name] === undefined)
      throw new Error(`The AsyncAPI document refers to ${name}, which it does not have.`);
  }
  return schemas;
}

/**
 * @param {Event} options
 * @param {object} data
 */
function payloadOf({ type, source }, data) {
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', description: 'The same on every delivery.' },
      source: { const: `/rollcall/${source}` },
      type: { const: type },
      subject: { type: 'string', description: 'Id of the record.' },
      time: { type: 'string', format: 'date-time', description: 'Time of the transaction that made the change.' },
      datacontenttype: { const: 'application/json' },
      data,
    },
  };
}

const keptFor = (/** @type {Topic} */ { retentionHours }) =>
  retentionHours % 24 === 0 ? `${retentionHours / 24} days` : `${retentionHours} hours`;

/**
 * @param {readonly Topic[]} topics
 * @param {readonly Event[]} events
 */
function eventsPage(topics, events) {
  const sections = topics.map((topic) => {
    const rows = events
      .filter((event) => event.topic === topic)
      .map(({ type, description }) => `| \`${type}\` | ${description} |`);
    return [
      `## \`${topic.name}\` (${topic.visibility})`,
      '',
      `${topic.description} Key: ${topic.key}. ${topic.partitions} partitions, kept ${keptFor(topic)}. Published by ${topic.owner}.`,
      '',
      '| type | meaning |',
      '| --- | --- |',
      ...rows,
      '',
    ].join('\n');
  });
  return `${[
    '<!-- Generated by tools/generate/asyncapi.mjs. Do not edit: run "npm run generate". -->',
    '# Events',
    '',
    "Every event is a CloudEvent 1.0 in Kafka's structured JSON mode: the message value is the whole event. Its header is `content-type`;",
    'events of topics that their owner signs have two more, `digests` and `signature`.',
    'The id and every byte stay the same when an event is delivered again. Events of records carry `revision` and the whole record.',
    'Keep state by the greatest epoch, and within it by the highest revision; when an event triggers something, take every id once, in any order.',
    'After a restore every record is said again under another epoch: see [guides/consume-events.md](guides/consume-events.md#after-a-restore).',
    'The JSON Schema of each is in [asyncapi/asyncapi.json](asyncapi/asyncapi.json), and at `GET /api/v1/catalog/event-types`.',
    '',
    ...sections,
  ]
    .join('\n')
    .trimEnd()}\n`;
}
