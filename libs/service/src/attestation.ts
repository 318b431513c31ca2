import { type DatabaseOwner, missingUniqueIndexes, readDatabaseSettings } from '@rollcall/collections';
import { topicsOwnedBy } from '@rollcall/contracts';
import { readBrokerSettings, readTopicSettings } from '@rollcall/messaging';

import { attest, type AttestedSetting } from './attested-settings.js';
import type { Infrastructure } from './infrastructure.js';
import { ConfigError } from './service-config.js';

/**
 * Reads what the engines really do, and refuses to go on where an acknowledged change might be lost with one machine
 * (P1). Each service vouches for its own topics and collections.
 * @throws ConfigError with a line for each wrong setting: where it is, what was found, what is needed
 */
export async function attestSettings(
  { service, kafka, databases }: Infrastructure,
  alsoOwned: readonly DatabaseOwner[] = [],
): Promise<AttestedSetting[]> {
  const owned = topicsOwnedBy(service);
  const told = await readTopicSettings(kafka, owned);
  const indexes = await Promise.all([service, ...alsoOwned].map((owner) => missingUniqueIndexes(databases, owner)));
  const settings = attest({
    topics: told.map((topic, place) => ({ ...topic, definition: owned[place]! })),
    brokers: await readBrokerSettings(kafka),
    database: await readDatabaseSettings(databases),
    missingIndexes: indexes.flat(),
  });
  const wrong = settings.filter(({ ok }) => !ok);
  if (wrong.length === 0) return settings;
  const lines = wrong.map(({ where, setting, found, needed }) => `${where}: ${setting} is ${found}, needed: ${needed}`);
  throw new ConfigError(
    [
      'With NODE_ENV=production a service starts only where an acknowledged change survives the loss of one machine.',
      ...lines,
      'Correct these settings (`rollcall provision` makes topics and indexes), or set NODE_ENV=development where losing',
      'a machine may lose data.',
    ].join('\n'),
  );
}
