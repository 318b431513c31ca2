import { z } from 'zod';

const atom = "[a-z0-9#$&'*+/=?^_`{|}~-]+";
const localPart = new RegExp(`^${atom}(\\.${atom})*$`, 'i');
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Whether a mail may be sent to this text. Stricter than the standard on purpose: no quotes, comments, routes, address
 * literals or characters outside ASCII, because parsers disagree about them and a mail ends up elsewhere (P39).
 */
export function isMailAddress(text: string): boolean {
  if (text.length > 254) return false;
  const at = text.indexOf('@');
  if (at < 1 || at !== text.lastIndexOf('@')) return false;
  const local = text.slice(0, at);
  const labels = text.slice(at + 1).split('.');
  return local.length <= 64 && localPart.test(local) && labels.length >= 2 && labels.every((part) => label.test(part));
}

/** An address that a mail can be sent to; contacts that could never be mailed are refused when they are entered. */
export const mailAddressSchema = z
  .string()
  .max(254)
  .refine(isMailAddress, {
    message:
      'is not an address that mail can be sent to. Enter one like ada@example.com, in ASCII, without quotes or comments.',
  })
  .meta({ format: 'email' });
