import type { CommandResultDocument, ServiceName } from '@rollcall/contracts';

import { type CollectionDefinition, days, defineCollection } from '../define-collection.js';
import { anything, date, oneOf, optional, text } from '../models/paths.js';

export function defineCommandResults(owner: ServiceName): CollectionDefinition<CommandResultDocument> {
  return defineCollection<CommandResultDocument>({
    owner,
    name: 'commandResults',
    published: true,
    paths: {
      _id: text,
      type: text,
      bodyDigest: text,
      status: oneOf('done', 'refused'),
      result: anything,
      error: optional.part({ code: text, message: text, details: anything }),
      at: date,
    },
    indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(1) } }],
  });
}
