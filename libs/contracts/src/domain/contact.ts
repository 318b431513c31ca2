import { z } from 'zod';

import { mailAddressSchema } from './mail-address.js';
import { nameSchema } from './text.js';

/** Name in the app and address of a person who hears about trouble (R50). */
export const contactSchema = z.object({ name: z.string(), email: z.string() });
export type Contact = z.infer<typeof contactSchema>;

/** A contact as it may be entered; those stored before a rule was added stay readable. */
export const newContactSchema = z.object({ name: nameSchema(120), email: mailAddressSchema });
