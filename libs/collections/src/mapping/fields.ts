import { type PeopleField, peopleFieldSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { type EditDocument, editPaths } from '../edits.js';
import { flag, recordPaths, text } from '../models/paths.js';

export interface FieldDocument extends PeopleField {
  _id: string;
  builtIn: boolean;
  /** Who changed it, of each person the newest change of a kind. */
  edits?: EditDocument[];
}

export const fields = defineCollection<FieldDocument>({
  owner: 'mapping',
  name: 'fields',
  published: true,
  paths: { _id: text, ...recordPaths(peopleFieldSchema), builtIn: flag, edits: editPaths },
});
