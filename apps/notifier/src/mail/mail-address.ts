import { isMailAddress } from '@rollcall/contracts';

/** A mailbox: shown name, may be empty, and plain address. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** `Name <address>` or an address; null when it is neither. */
export function parseSender(text: string): Mailbox | null {
  const [, name, address] = /^([^<>@"\p{Cc}]*)<([^<>]+)>$/u.exec(text.trim()) ?? ['', '', text.trim()];
  return address !== undefined && isMailAddress(address) ? { name: name!.trim(), address } : null;
}
