import { unexpectedAnswer, type VendorError } from '@rollcall/connector-kit';

export const unexpected = (what: string): VendorError => unexpectedAnswer('Lever', what);
