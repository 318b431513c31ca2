import { defineCollection } from '../define-collection.js';
import { text } from '../models/paths.js';

/** Tracking values of an account (D8), joined when it is read. */
export interface TrackingDocument {
  _id: string;
  run: string;
  syncTime: string;
  credentialName: string;
}

export const tracking = defineCollection<TrackingDocument>({
  owner: 'mapping',
  name: 'tracking',
  published: true,
  paths: { _id: text, run: text, syncTime: text, credentialName: text },
});
