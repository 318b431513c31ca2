import { z } from 'zod';

import { createIntegration, updateIntegration } from '../commands/sync-runner/integration-commands.js';
import { contactBodySchema } from '../domain/contact.js';
import { nameSchema } from '../domain/text.js';

/** Operators by id, or anybody by name and address. */
const contacts = z.array(contactBodySchema).max(20).optional();

export const createIntegrationBodySchema = createIntegration.input
  .omit({ id: true, load: true })
  .extend({ load: z.string().max(60).nullable().default(null), contacts })
  .meta({
    description: 'The connector, a name, and settings; those left out take their defaults.',
    examples: [
      {
        connector: 'example-vendor',
        name: 'Main directory',
        credential: '8fd9bd28-47e6-800f-92f6-53687ee8d141',
        contacts: [
          { name: 'Service desk', email: 'desk@example.com' },
          { operator: '3e1f0a52-6c1d-4a44-9a53-0f4b8f2f7c11' },
        ],
      },
    ],
  });
export type CreateIntegrationBody = z.infer<typeof createIntegrationBodySchema>;

export const cloneIntegrationBodySchema = z
  .object({ name: nameSchema(120) })
  .meta({ description: 'The name of the copy.', examples: [{ name: 'Contractors, second account' }] });
export type CloneIntegrationBody = z.infer<typeof cloneIntegrationBodySchema>;

export const startUserRunBodySchema = z
  .object({
    vendorId: z.string().min(1).max(512),
    username: z.string().max(256).nullable().default(null),
  })
  .meta({
    description: 'The one user to read, as the vendor names them.',
    examples: [{ vendorId: '449000244', username: 'petra.berger@example.com' }],
  });
export type StartUserRunBody = z.infer<typeof startUserRunBodySchema>;

/** Settings left out stay as they are (R24). */
export const updateIntegrationBodySchema = updateIntegration.input
  .omit({ id: true, ifVersion: true })
  .extend({ contacts })
  .meta({
    description: 'What is to change. What is left out stays.',
    examples: [{ schedule: { cron: '30 2 * * *', zone: 'Europe/Berlin' }, deactivate: true }],
  });
export type UpdateIntegrationBody = z.infer<typeof updateIntegrationBodySchema>;
