import { flag } from '@rollcall/service';
import { z } from 'zod';

/** Settings of every service that calls vendors, for the schema of its configuration. */
export const vendorAccessSettings = {
  /** Development only: vendors on http and on the loopback address. */
  ALLOW_LOOPBACK: flag(false),
  /**
   * Multiplies the rate budget of every vendor; more than 1 is for simulated vendors only. Services that call vendors
   * share one bucket for each credential, so all of them must be given the same factor.
   */
  RATE_BUDGET_FACTOR: z.coerce.number().positive().default(1),
};

export type VendorAccessSettings = z.infer<z.ZodObject<typeof vendorAccessSettings>>;
