import { z } from 'zod';

import type { ServiceName, TopicDefinition } from '../topics.js';

/** A past fact on a public or internal topic, as CloudEvents 1.0 in Kafka's structured JSON mode (architecture 4). */
export interface EventDefinition<Data extends z.ZodType = z.ZodType> {
  readonly type: string;
  readonly topic: TopicDefinition;
  readonly source: ServiceName;
  readonly description: string;
  readonly data: Data;
}
export type DataOf<Definition extends EventDefinition> = z.infer<Definition['data']>;

const defined = new Map<string, EventDefinition>();

export function defineEvent<Data extends z.ZodType>(event: EventDefinition<Data>): EventDefinition<Data> {
  if (defined.has(event.type)) throw new Error(`event ${event.type} is defined twice`);
  defined.set(event.type, event);
  return event;
}

/** All events by type, for the catalogue and AsyncAPI. */
export function definedEvents(): readonly EventDefinition[] {
  return [...defined.values()];
}

/** The one header of an event message. */
export const cloudEventContentType = 'application/cloudevents+json; charset=UTF-8';

export const cloudEventSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  type: z.string(),
  subject: z.string(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  data: z.unknown(),
});
export interface CloudEvent<Data = unknown> {
  specversion: '1.0';
  /** Topic noun and change id (C4): stable across redelivery. */
  id: string;
  source: string;
  type: string;
  /** Id of the record that changed. */
  subject: string;
  /** Time of the transaction that made the change, stored with it, never the clock of the publisher. */
  time: string;
  datacontenttype: 'application/json';
  data: Data;
}

/**
 * Encodes an event. Same arguments give the same bytes, so a replay repeats what was said before (C4).
 * `time` is ISO 8601 in UTC and must come from stored data.
 */
export function encodeEvent<Definition extends EventDefinition>(
  definition: Definition,
  event: { id: string; subject: string; time: string; data: DataOf<Definition> },
): string {
  return JSON.stringify({
    specversion: '1.0',
    id: `${definition.topic.noun}/${event.id}`,
    source: `/rollcall/${definition.source}`,
    type: definition.type,
    subject: event.subject,
    time: event.time,
    datacontenttype: 'application/json',
    data: event.data,
  } satisfies CloudEvent);
}
