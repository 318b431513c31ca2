import { type IntentState, intentStateSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { date, fits, listOf, number, optional, part, text } from '../models/paths.js';

/** A destructive call, written before it is made (architecture 9, P15, P16). */
export interface IntentDocument {
  /** `<workflow run>/<step>`. */
  _id: string;
  workflowRun: string;
  step: string;
  state: IntentState;
  preset: string;
  connector: string;
  credential: string;
  secretVersion: number | null;
  /** The target as frozen when the intent was planned. */
  target: {
    account: string;
    vendorId: string;
    username: string | null;
    email: string | null;
    createdAtVendor: string | null;
  };
  requestDigest: string;
  attempts: { number: number; startedAt: Date; outcome: string | null; message: string | null }[];
  message: string | null;
  createdAt: Date;
}

export const intents = defineCollection<IntentDocument>({
  owner: 'workflow',
  name: 'intents',
  published: true,
  paths: {
    _id: text,
    workflowRun: text,
    step: text,
    state: fits(intentStateSchema),
    preset: text,
    connector: text,
    credential: text,
    secretVersion: optional.number,
    target: part({
      account: text,
      vendorId: text,
      username: optional.text,
      email: optional.text,
      createdAtVendor: optional.text,
    }),
    requestDigest: text,
    attempts: listOf(part({ number, startedAt: date, outcome: optional.text, message: optional.text })),
    message: optional.text,
    createdAt: date,
  },
  indexes: [{ key: { createdAt: -1 } }],
});
