import { errorText } from '@rollcall/contracts';

/** Errors whose words quote what they stumbled over: a duplicate key its value, a parser its input. */
const quoting = /^(Mongo|BSON|Zod|Syntax|Type|Range|Reference)/;

/**
 * Why a batch failed, as everybody may read it: /readyz is open to whoever reaches it, so it shows our own words, and of
 * a library or a defect the kind only. The log has the rest.
 */
export function shownReason(error: unknown): string {
  if (!(error instanceof Error)) return 'an error of unknown kind; the log of the service has its text';
  if (!quoting.test(error.name)) return errorText(error);
  const code = 'code' in error && ['string', 'number'].includes(typeof error.code) ? ` ${String(error.code)}` : '';
  return `${error.name}${code}; the log of the service has its text`;
}
