import { z } from 'zod';

/** A mapped value: scalar, or null where the vendor gave none. Lists and objects are never stored in a people field. */
export const valueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Value = z.infer<typeof valueSchema>;
export type Values = Record<string, Value>;

/** Variable name of a people field: fixed at creation, used as `{{variable}}` in workflows (R122). */
export const variableNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'a variable name starts with a letter and holds lower-case letters, digits and _');

/**
 * How vendors write dates. `epoch-ms` and `epoch-s` are whole numbers; the forms with a space and without a time carry no
 * zone of their own.
 */
export const vendorDateFormatSchema = z.enum(['iso', 'epoch-ms', 'epoch-s', 'yyyy-mm-dd hh:mm:ss', 'yyyy-mm-dd']);
export type VendorDateFormat = z.infer<typeof vendorDateFormatSchema>;

export const isoTimeSchema = z.iso.datetime({ offset: true });

export const sourceStatusSchema = z.enum(['active', 'inactive', 'unknown']);
export type SourceStatus = z.infer<typeof sourceStatusSchema>;

/** `default` marks a role that the vendor did not give, so that nobody takes it for vendor data (R129). */
export const roleSchema = z.object({ value: z.string(), origin: z.enum(['vendor', 'default']) });
export type Role = z.infer<typeof roleSchema>;

export const contentSchema = z.enum(['user', 'user-and-saas-user']);
export type Content = z.infer<typeof contentSchema>;

export const preferenceSchema = z.enum(['create-and-update', 'create-only', 'update-only']);
export type Preference = z.infer<typeof preferenceSchema>;
