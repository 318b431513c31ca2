import { z } from 'zod';

import { mailAddressSchema } from './mail-address.js';
import { nameSchema } from './text.js';

/**
 * Name in the app and address of a person who hears about trouble (R50). An operator is told as long as they are active, at
 * the address that they have then; name and address are those of when they were chosen.
 */
export const contactSchema = z.object({ name: z.string(), email: z.string(), operator: z.string().optional() });
export type Contact = z.infer<typeof contactSchema>;

/** A contact as the gateway hands it on; those stored before a rule was added stay readable. */
export const newContactSchema = z.object({
  name: nameSchema(120),
  email: mailAddressSchema,
  operator: z.string().max(120).optional(),
});

/** A contact as it may be entered: an operator by id, or anybody by name and address. */
export const contactBodySchema = newContactSchema
  .partial()
  .refine(
    ({ operator, name, email }) => operator !== undefined || (name !== undefined && email !== undefined),
    'name an operator, or give name and email',
  );
export type ContactBody = z.infer<typeof contactBodySchema>;
