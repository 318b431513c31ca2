import { type Grant, grantSchema, type OperatorState, operatorStates } from '@rollcall/contracts';
import { z } from 'zod';

import { defineCollection } from '../define-collection.js';
import { date, fits, flag, number, oneOf, optional, text } from '../models/paths.js';

/** Somebody who uses Rollcall. */
export interface OperatorDocument {
  _id: string;
  /** As it was entered. */
  email: string;
  /** The same for all ways to write the address; see `emailKeyOf` of the gateway. */
  emailKey: string;
  name: string;
  state: OperatorState;
  grants: Grant[];
  /** argon2id in PHC format; null before a password was chosen, and for those who never need one. */
  passwordHash: string | null;
  /** Who they are at the identity provider: `<issuer> <subject>`. Absent until they came from there. */
  subject?: string;
  rolesFromProvider: boolean;
  createdAt: Date;
  lastSignInAt: Date | null;
  /** Written by whoever counts the administrators, so that two who do at once exclude each other. */
  countedAt?: Date;
  /** How often others signed them out, which ends sign-ins under way too. Absent until then. */
  signOuts?: number;
  version: number;
}

export const operators = defineCollection<OperatorDocument>({
  owner: 'gateway',
  name: 'operators',
  published: false,
  paths: {
    _id: text,
    email: text,
    emailKey: text,
    name: text,
    state: oneOf(...operatorStates),
    grants: fits(z.array(grantSchema)),
    passwordHash: optional.text,
    subject: optional.text,
    rolesFromProvider: flag,
    createdAt: date,
    lastSignInAt: optional.date,
    countedAt: optional.date,
    signOuts: optional.number,
    version: number,
  },
  indexes: [
    { key: { emailKey: 1 }, options: { unique: true } },
    { key: { subject: 1 }, options: { unique: true, partialFilterExpression: { subject: { $type: 'string' } } } },
    { key: { createdAt: 1 } },
  ],
});
