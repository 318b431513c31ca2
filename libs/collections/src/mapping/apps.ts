import { defineCollection } from '../define-collection.js';
import { date, oneOf, optional, text } from '../models/paths.js';

/** An entry of Software > SaaS. */
export interface AppDocument {
  /** Catalogue id, or that of the command for an entry made by hand. */
  _id: string;
  name: string;
  category: string;
  /** Connector of the application that it is linked to in the catalogue; null until somebody links it (R31). */
  connector: string | null;
  linkedBy: 'auto' | 'person';
  createdAt: Date;
}

export const apps = defineCollection<AppDocument>({
  owner: 'mapping',
  name: 'apps',
  published: true,
  paths: {
    _id: text,
    name: text,
    category: text,
    connector: optional.text,
    linkedBy: oneOf('auto', 'person'),
    createdAt: date,
  },
});
