import { cloudEventContentType } from '@rollcall/contracts';

/** One header only: seven `ce_*` headers cost nearly twice as much to encode (architecture 4). */
export const cloudEventHeaders: Readonly<Record<string, string>> = { 'content-type': cloudEventContentType };
