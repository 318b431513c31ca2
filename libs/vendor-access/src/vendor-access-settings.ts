import { allowLoopback } from '@rollcall/service';
import { z } from 'zod';

/** Settings of every service that calls vendors, for the schema of its configuration. */
export const vendorAccessSettings = {
  ALLOW_LOOPBACK: allowLoopback,
  RATE_BUDGET_FACTOR: z.coerce
    .number()
    .positive()
    .default(1)
    .describe(
      'Multiplies how often every vendor is asked: `0.5` halves it. More than 1 is for simulated vendors only, and refused in production. The same for all services, because they share one budget for each credential.',
    ),
};

export type VendorAccessSettings = z.infer<z.ZodObject<typeof vendorAccessSettings>>;
